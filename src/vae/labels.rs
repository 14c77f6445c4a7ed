//! Labels that a head is trained on: classes and measurements.

use rand::RngExt;

use super::config::HeadConfig;
use super::random::{self, Purpose};
use crate::formats::set::Catalogue;

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

/// The labels of some spectra.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelRows {
    /// Spectra n.
    pub spectra: usize,
    /// `[n * classes]` 1 at the spectrum's class, else 0; all 0 where it is unknown. None where no class is predicted.
    pub class: Option<Vec<f32>>,
    /// `[n * measurements]` standardised, 0 where unknown, and 1 where known. None where nothing is measured.
    pub values: Option<(Vec<f32>, Vec<f32>)>,
}

impl Labels {
    /// Reads a catalogue's columns; `seed` chooses which spectra are labelled.
    ///
    /// # Errors
    ///
    /// The name of the column that is missing.
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

    /// Returns the labels of some rows.
    pub fn batch(&self, rows: &[usize]) -> LabelRows {
        let (count, width) = (rows.len(), self.scale.len());
        let class = (self.classes > 0).then(|| {
            let mut one_hot = vec![0.0; count * self.classes];
            for (at, &row) in rows.iter().enumerate() {
                if let Some(code) = self.class[row] {
                    one_hot[at * self.classes + code] = 1.0;
                }
            }
            one_hot
        });
        let values = (width > 0).then(|| {
            let raw = rows.iter().flat_map(|&row| &self.values[row * width..(row + 1) * width]);
            let known = raw.clone().map(|value| f32::from(u8::from(value.is_finite()))).collect();
            let values = raw.map(|value| if value.is_finite() { *value } else { 0.0 }).collect();
            (values, known)
        });
        LabelRows { spectra: count, class, values }
    }
}

/// Returns mean and standard deviation; 0 and 1 of nothing, and never a deviation of 0.
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
