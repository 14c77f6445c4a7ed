//! The use of a layer's gradient: it is stored, or Adam's step takes it piece by piece, so that it is never whole in memory.

use super::gemm::{PANEL, outer, panels};
use super::threads;
use crate::numerics::simd::Rounding;
use crate::vae::adam::{self, StepFactors};
use crate::vae::parameters::Slot;

/// The use of a gradient.
pub enum WeightUpdate<'a> {
    /// Adam changes the weights with it, strip by strip.
    Adam { parameters: &'a mut [f32], first: &'a mut [f32], second: &'a mut [f32], factors: StepFactors },
    /// It is stored.
    Gradient { parameters: &'a [f32], gradient: &'a mut [f32] },
}

impl WeightUpdate<'_> {
    /// Returns the weights as they are now.
    pub fn parameters(&self) -> &[f32] {
        match self {
            Self::Adam { parameters, .. } => parameters,
            Self::Gradient { parameters, .. } => parameters,
        }
    }

    /// Takes a layer's gradient, `a' d` of its input and the derivative of its output, and `bias`, in strips of a panel's rows.
    #[expect(clippy::too_many_arguments, reason = "a layer, its two matrices with their rows, and where the sums go")]
    pub fn take(
        &mut self,
        slot: Slot,
        rounding: Rounding,
        rows: usize,
        a: &[f32],
        d: &[f32],
        bias: &[f32],
        scratch: &mut [Vec<f32>],
    ) {
        let width = slot.outputs;
        let work = rows * slot.inputs * width;
        let share = threads::share(panels(slot.inputs), 1, work, scratch.len()) * PANEL;
        let (strip, piece) = (PANEL * width, share * width);
        let a = |at: usize| a[at * share * rows..].chunks_exact(rows * PANEL);
        let weights = slot.weight..slot.bias;
        let biases = slot.bias..slot.bias + width;
        match self {
            Self::Gradient { gradient, .. } => {
                threads::each(gradient[weights].chunks_mut(piece), scratch, |at, gradient, scratch| {
                    for (a, gradient) in a(at).zip(gradient.chunks_mut(strip)) {
                        outer(a, d, width, &mut scratch[..strip], rounding);
                        gradient.copy_from_slice(&scratch[..gradient.len()]);
                    }
                });
                gradient[biases].copy_from_slice(&bias[..width]);
            }
            Self::Adam { parameters, first, second, factors } => {
                let factors = *factors;
                let means = first[weights.clone()].chunks_mut(piece).zip(second[weights.clone()].chunks_mut(piece));
                let jobs = parameters[weights].chunks_mut(piece).zip(means);
                threads::each(jobs, scratch, |at, (parameters, (first, second)), scratch| {
                    let means = first.chunks_mut(strip).zip(second.chunks_mut(strip));
                    for (a, (parameters, (first, second))) in a(at).zip(parameters.chunks_mut(strip).zip(means)) {
                        outer(a, d, width, &mut scratch[..strip], rounding);
                        adam::update(parameters, &scratch[..parameters.len()], first, second, factors);
                    }
                });
                let (first, second) = (&mut first[biases.clone()], &mut second[biases.clone()]);
                adam::update(&mut parameters[biases], &bias[..width], first, second, factors);
            }
        }
    }
}
