//! `manifest.json`: what a set is, and which files hold it.

use serde::{Deserialize, Serialize};

use super::catalogue::{Catalogue, Values};
use super::tensors::{FormatError, sha256_hex};
use crate::preprocess::Recipe;
use crate::spectrum::{Class, grid};

/// A set of spectra, whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the format: 1.
    pub format: u32,
    /// The set's name, as in links.
    pub name: String,
    /// One line for people.
    pub title: String,
    /// Whether the spectra are simulated. The page always says so.
    pub simulated: bool,
    /// Licence of the set.
    pub license: String,
    /// Where the spectra come from, with what to cite.
    pub provenance: String,
    /// Seed the set was simulated from, where it was.
    pub seed: Option<u64>,
    /// The wavelength grid.
    pub grid: Grid,
    /// How the spectra were prepared. In the file it is `recipe`; but the standard recipe is written as manifests had it before there
    /// were recipes, by the name of its normalisation alone, so that a set that is simulated again keeps the hash that models and saved
    /// trainings name it by.
    #[serde(flatten, with = "recipe_in_file")]
    pub recipe: Recipe,
    /// Spectra in the set.
    pub count: usize,
    /// Seed of the split into training and validation spectra.
    pub split_seed: u64,
    /// Names of the class codes, in order.
    pub class_names: Vec<String>,
    /// The catalogue's columns.
    pub columns: Vec<ColumnInfo>,
    /// File of the mean spectrum and the infill's eigenvectors.
    pub mean_spectrum: String,
    /// File of all catalogue columns together.
    pub catalogue: String,
    /// The shards, in order.
    pub shards: Vec<ShardInfo>,
}

/// The wavelength grid: log10 of the vacuum wavelength in Angstrom is coeff0 + coeff1 i.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Grid {
    /// log10 of the first wavelength: 3.53.
    pub coeff0: f64,
    /// Step: 0.00039.
    pub coeff1: f64,
    /// 1000.
    pub pixels: usize,
}

/// A catalogue column, for people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ColumnInfo {
    /// As in the files.
    pub name: String,
    /// As axes and legends show it.
    pub label: String,
    /// Its unit; empty where it has none.
    pub unit: String,
    /// Smallest and largest value; NaN is left out.
    pub range: (f32, f32),
    /// Whether it is a truth of the simulator, which no survey gives.
    pub truth: bool,
}

/// A shard's file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShardInfo {
    /// File name in the set's folder.
    pub name: String,
    /// Its size.
    pub bytes: usize,
    /// Spectra in it.
    pub count: usize,
    /// SHA-256 of the file, lower-case hexadecimal.
    pub sha256: String,
}

impl Grid {
    /// The paper's grid.
    pub const PAPER: Grid = Grid { coeff0: grid::COEFF0, coeff1: grid::COEFF1, pixels: grid::PIXELS };
}

impl Manifest {
    /// Returns the class names that the codes stand for.
    pub fn class_names() -> Vec<String> {
        Class::ALL.iter().map(|class| class.name().to_owned()).collect()
    }

    /// Returns the manifest as indented JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("a manifest always serialises") + "\n"
    }

    /// Reads a manifest from JSON; `name` is for errors.
    ///
    /// # Errors
    /// One clause on what is no manifest, of a newer format, or on another grid.
    pub fn from_json(name: &str, bytes: &[u8]) -> Result<Self, FormatError> {
        let refused = |reason: String| FormatError::Json { file: name.to_owned(), reason };
        let unreadable = |error: serde_json::Error| refused(format!("not a manifest of this version: {error}"));
        let manifest: Self = serde_json::from_slice(bytes).map_err(unreadable)?;
        if manifest.format != 1 {
            return Err(refused(format!("format {} is newer than this program, which reads 1", manifest.format)));
        }
        if manifest.grid != Grid::PAPER {
            return Err(refused(format!("its wavelength grid {:?} is not {:?}", manifest.grid, Grid::PAPER)));
        }
        Ok(manifest)
    }

    /// Returns which shard holds spectrum `index` of the set, and at which row.
    pub fn locate(&self, index: usize) -> Option<(usize, usize)> {
        let mut start = 0;
        for (shard, info) in self.shards.iter().enumerate() {
            if index < start + info.count {
                return Some((shard, index - start));
            }
            start += info.count;
        }
        None
    }
}

impl ColumnInfo {
    /// Describes a column, its range read off the catalogue.
    pub fn new(catalogue: &Catalogue, name: &str, label: &str, unit: &str) -> Self {
        let mut range = (f32::INFINITY, f32::NEG_INFINITY);
        for row in 0..catalogue.len() {
            let value = catalogue.column(name).and_then(|values: &Values| values.get(row)).unwrap_or(f32::NAN);
            if value.is_finite() {
                range = (range.0.min(value), range.1.max(value));
            }
        }
        if range.0 > range.1 {
            range = (0.0, 0.0);
        }
        Self {
            name: name.to_owned(),
            label: label.to_owned(),
            unit: unit.to_owned(),
            range,
            truth: name.starts_with("truth_"),
        }
    }
}

impl ShardInfo {
    /// Describes a shard's bytes.
    pub fn new(name: &str, bytes: &[u8], count: usize) -> Self {
        Self { name: name.to_owned(), bytes: bytes.len(), count, sha256: sha256_hex(bytes) }
    }

    /// Refuses bytes that are not this shard's.
    ///
    /// # Errors
    /// The SHA-256 found and the one expected.
    pub fn verify(&self, bytes: &[u8]) -> Result<(), FormatError> {
        let found = sha256_hex(bytes);
        if found == self.sha256 {
            return Ok(());
        }
        Err(FormatError::WrongHash { file: self.name.clone(), found, expected: self.sha256.clone() })
    }
}

/// The recipe as a manifest's fields `recipe` and `normalization`.
mod recipe_in_file {
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::preprocess::{Normalization, Recipe};

    #[derive(Serialize, Deserialize)]
    struct Fields {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        normalization: Option<Normalization>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        recipe: Option<Recipe>,
    }

    pub fn serialize<S: Serializer>(recipe: &Recipe, serializer: S) -> Result<S::Ok, S::Error> {
        let fields = match *recipe == Recipe::standard() {
            true => Fields { normalization: Some(recipe.normalization), recipe: None },
            false => Fields { normalization: None, recipe: Some(*recipe) },
        };
        fields.serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Recipe, D::Error> {
        let Fields { normalization, recipe } = Fields::deserialize(deserializer)?;
        let standard = |normalization| Recipe { normalization, ..Recipe::standard() };
        recipe.or(normalization.map(standard)).ok_or_else(|| D::Error::missing_field("recipe"))
    }
}
