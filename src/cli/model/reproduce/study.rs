//! The data that every figure starts from: the set, its split, and the main model's latents.

use anyhow::Result;

use crate::cli::model::dataset::Dataset;
use crate::latent::LatentAxes;
use crate::spectrum::{Class, grid};
use crate::vae::dataset::Split;
use crate::vae::encoding::EncodingMethod;
use crate::vae::inference::Model;
use crate::vae::objective::pixel_weight;
use crate::vae::posterior::Posterior;

use super::claims::Claim;
use super::workspace::{Exhibit, Workspace};
use crate::cli::model::table::Table;

/// The four classes of the paper, in its order.
pub(super) const CLASSES: [Class; 4] =
    [Class::Quiescent, Class::EmissionLine, Class::NarrowLineAgn, Class::BroadLineAgn];

/// The set, and the main model's latents and reconstructions of it.
pub(super) struct Study<'a> {
    /// Workspace of the report.
    pub workspace: &'a Workspace,
    /// Set.
    pub set: &'a Dataset,
    /// Training and validation rows.
    pub split: Split,
    /// Class codes `[n]`.
    pub class: Vec<u8>,
    /// Normalised flux `[n * 1000]`.
    pub flux: Vec<f32>,
    /// Inverse variance `[n * 1000]`.
    pub ivar: Vec<f32>,
    /// Pixel weights `[n * 1000]` in the paper's loss.
    pub weight: Vec<f32>,
    /// Rest-frame vacuum wavelengths `[1000]`, Angstrom.
    pub wavelengths: Vec<f64>,
    /// The main model, VAE-6.
    pub model: Model,
    /// Posterior of every spectrum.
    pub encoded: Posterior,
    /// Reconstructions `[n * 1000]` from the latent means.
    pub reconstruction: Vec<f32>,
    /// Principal axes of the training spectra's latent means: VAE 1 to d.
    pub axes: LatentAxes,
    /// Coordinates `[n * d]` of every spectrum along the axes.
    pub coordinates: Vec<f32>,
}

/// The figures, tables and claims of a report.
#[derive(Default)]
pub(super) struct Report {
    /// Figures and tables with their CSV, in order.
    pub exhibits: Vec<(Exhibit, String)>,
    /// Claims with their verdicts.
    pub claims: Vec<Claim>,
}

impl<'a> Study<'a> {
    /// Encodes and decodes the whole set.
    pub(super) fn new(workspace: &'a Workspace, set: &'a Dataset, model: Model) -> Self {
        let split = set.split();
        let (flux, ivar) = set.spectra.rows(0, set.len());
        let epsilon = model.card.config.weight_epsilon;
        let weight = ivar.iter().map(|&ivar| pixel_weight(ivar, epsilon)).collect();
        let encoded = set.encode(&model, EncodingMethod::Plain);
        let reconstruction = decode_all(&model, &encoded.mean);
        let dims = model.latents();
        let training: Vec<f32> =
            split.train.iter().flat_map(|&row| &encoded.mean[row * dims..(row + 1) * dims]).copied().collect();
        let class = set.classes();
        let codes: Vec<i32> = class.iter().map(|&code| i32::from(code)).collect();
        let axes = LatentAxes::fit(&training, dims).turned_as_in_the_paper(&encoded.mean, &codes);
        let coordinates = axes.project(&encoded.mean);
        let wavelengths = grid::wavelengths();
        Self {
            workspace,
            set,
            split,
            class,
            flux,
            ivar,
            weight,
            wavelengths,
            model,
            encoded,
            reconstruction,
            axes,
            coordinates,
        }
    }

    /// Returns the number of latents d of the main model.
    pub(super) fn dims(&self) -> usize {
        self.axes.dims
    }

    /// Returns a row of an `[n * 1000]` table.
    pub(super) fn row<'t>(&self, table: &'t [f32], row: usize) -> &'t [f32] {
        let pixels = self.wavelengths.len();
        &table[row * pixels..(row + 1) * pixels]
    }

    /// Copies rows of an `[n * 1000]` table.
    pub(super) fn rows(&self, table: &[f32], rows: &[usize]) -> Vec<f32> {
        rows.iter().flat_map(|&row| self.row(table, row)).copied().collect()
    }

    /// Returns the coordinates of all spectra along axis VAE `axis`, counted from 1.
    pub(super) fn along(&self, axis: usize) -> Vec<f32> {
        self.coordinates.iter().skip(axis - 1).step_by(self.dims()).copied().collect()
    }

    /// Returns the validation spectrum of a class, or of all, with the largest `key`.
    pub(super) fn best_of(&self, class: Option<Class>, key: impl Fn(usize) -> f32) -> Option<usize> {
        let wanted = |row: &&usize| class.is_none_or(|class| i32::from(self.class[**row]) == class.code());
        self.split.valid.iter().filter(wanted).copied().max_by(|&a, &b| key(a).total_cmp(&key(b)).then(b.cmp(&a)))
    }
}

impl Report {
    /// Writes the files of a figure or table and adds it to the page.
    pub(super) fn add(
        &mut self,
        workspace: &Workspace,
        (stem, number, title): (&str, &str, &str),
        caption: String,
        svg: Option<String>,
        csv: &Table,
    ) -> Result<()> {
        let exhibit = Exhibit {
            stem: stem.to_owned(),
            number: number.to_owned(),
            title: title.to_owned(),
            caption,
            drawn: svg.is_some(),
        };
        let csv = csv.csv();
        workspace.write(&exhibit, svg.as_deref(), &csv)?;
        eprintln!("{number}: {title}");
        self.exhibits.push((exhibit, csv));
        Ok(())
    }
}

/// Decodes latents `[m * d]` to `[m * 1000]`, batch by batch.
pub(super) fn decode_all(model: &Model, latents: &[f32]) -> Vec<f32> {
    latents.chunks(Model::BATCH * model.latents()).flat_map(|batch| model.decode(batch)).collect()
}
