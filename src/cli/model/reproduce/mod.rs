//! `reproduce`: the figures and tables of the paper and of its reproduction, from a set, and whether the paper's claims hold on it.

mod autoencoder;
mod claims;
mod figure_3;
mod html;
mod infill;
mod latent_space;
mod line_reconstructions;
mod linear_readout;
mod methods;
mod models;
mod noise;
mod outliers;
mod provenance;
mod real;
mod reconstruction;
mod redshift;
mod residuals;
mod stacked_spectra;
mod stars;
mod study;
mod svg;
mod sweeps;
mod tables;
mod tracks;
mod umap;
mod variants;
mod workspace;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;

use super::dataset::Dataset;
use super::device::DeviceChoice;
use super::table::Table;
use crate::cli::files;
use crate::cli::outcome::Outcome;
use claims::{Claim, Verdict};
use models::{Kind, Order, SIZES};
use study::{Report, Study};
use workspace::Workspace;

#[derive(Debug, Args)]
pub(in crate::cli) struct Reproduce {
    /// The set's folder, with its manifest.json.
    #[arg(long)]
    data: PathBuf,
    /// Folder for the report. A run that was stopped continues there when it is given the same arguments.
    #[arg(long)]
    out: PathBuf,
    /// Number of seeds that every network is trained with.
    #[arg(long, default_value_t = 3)]
    seeds: u64,
    /// Maximum number of epochs, for a quicker run; the report states it.
    #[arg(long)]
    epochs: Option<usize>,
    /// Folder of models from `train --all`; those that were trained in the same way on the same set are used.
    #[arg(long)]
    models: Option<PathBuf>,
    /// Folder of real spectra (FITS, npz) to try the models on.
    #[arg(long)]
    real: Option<PathBuf>,
    /// Number of simulated spectra whose redshifts are found by trial.
    #[arg(long, default_value_t = 500)]
    redshifts: usize,
    #[command(flatten)]
    device: DeviceChoice,
    /// Models that train at once [default: one a core, and on a graphics processor one].
    #[arg(long)]
    jobs: Option<usize>,
}

impl Reproduce {
    pub(super) fn run(&self) -> Result<Outcome> {
        if self.seeds == 0 {
            bail!("--seeds must be at least 1");
        }
        let set = Dataset::load(&self.data)?;
        let commit = provenance::commit();
        let fingerprint = format!(
            "{} {} seeds {} epochs {:?} redshifts {} {commit}",
            env!("CARGO_PKG_VERSION"),
            set.sha256,
            self.seeds,
            self.epochs,
            self.redshifts
        );
        let workspace = Workspace::new(&self.out, self.models.clone(), fingerprint);
        self.train(&workspace, &set)?;
        let main = Order { kind: Kind::Vae, latents: 6, seed: 1 };
        let model = main.load(&workspace, &set, self.epochs).context("VAE-6 was not trained")?;
        let study = Study::new(&workspace, &set, model);
        let mut report = Report::default();

        tables::table_1(&study, &mut report, self.seeds, self.epochs)?;
        let measures = reconstruction::measures(&study, self.seeds, self.epochs)?;
        figure_3::figure(&study, &mut report, &measures)?;
        line_reconstructions::figures(&study, &mut report, self.epochs)?;
        latent_space::corner(&study, &mut report)?;
        tracks::figures(&study, &mut report)?;
        sweeps::figure(&study, &mut report)?;
        let factors = outliers::figure_16(&study, &mut report)?;
        let stars = self.real.as_deref().map(|folder| real::stars(&study, folder)).unwrap_or_default();
        stars::figure(&study, &mut report, &factors, &stars)?;
        noise::figure_17(&study, &mut report, self.epochs)?;
        let autoencoder = Order { kind: Kind::Autoencoder, latents: 6, seed: 1 };
        let autoencoder = autoencoder.load(&workspace, &set, self.epochs).context("AE-6 was not trained")?;
        autoencoder::losses(&study, &mut report, &autoencoder)?;
        umap::figure(&study, &mut report)?;
        umap::clusters(&study, &mut report)?;
        autoencoder::examples(&study, &mut report, &autoencoder)?;
        residuals::figure(&study, &mut report, &autoencoder)?;
        variants::figures(&study, &mut report, self.epochs)?;
        infill::figure(&study, &mut report, self.epochs)?;
        let galaxies = match &self.real {
            Some(folder) => real::galaxies(&study, folder)?,
            None => Vec::new(),
        };
        let observed: Vec<_> = galaxies.iter().map(|one| (one.name.clone(), one.observed.clone())).collect();
        redshift::figure(&study, &mut report, &observed, self.redshifts)?;
        if galaxies.len() > 2 {
            real::table(&study, &mut report, &galaxies)?;
        }
        self.finish(&study, report, &commit)
    }

    fn train(&self, workspace: &Workspace, set: &Dataset) -> Result<()> {
        let jobs = (self.device, self.jobs);
        let mut orders = Vec::new();
        for seed in 1..=self.seeds {
            for latents in SIZES {
                for kind in [Kind::Vae, Kind::Autoencoder, Kind::UnweightedAutoencoder] {
                    orders.push(Order { kind, latents, seed });
                }
            }
        }
        models::train(workspace, set, &orders, self.epochs, jobs)?;
        // Some of these need the set's truth columns, and the one with refilled pixels needs the first VAE-6.
        let has = |column: &str| set.catalogue.column(column).is_some();
        let variants = [
            (Kind::WeightInput, true),
            (Kind::Refilled, true),
            (Kind::SemiSupervised, has(models::STAR_FORMATION)),
            (Kind::Colours, models::COLOURS.iter().all(|column| has(column))),
        ];
        let possible = variants.into_iter().filter(|(_, possible)| *possible);
        let orders: Vec<Order> = possible.map(|(kind, _)| Order { kind, latents: 6, seed: 1 }).collect();
        models::train(workspace, set, &orders, self.epochs, jobs)
    }

    fn finish(&self, study: &Study<'_>, report: Report, commit: &str) -> Result<Outcome> {
        let provenance = provenance::of_run(study, self.seeds, self.epochs, commit);
        let mut csv = Table::of("claim,in the paper,verdict,result");
        for Claim { claim, paper, here, verdict } in &report.claims {
            csv.row(&[claim, paper, verdict.label().1, here], &[]);
        }
        files::write(&self.out.join("claims.csv"), csv.csv().as_bytes())?;
        let page = html::page(&provenance, &report.exhibits, &report.claims);
        files::write(&self.out.join("index.html"), page.as_bytes())?;
        let holds = report.claims.iter().filter(|claim| claim.verdict == Verdict::Holds).count();
        for Claim { claim, here, verdict, .. } in &report.claims {
            println!("{}: {claim} ({here})", verdict.label().1);
        }
        eprintln!(
            "{}: {} figures and tables; {holds} of {} claims hold",
            self.out.join("index.html").display(),
            report.exhibits.len(),
            report.claims.len()
        );
        Ok(Outcome::Done)
    }
}
