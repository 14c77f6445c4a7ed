//! A training set in memory, its split, and batches of it.

use std::collections::TryReserveError;

use half::f16;
use half::slice::HalfFloatSliceExt;

use super::config::VaeConfig;
use super::labels::Labels;
use super::objective::pixel_weight;
use super::random::{self, Purpose};
use crate::formats::set::writer::MeanSpectrum;
use crate::formats::set::{Manifest, Shard};
use crate::preprocess::Recipe;

/// A set of spectra to train on, whole, in half precision: 4 kB a spectrum.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainingSet {
    /// The set's name.
    pub name: String,
    /// SHA-256 of its manifest, lower-case hexadecimal.
    pub manifest_sha256: String,
    /// Recipe by which the spectra were prepared; it goes into the card of every model trained on them.
    pub recipe: Recipe,
    /// Whether the spectra are simulated.
    pub simulated: bool,
    /// Seed of the split into training and validation spectra.
    pub split_seed: u64,
    /// The mean spectrum, which is subtracted from every spectrum before it enters the model, and what fills the masked
    /// pixels of new spectra; both go into the model file.
    pub mean: MeanSpectrum,
    /// `[n * pixels]` normalised flux.
    pub flux: Vec<f16>,
    /// `[n * pixels]` inverse variance of the flux, 0 = masked.
    pub ivar: Vec<f16>,
    /// The labels that a head is trained on; none for a model without.
    pub labels: Option<Labels>,
}

/// The rows of a set that train and those that validate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// Rows in ascending order.
    pub train: Vec<usize>,
    /// Rows in ascending order.
    pub valid: Vec<usize>,
}

/// Spectra as a model takes them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Batch {
    /// Spectra n.
    pub spectra: usize,
    /// `[n * pixels]` flux less the mean spectrum.
    pub x: Vec<f32>,
    /// `[n * pixels]` weights, 0 where masked.
    pub weight: Vec<f32>,
}

impl TrainingSet {
    /// Returns an empty set, from its manifest (with the SHA-256 of the manifest's bytes) and its mean spectrum;
    /// [`TrainingSet::push`] its shards, in order.
    pub fn new(manifest: &Manifest, manifest_sha256: &str, mean: MeanSpectrum) -> Self {
        let values = manifest.count * manifest.grid.pixels;
        Self {
            name: manifest.name.clone(),
            manifest_sha256: manifest_sha256.to_owned(),
            recipe: manifest.recipe,
            simulated: manifest.simulated,
            split_seed: manifest.split_seed,
            mean,
            flux: Vec::with_capacity(values),
            ivar: Vec::with_capacity(values),
            labels: None,
        }
    }

    /// Returns a set of the first spectra alone, with the labels of all.
    pub fn first(&self, spectra: usize) -> Self {
        let values = spectra.min(self.len()) * self.pixels();
        let Self { name, manifest_sha256, mean, labels, .. } = self;
        Self {
            name: name.clone(),
            manifest_sha256: manifest_sha256.clone(),
            mean: mean.clone(),
            flux: self.flux[..values].to_vec(),
            ivar: self.ivar[..values].to_vec(),
            labels: labels.clone(),
            ..*self
        }
    }

    /// Reserves memory for `spectra` in all, no more than they take.
    ///
    /// # Errors
    ///
    /// Too little memory.
    pub fn reserve(&mut self, spectra: usize) -> Result<(), TryReserveError> {
        let numbers = spectra.saturating_mul(self.pixels());
        self.flux.try_reserve_exact(numbers.saturating_sub(self.flux.len()))?;
        self.ivar.try_reserve_exact(numbers.saturating_sub(self.ivar.len()))
    }

    /// Adds a shard's spectra.
    pub fn push(&mut self, shard: &Shard) {
        self.flux.extend_from_slice(&shard.flux);
        self.ivar.extend_from_slice(&shard.ivar);
    }

    /// Returns the number of pixels of a spectrum.
    pub fn pixels(&self) -> usize {
        self.mean.mean.len()
    }

    /// Returns the number of spectra in it.
    pub fn len(&self) -> usize {
        self.flux.len() / self.pixels().max(1)
    }

    /// Returns whether it has none.
    pub fn is_empty(&self) -> bool {
        self.flux.is_empty()
    }

    /// Returns flux and inverse variance of spectra `start..end`, [(end - start) * pixels] each.
    pub fn rows(&self, start: usize, end: usize) -> (Vec<f32>, Vec<f32>) {
        let range = start * self.pixels()..end * self.pixels();
        (self.flux[range.clone()].to_f32_vec(), self.ivar[range].to_f32_vec())
    }

    /// Returns the spectra of `rows`. A pixel whose flux or inverse variance is not a number counts as masked.
    pub fn batch(&self, rows: &[usize], config: &VaeConfig) -> Batch {
        let mut batch = Batch::default();
        self.batch_into(rows, config, &mut batch);
        batch
    }

    /// Fills a batch with the spectra of `rows`; where it had as many before, without taking memory.
    pub fn batch_into(&self, rows: &[usize], config: &VaeConfig, batch: &mut Batch) {
        let pixels = self.pixels();
        batch.spectra = rows.len();
        batch.x.resize(rows.len() * pixels, 0.0);
        batch.weight.resize(rows.len() * pixels, 0.0);
        let spectra = batch.x.chunks_exact_mut(pixels).zip(batch.weight.chunks_exact_mut(pixels));
        for ((x, weight), &row) in spectra.zip(rows) {
            let range = row * pixels..(row + 1) * pixels;
            let spectrum = self.flux[range.clone()].iter().zip(&self.ivar[range]).zip(&self.mean.mean);
            for ((x, w), ((&flux, &ivar), mean)) in x.iter_mut().zip(weight).zip(spectrum) {
                let (flux, finite) = widened(flux);
                let (ivar, certain) = widened(ivar);
                let known = if certain { pixel_weight(ivar, config.weight_epsilon) } else { 0.0 };
                let known = if config.unweighted { 1.0 } else { known };
                *w = if finite { known } else { 0.0 };
                *x = if finite { flux - mean } else { 0.0 };
            }
        }
    }
}

/// Returns a half-precision number in single precision, and whether it is finite; without branches, so that a row of them is widened side
/// by side in SIMD registers, which WebAssembly has no instruction for.
#[inline(always)]
fn widened(half: f16) -> (f32, bool) {
    /// 2^112: the difference of the two formats' exponents.
    const SCALE: f32 = f32::from_bits((127 + 112) << 23);
    let bits = u32::from(half.to_bits());
    let magnitude = f32::from_bits((bits & 0x7fff) << 13) * SCALE;
    let signed = f32::from_bits(magnitude.to_bits() | (bits & 0x8000) << 16);
    (signed, bits & 0x7c00 != 0x7c00)
}

impl Split {
    /// Holds out a fraction of `count` spectra by the split's seed.
    pub fn new(count: usize, validation_fraction: f64, seed: u64) -> Self {
        Self::of(&(0..count).collect::<Vec<usize>>(), validation_fraction, seed)
    }

    /// Holds out a fraction of some rows of a set, ascending, by the split's seed.
    pub fn of(rows: &[usize], validation_fraction: f64, seed: u64) -> Self {
        let mut order = random::permutation(&mut random::generator(seed, Purpose::Split), rows.len());
        let held_out = (rows.len() as f64 * validation_fraction).round() as usize;
        let mut train = order.split_off(held_out.min(rows.len()));
        train.sort_unstable();
        order.sort_unstable();
        let rows_at = |order: Vec<usize>| order.into_iter().map(|at| rows[at]).collect();
        Self { train: rows_at(train), valid: rows_at(order) }
    }
}
