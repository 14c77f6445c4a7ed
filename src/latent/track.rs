//! Tracks: spectra binned along a direction of latent space, with a centroid per bin (the paper, section 4.2 and figures 9 to 12).

use super::axes::LatentAxes;
use super::error::LatentError;
use crate::numerics::statistics::{percentile, sorted};
use crate::spectrum::Class;

/// The definition of a track: which spectra, along which direction, in which bins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrackRule {
    /// Name: a letter.
    pub name: &'static str,
    /// Description in one line.
    pub description: &'static str,
    /// Classes of the spectra; empty for all classes.
    pub classes: &'static [Class],
    /// Direction: axes VAE 1, 2... with the factors of their coordinates in the sum.
    pub along: &'static [(usize, f32)],
    /// Edges of the bins, as increasing percentiles of the chosen spectra along the direction.
    pub percentiles: &'static [f64],
}

/// The paper's four tracks. A principal axis has no sign of its own, so with another model a track may begin where the paper's ends;
/// [`LatentAxes::turned_as_in_the_paper`] prevents that.
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
    /// Name, as in the rule.
    pub name: String,
    /// Description, as in the rule.
    pub description: String,
    /// Bins with members, in order.
    pub bins: Vec<TrackBin>,
    /// A message for each bin that is left out.
    pub left_out: Vec<String>,
}

/// A bin of a track.
#[derive(Debug, Clone, PartialEq)]
pub struct TrackBin {
    /// Lower edge, percentile.
    pub from_percentile: f64,
    /// Upper edge, percentile.
    pub to_percentile: f64,
    /// Lower edge, coordinate along the direction; it belongs to the bin.
    pub from: f64,
    /// Upper edge, coordinate along the direction; it belongs to the last bin only.
    pub to: f64,
    /// Number of spectra in the bin.
    pub members: usize,
    /// Rows of the spectra, in the order of the set.
    pub rows: Vec<usize>,
    /// `[d]` mean of their latents, which is decoded to show the bin.
    pub centroid: Vec<f32>,
}

impl TrackRule {
    /// Bins latents `[n * d]` with axes `axes` and class codes `classes` `[n]` (as in catalogues and latents files) by the rule. Rows that are
    /// not finite belong to no bin.
    ///
    /// # Errors
    /// An axis that the model does not have, a class column of another length, and no spectrum of the rule's classes.
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

    /// Returns the coordinate `[n]` of latents along the rule's direction; the mean of all is at 0.
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

/// Returns the mean `[d]` of some rows of latents `[n * d]`.
fn centroid(latents: &[f32], dims: usize, rows: &[usize]) -> Vec<f32> {
    let mut sums = vec![0f64; dims];
    for &row in rows {
        sums.iter_mut().zip(&latents[row * dims..]).for_each(|(sum, &value)| *sum += f64::from(value));
    }
    sums.iter().map(|sum| (sum / rows.len().max(1) as f64) as f32).collect()
}
