//! The columns that the page or the model measures, and no catalogue holds: how odd the latents are, and how well each spectrum is
//! reconstructed.

use crate::latent::Densities;
use crate::page::axis_choice::{CHI2, LOF, RARITY};

/// How odd every spectrum of an embedding is, by its latents.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    /// `[n]` local outlier factors; 1 is ordinary.
    pub factor: Vec<f32>,
    /// `[n]` minus the logarithm of the density of the latents; 0 is ordinary. Empty where the densities are not known.
    pub rarity: Vec<f32>,
    /// What other spectra are scored against.
    pub densities: Option<Densities>,
}

impl Scores {
    /// Takes local outlier factors `[n]` of latents in `dims` dimensions, and the densities that they came from.
    pub fn new(factor: Vec<f32>, densities: Option<Densities>, dims: usize) -> Self {
        let rarity = densities.as_ref().map_or(Vec::new(), |densities| densities.rarities(dims));
        Self { factor, rarity, densities }
    }
}

/// Such columns and their labels, in the order in which selectors list them.
pub const MEASURES: [(&str, &str); 3] = [
    (LOF, "local outlier factor"),
    (RARITY, "improbability of the latents, -ln density"),
    (CHI2, "chi-squared a pixel of the reconstruction"),
];

/// Returns the label of a measure; `None` for any other column.
pub fn measure_label(column: &str) -> Option<&'static str> {
    MEASURES.into_iter().find(|(name, _)| *name == column).map(|(_, label)| label)
}

/// Returns the values `[n]` of a measure; `None` for another column, and until they are known. `chi2` comes with the latents.
pub fn measured_values<'a>(column: &str, scores: Option<&'a Scores>, chi2: Option<&'a [f32]>) -> Option<&'a [f32]> {
    match column {
        LOF => Some(scores?.factor.as_slice()),
        RARITY => Some(scores?.rarity.as_slice()),
        CHI2 => chi2,
        _ => None,
    }
}
