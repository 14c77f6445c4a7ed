//! `noise`: the variance and bias of a spectrum's latent means under added noise (Figure 17 of the paper).

use anyhow::{Context, Result, ensure};
use clap::Args;

use super::encoded_set::{EncodedSet, SetAndModel};
use super::table::{Cell, Table};
use crate::cli::outcome::Outcome;
use crate::latent::noise::{NoiseOptions, noise_sensitivity};
use crate::vae::encoding::EncodingMethod;

#[derive(Debug, Args)]
pub(in crate::cli) struct Noise {
    #[command(flatten)]
    inputs: SetAndModel,
    /// Row of the spectrum in the set [default: the validation spectrum with the highest signal-to-noise].
    #[arg(long)]
    row: Option<usize>,
    /// Draws at each noise level.
    #[arg(long, default_value_t = 1000)]
    draws: usize,
    /// Seed of the draws.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Noise {
    pub(super) fn run(&self) -> Result<Outcome> {
        let encoded = self.inputs.encode()?;
        let row = self.row_of(&encoded)?;
        let (flux, ivar) = encoded.set.spectra.rows(row, row + 1);
        let options = NoiseOptions { draws: self.draws, ..NoiseOptions::paper(self.seed) };
        let pixels = encoded.model.pixels();
        let curve = noise_sensitivity(&flux, &ivar, &options, |flux, ivar| {
            let noisy = encoded.model.encode_all(flux.len() / pixels, EncodingMethod::Plain, |start, end| {
                (flux[start * pixels..end * pixels].to_vec(), ivar[start * pixels..end * pixels].to_vec())
            });
            (noisy.mean, noisy.log_var)
        })?;
        let mut table = Table::new(["latent", "snr", "sigma", "variance_ratio", "bias"]);
        for latent in 0..encoded.dims() {
            for level in &curve.levels {
                let numbers = [level.snr, level.sigma, level.variance_ratio[latent], level.bias[latent]];
                table.push(std::iter::once(Cell::from(latent + 1)).chain(numbers.map(Cell::from)));
            }
        }
        table.print(self.inputs.json);
        Ok(Outcome::Done)
    }

    fn row_of(&self, encoded: &EncodedSet) -> Result<usize> {
        let count = encoded.set.len();
        if let Some(row) = self.row {
            ensure!(row < count, "--row {row}: the set has {count} spectra, rows 0 to {}", count - 1);
            return Ok(row);
        }
        let snr = |row: &usize| encoded.set.value("median_snr", *row);
        let best = encoded.set.split().valid.into_iter().max_by(|a, b| snr(a).total_cmp(&snr(b)));
        best.context("the set has no validation spectra")
    }
}
