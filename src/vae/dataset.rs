//! A training set in memory, its split, and batches of it.

use std::collections::TryReserveError;
use std::ops::Range;

use half::f16;
use half::slice::HalfFloatSliceExt;

use super::config::VaeConfig;
use super::labels::Labels;
use super::noise_augmentation::add_to_row;
use super::objective::pixel_weight;
use super::random::{self, Purpose};
use super::stored_spectra::StoredSpectra;
use crate::formats::set::writer::MeanSpectrum;
use crate::formats::set::{Manifest, Shard};
use crate::preprocess::Recipe;

/// A set of spectra to train on, in half precision, 4 kB a spectrum: in memory, or where they are stored.
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
    /// `[n * pixels]` normalised flux; empty where the spectra stay where they are stored.
    pub flux: Vec<f16>,
    /// `[n * pixels]` inverse variance of the flux, 0 = masked; empty where the spectra stay where they are stored.
    pub ivar: Vec<f16>,
    /// The spectra, where they are not in memory.
    pub stored: Option<StoredSpectra>,
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
        Self {
            name: manifest.name.clone(),
            manifest_sha256: manifest_sha256.to_owned(),
            recipe: manifest.recipe,
            simulated: manifest.simulated,
            split_seed: manifest.split_seed,
            mean,
            flux: Vec::new(),
            ivar: Vec::new(),
            stored: None,
            labels: None,
        }
    }

    /// Returns a set of the first spectra alone, in memory, with the labels of all.
    pub fn first(&self, spectra: usize) -> Self {
        let (flux, ivar) = self.halves(0..spectra.min(self.len()));
        let Self { name, manifest_sha256, mean, labels, .. } = self;
        Self {
            name: name.clone(),
            manifest_sha256: manifest_sha256.clone(),
            mean: mean.clone(),
            flux,
            ivar,
            stored: None,
            labels: labels.clone(),
            ..*self
        }
    }

    /// Reserves memory for `spectra` in all, no more than they take; none for spectra that stay where they are stored.
    ///
    /// # Errors
    ///
    /// Too little memory.
    pub fn reserve(&mut self, spectra: usize) -> Result<(), TryReserveError> {
        if self.stored.is_some() {
            return Ok(());
        }
        let numbers = spectra.saturating_mul(self.pixels());
        self.flux.try_reserve_exact(numbers.saturating_sub(self.flux.len()))?;
        self.ivar.try_reserve_exact(numbers.saturating_sub(self.ivar.len()))
    }

    /// Adds a shard's spectra.
    pub fn push(&mut self, shard: &Shard) {
        self.flux.extend_from_slice(&shard.flux);
        self.ivar.extend_from_slice(&shard.ivar);
    }

    /// Adds noise to rows in memory, as [`super::noise_augmentation`] does. Spectra that stay where they are stored get theirs whenever
    /// they are read.
    pub fn add_noise(&mut self, rows: Range<usize>, amount: f32, seed: u64) {
        let pixels = self.pixels();
        for row in rows.take_while(|_| self.stored.is_none()) {
            let range = row * pixels..(row + 1) * pixels;
            add_to_row(&mut self.flux[range.clone()], &mut self.ivar[range], row, amount, seed);
        }
    }

    /// Takes spectra that stay where they are stored into memory.
    pub fn load(&mut self) {
        if self.stored.is_some() {
            (self.flux, self.ivar) = self.halves(0..self.len());
            self.stored = None;
        }
    }

    /// Returns why a spectrum could not be read from where it is stored; `None` where all could.
    pub fn failure(&self) -> Option<String> {
        self.stored.as_ref().and_then(|stored| stored.failure())
    }

    /// Returns the number of pixels of a spectrum.
    pub fn pixels(&self) -> usize {
        self.mean.mean.len()
    }

    /// Returns the number of spectra in it.
    pub fn len(&self) -> usize {
        match &self.stored {
            Some(stored) => stored.count(),
            None => self.flux.len() / self.pixels().max(1),
        }
    }

    /// Returns whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns flux and inverse variance of spectra `start..end`, [(end - start) * pixels] each.
    pub fn rows(&self, start: usize, end: usize) -> (Vec<f32>, Vec<f32>) {
        let (flux, ivar) = self.halves(start..end);
        (flux.to_f32_vec(), ivar.to_f32_vec())
    }

    /// Returns flux and inverse variance of some spectra, `[n * pixels]` each.
    fn halves(&self, rows: Range<usize>) -> (Vec<f16>, Vec<f16>) {
        let pixels = self.pixels();
        let range = rows.start * pixels..rows.end * pixels;
        let Some(stored) = &self.stored else { return (self.flux[range.clone()].to_vec(), self.ivar[range].to_vec()) };
        let (mut flux, mut ivar) = (vec![f16::ZERO; range.len()], vec![f16::ZERO; range.len()]);
        for (row, (flux, ivar)) in rows.zip(flux.chunks_exact_mut(pixels).zip(ivar.chunks_exact_mut(pixels))) {
            stored.read(row, flux, ivar);
        }
        (flux, ivar)
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
        let read = if self.stored.is_some() { pixels } else { 0 };
        let (mut read_flux, mut read_ivar) = (vec![f16::ZERO; read], vec![f16::ZERO; read]);
        for ((x, weight), &row) in spectra.zip(rows) {
            let range = row * pixels..(row + 1) * pixels;
            let (flux, ivar) = match &self.stored {
                None => (&self.flux[range.clone()], &self.ivar[range]),
                Some(stored) => {
                    stored.read(row, &mut read_flux, &mut read_ivar);
                    // To spectra in memory it is added once, before training.
                    add_to_row(&mut read_flux, &mut read_ivar, row, config.added_noise, config.seed);
                    (read_flux.as_slice(), read_ivar.as_slice())
                }
            };
            let spectrum = flux.iter().zip(ivar).zip(&self.mean.mean);
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
