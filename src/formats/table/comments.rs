//! Reads comments: numbers and texts of keywords, units of columns, and sentences over several lines.

use crate::formats::pixels::{FluxUnit, WavelengthUnit};

/// Words at the end of a line after which its sentence goes on in the next.
const DANGLING: &[&str] = &[
    "not",
    "no",
    "never",
    "from",
    "to",
    "in",
    "are",
    "is",
    "of",
    "than",
    "and",
    "or",
    "converted",
    "corrected",
    "the",
    "by",
    "a",
    "an",
    "been",
    "for",
    "at",
    "into",
];

/// Returns the first number that a comment gives to one of `keys`, as in `redshift = 0.1`, `z: 0.1` or `{redshift: 0.1}`.
pub(super) fn number_in(comments: &[String], keys: &[&str]) -> Option<f64> {
    keys.iter().find_map(|key| comments.iter().find_map(|comment| number_after(comment, key)))
}

fn number_after(comment: &str, key: &str) -> Option<f64> {
    values_after(comment, key).find_map(|value| {
        let value = value.trim_start_matches(['"', '\'']).trim_start().to_ascii_lowercase();
        let end = value.find(|c: char| !(c.is_ascii_digit() || "+-.e".contains(c))).unwrap_or(value.len());
        value[..end].parse().ok().filter(|number: &f64| number.is_finite())
    })
}

/// Returns the first text that a comment gives to one of `keys`: between quotes, or up to a comma, a brace or a slash.
pub(super) fn text_in(comments: &[String], keys: &[&str]) -> Option<String> {
    let text = |value: &str| {
        for quote in ['\'', '"'] {
            if let Some(rest) = value.strip_prefix(quote) {
                return rest.split(quote).next().unwrap_or("").trim().to_owned();
            }
        }
        value.split([',', '}', '/', ';']).next().unwrap_or("").trim().to_owned()
    };
    let after = |comment: &String, key: &str| values_after(comment, key).map(text).find(|text| !text.is_empty());
    keys.iter().find_map(|key| comments.iter().find_map(|comment| after(comment, key)))
}

/// Returns what stands behind `key` and a colon or an equals sign, wherever they occur in a comment.
fn values_after<'a>(comment: &'a str, key: &'a str) -> impl Iterator<Item = &'a str> {
    let lower = comment.to_ascii_lowercase();
    let places: Vec<usize> = lower.match_indices(key).map(|(at, _)| at).collect();
    places.into_iter().filter_map(move |at| {
        let part_of_word = comment[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_');
        let value = comment[at + key.len()..].trim_start_matches(['"', '\'']).trim_start();
        (!part_of_word).then_some(())?;
        Some(value.strip_prefix([':', '='])?.trim_start())
    })
}

/// Returns the unit that a comment gives to a column of a table, as in `flux in mJy`, `column 2: flux [mJy]` or `flux unit: mJy`; only units
/// that are known.
pub(super) fn unit_in_comments(comments: &[String], is: fn(&str) -> bool) -> Option<String> {
    comments.iter().find_map(|comment| {
        comment.split([',', ';']).find_map(|part| {
            let at = part.split_whitespace().position(|word| is(word.trim_matches(|c: char| !c.is_alphanumeric())))?;
            let rest: Vec<&str> = part.split_whitespace().skip(at).collect();
            let rest = rest.join(" ");
            candidates(&rest).into_iter().find(|unit| is_known(unit, is))
        })
    })
}

fn candidates(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (open, close) in [('[', ']'), ('(', ')')] {
        if let (Some(from), Some(to)) = (text.find(open), text.rfind(close))
            && from < to
        {
            found.push(text[from + 1..to].to_owned());
        }
    }
    for mark in [" in units of ", " in ", "=", ":"] {
        found.extend(text.split_once(mark).map(|(_, unit)| unit.trim().trim_end_matches('.').to_owned()));
    }
    found
}

fn is_known(unit: &str, is: fn(&str) -> bool) -> bool {
    // Whether the column is that of wavelengths or of fluxes.
    if is("wavelength") {
        matches!(WavelengthUnit::parse(unit), Ok(Some(_)))
    } else {
        !unit.trim().is_empty() && FluxUnit::parse("", unit) != FluxUnit::Unknown
    }
}

/// Joins comment lines whose sentence goes on in the next.
pub(super) fn sentences(comments: &[String]) -> Vec<String> {
    let mut joined: Vec<String> = Vec::new();
    let mut open = false;
    for comment in comments {
        match joined.last_mut() {
            Some(last) if open => {
                last.push(' ');
                last.push_str(comment.trim());
            }
            _ => joined.push(comment.trim().to_owned()),
        }
        let last = comment.trim_end().rsplit(|c: char| c.is_whitespace()).next().unwrap_or("").to_lowercase();
        open = DANGLING.contains(&last.as_str()) || last.ends_with(',');
        // A run of unfinished lines ends somewhere.
        open = open && joined.last().is_some_and(|last| last.len() < 1000);
    }
    joined
}
