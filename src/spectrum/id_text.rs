//! Identifiers as people write them: with spaces or padded zeros, in file names, and as the long numbers of databases.

use super::id::{SourceId, Survey};

/// Words that may stand beside the numbers of an identifier.
const WORDS: [&str; 22] = [
    "sdss",
    "sdssv",
    "v",
    "desi",
    "lamost",
    "other",
    "spec",
    "spspec",
    "plate",
    "mjd",
    "fiber",
    "fiberid",
    "fibre",
    "fibreid",
    "field",
    "fieldid",
    "catalogid",
    "targetid",
    "target",
    "obsid",
    "specobjid",
    "id",
];

impl SourceId {
    /// Returns the identifiers that a text may mean, the likeliest first: what [`SourceId`] parses, the same with blanks, commas or
    /// zeros, names of files (`spec-0266-51602-0001.fits`, `spSpec-51602-0266-001.fit`), and a bare number, which may be DESI's target
    /// id, SDSS's specObjID, LAMOST's observation id or a number of its own. Empty for any other text.
    pub fn all_in(text: &str) -> Vec<Self> {
        let text = stem(text);
        if let Some(id) = text.parse::<Self>().ok().filter(|_| text.contains(':')) {
            return vec![id];
        }
        let Some((words, numbers)) = words_and_numbers(&text) else { return Vec::new() };
        let says = |names: &[&str]| words.iter().any(|word| names.contains(&word.as_str()));
        match numbers.as_slice() {
            [a, b, c] if says(&["spspec"]) => sdss([*b, *a, *c]).into_iter().collect(),
            [a, b, c] if says(&["sdssv", "v", "field", "fieldid", "catalogid"]) => vec![Self::sdss_v(*a, *b, *c)],
            [a, b, c] => sdss([*a, *b, *c]).into_iter().chain([Self::sdss_v(*a, *b, *c)]).collect(),
            [_] if says(&["plate", "mjd", "fiber", "fiberid", "field"]) => Vec::new(),
            [number] if says(&["desi", "targetid", "target"]) => vec![Self::desi(*number)],
            [number] if says(&["lamost", "obsid"]) => vec![Self::lamost(*number)],
            [number] if says(&["sdss", "specobjid"]) => spec_obj_id(*number).into_iter().collect(),
            [number] => {
                let of_sdss = spec_obj_id(*number);
                let others = [Self::lamost(*number), Self { survey: Survey::Other, parts: [*number, 0, 0] }];
                [Self::desi(*number)].into_iter().chain(of_sdss).chain(others).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// Returns a text without folders and without the extensions of spectra.
fn stem(text: &str) -> String {
    let lower = text.trim().rsplit(['/', '\\']).next().unwrap_or_default().trim().to_ascii_lowercase();
    let endings = [".gz", ".fz", ".fits", ".fit"];
    endings.iter().fold(lower, |name, ending| name.strip_suffix(ending).unwrap_or(&name).to_owned())
}

/// Splits a text into words and whole numbers; `None` where there is anything else but separators, or an unknown word.
fn words_and_numbers(text: &str) -> Option<(Vec<String>, Vec<i64>)> {
    let separates = |c: char| c.is_whitespace() || "-_,;:=#\u{2013}\u{2212}".contains(c);
    let (mut words, mut numbers) = (Vec::new(), Vec::new());
    for part in text.split(separates).filter(|part| !part.is_empty()) {
        let digits = part.find(|c: char| c.is_ascii_digit()).unwrap_or(part.len());
        let (word, number) = part.split_at(digits);
        if !word.is_empty() {
            words.push(WORDS.contains(&word).then(|| word.to_owned())?);
        }
        if !number.is_empty() {
            // Identifiers of SDSS go to 2^64 and are read as the same bits.
            let signed = number.parse::<i64>().ok().or_else(|| number.parse::<u64>().ok().map(u64::cast_signed));
            numbers.push(signed?);
        }
    }
    Some((words, numbers))
}

fn sdss(parts: [i64; 3]) -> Option<SourceId> {
    let [plate, mjd, fiber] = parts.map(|part| i32::try_from(part).ok());
    Some(SourceId::sdss(plate?, mjd?, fiber?))
}

fn spec_obj_id(number: i64) -> Option<SourceId> {
    SourceId::from_spec_obj_id(number.cast_unsigned())
}
