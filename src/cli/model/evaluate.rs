//! `evaluate`: the reconstruction error of a model on the validation spectra of a set.

use anyhow::Result;
use clap::Args;

use super::encoded_set::{EncodedSet, Reconstructed, SetAndModel};
use super::table::Table;
use crate::cli::outcome::Outcome;
use crate::latent::linear_baseline::reconstruction_error;
use crate::numerics::statistics::{percentile, sorted};
use crate::spectrum::Class;
use crate::vae::inference::chi2;
use crate::vae::objective::pixel_weight;

#[derive(Debug, Args)]
pub(in crate::cli) struct Evaluate {
    #[command(flatten)]
    inputs: SetAndModel,
}

/// The errors of one validation spectrum.
struct SpectrumError {
    class: f32,
    /// Mean over pixels of w (x - x')^2.
    weighted: f64,
    /// Mean over unmasked pixels of (x - x')^2 ivar.
    chi2: f64,
}

const CLASSES: [Class; 6] =
    [Class::Quiescent, Class::EmissionLine, Class::NarrowLineAgn, Class::BroadLineAgn, Class::Star, Class::Unknown];

impl Evaluate {
    pub(super) fn run(&self) -> Result<Outcome> {
        let errors = errors(&self.inputs.encode()?)?;
        let mut table = Table::new(["class", "spectra", "weighted_error", "median_chi2"]);
        for class in std::iter::once(None).chain(CLASSES.into_iter().map(Some)) {
            let of_class: Vec<_> =
                errors.iter().filter(|error| class.is_none_or(|class| error.class == class.code() as f32)).collect();
            if of_class.is_empty() {
                continue;
            }
            let mean = of_class.iter().map(|error| error.weighted).sum::<f64>() / of_class.len() as f64;
            let chi2 = sorted(of_class.iter().map(|error| error.chi2).filter(|chi2| chi2.is_finite()));
            let name = class.map_or("all", Class::name);
            table.push([name.into(), of_class.len().into(), mean.into(), percentile(&chi2, 50.0).into()]);
        }
        table.print(self.inputs.json);
        Ok(Outcome::Done)
    }
}

fn errors(encoded: &EncodedSet) -> Result<Vec<SpectrumError>> {
    let pixels = encoded.model.pixels();
    let epsilon = encoded.model.card.config.weight_epsilon;
    let error = |row: usize| {
        let Reconstructed { flux, ivar, reconstruction } = encoded.reconstruct(row);
        let weight: Vec<f32> = ivar.iter().map(|&ivar| pixel_weight(ivar, epsilon)).collect();
        let weighted = reconstruction_error(&flux, &weight, &reconstruction, pixels)?.overall;
        let chi2 = f64::from(chi2(&flux, &ivar, &reconstruction));
        Ok(SpectrumError { class: encoded.set.value("class", row), weighted, chi2 })
    };
    encoded.set.split().valid.into_iter().map(error).collect()
}
