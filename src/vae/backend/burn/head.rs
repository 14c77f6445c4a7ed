//! The loss of a head's predictions.

use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Tensor};

use super::model::matrix;
use crate::vae::labels::LabelRows;

/// The labels of a batch, as the loss takes them.
#[derive(Debug, Clone)]
pub struct BatchLabels {
    /// `[n, classes]` 1 at the spectrum's class, else 0; all 0 where it is unknown. None where no class is predicted.
    pub class: Option<Tensor<2>>,
    /// `[n, measurements]` standardised, 0 where unknown, and 1 where known. None where nothing is measured.
    pub values: Option<(Tensor<2>, Tensor<2>)>,
}

impl BatchLabels {
    /// Puts labels on a device.
    pub fn new(rows: LabelRows, device: &Device) -> Self {
        let put = |values: Vec<f32>| {
            let width = values.len() / rows.spectra;
            matrix(values, rows.spectra, width, device)
        };
        Self { class: rows.class.map(put), values: rows.values.map(|(values, known)| (put(values), put(known))) }
    }
}

/// Returns the cross-entropy of the class plus half the squared errors of the measurements, both over what is known, averaged over all
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
