//! Where every spectrum of a set lies in a model's latent space, and along which axes it can be seen.

use std::sync::Arc;

use crate::formats::set::{Catalogue, LatentSet};
use crate::latent::LatentAxes;
use crate::numerics::statistics::trimmed_range;
use crate::page::axis_choice::{AxisChoice, LOF};
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
    /// The principal axes of them, turned as in the paper.
    pub axes: LatentAxes,
    /// `[n * d]` places along the principal axes.
    pub along: Vec<f32>,
    /// `[n]` class codes.
    pub class: Arc<Vec<u8>>,
    /// `[n * 2]` their UMAP, where the model's file brings one.
    pub umap: Option<Arc<Vec<f32>>>,
    /// `[n * d]` log variances of q(z|x), where the model's file brings them.
    log_var: Option<Arc<Vec<f32>>>,
}

/// Spectra around a place drawn in the scatter that say where it lies off the plane.
const AROUND: usize = 15;

impl Cloud {
    /// From `[n * d]` latent means and `[n]` class codes.
    pub fn new(serial: u32, dims: usize, mean: Vec<f32>, class: Arc<Vec<u8>>) -> Self {
        let codes: Vec<i32> = class.iter().map(|&code| i32::from(code)).collect();
        let axes = LatentAxes::fit(&mean, dims).turned_as_in_the_paper(&mean, &codes);
        let along = axes.project(&mean);
        Self { serial, dims, mean, axes, along, class, umap: None, log_var: None }
    }

    /// From the latents of a set, with their UMAP and log variances; what has another length is left out.
    pub fn of_set(serial: u32, latents: LatentSet) -> Self {
        let LatentSet { dims, mean, log_var, class, umap, .. } = latents;
        let umap = umap.filter(|umap| umap.len() == 2 * class.len()).map(Arc::new);
        let log_var = Some(log_var).filter(|log_var| log_var.len() == mean.len()).map(Arc::new);
        Self { umap, log_var, ..Self::new(serial, dims, mean, Arc::new(class)) }
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

    /// Returns the log variance of each latent of a spectrum, `[d]`, where it is known.
    pub fn log_var(&self, row: usize) -> Option<&[f32]> {
        self.log_var.as_ref()?.get(row * self.dims..(row + 1) * self.dims)
    }

    /// `[n]` values along an axis, NaN where a spectrum has none; none while they are not known. `factor` are the local outlier
    /// factors.
    pub fn column(&self, axis: &AxisChoice, catalogue: Option<&Catalogue>, factor: Option<&[f32]>) -> Option<Vec<f32>> {
        let every = |table: &[f32], number: usize, width: usize| {
            (1..=width).contains(&number).then(|| table.iter().skip(number - 1).step_by(width).copied().collect())
        };
        let values: Vec<f32> = match axis {
            AxisChoice::Vae(number) => every(&self.along, *number, self.dims)?,
            AxisChoice::Latent(number) => every(&self.mean, *number, self.dims)?,
            AxisChoice::Umap(number) => every(self.umap.as_deref()?, *number, 2)?,
            AxisChoice::Column(name) if name == LOF => factor?.to_vec(),
            AxisChoice::Column(name) => {
                let values = catalogue?.column(name)?;
                (0..values.len()).map(|row| values.get(row).unwrap_or(f32::NAN)).collect()
            }
        };
        (values.len() == self.len()).then_some(values)
    }

    /// Where one place in latent space lies along an axis; none along an axis that places without a spectrum do not have.
    pub fn position(&self, latent: &[f32], axis: &AxisChoice) -> Option<f32> {
        match axis {
            AxisChoice::Vae(number) => self.axes.project(latent).get(number.saturating_sub(1)).copied(),
            AxisChoice::Latent(number) => latent.get(number.saturating_sub(1)).copied(),
            AxisChoice::Umap(_) | AxisChoice::Column(_) => None,
        }
    }

    /// `[d]` the latents of a place drawn in the plane of two axes, whose columns are `x` and `y` `[n]`: the mean of the spectra
    /// nearest to it there, moved within latent space so that it lies just where it was drawn, for axes that allow it. `scale` is
    /// how much of x and of y is as long on screen. None where the place or all spectra are nowhere.
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
        let mut place = vec![0f32; self.dims];
        for &(_, row) in &rows[..around] {
            place.iter_mut().zip(self.row(row)).for_each(|(sum, value)| *sum += value / around as f32);
        }
        Some(self.moved_onto(place, (&axes.0, px), (&axes.1, py)))
    }

    /// A place moved by as little as can be, so that it lies at two values along two axes. Axes without a direction in latent space
    /// do not move it; of two that are one and the same, the second decides.
    fn moved_onto(&self, place: Vec<f32>, x: (&AxisChoice, f64), y: (&AxisChoice, f64)) -> Vec<f32> {
        // The direction of each axis, a unit vector, and how far the place is short of its value.
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
            let now = f64::from(self.position(&place, axis)?);
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
        let moved = |i: usize| f64::from(place[i]) + steps.iter().map(|(along, by)| along[i] * by).sum::<f64>();
        (0..self.dims).map(|i| moved(i) as f32).collect()
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

    /// The same cloud, its axes numbered and turned so that each spectrum stays as near as can be to where it was on screen in a
    /// cloud before: from epoch to epoch, axes that swap places or change their sign would make the points jump.
    pub fn turned_like(self, before: &Self) -> Self {
        if before.dims != self.dims || before.len() != self.len() {
            return self;
        }
        let axes = self.axes.clone().turned_like(&self.along, &before.along);
        let along = axes.project(&self.mean);
        Self { axes, along, ..self }
    }

    /// `[d]` variance of each latent over the set.
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

    /// A spectrum to open with: the emission-line galaxy nearest to the middle of its class, or of all.
    /// Rows that are `odd` are passed over.
    pub fn typical(&self, odd: impl Fn(usize) -> bool) -> Option<usize> {
        let code = Class::EmissionLine.code() as u8;
        match self.class.contains(&code) {
            true => self.typical_of(code, odd),
            false => self.middle_of((0..self.len()).collect(), odd),
        }
    }

    /// The spectrum nearest to the middle of a class; none where the class is empty. Rows that are `odd` are passed over.
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
