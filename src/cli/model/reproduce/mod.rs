//! `reproduce`: the figures and tables of the paper and of its reproduction, from a set, with what became of the paper's claims.

mod claims;
mod close_up;
mod html;
mod latent_space;
mod models;
mod noise;
mod oddities;
mod real;
mod reconstruction;
mod redshift;
mod reproduction;
mod stack;
mod study;
mod svg;
mod tables;
mod tracks;
mod wishes;
mod workspace;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::Args;

use super::dataset::Dataset;
use super::table::Table;
use crate::cli::outcome::Outcome;
use crate::cli::{files, parallel};
use claims::{Claim, Verdict};
use html::Provenance;
use models::{Kind, Order, SIZES};
use study::{Report, Study};
use workspace::Workspace;

#[derive(Debug, Args)]
pub(in crate::cli) struct Reproduce {
    /// The set's folder, with its manifest.json.
    #[arg(long)]
    data: PathBuf,
    /// Folder for the report. Started again with the same arguments, it goes on where it was.
    #[arg(long)]
    out: PathBuf,
    /// Seeds that every network is trained with.
    #[arg(long, default_value_t = 3)]
    seeds: u64,
    /// Epochs at most, for a quicker look; the report says so.
    #[arg(long)]
    epochs: Option<usize>,
    /// Folder of models that were trained already, as `train --all` leaves them; those that fit this run are used.
    #[arg(long)]
    models: Option<PathBuf>,
    /// Folder of real spectra (FITS, npz) to try the models on.
    #[arg(long)]
    real: Option<PathBuf>,
    /// Simulated spectra whose redshift is tried.
    #[arg(long, default_value_t = 500)]
    redshifts: usize,
    /// Models that train at once; one a core where nothing is said.
    #[arg(long)]
    jobs: Option<usize>,
}

impl Reproduce {
    pub(super) fn run(&self) -> Result<Outcome> {
        if self.seeds == 0 {
            bail!("--seeds must be at least 1");
        }
        let set = Dataset::load(&self.data)?;
        let commit = commit();
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
        reconstruction::figure_3(&study, &mut report, &measures)?;
        close_up::figures(&study, &mut report, self.epochs)?;
        latent_space::corner(&study, &mut report)?;
        tracks::figures(&study, &mut report)?;
        tracks::figure_15(&study, &mut report)?;
        let factors = oddities::figure_16(&study, &mut report)?;
        let stars = self.real.as_deref().map(|folder| real::stars(&study, folder)).unwrap_or_default();
        oddities::stars(&study, &mut report, &factors, &stars)?;
        noise::figure_17(&study, &mut report, self.epochs)?;
        let autoencoder = Order { kind: Kind::Autoencoder, latents: 6, seed: 1 };
        let autoencoder = autoencoder.load(&workspace, &set, self.epochs).context("AE-6 was not trained")?;
        reproduction::figures(&study, &mut report, &autoencoder)?;
        wishes::figures(&study, &mut report, self.epochs)?;
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
        let jobs = parallel::jobs(self.jobs);
        let mut orders = Vec::new();
        for seed in 1..=self.seeds {
            for latents in SIZES {
                for kind in [Kind::Vae, Kind::Autoencoder, Kind::UnweightedAutoencoder] {
                    orders.push(Order { kind, latents, seed });
                }
            }
        }
        models::train(workspace, set, &orders, self.epochs, jobs)?;
        // These need the set's truths, and the refilled one the first VAE-6.
        let has = |column: &str| set.catalogue.column(column).is_some();
        let wishes = [
            (Kind::WeightInput, true),
            (Kind::Refilled, true),
            (Kind::SemiSupervised, has(models::STAR_FORMATION)),
            (Kind::Colours, models::COLOURS.iter().all(|column| has(column))),
        ];
        let possible = wishes.into_iter().filter(|(_, possible)| *possible);
        let orders: Vec<Order> = possible.map(|(kind, _)| Order { kind, latents: 6, seed: 1 }).collect();
        models::train(workspace, set, &orders, self.epochs, jobs)
    }

    fn finish(&self, study: &Study<'_>, report: Report, commit: &str) -> Result<Outcome> {
        let set = study.set;
        let mut facts = vec![
            ("Set", format!("{} ({})", set.manifest.title, set.manifest.name)),
            ("SHA-256 of its manifest", set.sha256.clone()),
            ("Its seed", set.manifest.seed.map_or("none".to_owned(), |seed| seed.to_string())),
            ("Training and validation spectra", format!("{} and {}", study.split.train.len(), study.split.valid.len())),
            ("Seed of that split", set.manifest.split_seed.to_string()),
            ("Seeds of the networks", format!("1 to {}", self.seeds)),
            (
                "Main model",
                format!(
                    "{}, epoch {} of {}",
                    study.model.card.name,
                    study.model.card.epoch,
                    study.model.card.history.len()
                ),
            ),
            ("Program", format!("spectrascape {}, commit {commit}", env!("CARGO_PKG_VERSION"))),
        ];
        if let Some(epochs) = self.epochs {
            facts.push((
                "Shortened",
                format!("every training ended after {epochs} epochs at most; the paper allows 200"),
            ));
        }
        let provenance = Provenance {
            facts: facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            simulated: set.manifest.simulated,
        };
        let mut csv = Table::of("claim,in the paper,verdict,what came out");
        for Claim { claim, paper, here, verdict } in &report.claims {
            csv.row(&[claim, paper, verdict.words().1, here], &[]);
        }
        files::write(&self.out.join("claims.csv"), csv.csv().as_bytes())?;
        let page = html::page(&provenance, &report.exhibits, &report.claims);
        files::write(&self.out.join("index.html"), page.as_bytes())?;
        let holds = report.claims.iter().filter(|claim| claim.verdict == Verdict::Holds).count();
        for Claim { claim, here, verdict, .. } in &report.claims {
            println!("{}: {claim} ({here})", verdict.words().1);
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

/// The commit that the program's sources are at, marked where they were changed since.
fn commit() -> String {
    let git = |arguments: &[&str]| {
        let output =
            Command::new("git").current_dir(Path::new(env!("CARGO_MANIFEST_DIR"))).args(arguments).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let Some(commit) = git(&["rev-parse", "--short=12", "HEAD"]) else { return "unknown".to_owned() };
    match git(&["status", "--porcelain", "--untracked-files=no", "src", "Cargo.lock"]).as_deref() {
        Some("") => commit,
        _ => format!("{commit}, changed"),
    }
}
