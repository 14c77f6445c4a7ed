//! Writing a set of spectra as the files of a folder: manifest, mean, catalogue and shards.

use super::catalogue::Catalogue;
use super::manifest::{ColumnInfo, Grid, Manifest, ShardInfo};
use super::shard::Shard;
use super::tensors::{FormatError, TensorFile, TensorWriter};
use crate::preprocess::{InfillBasis, Recipe};
use crate::spectrum::{GridSpectrum, PIXELS};

/// The fields of a manifest that do not follow from the spectra.
#[derive(Debug, Clone)]
pub struct SetFacts {
    /// Name of the set, as in links.
    pub name: String,
    /// Title, one line.
    pub title: String,
    /// Whether the spectra are simulated.
    pub simulated: bool,
    /// Licence of the set.
    pub license: String,
    /// Origin of the spectra, with the works to cite.
    pub provenance: String,
    /// Seed of the simulation; `None` for observed spectra.
    pub seed: Option<u64>,
    /// Recipe by which the spectra were prepared.
    pub recipe: Recipe,
    /// Name, label and unit of each column that needs them.
    pub columns: Vec<(String, String, String)>,
    /// Names of the codes of the column `subclass`; empty where the set has no such column.
    pub subclass_names: Vec<String>,
}

/// The mean spectrum of a set, and the basis that infills a new spectrum's masked pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct MeanSpectrum {
    /// `[1000]` mean of the normalised, infilled flux, which a model subtracts from its input.
    pub mean: Vec<f32>,
    /// Infill basis.
    pub infill: InfillBasis,
}

/// A writer of a set. Spectra are pushed in their order, and shards are returned as soon as they are full, so that it holds the pixels of
/// one shard at most, and the catalogue, 4 or 8 bytes per column and spectrum.
pub struct SetWriter {
    facts: SetFacts,
    infill: InfillBasis,
    open: Shard,
    shards: Vec<ShardInfo>,
    catalogue: Catalogue,
    /// `[1000]` sum of all flux so far.
    sum: Vec<f64>,
}

/// The name of a file in the set's folder, and its bytes.
pub type NamedFile = (String, Vec<u8>);

/// Returns the manifest and every file of a set. The file of the manifest is the last, so that a folder with a manifest is complete.
pub fn files(
    facts: &SetFacts,
    spectra: &[GridSpectrum],
    catalogue: &Catalogue,
    infill: &InfillBasis,
) -> (Manifest, Vec<NamedFile>) {
    let mut writer = SetWriter::new(facts.clone(), infill.clone());
    let mut files = writer.push(spectra, catalogue).expect("the first columns are the set's");
    let (manifest, last) = writer.finish();
    files.extend(last);
    (manifest, files)
}

impl SetWriter {
    /// Starts an empty set.
    pub fn new(facts: SetFacts, infill: InfillBasis) -> Self {
        Self {
            facts,
            infill,
            open: Shard::default(),
            shards: Vec::new(),
            catalogue: Catalogue::default(),
            sum: vec![0.0; PIXELS],
        }
    }

    /// Adds spectra with their catalogue rows, and returns the shards that they fill.
    ///
    /// # Errors
    /// Rows whose columns are not those of the rows before.
    pub fn push(&mut self, spectra: &[GridSpectrum], rows: &Catalogue) -> Result<Vec<NamedFile>, FormatError> {
        assert_eq!(spectra.len(), rows.len(), "a catalogue row a spectrum");
        self.catalogue.append(rows)?;
        let mut full = Vec::new();
        let mut start = 0;
        while start < spectra.len() {
            let end = spectra.len().min(start + Shard::CAPACITY - self.open.len());
            for spectrum in &spectra[start..end] {
                self.open.push(spectrum);
                self.sum.iter_mut().zip(&spectrum.flux).for_each(|(sum, &flux)| *sum += f64::from(flux));
            }
            self.open.catalogue.append(&rows.rows(start, end))?;
            if self.open.len() == Shard::CAPACITY {
                full.push(self.close());
            }
            start = end;
        }
        Ok(full)
    }

    /// Returns the manifest and the remaining files: the last shard, mean, catalogue, and last that of the manifest.
    pub fn finish(mut self) -> (Manifest, Vec<NamedFile>) {
        let mut files = Vec::new();
        if !self.open.is_empty() {
            files.push(self.close());
        }
        let count = self.catalogue.len();
        let mean = self.sum.iter().map(|sum| (sum / count.max(1) as f64) as f32).collect();
        let mean = MeanSpectrum { mean, infill: self.infill };
        let columns = self.catalogue.columns.iter();
        let of_any_survey = self.catalogue.column("survey").is_some();
        let manifest = Manifest {
            format: if of_any_survey { 2 } else { 1 },
            grid: Grid::PAPER,
            count,
            split_seed: 1,
            class_names: Manifest::class_names(),
            survey_names: if of_any_survey { Manifest::survey_names() } else { Vec::new() },
            subclass_names: self.facts.subclass_names.clone(),
            columns: columns.map(|column| describe(&self.facts, &self.catalogue, &column.name)).collect(),
            mean_spectrum: "mean.safetensors".to_owned(),
            catalogue: "catalogue.safetensors".to_owned(),
            shards: self.shards,
            name: self.facts.name,
            title: self.facts.title,
            simulated: self.facts.simulated,
            license: self.facts.license,
            provenance: self.facts.provenance,
            seed: self.facts.seed,
            recipe: self.facts.recipe,
        };
        files.push((manifest.mean_spectrum.clone(), mean.to_bytes()));
        files.push((manifest.catalogue.clone(), self.catalogue.to_bytes()));
        files.push(("manifest.json".to_owned(), manifest.to_json().into_bytes()));
        (manifest, files)
    }

    fn close(&mut self) -> NamedFile {
        let shard = std::mem::take(&mut self.open);
        let name = format!("shard-{:04}.safetensors", self.shards.len());
        let bytes = shard.to_bytes();
        self.shards.push(ShardInfo::new(&name, &bytes, shard.len()));
        (name, bytes)
    }
}

impl MeanSpectrum {
    /// Writes a safetensors file: `mean`, `infill_mean`, `infill_components`, `infill_eigenvalues`.
    pub fn to_bytes(&self) -> Vec<u8> {
        let components = self.infill.eigenvalues.len();
        TensorWriter::default()
            .floats("mean", &[PIXELS], &self.mean)
            .floats("infill_mean", &[PIXELS], &self.infill.mean)
            .floats("infill_components", &[components, PIXELS], &self.infill.components)
            .floats("infill_eigenvalues", &[components], &self.infill.eigenvalues)
            .finish()
    }

    /// Reads a safetensors file; `name` is for errors.
    pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<Self, FormatError> {
        let file = TensorFile::parse(name, bytes)?;
        let eigenvalues = file.floats("infill_eigenvalues", &[0])?;
        Ok(Self {
            mean: file.floats("mean", &[PIXELS])?,
            infill: InfillBasis {
                mean: file.floats("infill_mean", &[PIXELS])?,
                components: file.floats("infill_components", &[eigenvalues.len(), PIXELS])?,
                eigenvalues,
            },
        })
    }
}

fn describe(facts: &SetFacts, catalogue: &Catalogue, name: &str) -> ColumnInfo {
    let (label, unit) = match facts.columns.iter().find(|(known, _, _)| known == name) {
        Some((_, label, unit)) => (label.as_str(), unit.as_str()),
        None => observed_column(name),
    };
    ColumnInfo::new(catalogue, name, label, unit)
}

/// Returns label and unit of a column that every set has.
fn observed_column(name: &str) -> (&str, &str) {
    match name {
        "norm" => ("Flux norm", "1e-17 erg/s/cm²/Å"),
        "redshift" => ("Redshift", ""),
        "median_snr" => ("Median S/N per pixel", ""),
        "class" => ("Class", ""),
        "plate" => ("Plate", ""),
        "mjd" => ("Modified Julian date", "d"),
        "fiber" => ("Fibre", ""),
        "survey" => ("Survey", ""),
        "id_a" => ("First number of the identifier", ""),
        "id_b" => ("Second number of the identifier", ""),
        "id_c" => ("Third number of the identifier", ""),
        "ra" => ("Right ascension", "deg"),
        "dec" => ("Declination", "deg"),
        "z_err" => ("Error of the redshift", ""),
        "zwarning" => ("Redshift warning bits", ""),
        "subclass" => ("Subclass", ""),
        other => (other, ""),
    }
}
