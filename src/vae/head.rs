//! What a head is trained on and what its predictions cost.

use burn_tensor::activation::log_softmax;
use burn_tensor::{Device, Tensor};
use rand::RngExt;

use super::config::HeadConfig;
use super::model::matrix;
use super::random::{self, Purpose};
use crate::shard::Catalogue;

/// The labels of a set, spectrum by spectrum.
#[derive(Debug, Clone, PartialEq)]
pub struct Labels {
    /// Mean and standard deviation of each measurement over the spectra that have it.
    pub scale: Vec<(f32, f32)>,
    classes: usize,
    /// `[n]` class codes; none where unknown or unlabelled.
    class: Vec<Option<usize>>,
    /// `[n * measurements]` standardised; NaN where unknown or unlabelled.
    values: Vec<f32>,
}

/// The labels of a batch, as the loss takes them.
#[derive(Debug, Clone)]
pub struct BatchLabels {
    /// `[n, classes]` 1 at the spectrum's class, else 0; all 0 where it is unknown. None where no class is predicted.
    pub class: Option<Tensor<2>>,
    /// `[n, measurements]` standardised, 0 where unknown, and 1 where known. None where nothing is measured.
    pub values: Option<(Tensor<2>, Tensor<2>)>,
}

impl Labels {
    /// From a catalogue's columns; `seed` chooses which spectra are labelled. The name of the column that is missing where one is.
    pub fn new(catalogue: &Catalogue, head: &HeadConfig, seed: u64) -> Result<Self, String> {
        let count = catalogue.len();
        let mut generator = random::generator(seed, Purpose::Labels);
        let labelled: Vec<bool> = (0..count).map(|_| generator.random::<f64>() < head.labelled_fraction).collect();
        let mut class = vec![None; count];
        if head.classes > 0 {
            let codes = catalogue.integers("class").ok_or_else(|| "class".to_owned())?;
            for ((class, &code), &labelled) in class.iter_mut().zip(codes).zip(&labelled) {
                *class = usize::try_from(code).ok().filter(|&code| labelled && code < head.classes);
            }
        }
        let width = head.measurements.len();
        let mut values = vec![f32::NAN; count * width];
        let mut scale = Vec::with_capacity(width);
        for (at, name) in head.measurements.iter().enumerate() {
            let column = catalogue.column(name).ok_or_else(|| name.clone())?;
            let known = |row: usize| column.get(row).filter(|value| value.is_finite());
            let (mean, deviation) = moments((0..count).filter_map(known));
            scale.push((mean, deviation));
            for row in (0..count).filter(|&row| labelled[row]) {
                values[row * width + at] = known(row).map_or(f32::NAN, |value| (value - mean) / deviation);
            }
        }
        Ok(Self { scale, classes: head.classes, class, values })
    }

    /// Those of some rows.
    pub fn batch(&self, rows: &[usize], device: &Device) -> BatchLabels {
        let (count, width) = (rows.len(), self.scale.len());
        let class = (self.classes > 0).then(|| {
            let mut one_hot = vec![0.0; count * self.classes];
            for (at, &row) in rows.iter().enumerate() {
                if let Some(code) = self.class[row] {
                    one_hot[at * self.classes + code] = 1.0;
                }
            }
            matrix(one_hot, count, self.classes, device)
        });
        let values = (width > 0).then(|| {
            let raw: Vec<f32> =
                rows.iter().flat_map(|&row| &self.values[row * width..(row + 1) * width]).copied().collect();
            let known = raw.iter().map(|value| f32::from(u8::from(value.is_finite()))).collect();
            let values = raw.iter().map(|value| if value.is_finite() { *value } else { 0.0 }).collect();
            (matrix(values, count, width, device), matrix(known, count, width, device))
        });
        BatchLabels { class, values }
    }
}

/// Cross-entropy of the class plus half the squared errors of the measurements, both over what is known, averaged over all
/// spectra of the batch. `predicted` `[n, outputs]`: scores of `classes` classes, then standardised measurements.
pub fn loss(predicted: Tensor<2>, labels: &BatchLabels, classes: usize) -> Tensor<1> {
    let [spectra, outputs] = predicted.dims();
    let mut sum = Tensor::zeros([1], &predicted.device());
    if let Some(one_hot) = &labels.class {
        let scores = predicted.clone().slice([0..spectra, 0..classes]); // [n, classes]
        sum = sum - (log_softmax(scores, 1) * one_hot.clone()).sum();
    }
    if let Some((values, known)) = &labels.values {
        let residual = (predicted.slice([0..spectra, classes..outputs]) - values.clone()) * known.clone();
        sum = sum + (residual.clone() * residual).sum() * 0.5;
    }
    sum * (1.0 / spectra as f32)
}

/// Mean and standard deviation; 0 and 1 of nothing, and never a deviation of 0.
fn moments(values: impl Iterator<Item = f32>) -> (f32, f32) {
    let (mut count, mut sum, mut squares) = (0.0_f64, 0.0_f64, 0.0_f64);
    for value in values.map(f64::from) {
        count += 1.0;
        sum += value;
        squares += value * value;
    }
    if count == 0.0 {
        return (0.0, 1.0);
    }
    let mean = sum / count;
    let deviation = (squares / count - mean * mean).max(0.0).sqrt();
    (mean as f32, if deviation > 0.0 { deviation as f32 } else { 1.0 })
}
