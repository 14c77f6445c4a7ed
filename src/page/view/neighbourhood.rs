//! What lies around a place in latent space: its neighbours, the class that they vote for, and whether there are any near at all.

use super::embedding::Cloud;
use crate::latent::{Extrapolation, Familiarity, LatentError};
use crate::numerics::k_d_tree::{Neighbour, NeighbourTree};
use crate::spectrum::Class;

/// The set's spectra, ready to be asked for neighbours.
#[derive(Debug, Clone)]
pub struct Neighbourhood {
    /// Of which cloud.
    pub serial: u32,
    tree: NeighbourTree,
    extrapolation: Extrapolation,
}

/// The class that the neighbours of a place have.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Vote {
    /// The class of most of them.
    pub class: Class,
    /// How many have it.
    pub votes: usize,
    /// Out of how many.
    pub of: usize,
}

/// Neighbours that a list shows.
pub const NEIGHBOURS: usize = 10;
/// Neighbours that vote, as in the report.
const VOTERS: usize = 15;
/// The neighbour whose distance says how lonely a place is.
const LONELY: usize = 20;
/// Spectra that say how lonely places usually are: enough to know a percentile.
const JUDGES: usize = 2000;

impl Neighbourhood {
    /// Of a cloud.
    ///
    /// # Errors
    /// Latents that fit no table.
    pub fn new(cloud: &Cloud) -> Result<Self, LatentError> {
        let tree = NeighbourTree::new(&cloud.mean, cloud.dims)?;
        let extrapolation = Extrapolation::fit(&tree, LONELY, (cloud.len() / JUDGES).max(1));
        Ok(Self { serial: cloud.serial, tree, extrapolation })
    }

    /// The nearest spectra to a place `[d]`, without `except`.
    pub fn neighbours(&self, place: &[f32], except: Option<usize>) -> Vec<Neighbour> {
        let mut found = self.tree.nearest(place, NEIGHBOURS + 1);
        found.retain(|neighbour| Some(neighbour.row) != except);
        found.truncate(NEIGHBOURS);
        found
    }

    /// The class that most of a place's neighbours have; of equally many, the nearer. None where there are none.
    pub fn vote(&self, cloud: &Cloud, place: &[f32], except: Option<usize>) -> Option<Vote> {
        let mut found = self.tree.nearest(place, VOTERS + 1);
        found.retain(|neighbour| Some(neighbour.row) != except && neighbour.row < cloud.len());
        found.truncate(VOTERS);
        let class_of = |neighbour: &Neighbour| Class::from_code(i32::from(cloud.class[neighbour.row]));
        let count = |class: Class| found.iter().filter(|neighbour| class_of(neighbour) == class).count();
        let mut best: Option<Vote> = None;
        for class in found.iter().map(class_of) {
            let votes = count(class);
            if best.is_none_or(|best| votes > best.votes) {
                best = Some(Vote { class, votes, of: found.len() });
            }
        }
        best
    }

    /// How familiar a place is.
    pub fn familiarity(&self, place: &[f32]) -> Option<Familiarity> {
        self.extrapolation.of_point(&self.tree, place)
    }
}
