//! Reads the facts of a table's object: redshift, identifier, position, name and class.

use super::comments::{number_in, text_in};
use super::names::tokens;
use super::separator::parse_number;
use super::text::Text;
use crate::spectrum::{Class, ObjectFacts, SkyPosition, SourceId};

/// Facts of an object, each as far as the file has it.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::formats) struct Facts {
    pub redshift: Option<f64>,
    pub id: SourceId,
    pub class: Class,
    pub object: ObjectFacts,
}

/// Keys of the redshift, the best first.
const REDSHIFT: &[&str] = &["redshift", "z_spec", "zspec", "z_best", "zbest", "z"];
const REDSHIFT_ERROR: &[&str] = &["redshift_err", "redshift_error", "z_err", "zerr", "z_error"];
const RA: &[&str] =
    &["ra", "ra_deg", "raj2000", "ra_j2000", "plug_ra", "target_ra", "mean_fiber_ra", "objra", "ra_targ"];
const DEC: &[&str] =
    &["dec", "dec_deg", "dej2000", "decj2000", "plug_dec", "target_dec", "mean_fiber_dec", "objdec", "dec_targ"];
const NAME: &[&str] = &["object", "objname", "obj_name", "target", "targname", "object_name", "designation"];
const CLASS: &[&str] = &["spectype", "class"];
const SUBCLASS: &[&str] = &["subclass", "subtype"];
const REDSHIFT_WARNING: &[&str] = &["redshift_warning", "zwarning", "zwarn"];
const RELEASE: &[&str] = &["data_release", "release"];
const PLATE: &[&str] = &["plate", "plateid"];
const MJD: &[&str] = &["mjd"];
const FIBER: &[&str] = &["fiber", "fiberid", "fibre", "fiber_id"];
const FIELD: &[&str] = &["field"];
const CATALOG_ID: &[&str] = &["catalogid", "catalog_id"];
const TARGET_ID: &[&str] = &["targetid", "target_id"];
const SPEC_ID: &[&str] = &["specobjid", "spec_obj_id", "specid"];

impl Default for Facts {
    fn default() -> Self {
        Self { redshift: None, id: SourceId::NONE, class: Class::Unknown, object: ObjectFacts::default() }
    }
}

impl Facts {
    /// Returns whether a key, in lower case, is one that [`Facts::of`] looks up.
    #[cfg(feature = "archives")]
    pub(in crate::formats) fn has_key(key: &str) -> bool {
        let of_object = [REDSHIFT, REDSHIFT_ERROR, REDSHIFT_WARNING, RA, DEC, NAME, CLASS, SUBCLASS];
        let of_survey = [RELEASE, PLATE, MJD, FIBER, FIELD, CATALOG_ID, TARGET_ID, SPEC_ID];
        of_object.iter().chain(&of_survey).any(|keys| keys.contains(&key))
    }

    /// Returns the facts in a table's keywords and comments, and in columns that hold one value throughout.
    pub(super) fn of_table(text: &Text) -> Self {
        let mut constants = constant_columns(text);
        constants.extend(text.facts.iter().map(|(name, value)| (tokens(name).join("_"), value.clone())));
        let in_comments = |keys: &[&str]| text_in(&text.comments, keys);
        let in_columns = |keys: &[&str]| {
            let find = |key: &&str| constants.iter().find(|(name, _)| name.eq_ignore_ascii_case(key));
            keys.iter().find_map(find).map(|(_, value)| value.clone())
        };
        let mut facts = Self::of(&|keys| in_columns(keys).or_else(|| in_comments(keys)));
        // Of a comment, `redshift = 0.1 +- 0.01` is read as far as it is a number.
        facts.redshift = facts.redshift.or_else(|| number_in(&text.comments, REDSHIFT).filter(|value| *value > -1.0));
        facts
    }

    /// Returns the facts that a look-up by key has; it takes the keys of one fact, the best first.
    pub(in crate::formats) fn of(look_up: &dyn Fn(&[&str]) -> Option<String>) -> Self {
        let number = |keys: &[&str]| look_up(keys).and_then(|text| parse_number(text.trim())).filter(|n| n.is_finite());
        let whole = |keys: &[&str]| look_up(keys).and_then(|text| whole_number(&text));
        let ra = look_up(RA).and_then(|text| angle(&text, 15.0));
        let dec = look_up(DEC).and_then(|text| angle(&text, 1.0));
        let says_class = look_up(CLASS).unwrap_or_default().trim().to_uppercase();
        Self {
            redshift: number(REDSHIFT).filter(|redshift| *redshift > -1.0),
            id: identifier(&whole, &look_up(RELEASE).unwrap_or_default()),
            class: match says_class.as_str() {
                "STAR" => Class::Star,
                "QSO" => Class::BroadLineAgn,
                _ => Class::Unknown,
            },
            object: ObjectFacts {
                name: look_up(NAME).map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()),
                position: ra.zip(dec).and_then(|(ra, dec)| SkyPosition::new(ra, dec)),
                redshift_error: number(REDSHIFT_ERROR).filter(|error| *error > 0.0),
                redshift_warning: whole(REDSHIFT_WARNING).and_then(|bits| i32::try_from(bits).ok()),
                subclass: look_up(SUBCLASS).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()),
                class_note: None,
            },
        }
    }
}

fn identifier(whole: &dyn Fn(&[&str]) -> Option<i64>, release: &str) -> SourceId {
    let small = |keys: &[&str]| whole(keys).and_then(|number| i32::try_from(number).ok());
    let mjd = || whole(MJD).unwrap_or(0);
    if let Some(plate) = small(PLATE).filter(|plate| *plate > 0) {
        let fiber = small(FIBER).unwrap_or(0);
        return SourceId::sdss(plate, i32::try_from(mjd()).unwrap_or(0), fiber);
    }
    if let (Some(field), Some(catalog)) = (whole(FIELD), whole(CATALOG_ID)) {
        return SourceId::sdss_v(field, mjd(), catalog);
    }
    if let Some(target) = whole(TARGET_ID) {
        return SourceId::desi(target);
    }
    let spec_id = whole(SPEC_ID);
    let release = release.to_uppercase();
    match spec_id {
        Some(id) if release.contains("DESI") => SourceId::desi(id),
        Some(id) => SourceId::from_spec_obj_id(id as u64).unwrap_or(SourceId::NONE),
        None => SourceId::NONE,
    }
}

/// Parses a whole number, all of whose digits count; of one of 64 bits without a sign, the bits.
fn whole_number(text: &str) -> Option<i64> {
    let text = text.trim();
    let unsigned = || text.parse::<u64>().ok().map(|number| number as i64);
    text.parse().ok().or_else(unsigned).or_else(|| text.strip_suffix(".0")?.parse().ok())
}

/// Parses an angle in degrees: decimal, or in sexagesimal parts, whose first is `unit` degrees.
fn angle(text: &str, unit: f64) -> Option<f64> {
    let text = text.trim();
    let first = text.split_whitespace().next().unwrap_or("");
    if let Ok(degrees) = text.parse::<f64>() {
        return degrees.is_finite().then_some(degrees);
    }
    if !text.contains([':', 'h', 'd', ' ']) {
        return None;
    }
    let parts: Vec<f64> = text
        .split(|c: char| c.is_whitespace() || ":hdms'\"°".contains(c))
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().ok())
        .collect::<Option<Vec<f64>>>()?;
    let [a, b, c] = match parts[..] {
        [a, b] => [a, b, 0.0],
        [a, b, c] => [a, b, c],
        // Behind a decimal number stands its unit.
        _ => return first.parse().ok(),
    };
    let size = a.abs() + b / 60.0 + c / 3600.0;
    (size.is_finite() && b < 60.0 && c < 60.0).then_some(if text.starts_with('-') { -size } else { size } * unit)
}

/// Returns names and values of the columns in which every row has the same text.
fn constant_columns(text: &Text) -> Vec<(String, String)> {
    let Some((first, rest)) = text.rows.split_first() else { return Vec::new() };
    let constant = |&column: &usize| {
        let value = first.fields.get(column).filter(|value| !value.is_empty());
        value.is_some_and(|value| rest.iter().all(|row| row.fields.get(column) == Some(value)))
    };
    let named = |column: usize| {
        let name = tokens(&text.names[column]).join("_");
        (name, first.fields[column].clone())
    };
    (0..text.names.len()).filter(constant).map(named).collect()
}
