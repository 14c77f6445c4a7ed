//! Tracks: spectra binned along a direction of latent space, a centroid a bin (the paper, section 4.2 and figures 9 to 12).

use super::LatentAxes;
use super::error::LatentError;
use crate::numerics::statistics::{percentile, sorted};
use crate::spectrum::Class;

/// What a track is: which spectra, binned by what, where.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrackRule {
    /// A letter.
    pub name: &'static str,
    /// One line for people.
    pub description: &'static str,
    /// Spectra of these classes; of all where empty.
    pub classes: &'static [Class],
    /// The direction: axes VAE 1, 2... and what their coordinates are multiplied by before they are summed.
    pub along: &'static [(usize, f32)],
    /// Edges of the bins, percentiles of the chosen spectra along the direction, increasing.
    pub percentiles: &'static [f64],
}

/// The paper's four tracks. An axis of a principal component analysis has no sign of its own, so on another model than the paper's
/// a track may begin where the paper's ends: [`LatentAxes::turned_as_in_the_paper`] is for that.
pub const TRACKS: [TrackRule; 4] = [
    TrackRule {
        name: "S",
        description: "from quiescent to star-forming: quiescent and emission-line galaxies along VAE 1",
        classes: &[Class::Quiescent, Class::EmissionLine],
        along: &[(1, 1.0)],
        percentiles: &[0.0, 30.0, 60.0, 90.0, 95.0, 100.0],
    },
    TrackRule {
        name: "E",
        description: "to extreme emission lines: all spectra along VAE 3 + VAE 4",
        classes: &[],
        along: &[(3, 1.0), (4, 1.0)],
        percentiles: &[99.0, 99.5, 99.75, 99.9, 100.0],
    },
    TrackRule {
        name: "P",
        description: "to post-starbursts: quiescent and emission-line galaxies along VAE 2",
        classes: &[Class::Quiescent, Class::EmissionLine],
        along: &[(2, 1.0)],
        percentiles: &[0.0, 1.0, 5.0, 95.0, 99.0, 100.0],
    },
    TrackRule {
        name: "A",
        description: "from narrow-line to broad-line AGN: AGN along VAE 5 - VAE 6",
        classes: &[Class::NarrowLineAgn, Class::BroadLineAgn],
        along: &[(5, 1.0), (6, -1.0)],
        percentiles: &[0.0, 95.0, 98.0, 99.0, 99.75, 100.0],
    },
];

/// A track through a set.
#[derive(Debug, Clone, PartialEq)]
pub struct Track {
    /// As in its rule.
    pub name: String,
    /// As in its rule.
    pub description: String,
    /// Bins with members, in order.
    pub bins: Vec<TrackBin>,
    /// A sentence for each bin that is left out.
    pub left_out: Vec<String>,
}

/// A bin of a track.
#[derive(Debug, Clone, PartialEq)]
pub struct TrackBin {
    /// Lower edge, percentile.
    pub from_percentile: f64,
    /// Upper edge, percentile.
    pub to_percentile: f64,
    /// Lower edge, value along the direction; it belongs to the bin.
    pub from: f64,
    /// Upper edge, value along the direction; it belongs to the last bin only.
    pub to: f64,
    /// How many spectra are in it.
    pub members: usize,
    /// Which, in the order of the set.
    pub rows: Vec<usize>,
    /// `[d]` mean of their latents, raw latent coordinates: decode it to see the bin.
    pub centroid: Vec<f32>,
}

impl TrackRule {
    /// Follows the rule through `[n * d]` latents whose axes are `axes` and whose classes are `classes` `[n]` (codes, as in
    /// catalogues and latents files). Rows that are not finite belong to no bin.
    ///
    /// # Errors
    /// An axis that the model lacks, a class column of another length, and no spectrum of the rule's classes.
    pub fn follow(&self, axes: &LatentAxes, latents: &[f32], classes: &[i32]) -> Result<Track, LatentError> {
        let dims = axes.dims;
        if let Some(&(axis, _)) = self.along.iter().find(|(axis, _)| !(1..=dims).contains(axis)) {
            return Err(LatentError::NoSuchAxis { track: self.name.to_owned(), axis, dims });
        }
        if latents.len() != classes.len() * dims {
            let expected = format!("{} classes of {dims} latents", classes.len());
            return Err(LatentError::Shape { what: "latents", found: latents.len(), expected });
        }
        let along = self.direction(axes, latents);
        let chosen: Vec<usize> =
            (0..classes.len()).filter(|&row| self.takes(classes[row]) && along[row].is_finite()).collect();
        if chosen.is_empty() {
            return Err(LatentError::TooFew { what: "a track", found: 0, needed: 1 });
        }
        let values = sorted(chosen.iter().map(|&row| along[row]));
        let mut track = Track {
            name: self.name.to_owned(),
            description: self.description.to_owned(),
            bins: Vec::new(),
            left_out: Vec::new(),
        };
        let last = self.percentiles.len().saturating_sub(2);
        for (number, edges) in self.percentiles.windows(2).enumerate() {
            let (from, to) = (percentile(&values, edges[0]), percentile(&values, edges[1]));
            let holds = |value: f64| value >= from && (value < to || number == last && value <= to);
            let rows: Vec<usize> = chosen.iter().copied().filter(|&row| holds(along[row])).collect();
            if rows.is_empty() {
                let [low, high] = [edges[0], edges[1]];
                track.left_out.push(format!(
                    "bin {low} to {high} % of track {} is left out: none of its {} spectra falls into it",
                    self.name,
                    chosen.len()
                ));
                continue;
            }
            track.bins.push(TrackBin {
                from_percentile: edges[0],
                to_percentile: edges[1],
                from,
                to,
                members: rows.len(),
                centroid: centroid(latents, dims, &rows),
                rows,
            });
        }
        Ok(track)
    }

    /// `[n]` where spectra lie along the rule's direction, from the mean of all.
    pub fn direction(&self, axes: &LatentAxes, latents: &[f32]) -> Vec<f64> {
        let one = |row: &[f32]| {
            let sum = |&(axis, factor): &(usize, f32)| f64::from(factor) * f64::from(row[axis - 1]);
            self.along.iter().filter(|(axis, _)| (1..=axes.dims).contains(axis)).map(sum).sum()
        };
        axes.project(latents).chunks_exact(axes.dims.max(1)).map(one).collect()
    }

    fn takes(&self, class: i32) -> bool {
        self.classes.is_empty() || self.classes.iter().any(|known| known.code() == class)
    }
}

/// `[d]` mean of some rows of `[n * d]` latents.
fn centroid(latents: &[f32], dims: usize, rows: &[usize]) -> Vec<f32> {
    let mut sums = vec![0f64; dims];
    for &row in rows {
        sums.iter_mut().zip(&latents[row * dims..]).for_each(|(sum, &value)| *sum += f64::from(value));
    }
    sums.iter().map(|sum| (sum / rows.len().max(1) as f64) as f32).collect()
}
