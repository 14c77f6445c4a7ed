//! Adam (Kingma & Ba 2015), as PyTorch writes it, in one pass over each tensor.
//!
//! Burn's own Adam makes about ten passes, each a tensor operation over 1.5 million weights: a third of a training step.
//! This one takes the numbers out of their tensor, changes them in place and puts them back, which on the CPU copies
//! nothing.

use burn_tensor::{Tensor, TensorData};

use super::model::{InfoVae, numbers};

const BETA1: f64 = 0.9;
const BETA2: f64 = 0.999;
const EPSILON: f64 = 1e-8;

/// Adam's state: a first and a second moment for each weight.
#[derive(Debug, Clone, Default)]
pub struct Adam {
    step: i32,
    moments: Vec<(Vec<f32>, Vec<f32>)>,
}

/// What one step multiplies with, for every weight alike.
#[derive(Debug, Clone, Copy)]
struct Factors {
    step_size: f32,
    inverse_root_correction: f32,
}

impl Adam {
    /// Changes a model's weights by one step. `gradients` has, layer by layer, weight before bias, the derivatives in the
    /// weights' own layout; none where the loss does not depend on them, and those weights stay.
    pub fn step(&mut self, model: &mut InfoVae, gradients: Vec<Option<Vec<f32>>>, learning_rate: f64) {
        self.step += 1;
        self.moments.resize_with(gradients.len(), Default::default);
        let factors = Factors {
            step_size: (learning_rate / (1.0 - BETA1.powi(self.step))) as f32,
            inverse_root_correction: (1.0 / (1.0 - BETA2.powi(self.step)).sqrt()) as f32,
        };
        let mut updates = gradients.into_iter().zip(&mut self.moments);
        for layer in model.layers_mut() {
            if let Some((gradient, moments)) = updates.next() {
                change(&mut layer.weight, gradient, moments, factors);
            }
            if let Some((gradient, moments)) = updates.next() {
                change(&mut layer.bias, gradient, moments, factors);
            }
        }
    }
}

fn change<const D: usize>(
    tensor: &mut Tensor<D>,
    gradient: Option<Vec<f32>>,
    (first, second): &mut (Vec<f32>, Vec<f32>),
    factors: Factors,
) {
    let Some(gradient) = gradient else { return };
    first.resize(gradient.len(), 0.0);
    second.resize(gradient.len(), 0.0);
    let (shape, device) = (tensor.shape(), tensor.device());
    let mut weights = numbers(tensor.extract());
    update(&mut weights, &gradient, first, second, factors);
    *tensor = Tensor::from_data(TensorData::new(weights, shape), &device);
}

/// m <- b1 m + (1 - b1) g, v <- b2 v + (1 - b2) g^2, w <- w - lr m / (1 - b1^t) / (sqrt(v / (1 - b2^t)) + epsilon).
fn update(weights: &mut [f32], gradient: &[f32], first: &mut [f32], second: &mut [f32], factors: Factors) {
    let (beta1, beta2, epsilon) = (BETA1 as f32, BETA2 as f32, EPSILON as f32);
    let (rest1, rest2) = ((1.0 - BETA1) as f32, (1.0 - BETA2) as f32);
    for (((w, &g), m), v) in weights.iter_mut().zip(gradient).zip(first).zip(second) {
        *m = beta1 * *m + rest1 * g;
        *v = beta2 * *v + rest2 * g * g;
        *w -= factors.step_size * *m / (v.sqrt() * factors.inverse_root_correction + epsilon);
    }
}
