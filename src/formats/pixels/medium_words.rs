//! The medium of wavelengths as texts state it: by meaning, since "in air, not vacuum" and "converted from vacuum to air" have both words.

use super::medium::Medium;

/// Words that take the next medium back.
const NEGATIONS: &[&str] = &["not", "no", "non", "never", "isn", "aren", "without", "instead", "rather"];
/// Words between a negation and the medium that it takes back.
const FILLERS: &[&str] = &["in", "t", "the", "a", "an", "to", "of", "than", "been", "at", "for", "standard", "yet"];
/// Words of a conversion that is still to be done.
const FUTURE: &[&str] = &["should", "must", "need", "needs", "be", "please", "can", "could", "may", "convert", "todo"];
/// Words of a conversion.
const CONVERSIONS: &[&str] =
    &["convert", "converted", "conversion", "corrected", "correction", "transformed", "shifted", "changed"];
/// Words that a negation behind a conversion belongs to.
const ACTS: &[&str] = &["applied", "done", "made", "performed", "included"];
/// Words without which a sentence is not about wavelengths.
const ABOUT: &[&str] = &[
    "wav",
    "lambda",
    "medium",
    "unit",
    "frame",
    "angstrom",
    "spectr",
    "conver",
    "correct",
    "calib",
    "nm",
    "um",
    "å",
    "λ",
    "refrac",
    "dispersion",
];
/// Words of a sentence about something else.
const ELSEWHERE: &[&str] = &[
    "temperature",
    "temp",
    "pressure",
    "airmass",
    "mass",
    "humidity",
    "cryostat",
    "dewar",
    "telluric",
    "pump",
    "gauge",
    "seeing",
];

/// Returns the medium of a keyword with its value, as in `VACUUM = F`, `air: yes` or `AIRORVAC = 'air'`.
pub(in crate::formats) fn medium_of_keyword(key: &str, value: &str) -> Option<Medium> {
    let value = value.trim().trim_matches(['"', '\'']).trim().to_lowercase();
    let keys = words(key);
    let joined = keys.concat();
    let yes = matches!(value.as_str(), "t" | "true" | "yes" | "y" | "1" | "on");
    let no = matches!(value.as_str(), "f" | "false" | "no" | "n" | "0" | "off");
    let about = ["wavelength", "wavelengths", "wave", "in", "is", "lambda"];
    let rest: Vec<&str> = keys.iter().map(String::as_str).filter(|word| !about.contains(word)).collect();
    let named = match rest[..] {
        ["vacuum" | "vac" | "invac" | "invacuum" | "isvac" | "isvacuum"] => Some(Medium::Vacuum),
        ["air" | "inair" | "isair"] => Some(Medium::Air),
        _ => None,
    };
    match (named, yes, no) {
        (Some(medium), true, _) => return Some(medium),
        (Some(medium), _, true) => return Some(medium.other()),
        _ => {}
    }
    if matches!(joined.as_str(), "ctype" | "ctype1" | "ctype3") {
        return medium_of_axis(&value);
    }
    let about_medium = ["air", "vac", "medium", "wave", "lambda", "frame"].iter().any(|word| joined.contains(word));
    if about_medium { medium_of_words(&words(&value)) } else { None }
}

/// Returns the medium of a type of spectral axis (FITS standard, table 25): `AWAV` is air, `WAVE`, `FREQ`, `WAVN` and `ENER` vacuum.
fn medium_of_axis(ctype: &str) -> Option<Medium> {
    match ctype.trim().get(..4)?.to_uppercase().as_str() {
        "AWAV" => Some(Medium::Air),
        "WAVE" | "FREQ" | "WAVN" | "ENER" => Some(Medium::Vacuum),
        _ => None,
    }
}

/// Returns the medium that a name or a unit of a wavelength states, as in `wave_air`, `AWAV` or `Angstrom (vacuum)`.
pub(in crate::formats) fn medium_of_name(name: &str) -> Option<Medium> {
    let mut named = words(name);
    for word in &mut named {
        let air = matches!(word.as_str(), "awav" | "lamair" | "lambdaair")
            || word.starts_with("airwav")
            || word.ends_with("waveair");
        let vacuum =
            word.starts_with("vacwav") || matches!(word.as_str(), "wavevac" | "lamvac" | "lambdavac" | "wavelengthvac");
        if air || vacuum {
            *word = if air { "air" } else { "vacuum" }.to_owned();
        }
    }
    medium_of_words(&named)
}

/// Returns the medium that a comment or description states; `None` where it states none, is about something else, or leaves it open.
pub(in crate::formats) fn medium_of_text(text: &str) -> Option<Medium> {
    if let Some((key, value)) = text.split_once([':', '='])
        && let Some(medium) = medium_of_keyword(key, value.split('/').next().unwrap_or(value))
    {
        return Some(medium);
    }
    let sentences = text.split(['.', ';', '!']).map(words);
    sentences.filter(|words| is_about_wavelengths(words)).find_map(|words| medium_of_words(&words))
}

fn is_about_wavelengths(words: &[String]) -> bool {
    let any = |list: &[&str], is: &dyn Fn(&str, &str) -> bool| {
        words.iter().any(|word| list.iter().any(|listed| is(word, listed)))
    };
    let both = words.iter().any(|word| of_word(word) == Some(Medium::Air))
        && words.iter().any(|word| of_word(word) == Some(Medium::Vacuum));
    let about = any(ABOUT, &|word, begin| word.starts_with(begin));
    !any(ELSEWHERE, &|word, listed| word == listed) && (words.len() <= 2 || both || about)
}

/// Splits a text into lower-case words, `air2vac` and `vactoair` into three.
fn words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let split = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    split
        .flat_map(|word| match word {
            "air2vac" | "airtovac" | "airtovacuum" | "air2vacuum" => vec!["air", "to", "vacuum", "converted"],
            "vac2air" | "vactoair" | "vacuumtoair" | "vacuum2air" => vec!["vacuum", "to", "air", "converted"],
            "nonvacuum" => vec!["not", "vacuum"],
            word => vec![word],
        })
        .map(str::to_owned)
        .collect()
}

fn of_word(word: &str) -> Option<Medium> {
    match word {
        "air" | "awav" => Some(Medium::Air),
        "vacuum" | "vac" | "vacuo" => Some(Medium::Vacuum),
        _ => None,
    }
}

/// Returns the medium that the words of a sentence state.
fn medium_of_words(words: &[String]) -> Option<Medium> {
    let is = |list: &[&str], at: usize| words.get(at).is_some_and(|word| list.contains(&word.as_str()));
    let mentions: Vec<(usize, Medium)> =
        words.iter().enumerate().filter_map(|(at, word)| Some((at, of_word(word)?))).collect();
    let word_before =
        |at: usize| (0..at).rev().map(|i| words[i].as_str()).find(|word| !matches!(*word, "the" | "a" | "an"));
    let open =
        words.iter().any(|word| matches!(word.as_str(), "unknown" | "unclear" | "whether" | "either" | "neither"));
    if mentions.is_empty() || open {
        return None;
    }
    let converts = (0..words.len()).any(|at| is(CONVERSIONS, at));
    let to = mentions.iter().find(|(at, _)| matches!(word_before(*at), Some("to" | "into" | "onto"))).map(|(_, m)| *m);
    let from = mentions.iter().find(|(at, _)| word_before(*at) == Some("from")).map(|(_, medium)| *medium);
    let target = to.or_else(|| from.map(Medium::other));
    if let Some(target) = target.filter(|target| converts || from.is_some() || mentions[0].1 != *target) {
        let last = mentions[mentions.len() - 1].0;
        let undoes = |at: usize| {
            let of_the_act = (at + 1..at + 3).any(|after| is(ACTS, after));
            is(NEGATIONS, at) && (at < last || of_the_act) && !is_mention_negated(words, at)
        };
        let undone = (0..words.len()).any(|at| is(FUTURE, at) || undoes(at));
        // "Vacuum wavelengths converted from air" and "in air, converted to vacuum" both end in vacuum.
        return Some(if undone { target.other() } else { target });
    }
    let (negated, plain): (Vec<_>, Vec<_>) = mentions.into_iter().partition(|(at, _)| {
        let before = (0..*at).rev().find(|&before| !is(FILLERS, before));
        before.is_some_and(|before| is(NEGATIONS, before))
    });
    let all = |list: &[(usize, Medium)]| {
        let first = list.first()?.1;
        list.iter().all(|(_, medium)| *medium == first).then_some(first)
    };
    if plain.is_empty() { all(&negated).map(Medium::other) } else { all(&plain) }
}

/// Returns whether a negation takes back the mention of a medium that is the aim of no conversion, as in "converted to air, not vacuum".
fn is_mention_negated(words: &[String], negation: usize) -> bool {
    let next = words[negation + 1..].iter().find(|word| !matches!(word.as_str(), "in" | "the" | "t"));
    let last = words.len().saturating_sub(3) <= negation;
    next.is_some_and(|word| of_word(word).is_some()) && last && negation > 2
}
