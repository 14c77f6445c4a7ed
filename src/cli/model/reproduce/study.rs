//! What every figure starts from: the set, the split, and the main model's latents of it.

use anyhow::Result;

use crate::cli::model::dataset::Dataset;
use crate::latent::LatentAxes;
use crate::spectrum::{Class, grid};
use crate::vae::dataset::Split;
use crate::vae::inference::Model;
use crate::vae::objective::pixel_weight;
use crate::vae::posterior::Posterior;

use super::claims::Claim;
use super::workspace::{Exhibit, Workspace};
use crate::cli::model::table::Table;

/// The four classes of the paper, in its order.
pub(super) const CLASSES: [Class; 4] =
    [Class::Quiescent, Class::EmissionLine, Class::NarrowLineAgn, Class::BroadLineAgn];

/// The set under study and the model that reads it.
pub(super) struct Study<'a> {
    pub workspace: &'a Workspace,
    pub set: &'a Dataset,
    pub split: Split,
    /// `[n]` class codes.
    pub class: Vec<u8>,
    /// `[n * 1000]` flux, inverse variance, and the weight that the paper's loss gives a pixel.
    pub flux: Vec<f32>,
    pub ivar: Vec<f32>,
    pub weight: Vec<f32>,
    /// `[1000]` Angstrom.
    pub wavelengths: Vec<f64>,
    /// The main model, VAE-6, and where it puts every spectrum.
    pub model: Model,
    pub encoded: Posterior,
    /// `[n * 1000]` what it makes of each.
    pub reconstruction: Vec<f32>,
    /// VAE 1..6: principal axes of the training means; and every spectrum's coordinates along them, `[n * d]`.
    pub axes: LatentAxes,
    pub coordinates: Vec<f32>,
}

/// What the figures add up to.
#[derive(Default)]
pub(super) struct Report {
    /// With their CSV, in order.
    pub exhibits: Vec<(Exhibit, String)>,
    pub claims: Vec<Claim>,
}

impl<'a> Study<'a> {
    pub(super) fn new(workspace: &'a Workspace, set: &'a Dataset, model: Model) -> Self {
        let split = set.split();
        let (flux, ivar) = set.spectra.rows(0, set.len());
        let epsilon = model.card.config.weight_epsilon;
        let weight = ivar.iter().map(|&ivar| pixel_weight(ivar, epsilon)).collect();
        let encoded = set.encode(&model);
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

    /// Latents d of the main model.
    pub(super) fn dims(&self) -> usize {
        self.axes.dims
    }

    /// A row of an `[n * 1000]` table.
    pub(super) fn row<'t>(&self, table: &'t [f32], row: usize) -> &'t [f32] {
        let pixels = self.wavelengths.len();
        &table[row * pixels..(row + 1) * pixels]
    }

    /// Some rows of an `[n * 1000]` table, one after the other.
    pub(super) fn rows(&self, table: &[f32], rows: &[usize]) -> Vec<f32> {
        rows.iter().flat_map(|&row| self.row(table, row)).copied().collect()
    }

    /// Coordinates of all spectra along axis VAE `axis`, from 1.
    pub(super) fn along(&self, axis: usize) -> Vec<f32> {
        self.coordinates.iter().skip(axis - 1).step_by(self.dims()).copied().collect()
    }

    /// The validation spectrum of a class that comes first when sorted by `key`, descending.
    pub(super) fn best_of(&self, class: Option<Class>, key: impl Fn(usize) -> f32) -> Option<usize> {
        let wanted = |row: &&usize| class.is_none_or(|class| i32::from(self.class[**row]) == class.code());
        self.split.valid.iter().filter(wanted).copied().max_by(|&a, &b| key(a).total_cmp(&key(b)).then(b.cmp(&a)))
    }
}

impl Report {
    /// Writes an exhibit's files and takes it into the page.
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

/// Decodes batch by batch.
pub(super) fn decode_all(model: &Model, latents: &[f32]) -> Vec<f32> {
    latents.chunks(Model::BATCH * model.latents()).flat_map(|places| model.decode(places)).collect()
}
