//! Reads the facts of a spectrum's object from the keywords of a header or a row of a table.

use super::binary_table::Table;
use super::header::Header;
use crate::spectrum::{Class, ObjectFacts, SkyPosition};

/// Names of right ascension and declination in degrees, in pairs, best first.
const POSITIONS: [(&str, &str); 10] = [
    ("PLUG_RA", "PLUG_DEC"),
    ("RACAT", "DECCAT"),
    ("TARGET_RA", "TARGET_DEC"),
    ("FIBER_RA", "FIBER_DEC"),
    ("RAOBJ", "DECOBJ"),
    ("SRCRA", "SRCDEC"),
    ("RA_OBJ", "DEC_OBJ"),
    ("RA_TARG", "DEC_TARG"),
    ("TARG_RA", "TARG_DEC"),
    ("RA", "DEC"),
];

/// Keywords of an object's name.
const NAMES: [&str; 6] = ["OBJECT", "TARGNAME", "TARGPROP", "SRCNAME", "OBJNAME", "DESIG"];

/// Keywords of a redshift.
const REDSHIFTS: [&str; 4] = ["Z", "REDSHIFT", "Z_BEST", "ZBEST"];

/// Returns the facts in the rows of SDSS's and DESI's tables.
pub(super) fn of_row(table: &Table<'_>, row: usize) -> ObjectFacts {
    let number = |names: &[&str]| {
        let number = names.iter().find_map(|name| table.number_at(name, row));
        number.filter(|number| number.is_finite())
    };
    let position = POSITIONS.iter().find_map(|(ra, dec)| position(table.number_at(ra, row), table.number_at(dec, row)));
    let subclass = ["SUBCLASS", "SUBTYPE"].iter().find_map(|name| table.text_at(name, row));
    ObjectFacts {
        name: None,
        position,
        redshift_error: number(&["Z_ERR", "ZERR"]).filter(|error| *error > 0.0),
        redshift_warning: number(&["ZWARNING", "ZWARN"]).map(|bits| bits as i32),
        subclass: subclass.filter(|text| !text.is_empty()),
        class_note: None,
    }
}

/// Returns the facts in the keywords of some headers, the first that has each.
pub(super) fn of_headers(headers: &[Header<'_>]) -> ObjectFacts {
    let number = |keys: &[&str]| headers.iter().find_map(|header| header.first_number(keys));
    let text = |keys: &[&str]| headers.iter().find_map(|header| header.first_text(keys));
    let pair =
        |header: &Header<'_>, (ra, dec): &(&str, &str)| position(angle(header, ra, 15.0), angle(header, dec, 1.0));
    ObjectFacts {
        name: text(&NAMES),
        position: POSITIONS.iter().find_map(|names| headers.iter().find_map(|header| pair(header, names))),
        redshift_error: number(&["Z_ERR", "ZERR"]).filter(|error| *error > 0.0),
        redshift_warning: number(&["ZWARNING", "ZWARN", "Z_WARNIN"]).map(|bits| bits as i32),
        subclass: text(&["SUBCLASS"]).filter(|text| !text.eq_ignore_ascii_case("non")),
        class_note: None,
    }
}

/// Returns the redshift in the keywords of some headers; `None` where it stands for an unknown one.
pub(super) fn redshift(headers: &[Header<'_>]) -> Option<f64> {
    let number = headers.iter().find_map(|header| header.first_number(&REDSHIFTS));
    number.filter(|redshift| (-0.05..20.0).contains(redshift))
}

/// Returns the class of a survey's name for it; galaxies are not classified by their names alone.
pub(super) fn class(name: &str) -> Class {
    match name.trim().to_uppercase().as_str() {
        "STAR" => Class::Star,
        "QSO" | "QUASAR" => Class::BroadLineAgn,
        _ => Class::Unknown,
    }
}

fn position(ra: Option<f64>, dec: Option<f64>) -> Option<SkyPosition> {
    SkyPosition::new(ra?, dec?)
}

/// Returns an angle in degrees: a number as it is, a text as hours (`scale` 15) or degrees (1), minutes and seconds.
fn angle(header: &Header<'_>, key: &str, scale: f64) -> Option<f64> {
    if let Some(number) = header.number(key) {
        return Some(number);
    }
    let text = header.text(key)?;
    let parts: Vec<f64> = text.split([':', ' ']).map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [whole, minutes, seconds] = parts[..] else { return None };
    let size = whole.abs() + minutes / 60.0 + seconds / 3600.0;
    Some(scale * if text.trim_start().starts_with('-') { -size } else { size })
}
