//! Rows of a catalogue as sources of spectra.

use anyhow::{Result, bail};
use csv::StringRecord;

use super::release::{Release, Source};
use crate::cli::csv_table::{CsvTable, field};

/// The columns that name sources.
pub(super) struct Columns {
    plate: Option<usize>,
    mjd: Option<usize>,
    fiber: Option<usize>,
    run2d: Option<usize>,
    field: Option<usize>,
    catalogid: Option<usize>,
    survey: Option<usize>,
    program: Option<usize>,
    healpix: Option<usize>,
}

impl Columns {
    /// Finds the columns that a release needs.
    ///
    /// # Errors
    /// A table without them.
    pub(super) fn find(name: &str, table: &CsvTable, release: Release) -> Result<Self> {
        let column = |names: &[&str]| table.column(names);
        let columns = Self {
            plate: column(&["plate", "plateid"]),
            mjd: column(&["mjd"]),
            fiber: column(&["fiber", "fiberid", "fibre", "fiber_id"]),
            run2d: column(&["run2d"]),
            field: column(&["field", "fieldid", "field_id"]),
            catalogid: column(&["catalogid", "catalog_id"]),
            survey: column(&["survey"]),
            program: column(&["program", "faprgrm"]),
            healpix: column(&["healpix", "hpxpixel", "hpix"]),
        };
        let plates = columns.plate.is_some() && columns.mjd.is_some() && columns.fiber.is_some();
        let fields = columns.field.is_some() && columns.mjd.is_some() && columns.catalogid.is_some();
        let healpix = columns.survey.is_some() && columns.program.is_some() && columns.healpix.is_some();
        let (found, wanted) = match release {
            Release::DesiDr1 => (healpix, "survey, program and healpix"),
            Release::Sdss(18..) => (plates || fields, "field, mjd and catalogid, or plate, mjd and fiber"),
            Release::Sdss(_) => (plates, "plate, mjd and fiber"),
        };
        if !found {
            bail!("{name} has the columns {}: {release} needs {wanted}", table.names());
        }
        Ok(columns)
    }

    /// Returns the source that a row names; `run2d` is the reduction where the row names none.
    ///
    /// # Errors
    /// A sentence on the field that is missing or is no number.
    pub(super) fn source(&self, row: &StringRecord, release: Release, run2d: Option<&str>) -> Result<Source, String> {
        let whole = |column, what: &str, low: u64, high: u64| {
            let text = field(row, column).ok_or_else(|| format!("{what} is missing"))?;
            // Programs that keep whole numbers as floats write them with a decimal zero.
            let digits = text.strip_suffix(".0").unwrap_or(text);
            let number = digits.parse::<u64>().ok().filter(|number| (low..=high).contains(number));
            number.ok_or_else(|| format!("{what} is `{text}`, not a whole number from {low} to {high}"))
        };
        let small =
            |column, what, low, high: u32| whole(column, what, low, u64::from(high)).map(|number| number as u32);
        let word = |column, what: &str| {
            let text = field(row, column).ok_or_else(|| format!("{what} is missing"))?;
            is_word(text).then(|| text.to_owned()).ok_or_else(|| format!("{what} is `{text}`, not a word"))
        };
        if release == Release::DesiDr1 {
            return Ok(Source::Healpix {
                survey: word(self.survey, "survey")?.to_ascii_lowercase(),
                program: word(self.program, "program")?.to_ascii_lowercase(),
                healpix: small(self.healpix, "healpix", 0, 1 << 30)?,
            });
        }
        let run2d = match field(row, self.run2d) {
            Some(_) => Some(word(self.run2d, "run2d")?),
            None => run2d.map(str::to_owned),
        };
        let mjd = small(self.mjd, "mjd", 0, 99_999)?;
        // A catalogue of a later release can hold both kinds.
        let sdss_v = matches!(release, Release::Sdss(18..));
        let has_catalogid = field(row, self.catalogid).is_some_and(|id| !id.starts_with('-') && id != "0");
        if sdss_v && (has_catalogid || self.plate.is_none()) {
            return Ok(Source::Field {
                field: small(self.field, "field", 0, 999_999)?,
                mjd,
                catalogid: whole(self.catalogid, "catalogid", 1, i64::MAX as u64)?,
                run2d,
            });
        }
        let plate = small(self.plate, "plate", 1, 9_999_999)?;
        Ok(Source::Plate { plate, mjd, fiber: small(self.fiber, "fiber", 1, 9_999)?, run2d })
    }
}

/// Returns whether a text can stand in an address and in a path as it is.
pub(super) fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}
