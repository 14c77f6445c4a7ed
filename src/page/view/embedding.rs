//! The latents of a set under a model, and the axes along which they can be plotted.

use std::sync::Arc;

use super::measures::{Scores, measured_values};
use crate::formats::set::{Catalogue, EncodingMethod, LatentSet};
use crate::latent::LatentAxes;
use crate::numerics::statistics::trimmed_range;
use crate::page::axis_choice::{AxisChoice, is_measure};
use crate::spectrum::Class;

/// The latents of a set under one state of one model.
#[derive(Debug, Clone, PartialEq)]
pub struct Cloud {
    /// Serial number, so that embeddings can be compared cheaply.
    pub serial: u32,
    /// Number of latents d.
    pub dims: usize,
    /// Latent means `[n * d]`.
    pub mean: Vec<f32>,
    /// Principal axes of the latent means, with the signs of the paper.
    pub axes: LatentAxes,
    /// Coordinates `[n * d]` along the principal axes.
    pub along: Vec<f32>,
    /// Class codes `[n]`.
    pub class: Arc<Vec<u8>>,
    /// UMAP coordinates `[n * 2]` of the latents, where the latents file holds them.
    pub umap: Option<Arc<Vec<f32>>>,
    /// Way from the spectra to these latents.
    pub encoding: EncodingMethod,
    /// Log variances `[n * d]` of the posteriors, where the latents file holds them.
    log_var: Option<Arc<Vec<f32>>>,
    /// Chi-squared a pixel `[n]` of the reconstructions, where the latents file holds it.
    chi2: Option<Arc<Vec<f32>>>,
}

/// Nearest spectra whose mean latent gives the coordinates off the plane of a point drawn in the scatter.
const AROUND: usize = 15;

impl Cloud {
    /// Builds an embedding from the encoder's latent means `[n * d]` and class codes `[n]`.
    pub fn new(serial: u32, dims: usize, mean: Vec<f32>, class: Arc<Vec<u8>>) -> Self {
        let codes: Vec<i32> = class.iter().map(|&code| i32::from(code)).collect();
        let axes = LatentAxes::fit(&mean, dims).turned_as_in_the_paper(&mean, &codes);
        let along = axes.project(&mean);
        let encoding = EncodingMethod::Plain;
        Self { serial, dims, mean, axes, along, class, umap: None, encoding, log_var: None, chi2: None }
    }

    /// Builds the embedding of a set's latents, with their UMAP and log variances; arrays of another length are left out.
    pub fn of_set(serial: u32, latents: LatentSet) -> Self {
        let LatentSet { dims, mean, log_var, class, umap, chi2, encoding, .. } = latents;
        let umap = umap.filter(|umap| umap.len() == 2 * class.len()).map(Arc::new);
        let log_var = Some(log_var).filter(|log_var| log_var.len() == mean.len()).map(Arc::new);
        let chi2 = chi2.filter(|chi2| chi2.len() == class.len()).map(Arc::new);
        Self { umap, log_var, chi2, encoding, ..Self::new(serial, dims, mean, Arc::new(class)) }
    }

    /// Returns the number of spectra.
    pub fn len(&self) -> usize {
        self.class.len()
    }

    /// Returns whether there are no spectra.
    pub fn is_empty(&self) -> bool {
        self.class.is_empty()
    }

    /// Returns the latent mean `[d]` of a spectrum.
    pub fn row(&self, row: usize) -> &[f32] {
        &self.mean[row * self.dims..(row + 1) * self.dims]
    }

    /// Returns the log variances `[d]` of a spectrum's latents; `None` where they are not known.
    pub fn log_var(&self, row: usize) -> Option<&[f32]> {
        self.log_var.as_ref()?.get(row * self.dims..(row + 1) * self.dims)
    }

    /// Returns chi-squared a pixel `[n]` of every spectrum's reconstruction; `None` where the model's latents came without it.
    pub fn chi2(&self) -> Option<&[f32]> {
        self.chi2.as_ref().map(|chi2| chi2.as_slice())
    }

    /// Returns the values `[n]` along an axis, NaN where a spectrum has none; `None` until they have loaded, and for a map of the sky, whose
    /// two columns belong together. `scores` say how odd the latents are.
    pub fn column(
        &self,
        axis: &AxisChoice,
        catalogue: Option<&Catalogue>,
        scores: Option<&Scores>,
    ) -> Option<Vec<f32>> {
        let every = |table: &[f32], number: usize, width: usize| {
            (1..=width).contains(&number).then(|| table.iter().skip(number - 1).step_by(width).copied().collect())
        };
        let values: Vec<f32> = match axis {
            AxisChoice::Vae(number) => every(&self.along, *number, self.dims)?,
            AxisChoice::Latent(number) => every(&self.mean, *number, self.dims)?,
            AxisChoice::Umap(number) => every(self.umap.as_deref()?, *number, 2)?,
            AxisChoice::Sky => return None,
            AxisChoice::Column(name) if is_measure(name) => measured_values(name, scores, self.chi2())?.to_vec(),
            AxisChoice::Column(name) => {
                let values = catalogue?.column(name)?;
                (0..values.len()).map(|row| values.get(row).unwrap_or(f32::NAN)).collect()
            }
        };
        (values.len() == self.len()).then_some(values)
    }

    /// Returns the value of a latent `[d]` along an axis; `None` along UMAP axes and catalogue columns, which only spectra
    /// have.
    pub fn position(&self, latent: &[f32], axis: &AxisChoice) -> Option<f32> {
        match axis {
            AxisChoice::Vae(number) => self.axes.project(latent).get(number.saturating_sub(1)).copied(),
            AxisChoice::Latent(number) => latent.get(number.saturating_sub(1)).copied(),
            AxisChoice::Umap(_) | AxisChoice::Column(_) | AxisChoice::Sky => None,
        }
    }

    /// Returns the latent `[d]` of a point drawn in the plane of two axes, whose columns are `x` and `y` `[n]`: the mean of the
    /// nearest spectra in the plane, moved in latent space so that it projects exactly onto the point, along axes that allow
    /// it. `scale` holds the lengths in x and y that are equally long on screen. `None` where the point or all spectra have no
    /// finite coordinates.
    pub fn latent_in_plane(
        &self,
        axes: &(AxisChoice, AxisChoice),
        (px, py): (f64, f64),
        x: &[f32],
        y: &[f32],
        scale: (f64, f64),
    ) -> Option<Vec<f32>> {
        let distance = |row: usize| {
            let (dx, dy) = ((f64::from(x[row]) - px) / scale.0, (f64::from(y[row]) - py) / scale.1);
            dx * dx + dy * dy
        };
        let mut rows: Vec<(f64, usize)> = (0..self.len().min(x.len()).min(y.len()))
            .map(|row| (distance(row), row))
            .filter(|&(d, row)| d.is_finite() && self.row(row).iter().all(|value| value.is_finite()))
            .collect();
        if rows.is_empty() {
            return None;
        }
        let around = AROUND.min(rows.len());
        rows.select_nth_unstable_by(around - 1, |a, b| a.0.total_cmp(&b.0));
        let mut latent = vec![0f32; self.dims];
        for &(_, row) in &rows[..around] {
            latent.iter_mut().zip(self.row(row)).for_each(|(sum, value)| *sum += value / around as f32);
        }
        Some(self.moved_onto(latent, (&axes.0, px), (&axes.1, py)))
    }

    /// Moves a latent by the smallest step at which it has two given values along two axes. Axes without a direction in latent
    /// space do not move it; of two equal axes, the second decides.
    fn moved_onto(&self, latent: Vec<f32>, x: (&AxisChoice, f64), y: (&AxisChoice, f64)) -> Vec<f32> {
        // The direction of each axis, a unit vector, and the difference between the wanted value and the current one.
        let short = |(axis, value): (&AxisChoice, f64)| {
            let along: Vec<f64> = match *axis {
                AxisChoice::Latent(n) if (1..=self.dims).contains(&n) => {
                    (1..=self.dims).map(|i| f64::from(u8::from(i == n))).collect()
                }
                AxisChoice::Vae(n) if (1..=self.dims).contains(&n) => {
                    self.axes.components[(n - 1) * self.dims..n * self.dims].iter().map(|&c| f64::from(c)).collect()
                }
                _ => return None,
            };
            let now = f64::from(self.position(&latent, axis)?);
            Some((along, value - now))
        };
        let dot = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
        let steps: Vec<(Vec<f64>, f64)> = match (short(x), short(y)) {
            (Some((a, r)), Some((b, s))) => {
                let c = dot(&a, &b);
                let rest = 1.0 - c * c;
                if rest < 1e-9 { vec![(b, s)] } else { vec![(a, (r - c * s) / rest), (b, (s - c * r) / rest)] }
            }
            (one, other) => one.into_iter().chain(other).collect(),
        };
        let moved = |i: usize| f64::from(latent[i]) + steps.iter().map(|(along, by)| along[i] * by).sum::<f64>();
        (0..self.dims).map(|i| moved(i) as f32).collect()
    }

    /// Returns the range of a latent that its slider covers: all but the outermost 0.2 % at either end, extended by a tenth.
    pub fn slider_range(&self, latent: usize) -> (f32, f32) {
        let (low, high) = spread(self.mean.iter().skip(latent).step_by(self.dims.max(1)).copied(), 0.002);
        let margin = ((high - low) * 0.1).max(1e-3);
        (low - margin, high + margin)
    }

    /// Returns the range of values that the scatter shows along an axis: all of them, unless a few spectra lie so far out that
    /// the rest would shrink to a spot.
    pub fn view_range(values: &[f32]) -> (f64, f64) {
        let (min, max) = spread(values.iter().copied(), 0.0);
        let (low, high) = spread(values.iter().copied(), 0.004);
        let core = high - low;
        let (min, max) = (min.max(low - 0.6 * core), max.min(high + 0.6 * core));
        let margin = ((max - min) * 0.04).max(1e-3);
        (f64::from(min - margin), f64::from(max + margin))
    }

    /// Returns the embedding with its axes ordered and signed so that each spectrum stays as close as possible to its position
    /// in an earlier one. Otherwise axes that swap or change sign between epochs would make the points jump.
    pub fn turned_like(self, before: &Self) -> Self {
        if before.dims != self.dims || before.len() != self.len() {
            return self;
        }
        let axes = self.axes.clone().turned_like(&self.along, &before.along);
        let along = axes.project(&self.mean);
        Self { axes, along, ..self }
    }

    /// Returns the variance `[d]` of each latent over the set.
    pub fn spread_of_latents(&self) -> Vec<f32> {
        let count = self.len().max(1) as f64;
        (0..self.dims)
            .map(|latent| {
                let values = || self.mean.iter().skip(latent).step_by(self.dims).map(|&value| f64::from(value));
                let mean = values().sum::<f64>() / count;
                (values().map(|value| (value - mean).powi(2)).sum::<f64>() / count) as f32
            })
            .collect()
    }

    /// Returns a spectrum to open with: the emission-line galaxy nearest to the median of its class, or the spectrum nearest to
    /// the median of all. Rows that are `odd` are skipped.
    pub fn typical(&self, odd: impl Fn(usize) -> bool) -> Option<usize> {
        let code = Class::EmissionLine.code() as u8;
        match self.class.contains(&code) {
            true => self.typical_of(code, odd),
            false => self.middle_of((0..self.len()).collect(), odd),
        }
    }

    /// Returns the spectrum nearest to the median of a class; `None` where the class is empty. Rows that are `odd` are skipped.
    pub fn typical_of(&self, code: u8, odd: impl Fn(usize) -> bool) -> Option<usize> {
        self.middle_of((0..self.len()).filter(|&row| self.class[row] == code).collect(), odd)
    }

    fn middle_of(&self, rows: Vec<usize>, odd: impl Fn(usize) -> bool) -> Option<usize> {
        let middle: Vec<f32> =
            (0..self.dims).map(|i| quantile(rows.iter().map(|&row| self.row(row)[i]).collect(), 0.5)).collect();
        let scale: Vec<f32> =
            (0..self.dims).map(|i| (self.slider_range(i).1 - self.slider_range(i).0).max(1e-6)).collect();
        let distance = |row: usize| -> f32 {
            let parts = self.row(row).iter().zip(&middle).zip(&scale);
            parts.map(|((x, m), s)| ((x - m) / s).powi(2)).sum()
        };
        rows.into_iter().filter(|&row| !odd(row)).min_by(|&a, &b| distance(a).total_cmp(&distance(b)))
    }
}

/// Returns the values below and above which a fraction `cut` of all finite values lie; zeros where there are none.
pub(super) fn spread(values: impl Iterator<Item = f32>, cut: f64) -> (f32, f32) {
    trimmed_range(values, cut).unwrap_or((0.0, 0.0))
}

fn quantile(mut values: Vec<f32>, fraction: f64) -> f32 {
    if values.is_empty() {
        return 0.0;
    }
    values.sort_unstable_by(f32::total_cmp);
    values[((values.len() - 1) as f64 * fraction) as usize]
}
