//! `redshift`: the redshift at which a model reconstructs a spectrum best.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::choice::ModelChoice;
use super::method::MethodChoice;
use super::table::{Cell, Table};
use crate::cli::observations;
use crate::cli::outcome::Outcome;
use crate::latent::LatentError;
use crate::latent::redshift::{RedshiftEstimate, TrialOptions, redshift_by_trial, velocity_difference};
use crate::preprocess::REDSHIFT_RANGE;
use crate::spectrum::ObservedSpectrum;
use crate::vae::Model;

#[derive(Debug, Args)]
pub(in crate::cli) struct Redshift {
    /// Files of spectra: FITS, Parquet, HDF5, npz, tables of text; or folders of them. The redshifts in them are not used, only compared with.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    model: ModelChoice,
    /// Lowest redshift tried.
    #[arg(long, default_value_t = REDSHIFT_RANGE.0, allow_negative_numbers = true)]
    low: f64,
    /// Highest redshift tried.
    #[arg(long, default_value_t = REDSHIFT_RANGE.1, allow_negative_numbers = true)]
    high: f64,
    /// Print every trial in place of the best one. Trials are always encoded by the encoder alone.
    #[arg(long)]
    curve: bool,
    #[command(flatten)]
    method: MethodChoice,
    /// JSON in place of CSV.
    #[arg(long)]
    json: bool,
}

impl Redshift {
    pub(super) fn run(&self) -> Result<Outcome> {
        let model = self.model.load()?;
        let paths = observations::files(&self.files, "find redshifts of")?;
        let mut table = match self.curve {
            true => Table::new(["file", "redshift", "chi2", "pixels", "score"]),
            false => Table::of("file,redshift,chi2,confidence,second,file_redshift,difference_km_s,error"),
        };
        let refused = observations::for_each(&paths, |file, observed| {
            let options = TrialOptions { low: self.low, high: self.high, ..TrialOptions::standard() };
            let mut estimate = by_trial(&model, &observed, &options)?;
            let (_, encoding) = model.encode_observed(&observed, estimate.best.redshift, self.method.method())?;
            estimate.best.chi2 = encoding.chi2.into();
            self.push(&mut table, file, &estimate, observed.redshift);
            Ok(())
        });
        table.print(self.json);
        Ok(if refused > 0 { Outcome::SomeRefused } else { Outcome::Done })
    }

    fn push(&self, table: &mut Table, file: &str, estimate: &RedshiftEstimate, known: Option<f64>) {
        let name = || Cell::from(file.to_owned());
        if self.curve {
            for trial in &estimate.curve {
                table.push([name(), trial.redshift.into(), trial.chi2.into(), trial.pixels.into(), trial.score.into()]);
            }
            return;
        }
        let best = estimate.best;
        let second = estimate.second.map_or(f64::NAN, |second| second.redshift);
        let off = known.map_or(f64::NAN, |known| velocity_difference(best.redshift, known));
        let numbers =
            [best.redshift, best.chi2, estimate.confidence(), second, known.unwrap_or(f64::NAN), off, estimate.error];
        table.push(std::iter::once(name()).chain(numbers.map(Cell::from)));
    }
}

/// Finds the redshift of a spectrum by trial with a model.
pub(super) fn by_trial(
    model: &Model,
    observed: &ObservedSpectrum,
    options: &TrialOptions,
) -> Result<RedshiftEstimate, LatentError> {
    redshift_by_trial(observed, model.card.recipe, &model.infill, options, |flux| {
        let encoded = model.encode(flux, &vec![1.0; flux.len()]);
        model.decode(&encoded.mean)
    })
}
