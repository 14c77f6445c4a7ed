//! The columns of a table that say what object a row is of, by their names.

use crate::formats::table::PlainTable;
use crate::spectrum::{SkyPosition, SourceId, TypedPosition};

/// The columns that identify a row.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Keys {
    /// Plate or field, modified Julian date, and fibre or catalogue id.
    parts: Option<([usize; 3], bool)>,
    /// A column of one identifier each, and the survey's word for it.
    id: Option<(usize, &'static str)>,
    /// Right ascension and declination.
    position: Option<(Angle, Angle)>,
}

/// A column of angles.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Angle {
    index: usize,
    /// Degrees of its unit.
    degrees: f64,
}

const PLATE: &[&str] = &["plate", "plateid"];
const FIELD: &[&str] = &["field", "fieldid"];
const MJD: &[&str] = &["mjd", "platemjd", "fieldmjd"];
const FIBER: &[&str] = &["fiber", "fiberid", "fibre", "fibreid"];
const CATALOG_ID: &[&str] = &["catalogid", "catid"];
/// Names of columns of one identifier, with the word by which it is read.
const IDS: &[(&str, &str)] = &[
    ("targetid", "targetid"),
    ("specobjid", "specobjid"),
    ("obsid", "obsid"),
    ("sourceid", ""),
    ("spectrumid", ""),
    ("specid", ""),
    ("spectrum", ""),
    ("specname", ""),
    ("filename", ""),
    ("file", ""),
    ("objectid", ""),
    ("id", ""),
    ("name", ""),
];
const RA: &[&str] = &[
    "ra",
    "radeg",
    "raj2000",
    "raicrs",
    "ra2000",
    "rightascension",
    "alpha",
    "targetra",
    "plugra",
    "meanfiberra",
    "fiberra",
];
const DEC: &[&str] = &[
    "dec",
    "decdeg",
    "dedeg",
    "dej2000",
    "decj2000",
    "deicrs",
    "decicrs",
    "dec2000",
    "de",
    "declination",
    "delta",
    "targetdec",
    "plugdec",
    "meanfiberdec",
    "fiberdec",
];

impl Keys {
    /// Finds the columns by their names, in any case and punctuation.
    pub(super) fn find(table: &PlainTable) -> Self {
        let plain = |name: &String| name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        let names: Vec<String> = table.names.iter().map(plain).collect();
        let column = |known: &[&str]| known.iter().find_map(|known| names.iter().position(|name| name == known));
        let triple = |first: &[&str], last: &[&str]| Some([column(first)?, column(MJD)?, column(last)?]);
        let of_sdss = triple(PLATE, FIBER).map(|parts| (parts, false));
        let parts = of_sdss.or_else(|| triple(FIELD, CATALOG_ID).map(|parts| (parts, true)));
        let is_of_ids = |index: usize| {
            let field = |row: &Vec<String>| row.get(index).is_some_and(|field| !SourceId::all_in(field).is_empty());
            table.rows.iter().take(50).any(field)
        };
        let id = IDS.iter().find_map(|(name, word)| Some((column(&[name]).filter(|&index| is_of_ids(index))?, *word)));
        let angle = |index: usize, is_ra: bool| Angle { index, degrees: degrees_of(table.units.get(index), is_ra) };
        let position = column(RA).zip(column(DEC)).map(|(ra, dec)| (angle(ra, true), angle(dec, false)));
        Self { parts, id, position }
    }

    /// Returns whether no column identifies a row.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Returns whether a column is one of them.
    pub(super) fn uses(&self, index: usize) -> bool {
        self.parts.is_some_and(|(parts, _)| parts.contains(&index))
            || self.id.is_some_and(|(id, _)| id == index)
            || self.position.is_some_and(|(ra, dec)| ra.index == index || dec.index == index)
    }

    /// Returns the identifiers that a row may mean.
    pub(super) fn ids(&self, row: &[String]) -> Vec<SourceId> {
        let field = |index: usize| row.get(index).map_or("", |field| field.trim());
        let mut ids = Vec::new();
        if let Some((parts, of_sdss_v)) = self.parts {
            let [a, b, c] = parts.map(|index| whole(field(index)));
            if let (Some(a), Some(b), Some(c)) = (a, b, c) {
                let small = |part: i64| i32::try_from(part).ok();
                match (of_sdss_v, small(a), small(b), small(c)) {
                    (true, ..) => ids.push(SourceId::sdss_v(a, b, c)),
                    (false, Some(a), Some(b), Some(c)) => ids.push(SourceId::sdss(a, b, c)),
                    _ => {}
                }
            }
        }
        if let Some((index, word)) = self.id {
            ids.extend(SourceId::all_in(&format!("{word} {}", field(index))));
        }
        ids
    }

    /// Returns the position of a row.
    pub(super) fn position(&self, row: &[String]) -> Option<SkyPosition> {
        let (ra, dec) = self.position?;
        let (first, second) = (row.get(ra.index)?.trim(), row.get(dec.index)?.trim());
        match (first.parse::<f64>(), second.parse::<f64>()) {
            (Ok(first), Ok(second)) => SkyPosition::new(first * ra.degrees, second * dec.degrees),
            _ => Some(TypedPosition::parse(&format!("{first} {second}"))?.position),
        }
    }
}

/// Parses a whole number that a program may have written with decimals.
fn whole(field: &str) -> Option<i64> {
    let bare = field
        .split_once('.')
        .map_or(field, |(whole, zeros)| if zeros.trim_matches('0').is_empty() { whole } else { field });
    bare.parse().ok()
}

/// Returns the degrees of the unit of an angle.
fn degrees_of(unit: Option<&String>, is_ra: bool) -> f64 {
    let unit = unit.map(|unit| unit.trim().to_lowercase()).unwrap_or_default();
    match unit.as_str() {
        "rad" | "radian" | "radians" => 1f64.to_degrees(),
        "h" | "hr" | "hour" | "hours" | "hourangle" if is_ra => 15.0,
        _ => 1.0,
    }
}
