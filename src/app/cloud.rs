//! Where every spectrum of a set lies in a model's latent space, and along which axes it can be seen.

use std::sync::Arc;

use super::permalink::AxisChoice;
use crate::latent::LatentAxes;
use crate::spectrum::Class;

/// The latents of a set under one state of one model.
#[derive(Debug, Clone, PartialEq)]
pub struct Cloud {
    /// Tells clouds apart without comparing them.
    pub serial: u32,
    /// Latents d.
    pub dims: usize,
    /// `[n * d]` latent means, row by row.
    pub mean: Vec<f32>,
    /// The principal axes of them.
    pub axes: LatentAxes,
    /// `[n * d]` places along the principal axes.
    pub along: Vec<f32>,
    /// `[n]` class codes.
    pub class: Arc<Vec<u8>>,
    /// `[n]` rows, those of the commonest class first, so that rare ones are drawn on top.
    pub order: Vec<u32>,
}

impl Cloud {
    /// From `[n * d]` latent means and `[n]` class codes.
    pub fn new(serial: u32, dims: usize, mean: Vec<f32>, class: Arc<Vec<u8>>) -> Self {
        let axes = LatentAxes::fit(&mean, dims);
        let along = axes.project(&mean);
        let mut counts = [0usize; 256];
        class.iter().for_each(|&code| counts[usize::from(code)] += 1);
        let mut order: Vec<u32> = (0..class.len() as u32).collect();
        order.sort_by_key(|&row| std::cmp::Reverse(counts[usize::from(class[row as usize])]));
        Self { serial, dims, mean, axes, along, class, order }
    }

    /// Spectra.
    pub fn len(&self) -> usize {
        self.class.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.class.is_empty()
    }

    /// The latent mean of a spectrum, `[d]`.
    pub fn row(&self, row: usize) -> &[f32] {
        &self.mean[row * self.dims..(row + 1) * self.dims]
    }

    /// `[n]` places along an axis; along the last one of its kind where the model has fewer.
    pub fn column(&self, axis: AxisChoice) -> Vec<f32> {
        let index = (axis.number() - 1).min(self.dims.saturating_sub(1));
        let table = match axis {
            AxisChoice::Vae(_) => &self.along,
            AxisChoice::Latent(_) => &self.mean,
        };
        table.iter().skip(index).step_by(self.dims.max(1)).copied().collect()
    }

    /// Where one place in latent space lies along an axis.
    pub fn position(&self, latent: &[f32], axis: AxisChoice) -> f32 {
        let index = (axis.number() - 1).min(self.dims.saturating_sub(1));
        match axis {
            AxisChoice::Vae(_) => self.axes.project(latent).get(index).copied().unwrap_or(f32::NAN),
            AxisChoice::Latent(_) => latent.get(index).copied().unwrap_or(f32::NAN),
        }
    }

    /// The range of a latent that a slider covers: all but the outermost 0.2 % at either end, and a tenth more.
    pub fn slider_range(&self, latent: usize) -> (f32, f32) {
        let (low, high) = spread(self.mean.iter().skip(latent).step_by(self.dims.max(1)).copied(), 0.002);
        let margin = ((high - low) * 0.1).max(1e-3);
        (low - margin, high + margin)
    }

    /// What the scatter shows along an axis: everything, unless a few spectra lie so far out that the rest would shrink
    /// to a spot.
    pub fn view_range(values: &[f32]) -> (f64, f64) {
        let (min, max) = spread(values.iter().copied(), 0.0);
        let (low, high) = spread(values.iter().copied(), 0.004);
        let core = high - low;
        let (min, max) = (min.max(low - 0.6 * core), max.min(high + 0.6 * core));
        let margin = ((max - min) * 0.04).max(1e-3);
        (f64::from(min - margin), f64::from(max + margin))
    }

    /// A spectrum to open with: the emission-line galaxy nearest to the middle of its class, or of all.
    pub fn typical(&self) -> Option<usize> {
        let code = Class::EmissionLine.code() as u8;
        let of_class: Vec<usize> = (0..self.len()).filter(|&row| self.class[row] == code).collect();
        let rows = if of_class.is_empty() { (0..self.len()).collect() } else { of_class };
        let middle: Vec<f32> =
            (0..self.dims).map(|i| quantile(rows.iter().map(|&row| self.row(row)[i]).collect(), 0.5)).collect();
        let scale: Vec<f32> =
            (0..self.dims).map(|i| (self.slider_range(i).1 - self.slider_range(i).0).max(1e-6)).collect();
        let distance = |row: usize| -> f32 {
            let parts = self.row(row).iter().zip(&middle).zip(&scale);
            parts.map(|((x, m), s)| ((x - m) / s).powi(2)).sum()
        };
        rows.into_iter().min_by(|&a, &b| distance(a).total_cmp(&distance(b)))
    }
}

/// The values below and above which a fraction `cut` of all finite values lie.
pub(super) fn spread(values: impl Iterator<Item = f32>, cut: f64) -> (f32, f32) {
    let mut sorted: Vec<f32> = values.filter(|value| value.is_finite()).collect();
    if sorted.is_empty() {
        return (0.0, 0.0);
    }
    sorted.sort_unstable_by(f32::total_cmp);
    let last = sorted.len() - 1;
    let low = (last as f64 * cut).floor() as usize;
    (sorted[low], sorted[last - low])
}

fn quantile(mut values: Vec<f32>, fraction: f64) -> f32 {
    if values.is_empty() {
        return 0.0;
    }
    values.sort_unstable_by(f32::total_cmp);
    values[((values.len() - 1) as f64 * fraction) as usize]
}
