//! The neighbours of a latent, the class that they vote for, and whether it lies far from all spectra.

use super::embedding::Cloud;
use crate::latent::{Extrapolation, Familiarity, LatentError, outlier};
use crate::numerics::k_d_tree::{Neighbour, NeighbourTree};
use crate::spectrum::Class;

/// A search tree over the latents of a set, and the distances between them.
#[derive(Debug, Clone)]
pub struct Neighbourhood {
    /// Serial of the embedding.
    pub serial: u32,
    tree: NeighbourTree,
    extrapolation: Extrapolation,
}

/// The vote of a latent's neighbours on its class.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Vote {
    /// Class with the most votes.
    pub class: Class,
    /// Votes for it.
    pub votes: usize,
    /// Number of voters.
    pub of: usize,
}

/// Neighbours in a list.
pub const NEIGHBOURS: usize = 10;
/// Neighbours that vote, as in the report.
const VOTERS: usize = 15;
/// Order k of the neighbour whose distance measures extrapolation.
const DISTANCE_NEIGHBOUR: usize = 20;
/// Most spectra whose k-th neighbour distances are computed: enough for a percentile.
const MOST_COMPARED: usize = 2000;

impl Neighbourhood {
    /// Builds the search tree of an embedding.
    ///
    /// # Errors
    /// Latents that make no table.
    pub fn new(cloud: &Cloud) -> Result<Self, LatentError> {
        let tree = NeighbourTree::new(&cloud.mean, cloud.dims)?;
        let extrapolation = Extrapolation::fit(&tree, DISTANCE_NEIGHBOUR, (cloud.len() / MOST_COMPARED).max(1));
        Ok(Self { serial: cloud.serial, tree, extrapolation })
    }

    /// Returns the spectra nearest to a latent `[d]`, without `except`.
    pub fn neighbours(&self, latent: &[f32], except: Option<usize>) -> Vec<Neighbour> {
        let mut found = self.tree.nearest(latent, NEIGHBOURS + 1);
        found.retain(|neighbour| Some(neighbour.row) != except);
        found.truncate(NEIGHBOURS);
        found
    }

    /// Returns the most common class of a latent's neighbours; of equally common ones, the class of the nearest. `None` without
    /// neighbours.
    pub fn vote(&self, cloud: &Cloud, latent: &[f32], except: Option<usize>) -> Option<Vote> {
        let mut found = self.tree.nearest(latent, VOTERS + 1);
        found.retain(|neighbour| Some(neighbour.row) != except);
        vote_of(cloud, &found)
    }

    /// Returns the spectra nearest to a latent that is not of the set, as many as its outlier factor needs.
    pub fn around(&self, latent: &[f32]) -> Vec<Neighbour> {
        self.tree.nearest(latent, outlier::NEIGHBOURS)
    }

    /// Compares the distance from a latent to its neighbours with that of the set's spectra to theirs.
    pub fn familiarity(&self, latent: &[f32]) -> Option<Familiarity> {
        self.extrapolation.of_point(&self.tree, latent)
    }
}

/// Returns the most common class of a latent's neighbours, the nearest first; of equally common ones, the class of the nearest. `None`
/// without neighbours.
pub fn vote_of(cloud: &Cloud, near: &[Neighbour]) -> Option<Vote> {
    let found = || near.iter().filter(|neighbour| neighbour.row < cloud.len()).take(VOTERS);
    let class_of = |neighbour: &Neighbour| Class::from_code(i32::from(cloud.class[neighbour.row]));
    let count = |class: Class| found().filter(|neighbour| class_of(neighbour) == class).count();
    let mut best: Option<Vote> = None;
    for class in found().map(class_of) {
        let votes = count(class);
        if best.is_none_or(|best| votes > best.votes) {
            best = Some(Vote { class, votes, of: found().count() });
        }
    }
    best
}
