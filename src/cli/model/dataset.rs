//! A whole set in memory, for the commands that need all of it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Error, Result, anyhow, bail};
use half::f16;

use super::shard_files::ShardFiles;
use super::table::Cell;
use crate::cli::files;
use crate::formats::set::writer::MeanSpectrum;
use crate::formats::set::{Catalogue, LatentSet, Manifest, Shard};
use crate::spectrum::{Class, SourceId, Survey};
use crate::vae::Model;
use crate::vae::config::{HeadConfig, VaeConfig};
use crate::vae::dataset::{Split, TrainingSet};
use crate::vae::encoding::EncodingMethod;
use crate::vae::inference::chi2;
use crate::vae::labels::Labels;
use crate::vae::posterior::Posterior;
use crate::vae::stored_spectra::StoredSpectra;

/// A set with its spectra and its catalogue.
pub(super) struct Dataset {
    /// Folder of the set.
    pub folder: PathBuf,
    /// Manifest of the set.
    pub manifest: Manifest,
    /// SHA-256 of the manifest's bytes.
    pub sha256: String,
    /// Every spectrum in half precision, as training takes it: in memory, or, of a large set, in its files.
    pub spectra: TrainingSet,
    /// All columns of the catalogue.
    pub catalogue: Catalogue,
}

/// Spectra of the largest set that is taken into memory: 256 MB.
const IN_MEMORY: usize = 65_536;

/// Columns on the object of a spectrum, after the others of a table.
pub(super) const OBJECT_COLUMNS: [&str; 4] = ["id", "ra", "dec", "redshift_error"];

/// Returns plate, modified Julian date and fibre as tables have them: field, date and catalogue id of SDSS-V, and nothing for surveys
/// whose identifiers are one number.
pub(super) fn three_numbers(id: SourceId) -> [Option<i64>; 3] {
    match id.survey {
        Survey::Sdss | Survey::SdssV => id.parts.map(Some),
        Survey::Desi | Survey::Lamost | Survey::Other => [None; 3],
    }
}

impl Dataset {
    /// Reads a set's folder; every shard is checked against the manifest. Spectra of a set of more than [`IN_MEMORY`] stay in their files.
    pub(super) fn load(folder: &Path) -> Result<Self> {
        Self::load_up_to(folder, IN_MEMORY)
    }

    /// The same for a set of more than `in_memory` spectra.
    pub(super) fn load_up_to(folder: &Path, in_memory: usize) -> Result<Self> {
        let (manifest, sha256) = files::manifest(folder)?;
        let is_large = manifest.count > in_memory;
        let path = folder.join(&manifest.mean_spectrum);
        let mean = MeanSpectrum::from_bytes(&path.display().to_string(), &files::read(&path)?)?;
        let mut spectra = TrainingSet::new(&manifest, &sha256, mean);
        let mut catalogue = Catalogue::default();
        for info in &manifest.shards {
            let path = folder.join(&info.name);
            let bytes = files::read(&path)?;
            info.verify(&bytes).with_context(|| folder.display().to_string())?;
            let shard = Shard::from_bytes(&path.display().to_string(), &bytes)?;
            if !is_large {
                spectra.push(&shard);
            }
            catalogue.append(&shard.catalogue).with_context(|| folder.display().to_string())?;
        }
        if is_large {
            spectra.stored = Some(StoredSpectra::new(ShardFiles::open(folder, &manifest)?));
        }
        Ok(Self { folder: folder.to_owned(), manifest, sha256, spectra, catalogue })
    }

    /// Returns the count of spectra.
    pub(super) fn len(&self) -> usize {
        self.spectra.len()
    }

    /// Returns what a model of this configuration trains on: with labels where it has a head.
    pub(super) fn training_set(&self, config: &VaeConfig) -> Result<TrainingSet> {
        let labels = |head: &HeadConfig| {
            Labels::new(&self.catalogue, head, config.seed).map_err(|column| {
                let known: Vec<&str> = self.catalogue.columns.iter().map(|column| column.name.as_str()).collect();
                anyhow!("{} has no column `{column}`: choose among {}", self.folder.display(), known.join(", "))
            })
        };
        let labels = config.head.as_ref().map(labels).transpose()?;
        Ok(TrainingSet { labels, ..self.spectra.clone() })
    }

    /// Returns which spectra train and which validate.
    pub(super) fn split(&self) -> Split {
        Split::new(self.len(), VaeConfig::paper(6).validation_fraction, self.manifest.split_seed)
    }

    /// Returns the class codes `[n]`; "unclassified" where the set has none.
    pub(super) fn classes(&self) -> Vec<u8> {
        match self.catalogue.integers("class") {
            Some(codes) => codes.iter().map(|&code| code as u8).collect(),
            None => vec![Class::Unknown.code() as u8; self.len()],
        }
    }

    /// Returns a spectrum's id.
    pub(super) fn id(&self, row: usize) -> SourceId {
        self.catalogue.source_id(row).unwrap_or(SourceId::NONE)
    }

    /// Returns the cells of plate, modified Julian date and fibre, as [`three_numbers`].
    pub(super) fn id_cells(&self, row: usize) -> [Cell; 3] {
        three_numbers(self.id(row)).map(|number| number.map_or(Cell::Number(f64::NAN), |n| Cell::Text(n.to_string())))
    }

    /// Returns the cells of [`OBJECT_COLUMNS`] for a spectrum.
    pub(super) fn object_cells(&self, row: usize) -> [Cell; 4] {
        let position = self.catalogue.position(row);
        let id = self.catalogue.source_id(row).map_or(String::new(), |id| id.to_string());
        [
            id.into(),
            position.map_or(f64::NAN, |position| position.ra).into(),
            position.map_or(f64::NAN, |position| position.dec).into(),
            self.value("z_err", row).into(),
        ]
    }

    /// Returns a column's value for a spectrum; NaN where there is none.
    pub(super) fn value(&self, column: &str, row: usize) -> f32 {
        self.catalogue.column(column).and_then(|values| values.get(row)).unwrap_or(f32::NAN)
    }

    /// Encodes every spectrum with a model.
    pub(super) fn encode(&self, model: &Model, method: EncodingMethod) -> Posterior {
        model.encode_all(self.len(), method, |start, end| self.spectra.rows(start, end))
    }

    /// Refuses what was made of spectra of which one could not be read.
    ///
    /// # Errors
    ///
    /// The file that could not be read.
    pub(super) fn check_read(&self) -> Result<()> {
        self.spectra.failure().map_or(Ok(()), |reason| Err(anyhow!(reason)))
    }

    /// Returns the latents of a model, without a map.
    pub(super) fn latents(&self, model: &Model, method: EncodingMethod) -> LatentSet {
        let Posterior { mean, log_var } = self.encode(model, method);
        // Of the latents as the file holds them, so that a page which decodes those finds the same.
        let stored: Vec<f32> = mean.iter().map(|&value| f16::from_f32(value).to_f32()).collect();
        let chi2 = Some(self.chi2(model, &stored));
        LatentSet {
            dims: model.latents(),
            mean,
            log_var,
            class: self.classes(),
            umap: None,
            chi2,
            model: model.card.name.clone(),
            set: self.manifest.name.clone(),
            encoding: method,
        }
    }

    /// Returns chi-squared a pixel `[n]` of the spectra decoded from latents `[n * d]`.
    fn chi2(&self, model: &Model, latents: &[f32]) -> Vec<f32> {
        let one = |(row, latent): (usize, &[f32])| {
            let (flux, ivar) = self.spectra.rows(row, row + 1);
            chi2(&flux, &ivar, &model.decode(latent))
        };
        latents.chunks_exact(model.latents()).enumerate().map(one).collect()
    }

    /// Refuses a model whose input spectra are not prepared as the set's are.
    pub(super) fn check(&self, model: &Model) -> Result<()> {
        let card = &model.card;
        if model.pixels() != self.spectra.pixels() {
            bail!("the model `{}` takes {} pixels, not those of this set", card.name, model.pixels());
        }
        card.check_recipe(&self.manifest.name, self.manifest.recipe).map_err(Error::from)
    }
}
