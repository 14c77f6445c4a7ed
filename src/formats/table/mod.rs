//! Reading a spectrum from a text table: CSV, ECSV, TSV, or columns of numbers separated by blanks.
//!
//! Columns are identified by their names, in any case; without names the first is the wavelength, the second the flux and the third, if
//! there is one, the standard error. Wavelengths are vacuum Angstrom unless a name, a unit or a comment says otherwise. The redshift is
//! given in a comment (`# redshift = 0.1`) or in the `meta` of an ECSV file.

mod columns;
pub(super) mod names;
mod plain;
mod text;

use super::error::ReadError;
use super::observation::Observation;
use super::options::ReadOptions;
use super::pixels::{Samples, estimate_noise, even};
use crate::spectrum::{Class, ObjectFacts, ObservedSpectrum, SourceId};
use columns::{Columns, Frame};
pub use plain::{PlainTable, names_wavelength, number, plain};
use text::Text;

/// Smallest number of rows of a spectrum.
const FEWEST_ROWS: usize = 4;

/// Returns whether bytes are a text table: text that begins as ECSV, is `named` as a table is, or has a line of two or more numbers near
/// its beginning.
pub fn recognises(bytes: &[u8], named: bool) -> bool {
    let head = &bytes[..bytes.len().min(8192)];
    let packed = head.starts_with(&[0x1f, 0x8b]) || head.starts_with(b"PK\x03\x04");
    if head.is_empty() || packed || head.starts_with(b"SIMPLE") || text::is_binary(head) {
        return false;
    }
    named || text::begins_as_table(head)
}

/// Reads the spectrum of a table. `name` is the file's, for errors.
///
/// # Errors
/// Bytes that are no text, columns that cannot be identified, too few rows, and, with the line, a field that is no number, a row that is
/// too short, or a wavelength in two rows.
pub fn read(name: &str, bytes: &[u8], _options: &ReadOptions<'_>) -> Result<Vec<Observation>, ReadError> {
    let text = Text::parse(name, bytes)?;
    let columns = Columns::find(name, &text)?;
    let mut notes = Vec::new();
    let mut samples = Vec::with_capacity(text.rows.len());
    for row in &text.rows {
        samples.push(columns.sample(name, row)?);
    }
    let redshift = columns::number_in(&text.comments, &["redshift", "z"]).filter(|value| *value > -1.0);
    columns.wavelengths(name, &mut samples, &mut notes)?;
    columns.fluxes(&mut samples, &mut notes);
    let mut pixels = Samples::default();
    for sample in &samples {
        pixels.wavelength.push(sample.wavelength);
        pixels.flux.push(sample.flux);
        pixels.error.push(sample.error);
    }
    let mut samples = pixels;
    let merged = samples.sort_and_merge();
    if samples.len() < FEWEST_ROWS {
        let reason = format!("it has {} rows of numbers, and a spectrum needs hundreds", samples.len());
        return Err(ReadError::table(name, reason));
    }
    if merged.scrambled {
        notes.push("The rows were not in order of wavelength and have been sorted.".to_owned());
    }
    if merged.repeated > 0 {
        notes.push(format!("{} rows repeat a wavelength: their mean was taken.", merged.repeated));
    }
    if !columns.has_errors() {
        estimate_noise(&mut samples);
        notes.push(
            "The table has no errors: they were estimated from the scatter of neighbouring pixels, so χ² is about 1 by \
             construction."
                .to_owned(),
        );
    }
    let redshift = match columns.frame(&text.comments) {
        Frame::Observed => redshift,
        Frame::Rest => {
            // Back to the observed frame, so that the same step takes all spectra to the rest frame.
            let redshift = redshift.unwrap_or(0.0);
            samples.wavelength.iter_mut().for_each(|wavelength| *wavelength *= 1.0 + redshift);
            notes.push("Its wavelengths are in the rest frame already.".to_owned());
            Some(redshift)
        }
    };
    let even = even(name, &samples, &mut notes)?;
    let whole = |key: &str| columns::number_in(&text.comments, &[key]).map_or(0, |value| value as i32);
    let id = SourceId::sdss(whole("plate"), whole("mjd"), whole("fiber"));
    let spectrum = ObservedSpectrum {
        id,
        redshift,
        class: Class::Unknown,
        object: ObjectFacts::default(),
        log_wavelength: even.log_wavelength,
        flux: even.flux,
        error: even.error,
    };
    Ok(vec![Observation { spectrum, notes }])
}
