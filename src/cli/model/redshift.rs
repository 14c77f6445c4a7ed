//! `redshift`: the redshift at which a model reconstructs a spectrum best.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;

use super::choice::ModelChoice;
use super::table::{Cell, Table};
use crate::cli::files;
use crate::cli::outcome::Outcome;
use crate::formats::fits;
use crate::latent::redshift::{RedshiftEstimate, TrialOptions, redshift_by_trial, velocity_difference};
use crate::preprocess::normalize::Normalization;
use crate::preprocess::pipeline::PipelineOptions;
use crate::vae::Model;

#[derive(Debug, Args)]
pub(in crate::cli) struct Redshift {
    /// SDSS FITS files (spSpec or spec), or folders of them. The redshifts in them are not used, only compared with.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    model: ModelChoice,
    /// Lowest redshift tried.
    #[arg(long, default_value_t = 0.0)]
    low: f64,
    /// Highest redshift tried.
    #[arg(long, default_value_t = 0.36)]
    high: f64,
    /// Print every trial in place of the best one.
    #[arg(long)]
    curve: bool,
    /// JSON in place of CSV.
    #[arg(long)]
    json: bool,
}

impl Redshift {
    pub(super) fn run(&self) -> Result<Outcome> {
        let model = self.model.load()?;
        let paths = files::expand(&self.files, &["fit", "fits"])?;
        let mut table = match self.curve {
            true => Table::new(["file", "redshift", "chi2", "pixels", "score"]),
            false => {
                Table::new(["file", "redshift", "chi2", "confidence", "second", "file_redshift", "difference_km_s"])
            }
        };
        let mut refused = 0;
        for path in &paths {
            match self.estimate(&model, path) {
                Ok((estimate, known)) => self.push(&mut table, path, &estimate, known),
                Err(error) => {
                    refused += 1;
                    eprintln!("{error:#}");
                }
            }
        }
        table.print(self.json);
        Ok(if refused > 0 { Outcome::SomeRefused } else { Outcome::Done })
    }

    fn estimate(&self, model: &Model, path: &Path) -> Result<(RedshiftEstimate, Option<f64>)> {
        let name = path.display().to_string();
        let observed = fits::read(&name, &files::read(path)?)?;
        let options = TrialOptions { low: self.low, high: self.high, ..TrialOptions::standard() };
        let pipeline = PipelineOptions::standard();
        let estimate = redshift_by_trial(&observed, &model.infill, Normalization::Rms, &pipeline, &options, |flux| {
            let encoded = model.encode(flux, &vec![1.0; flux.len()]);
            model.decode(&encoded.mean)
        });
        Ok((estimate.context(name)?, observed.redshift))
    }

    fn push(&self, table: &mut Table, path: &Path, estimate: &RedshiftEstimate, known: Option<f64>) {
        let name = || Cell::from(path.display().to_string());
        if self.curve {
            for trial in &estimate.curve {
                table.push([name(), trial.redshift.into(), trial.chi2.into(), trial.pixels.into(), trial.score.into()]);
            }
            return;
        }
        let best = estimate.best;
        let second = estimate.second.map_or(f64::NAN, |second| second.redshift);
        let off = known.map_or(f64::NAN, |known| velocity_difference(best.redshift, known));
        let numbers = [best.redshift, best.chi2, estimate.confidence(), second, known.unwrap_or(f64::NAN), off];
        table.push(std::iter::once(name()).chain(numbers.map(Cell::from)));
    }
}
