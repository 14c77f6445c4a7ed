//! What is read from a model's latent space of a set: `evaluate`, `outliers`, `tracks`, `noise` and `umap`.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;

use super::choice::ModelChoice;
use super::dataset::Dataset;
use super::latents;
use super::table::{Cell, Table};
use crate::cli::outcome::Outcome;
use crate::latent::agreement::{adjusted_rand_index, trustworthiness};
use crate::latent::clusters::{KMeansConfig, k_means};
use crate::latent::linear_baseline::reconstruction_error;
use crate::latent::noise::{NoiseOptions, noise_sensitivity};
use crate::latent::outlier::{NEIGHBOURS, OutlierFactors};
use crate::latent::reasons::{Evidence, plain_reason};
use crate::latent::umap::UmapConfig;
use crate::latent::{LatentAxes, TRACKS, sweeps};
use crate::numerics::k_d_tree::NeighbourTree;
use crate::simulator::star;
use crate::spectrum::{Class, grid};
use crate::vae::Model;
use crate::vae::inference::chi2;
use crate::vae::objective::pixel_weight;
use crate::vae::posterior::Posterior;

/// A set and the model that reads it.
#[derive(Debug, Args)]
pub(super) struct SetAndModel {
    /// The set's folder, with its manifest.json.
    #[arg(long)]
    data: PathBuf,
    #[command(flatten)]
    model: ModelChoice,
    /// JSON in place of CSV.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Evaluate {
    #[command(flatten)]
    study: SetAndModel,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Outliers {
    #[command(flatten)]
    study: SetAndModel,
    /// How many to print.
    #[arg(long, default_value_t = 10)]
    count: usize,
    /// Neighbours k of the local outlier factor.
    #[arg(long, default_value_t = NEIGHBOURS)]
    neighbours: usize,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Tracks {
    #[command(flatten)]
    study: SetAndModel,
    /// Also the sweeps along each axis.
    #[arg(long)]
    sweeps: bool,
    /// Print the decoded spectra, a column each, in place of the places.
    #[arg(long)]
    spectra: bool,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Noise {
    #[command(flatten)]
    study: SetAndModel,
    /// Row of the spectrum in the set; the validation spectrum with the highest signal-to-noise where none is given.
    #[arg(long)]
    row: Option<usize>,
    /// Draws at each level of noise.
    #[arg(long, default_value_t = 1000)]
    draws: usize,
    /// Seed of the draws.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Umap {
    #[command(flatten)]
    study: SetAndModel,
    /// Neighbours of a point.
    #[arg(long, default_value_t = 15)]
    neighbours: usize,
    /// Distance on the map below which neighbours come no closer.
    #[arg(long, default_value_t = 0.1)]
    min_dist: f64,
    /// Seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// A set, its model, and where that puts every spectrum.
struct Opened {
    set: Dataset,
    model: Model,
    encoded: Posterior,
}

impl SetAndModel {
    fn open(&self) -> Result<Opened> {
        let set = Dataset::load(&self.data)?;
        let model = self.model.load()?;
        set.check(&model)?;
        let encoded = set.encode(&model);
        Ok(Opened { set, model, encoded })
    }
}

impl Opened {
    fn dims(&self) -> usize {
        self.model.latents()
    }

    /// Principal axes of the training spectra's latents, turned as in the paper.
    fn axes(&self) -> LatentAxes {
        let dims = self.dims();
        let rows = self.set.split().train;
        let training: Vec<f32> =
            rows.iter().flat_map(|&row| &self.encoded.mean[row * dims..(row + 1) * dims]).copied().collect();
        let classes: Vec<i32> = self.set.classes().into_iter().map(i32::from).collect();
        LatentAxes::fit(&training, dims).turned_as_in_the_paper(&self.encoded.mean, &classes)
    }

    fn spectrum(&self, row: usize) -> (Vec<f32>, Vec<f32>, Vec<f32>) {
        let dims = self.dims();
        let (flux, ivar) = self.set.spectra.rows(row, row + 1);
        let reconstruction = self.model.decode(&self.encoded.mean[row * dims..(row + 1) * dims]);
        (flux, ivar, reconstruction)
    }
}

impl Evaluate {
    pub(super) fn run(&self) -> Result<Outcome> {
        let opened = self.study.open()?;
        let pixels = opened.model.pixels();
        let epsilon = opened.model.card.config.weight_epsilon;
        let rows = opened.set.split().valid;
        let mut errors = Vec::with_capacity(rows.len());
        for &row in &rows {
            let (flux, ivar, reconstruction) = opened.spectrum(row);
            let weight: Vec<f32> = ivar.iter().map(|&ivar| pixel_weight(ivar, epsilon)).collect();
            let error = reconstruction_error(&flux, &weight, &reconstruction, pixels)?;
            errors.push((
                opened.set.value("class", row),
                error.overall,
                f64::from(chi2(&flux, &ivar, &reconstruction)),
            ));
        }
        let mut table = Table::new(["class", "spectra", "weighted_error", "median_chi2"]);
        let classes = [
            Class::Quiescent,
            Class::EmissionLine,
            Class::NarrowLineAgn,
            Class::BroadLineAgn,
            Class::Star,
            Class::Unknown,
        ];
        for class in std::iter::once(None).chain(classes.into_iter().map(Some)) {
            let mine: Vec<_> =
                errors.iter().filter(|(code, _, _)| class.is_none_or(|class| *code == class.code() as f32)).collect();
            if mine.is_empty() {
                continue;
            }
            let mean = mine.iter().map(|(_, error, _)| error).sum::<f64>() / mine.len() as f64;
            let chi2 = crate::numerics::statistics::sorted(
                mine.iter().map(|(_, _, chi2)| *chi2).filter(|chi2| chi2.is_finite()),
            );
            let name = class.map_or("all", Class::name);
            table.push([
                name.into(),
                mine.len().into(),
                mean.into(),
                crate::numerics::statistics::percentile(&chi2, 50.0).into(),
            ]);
        }
        table.print(self.study.json);
        Ok(Outcome::Done)
    }
}

impl Outliers {
    pub(super) fn run(&self) -> Result<Outcome> {
        let opened = self.study.open()?;
        let tree = NeighbourTree::new(&opened.encoded.mean, opened.dims())?;
        let factors = OutlierFactors::fit(tree, self.neighbours)?;
        let mut table = Table::new(["rank", "row", "plate", "mjd", "fiber", "class", "factor", "chi2", "reason"]);
        for (rank, (row, score)) in factors.top(self.count).into_iter().enumerate() {
            let (flux, ivar, reconstruction) = opened.spectrum(row);
            let evidence = Evidence {
                flux: &flux,
                ivar: &ivar,
                reconstruction: &reconstruction,
                redshift: f64::from(opened.set.value("redshift", row)),
                median_snr: f64::from(opened.set.value("median_snr", row)),
                stars: star::templates(),
            };
            let id = opened.set.id(row);
            let numbers = [id.plate, id.mjd, id.fiber].map(|number| Cell::Text(number.to_string()));
            let class = Class::from_code(i32::from(opened.set.classes()[row])).name();
            let reason = plain_reason(&evidence).unwrap_or_default();
            let head = [Cell::from(rank + 1), row.into()].into_iter().chain(numbers);
            table.push(head.chain([
                class.into(),
                score.into(),
                chi2(&flux, &ivar, &reconstruction).into(),
                reason.into(),
            ]));
        }
        table.print(self.study.json);
        Ok(Outcome::Done)
    }
}

impl Tracks {
    pub(super) fn run(&self) -> Result<Outcome> {
        let opened = self.study.open()?;
        let (axes, dims) = (opened.axes(), opened.dims());
        let classes: Vec<i32> = opened.set.classes().into_iter().map(i32::from).collect();
        // Name, members, place.
        let mut places: Vec<(String, Option<usize>, Vec<f32>)> = Vec::new();
        for rule in &TRACKS {
            match rule.follow(&axes, &opened.encoded.mean, &classes) {
                Ok(track) => {
                    track.left_out.iter().for_each(|sentence| eprintln!("{sentence}"));
                    let bins = track.bins.into_iter().enumerate();
                    places.extend(
                        bins.map(|(at, bin)| (format!("{}{}", track.name, at + 1), Some(bin.members), bin.centroid)),
                    );
                }
                // A model with two latents has no track along VAE 5: said, and the others still come.
                Err(error) => eprintln!("{error}"),
            }
        }
        if self.sweeps {
            for sweep in sweeps(&axes, &opened.encoded.mean)? {
                let points = sweep.points.into_iter();
                places
                    .extend(points.map(|point| (format!("VAE {} at {}", sweep.axis, point.label), None, point.latent)));
            }
        }
        let mut table;
        if self.spectra {
            table =
                Table::new(std::iter::once("wavelength".to_owned()).chain(places.iter().map(|place| place.0.clone())));
            let flux: Vec<Vec<f32>> = places.iter().map(|(_, _, latent)| opened.model.decode(latent)).collect();
            for (pixel, wavelength) in grid::wavelengths().into_iter().enumerate() {
                table.push(std::iter::once(wavelength.into()).chain(flux.iter().map(|flux| flux[pixel].into())));
            }
        } else {
            let columns =
                (1..=dims).map(|latent| format!("latent_{latent}")).chain((1..=dims).map(|axis| format!("vae_{axis}")));
            table = Table::new(["place".to_owned(), "members".to_owned()].into_iter().chain(columns));
            for (name, members, latent) in places {
                let along = axes.project(&latent);
                let members = members.map_or(Cell::Number(f64::NAN), Cell::from);
                table.push([name.into(), members].into_iter().chain(latent.into_iter().chain(along).map(Cell::from)));
            }
        }
        table.print(self.study.json);
        Ok(Outcome::Done)
    }
}

impl Noise {
    pub(super) fn run(&self) -> Result<Outcome> {
        let opened = self.study.open()?;
        let snr = |row: &usize| opened.set.value("median_snr", *row);
        let best = opened.set.split().valid.into_iter().max_by(|a, b| snr(a).total_cmp(&snr(b)));
        let row = self.row.or(best).context("the set has no validation spectra")?;
        if row >= opened.set.len() {
            bail!("--row {row}: the set has {} spectra, rows 0 to {}", opened.set.len(), opened.set.len() - 1);
        }
        let (flux, ivar) = opened.set.spectra.rows(row, row + 1);
        let options = NoiseOptions { draws: self.draws, ..NoiseOptions::paper(self.seed) };
        let pixels = opened.model.pixels();
        let curve = noise_sensitivity(&flux, &ivar, &options, |flux, ivar| {
            let encoded = opened.model.encode_all(flux.len() / pixels, |start, end| {
                (flux[start * pixels..end * pixels].to_vec(), ivar[start * pixels..end * pixels].to_vec())
            });
            (encoded.mean, encoded.log_var)
        })?;
        let mut table = Table::new(["latent", "snr", "sigma", "variance_ratio", "bias"]);
        for latent in 0..opened.dims() {
            for level in &curve.levels {
                let numbers = [level.snr, level.sigma, level.variance_ratio[latent], level.bias[latent]];
                table.push(std::iter::once(Cell::from(latent + 1)).chain(numbers.map(Cell::from)));
            }
        }
        table.print(self.study.json);
        Ok(Outcome::Done)
    }
}

impl Umap {
    pub(super) fn run(&self) -> Result<Outcome> {
        let opened = self.study.open()?;
        let (means, dims) = (&opened.encoded.mean, opened.dims());
        let config = UmapConfig {
            neighbours: self.neighbours,
            min_dist: self.min_dist,
            seed: self.seed,
            ..UmapConfig::default()
        };
        let map = latents::map(means, dims, &config, true)?;
        let classes = opened.set.classes();
        let sample = (opened.set.len() > 20_000).then_some(5_000);
        let trust = trustworthiness(means, dims, &map, 2, 15, sample)?;
        let groups =
            k_means(means, dims, &KMeansConfig { clusters: 4, starts: 10, max_iterations: 300, seed: self.seed })?;
        let agreement = adjusted_rand_index(&groups.labels, &classes)?;
        eprintln!(
            "trustworthiness at 15 neighbours {:.4} ({} of {} points looked at); four k-means groups of the latents agree with the classes \
             at an adjusted Rand index of {agreement:.3}",
            trust.value, trust.sampled, trust.points
        );
        let mut table = Table::new(["plate", "mjd", "fiber", "class", "umap_1", "umap_2"]);
        for (row, place) in map.chunks(2).enumerate() {
            let id = opened.set.id(row);
            let numbers = [id.plate, id.mjd, id.fiber].map(|number| Cell::Text(number.to_string()));
            let rest = [Class::from_code(i32::from(classes[row])).name().into(), place[0].into(), place[1].into()];
            table.push(numbers.into_iter().chain(rest));
        }
        table.print(self.study.json);
        Ok(Outcome::Done)
    }
}
