//! `manifest.json`: the description of a set and the list of its files.

use serde::{Deserialize, Serialize};

use super::catalogue::{Catalogue, Values};
use super::tensors::{FormatError, sha256_hex};
use crate::preprocess::Recipe;
use crate::spectrum::{Class, Survey, grid};

/// The description of a set of spectra.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the format: 2 where the catalogue names spectra of any survey and their positions, 1 in the sets before and in simulated
    /// ones, which keep the hash by which models refer to them.
    pub format: u32,
    /// Name of the set, as in links.
    pub name: String,
    /// Title, one line.
    pub title: String,
    /// Whether the spectra are simulated. The page always says so.
    pub simulated: bool,
    /// Licence of the set.
    pub license: String,
    /// Origin of the spectra, with the works to cite.
    pub provenance: String,
    /// Seed of the simulation; `None` for observed spectra.
    pub seed: Option<u64>,
    /// Wavelength grid.
    pub grid: Grid,
    /// Recipe by which the spectra were prepared. The file has it as `recipe`; but the standard recipe is written as in manifests before
    /// there were recipes, by the name of its normalisation alone, so that a set that is simulated again keeps the hash by which models and
    /// saved training runs refer to it.
    #[serde(flatten, with = "recipe_in_file")]
    pub recipe: Recipe,
    /// Number of spectra.
    pub count: usize,
    /// Seed of the split into training and validation spectra.
    pub split_seed: u64,
    /// Names of the class codes, in order.
    pub class_names: Vec<String>,
    /// Names of the codes of the column `survey`, as before the colon of an identifier; absent from format 1.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub survey_names: Vec<String>,
    /// Names of the codes of the column `subclass`, in order; absent where no spectrum has a subclass.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subclass_names: Vec<String>,
    /// Columns of the catalogue.
    pub columns: Vec<ColumnInfo>,
    /// File of the mean spectrum and the infill basis.
    pub mean_spectrum: String,
    /// File of the catalogue.
    pub catalogue: String,
    /// Shards, in order.
    pub shards: Vec<ShardInfo>,
}

/// The wavelength grid: log10 of the vacuum wavelength in Angstrom is coeff0 + coeff1 i.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Grid {
    /// log10 of the first wavelength: 3.53.
    pub coeff0: f64,
    /// Step of log10 wavelength: 0.00039.
    pub coeff1: f64,
    /// Number of pixels: 1000.
    pub pixels: usize,
}

/// The description of a catalogue column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ColumnInfo {
    /// Name in the files.
    pub name: String,
    /// Label on axes and legends.
    pub label: String,
    /// Unit; empty for none.
    pub unit: String,
    /// Smallest and largest finite value.
    pub range: (f32, f32),
    /// Whether it is a true value of the simulation, which no survey has.
    pub truth: bool,
}

/// The file of a shard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShardInfo {
    /// Name in the set's folder.
    pub name: String,
    /// Size, bytes.
    pub bytes: usize,
    /// Number of spectra.
    pub count: usize,
    /// SHA-256 of the file, lower-case hexadecimal.
    pub sha256: String,
}

impl Grid {
    /// The paper's grid.
    pub const PAPER: Grid = Grid { coeff0: grid::COEFF0, coeff1: grid::COEFF1, pixels: grid::PIXELS };
}

impl Manifest {
    /// The newest version of the format.
    pub const NEWEST_FORMAT: u32 = 2;

    /// Returns the names of all surveys, in the order of their codes.
    pub fn survey_names() -> Vec<String> {
        Survey::ALL.iter().map(|survey| survey.prefix().to_owned()).collect()
    }

    /// Returns the names of all classes, in the order of their codes.
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
    /// JSON that is no manifest, one of a newer format, and one on another grid.
    pub fn from_json(name: &str, bytes: &[u8]) -> Result<Self, FormatError> {
        let refused = |reason: String| FormatError::Json { file: name.to_owned(), reason };
        let unreadable = |error: serde_json::Error| refused(format!("not a manifest of this version: {error}"));
        let manifest: Self = serde_json::from_slice(bytes).map_err(unreadable)?;
        if !(1..=Self::NEWEST_FORMAT).contains(&manifest.format) {
            let (format, newest) = (manifest.format, Self::NEWEST_FORMAT);
            return Err(refused(format!("format {format} is newer than this program, which reads 1 to {newest}")));
        }
        if manifest.grid != Grid::PAPER {
            return Err(refused(format!("its wavelength grid {:?} is not {:?}", manifest.grid, Grid::PAPER)));
        }
        Ok(manifest)
    }

    /// Returns the shard that holds spectrum `index` of the set, and the row in it; `None` beyond the last spectrum.
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
    /// Describes a column, with its range in the catalogue.
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
    /// Describes the file of a shard by its bytes.
    pub fn new(name: &str, bytes: &[u8], count: usize) -> Self {
        Self { name: name.to_owned(), bytes: bytes.len(), count, sha256: sha256_hex(bytes) }
    }

    /// Checks the SHA-256 of a file.
    ///
    /// # Errors
    /// [`FormatError::WrongHash`] for another file.
    pub fn verify(&self, bytes: &[u8]) -> Result<(), FormatError> {
        let found = sha256_hex(bytes);
        if found == self.sha256 {
            return Ok(());
        }
        Err(FormatError::WrongHash { file: self.name.clone(), found, expected: self.sha256.clone() })
    }
}

/// The recipe as the fields `recipe` and `normalization` of a manifest.
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
