//! The training step by itself, for `cargo xtask bench train`, and the peak performance of the machine.

use std::hint::black_box;

use spectrascape::vae::backend::cpu::Learner;
use spectrascape::vae::{VaeConfig, parameters};
use wasm_bindgen::prelude::wasm_bindgen;

/// A model in training.
#[wasm_bindgen]
pub struct Training {
    learner: Learner,
}

#[wasm_bindgen]
impl Training {
    /// Builds the model of the paper, untrained.
    #[wasm_bindgen(constructor)]
    pub fn new(latents: usize, seed: u64) -> Self {
        Self { learner: Learner::new(&VaeConfig { seed, ..VaeConfig::paper(latents) }) }
    }

    /// Returns for every layer the number of inputs, that of outputs, the weights `[in * out]` and the biases; the two heads are two layers.
    pub fn layers(&self) -> Vec<f32> {
        let mut all = Vec::new();
        for (shape, weight, bias) in parameters::to_pytorch(self.learner.config(), self.learner.parameters()) {
            all.extend([shape.inputs as f32, shape.outputs as f32]);
            all.extend((0..weight.len()).map(|at| weight[(at % shape.outputs) * shape.inputs + at / shape.outputs]));
            all.extend(bias);
        }
        all
    }

    /// Does one training step; returns the loss before it.
    pub fn step(&mut self, x: &[f32], weight: &[f32], noise: &[f32], prior: &[f32]) -> f64 {
        self.learner.train(x, weight, noise, prior, 1e-3).total
    }

    /// Returns the loss.
    pub fn forward(&mut self, x: &[f32], weight: &[f32], prior: &[f32]) -> f64 {
        self.learner.evaluate(x, weight, prior).total
    }

    /// Returns the number of multiplications and additions of the matrix products in a step of `spectra`: the forward pass, the gradients
    /// of the weights, and those of all activations but the input.
    pub fn operations(&self, spectra: usize) -> f64 {
        let products = self.learner.layout().layers.map(|layer| (layer.inputs * layer.outputs) as f64);
        2.0 * spectra as f64 * (3.0 * products.iter().sum::<f64>() - products[0])
    }
}

/// Multiplies and adds in registers for `rounds` rounds; returns the number of operations. Twelve independent chains keep all units of a
/// processor busy; more would not fit its registers.
#[wasm_bindgen]
pub fn peak(rounds: u32) -> f64 {
    #[cfg(target_feature = "simd128")]
    {
        use core::arch::wasm32::{f32x4_add, f32x4_mul, f32x4_splat};
        const CHAINS: usize = 12;
        let (factor, term) = (f32x4_splat(black_box(0.5)), f32x4_splat(black_box(1.0)));
        let mut sums = [f32x4_splat(black_box(0.0)); CHAINS];
        for _ in 0..rounds {
            for sum in &mut sums {
                *sum = f32x4_add(f32x4_mul(*sum, factor), term);
            }
        }
        black_box(sums);
        f64::from(rounds) * (CHAINS * 4 * 2) as f64
    }
    #[cfg(not(target_feature = "simd128"))]
    {
        black_box(f64::from(rounds) * 0.0)
    }
}

/// The four buffers of Adam, to measure a pass over them.
#[wasm_bindgen]
pub struct Buffers {
    all: [Vec<f32>; 4],
}

#[wasm_bindgen]
impl Buffers {
    /// Allocates buffers of `length` numbers each.
    #[wasm_bindgen(constructor)]
    pub fn new(length: usize) -> Self {
        Self { all: [0.1, 0.2, 0.3, 0.4].map(|value| vec![value; length]) }
    }

    /// Reads all four and writes three, with next to no arithmetic.
    pub fn pass(&mut self) {
        let [weights, gradient, first, second] = &mut self.all;
        for (((w, &g), m), v) in weights.iter_mut().zip(&*gradient).zip(first).zip(second) {
            *m += g;
            *v += g;
            *w += *m;
        }
    }
}

fn main() {}
