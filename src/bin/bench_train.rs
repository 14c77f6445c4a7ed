//! The training step by itself, for `cargo xtask bench train`, and what the machine could do at best.

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
    /// The paper's model, untrained.
    #[wasm_bindgen(constructor)]
    pub fn new(latents: usize, seed: u64) -> Self {
        Self { learner: Learner::new(&VaeConfig { seed, ..VaeConfig::paper(latents) }) }
    }

    /// Its layers' weights `[in * out]` and biases, each its inputs, its outputs, then its numbers; the two heads are two layers.
    pub fn layers(&self) -> Vec<f32> {
        let mut all = Vec::new();
        for (shape, weight, bias) in parameters::to_pytorch(self.learner.config(), self.learner.parameters()) {
            all.extend([shape.inputs as f32, shape.outputs as f32]);
            all.extend((0..weight.len()).map(|at| weight[(at % shape.outputs) * shape.inputs + at / shape.outputs]));
            all.extend(bias);
        }
        all
    }

    /// One step; the loss before it.
    pub fn step(&mut self, x: &[f32], weight: &[f32], noise: &[f32], prior: &[f32]) -> f64 {
        self.learner.train(x, weight, noise, prior, 1e-3).total
    }

    /// The loss alone, forward.
    pub fn forward(&mut self, x: &[f32], weight: &[f32], prior: &[f32]) -> f64 {
        self.learner.evaluate(x, weight, prior).total
    }

    /// Multiplications and additions of the matrix products in a step of `spectra`: forward, the weights' gradients, and the
    /// activations' but for the input's.
    pub fn operations(&self, spectra: usize) -> f64 {
        let products = self.learner.layout().layers.map(|layer| (layer.inputs * layer.outputs) as f64);
        2.0 * spectra as f64 * (3.0 * products.iter().sum::<f64>() - products[0])
    }
}

/// Multiplies and adds in registers alone, for as long as `rounds` says; the operations that were done. Twelve chains, each
/// depending on itself alone, keep all of a processor's units busy: more would not fit its registers.
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

/// Adam's four buffers, for passes over them.
#[wasm_bindgen]
pub struct Buffers {
    all: [Vec<f32>; 4],
}

#[wasm_bindgen]
impl Buffers {
    /// Of `length` numbers each.
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
