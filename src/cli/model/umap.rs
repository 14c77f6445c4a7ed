//! `umap`: a two-dimensional map of a set's latents, and how far it can be trusted.

use anyhow::Result;
use clap::Args;

use super::dataset::OBJECT_COLUMNS;
use super::encoded_set::SetAndModel;
use super::latents;
use super::method::MethodChoice;
use super::table::Table;
use crate::cli::outcome::Outcome;
use crate::latent::agreement::{adjusted_rand_index, trustworthiness};
use crate::latent::clusters::{KMeansConfig, k_means};
use crate::latent::umap::UmapConfig;
use crate::spectrum::Class;

/// Neighbours at which the map's trustworthiness is computed.
const TRUST_NEIGHBOURS: usize = 15;
/// Points from which the trustworthiness of a large map is estimated; a map of more points is large.
const TRUST_SAMPLE: usize = 5_000;
const LARGE: usize = 20_000;

#[derive(Debug, Args)]
pub(in crate::cli) struct Umap {
    #[command(flatten)]
    inputs: SetAndModel,
    #[command(flatten)]
    method: MethodChoice,
    /// Neighbours of each point.
    #[arg(long, default_value_t = 15)]
    neighbours: usize,
    /// Smallest distance between neighbours on the map.
    #[arg(long, default_value_t = 0.1)]
    min_dist: f64,
    /// Seed of the map.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Umap {
    pub(super) fn run(&self) -> Result<Outcome> {
        let encoded = self.inputs.encode_by(self.method.method())?;
        let (means, dims) = (&encoded.encoded.mean, encoded.dims());
        let config = UmapConfig {
            neighbours: self.neighbours,
            min_dist: self.min_dist,
            seed: self.seed,
            ..UmapConfig::default()
        };
        let map = latents::map(means, dims, &config, true)?;
        let classes = encoded.set.classes();
        let sample = (encoded.set.len() > LARGE).then_some(TRUST_SAMPLE);
        let trust = trustworthiness(means, dims, &map, 2, TRUST_NEIGHBOURS, sample)?;
        let groups =
            k_means(means, dims, &KMeansConfig { clusters: 4, starts: 10, max_iterations: 300, seed: self.seed })?;
        let agreement = adjusted_rand_index(&groups.labels, &classes)?;
        eprintln!(
            "trustworthiness at {TRUST_NEIGHBOURS} neighbours {:.4} ({} of {} points sampled); adjusted Rand index of \
             four k-means groups of the latents against the classes {agreement:.3}",
            trust.value, trust.sampled, trust.points
        );
        let mut table =
            Table::new(["plate", "mjd", "fiber", "class", "umap_1", "umap_2"].into_iter().chain(OBJECT_COLUMNS));
        for (row, position) in map.chunks(2).enumerate() {
            let class = Class::from_code(i32::from(classes[row])).name();
            let map = [class.into(), position[0].into(), position[1].into()];
            table.push(encoded.set.id_cells(row).into_iter().chain(map).chain(encoded.set.object_cells(row)));
        }
        table.print(self.inputs.json);
        Ok(Outcome::Done)
    }
}
