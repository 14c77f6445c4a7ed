//! A set of spectra as the files of a folder: manifest, mean, catalogue and shards.

use super::catalogue::Catalogue;
use super::manifest::{ColumnInfo, Grid, Manifest, ShardInfo};
use super::spectra::Shard;
use super::tensors::{FormatError, TensorFile, TensorWriter};
use crate::spectrum::infill::InfillBasis;
use crate::spectrum::{GridSpectrum, PIXELS};

/// What a manifest says that no pixel tells.
#[derive(Debug, Clone)]
pub struct SetFacts {
    /// The set's name, as in links.
    pub name: String,
    /// One line for people.
    pub title: String,
    /// Whether the spectra are simulated.
    pub simulated: bool,
    /// Licence of the set.
    pub license: String,
    /// Where the spectra come from, with what to cite.
    pub provenance: String,
    /// Seed of the simulation.
    pub seed: Option<u64>,
    /// `rms` or `total`.
    pub normalization: String,
    /// Label and unit of each column that needs them, by name.
    pub columns: Vec<(String, String, String)>,
}

/// The mean spectrum of a set, and the basis that infills a new spectrum's masked pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct MeanSpectrum {
    /// `[1000]` mean of the normalised, infilled flux: what a model subtracts from its input.
    pub mean: Vec<f32>,
    /// The infill's eigenvectors.
    pub infill: InfillBasis,
}

/// Every file of a set, by name; the manifest is the last, so that a folder with a manifest is whole.
pub fn files(
    facts: &SetFacts,
    spectra: &[GridSpectrum],
    catalogue: &Catalogue,
    infill: &InfillBasis,
) -> (Manifest, Vec<(String, Vec<u8>)>) {
    assert_eq!(spectra.len(), catalogue.len(), "a catalogue row a spectrum");
    let mut files = Vec::new();
    let mut shards = Vec::new();
    for (number, chunk) in spectra.chunks(Shard::CAPACITY).enumerate() {
        let start = number * Shard::CAPACITY;
        let mut shard = Shard { catalogue: catalogue.rows(start, start + chunk.len()), ..Shard::default() };
        chunk.iter().for_each(|spectrum| shard.push(spectrum));
        let name = format!("shard-{number:04}.safetensors");
        let bytes = shard.to_bytes();
        shards.push(ShardInfo::new(&name, &bytes, chunk.len()));
        files.push((name, bytes));
    }
    let mean = MeanSpectrum { mean: mean_flux(spectra), infill: infill.clone() };
    let manifest = Manifest {
        format: 1,
        name: facts.name.clone(),
        title: facts.title.clone(),
        simulated: facts.simulated,
        license: facts.license.clone(),
        provenance: facts.provenance.clone(),
        seed: facts.seed,
        grid: Grid::PAPER,
        normalization: facts.normalization.clone(),
        count: spectra.len(),
        split_seed: 1,
        class_names: Manifest::class_names(),
        columns: catalogue.columns.iter().map(|column| describe(facts, catalogue, &column.name)).collect(),
        mean_spectrum: "mean.safetensors".to_owned(),
        catalogue: "catalogue.safetensors".to_owned(),
        shards,
    };
    files.push((manifest.mean_spectrum.clone(), mean.to_bytes()));
    files.push((manifest.catalogue.clone(), catalogue.to_bytes()));
    files.push(("manifest.json".to_owned(), manifest.to_json().into_bytes()));
    (manifest, files)
}

impl MeanSpectrum {
    /// As a safetensors file: `mean`, `infill_mean`, `infill_components`, `infill_eigenvalues`.
    pub fn to_bytes(&self) -> Vec<u8> {
        let components = self.infill.eigenvalues.len();
        TensorWriter::default()
            .floats("mean", &[PIXELS], &self.mean)
            .floats("infill_mean", &[PIXELS], &self.infill.mean)
            .floats("infill_components", &[components, PIXELS], &self.infill.components)
            .floats("infill_eigenvalues", &[components], &self.infill.eigenvalues)
            .finish()
    }

    /// From a safetensors file; `name` is for errors.
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

fn mean_flux(spectra: &[GridSpectrum]) -> Vec<f32> {
    let mut sum = vec![0f64; PIXELS];
    for spectrum in spectra {
        sum.iter_mut().zip(&spectrum.flux).for_each(|(sum, &flux)| *sum += f64::from(flux));
    }
    sum.iter().map(|sum| (sum / spectra.len().max(1) as f64) as f32).collect()
}

fn describe(facts: &SetFacts, catalogue: &Catalogue, name: &str) -> ColumnInfo {
    let (label, unit) = match facts.columns.iter().find(|(known, _, _)| known == name) {
        Some((_, label, unit)) => (label.as_str(), unit.as_str()),
        None => observed_column(name),
    };
    ColumnInfo::new(catalogue, name, label, unit)
}

/// Label and unit of the columns that every set has.
fn observed_column(name: &str) -> (&str, &str) {
    match name {
        "norm" => ("Flux norm", "1e-17 erg/s/cm²/Å"),
        "redshift" => ("Redshift", ""),
        "median_snr" => ("Median S/N per pixel", ""),
        "class" => ("Class", ""),
        "plate" => ("Plate", ""),
        "mjd" => ("Modified Julian date", "d"),
        "fiber" => ("Fibre", ""),
        other => (other, ""),
    }
}
