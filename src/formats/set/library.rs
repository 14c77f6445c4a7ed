//! `library.json`: the sets and models that a site offers.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::names::{is_file_path, is_link_name, is_plain_text, is_sha256, shown};
use super::tensors::{FormatError, verify_sha256};

/// Largest `library.json`, bytes.
const MOST_BYTES: usize = 1 << 20;
/// Most sets, models and pairs of both.
const MOST_ENTRIES: usize = 1000;
/// Most spectra of a set.
const MOST_SPECTRA: usize = 100_000_000;
/// Largest set or file, bytes: 2^53, beyond which a browser's numbers have gaps.
const MOST_FILE_BYTES: u64 = 1 << 53;
/// Most latents of a model.
const MOST_LATENTS: usize = 1000;

/// The sets and models that a site offers. A set is the folder `data/<name>/`, a model the file `models/<name>.safetensors`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Library {
    /// Version of the format: 1.
    pub format: u32,
    /// Title of the site; empty for the program's name.
    #[serde(default)]
    pub title: String,
    /// Licence of the site; empty where the sets' own say all.
    #[serde(default)]
    pub license: String,
    /// The set and model that open first.
    pub opens: Opening,
    /// Sets, in the order of the chooser.
    pub sets: Vec<SetEntry>,
    /// Models, in the order of the chooser.
    pub models: Vec<ModelEntry>,
    /// Pairs of a set and a model that go together.
    pub pairs: Vec<Pair>,
}

/// A set and a model, by name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Opening {
    /// Name of the set.
    pub set: String,
    /// Name of the model.
    pub model: String,
}

/// A set of a site.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SetEntry {
    /// Name, as in links.
    pub name: String,
    /// Title, one line.
    pub title: String,
    /// Licence.
    #[serde(default)]
    pub license: String,
    /// Whether the spectra are simulated.
    pub simulated: bool,
    /// Number of spectra.
    pub count: usize,
    /// Size of all its files, bytes.
    pub bytes: u64,
    /// SHA-256 of its `manifest.json`.
    pub sha256: String,
}

/// A model of a site.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelEntry {
    /// Name, as in links.
    pub name: String,
    /// Title, one line.
    pub title: String,
    /// Number of latents.
    pub latents: usize,
    /// Size of its file, bytes.
    pub bytes: u64,
    /// SHA-256 of its file.
    pub sha256: String,
}

/// A set and a model that goes with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    /// Name of the set.
    pub set: String,
    /// Name of the model.
    pub model: String,
    /// The latents of the set under the model: a path below the site's folder.
    pub latents: String,
    /// Size of that file, bytes.
    pub bytes: u64,
    /// SHA-256 of that file.
    pub sha256: String,
}

impl Library {
    /// Version of the format that this program writes and reads.
    pub const FORMAT: u32 = 1;

    /// Returns the library as indented JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("a library always serialises") + "\n"
    }

    /// Reads a library from JSON; `name` is for errors.
    ///
    /// # Errors
    /// JSON that is no library, one of a newer format, and one whose entries are not safe to follow: names that lead elsewhere, names
    /// twice, pairs of what is not there, sizes beyond any site.
    pub fn from_json(name: &str, bytes: &[u8]) -> Result<Self, FormatError> {
        let refused = |reason: String| FormatError::Json { file: shown_file(name), reason };
        if bytes.len() > MOST_BYTES {
            return Err(refused(format!("{} bytes are too many for a library", bytes.len())));
        }
        let library: Self = serde_json::from_slice(bytes).map_err(|error| {
            refused(format!("not a library of this version: {}", error.to_string().replace(char::is_control, " ")))
        })?;
        if library.format != Self::FORMAT {
            return Err(refused(format!("format {} is newer than this program, which reads 1", library.format)));
        }
        library.check().map_err(refused)?;
        Ok(library)
    }

    /// Returns a set by its name.
    pub fn set(&self, name: &str) -> Option<&SetEntry> {
        self.sets.iter().find(|set| set.name == name)
    }

    /// Returns a model by its name.
    pub fn model(&self, name: &str) -> Option<&ModelEntry> {
        self.models.iter().find(|model| model.name == name)
    }

    /// Returns the pair of a set and a model.
    pub fn pair(&self, set: &str, model: &str) -> Option<&Pair> {
        self.pairs.iter().find(|pair| pair.set == set && pair.model == model)
    }

    /// Returns the models that go with a set, in the order of the chooser.
    pub fn models_of(&self, set: &str) -> impl Iterator<Item = &ModelEntry> {
        self.models.iter().filter(move |model| self.pair(set, &model.name).is_some())
    }

    /// Returns the model that a set opens with: the one of the site's opening where it goes with the set, or the first that does.
    pub fn first_model(&self, set: &str) -> Option<&str> {
        let usual = self.pair(set, &self.opens.model).map(|pair| pair.model.as_str());
        usual.or_else(|| self.models_of(set).next().map(|model| model.name.as_str()))
    }

    fn check(&self) -> Result<(), String> {
        let counts = [("sets", self.sets.len()), ("models", self.models.len()), ("pairs", self.pairs.len())];
        if let Some((what, count)) = counts.into_iter().find(|(_, count)| *count == 0 || *count > MOST_ENTRIES) {
            return Err(format!("it lists {count} {what}, not 1 to {MOST_ENTRIES}"));
        }
        if !is_plain_text(&self.title) || !is_plain_text(&self.license) {
            return Err("its title or licence is too long or holds control characters".to_owned());
        }
        self.sets.iter().try_for_each(SetEntry::check)?;
        self.models.iter().try_for_each(ModelEntry::check)?;
        no_name_twice("set", self.sets.iter().map(|set| set.name.as_str()))?;
        no_name_twice("model", self.models.iter().map(|model| model.name.as_str()))?;
        let mut pairs = BTreeSet::new();
        for pair in &self.pairs {
            self.check_pair(pair)?;
            if !pairs.insert((&pair.set, &pair.model)) {
                return Err(format!("it pairs {} and {} twice", pair.set, pair.model));
            }
        }
        if let Some(set) = self.sets.iter().find(|set| !pairs.iter().any(|(paired, _)| **paired == set.name)) {
            return Err(format!("no model goes with its set {}", set.name));
        }
        match self.pair(&self.opens.set, &self.opens.model) {
            Some(_) => Ok(()),
            None => {
                let (set, model) = (shown(&self.opens.set), shown(&self.opens.model));
                Err(format!("it opens {set} with {model}, which is no pair of its own"))
            }
        }
    }

    fn check_pair(&self, pair: &Pair) -> Result<(), String> {
        let (set, model) = (shown(&pair.set), shown(&pair.model));
        if self.set(&pair.set).is_none() || self.model(&pair.model).is_none() {
            return Err(format!("it pairs {set} and {model}, one of which it does not list"));
        }
        if !is_file_path(&pair.latents) {
            return Err(format!("\u{201c}{}\u{201d} is no path below the site's folder", shown(&pair.latents)));
        }
        check_file(&format!("the latents of {set} and {model}"), pair.bytes, &pair.sha256)
    }
}

impl SetEntry {
    /// Checks the bytes of the set's manifest.
    ///
    /// # Errors
    /// [`FormatError::WrongHash`] for another file.
    pub fn verify(&self, file: &str, bytes: &[u8]) -> Result<(), FormatError> {
        verify_sha256(file, bytes, &self.sha256)
    }

    fn check(&self) -> Result<(), String> {
        check_name("set", &self.name)?;
        if !is_plain_text(&self.title) || !is_plain_text(&self.license) {
            return Err(format!("title or licence of {} is too long or holds control characters", self.name));
        }
        if self.count > MOST_SPECTRA {
            return Err(format!("the set {} has {} spectra, which no page can show", self.name, self.count));
        }
        check_file(&format!("the set {}", self.name), self.bytes, &self.sha256)
    }
}

impl ModelEntry {
    fn check(&self) -> Result<(), String> {
        check_name("model", &self.name)?;
        if !is_plain_text(&self.title) {
            return Err(format!("the title of {} is too long or holds control characters", self.name));
        }
        if !(1..=MOST_LATENTS).contains(&self.latents) {
            return Err(format!("the model {} has {} latents, not 1 to {MOST_LATENTS}", self.name, self.latents));
        }
        check_file(&format!("the model {}", self.name), self.bytes, &self.sha256)
    }
}

impl Pair {
    /// Checks the bytes of the file of latents.
    ///
    /// # Errors
    /// [`FormatError::WrongHash`] for another file.
    pub fn verify(&self, file: &str, bytes: &[u8]) -> Result<(), FormatError> {
        verify_sha256(file, bytes, &self.sha256)
    }
}

fn check_name(what: &str, name: &str) -> Result<(), String> {
    match is_link_name(name) {
        true => Ok(()),
        false => Err(format!("\u{201c}{}\u{201d} is no name of a {what}: letters, digits, _ and - only", shown(name))),
    }
}

fn check_file(what: &str, bytes: u64, sha256: &str) -> Result<(), String> {
    if bytes > MOST_FILE_BYTES {
        return Err(format!("{what} has {bytes} bytes, more than any site"));
    }
    match is_sha256(sha256) {
        true => Ok(()),
        false => Err(format!("\u{201c}{}\u{201d} is not the SHA-256 of {what}", shown(sha256))),
    }
}

fn no_name_twice<'a>(what: &str, names: impl Iterator<Item = &'a str>) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(format!("it lists the {what} {name} twice"));
        }
    }
    Ok(())
}

/// Returns a file's name for errors; an address is shown whole.
fn shown_file(name: &str) -> String {
    name.chars().filter(|letter| !letter.is_control()).take(300).collect()
}
