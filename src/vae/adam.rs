//! Adam (Kingma & Ba 2015), as PyTorch writes it: the only place that knows its constants. Backends that cannot call [`update`] (the
//! WGSL kernels) take the constants from here when their source is assembled.

/// Decay of the running mean of the gradient.
pub const BETA1: f64 = 0.9;
/// Decay of the running mean of the squared gradient.
pub const BETA2: f64 = 0.999;
/// Keeps the step finite where the gradient vanishes. Burn's default of 1e-5 is not Adam's.
pub const EPSILON: f64 = 1e-8;

/// The factors of one step, the same for every weight.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct StepFactors {
    /// Learning rate over 1 - beta1^t.
    pub step_size: f32,
    /// 1 / sqrt(1 - beta2^t).
    pub inverse_root: f32,
}

impl StepFactors {
    /// Returns the factors of step `step`, from 1, with the bias corrections of both means.
    pub fn new(learning_rate: f64, step: u32) -> Self {
        let step = i32::try_from(step).unwrap_or(i32::MAX);
        Self {
            step_size: (learning_rate / (1.0 - BETA1.powi(step))) as f32,
            inverse_root: (1.0 / (1.0 - BETA2.powi(step)).sqrt()) as f32,
        }
    }
}

/// Changes weights by one step, in one pass over buffers of one length:
/// m <- b1 m + (1 - b1) g, v <- b2 v + (1 - b2) g^2, w <- w - lr m / (1 - b1^t) / (sqrt(v / (1 - b2^t)) + epsilon).
pub fn update(weights: &mut [f32], gradient: &[f32], first: &mut [f32], second: &mut [f32], factors: StepFactors) {
    #[cfg(target_arch = "x86_64")]
    if crate::numerics::simd::has_avx2_and_fma() {
        #[target_feature(enable = "avx2")]
        fn with_avx2(
            weights: &mut [f32],
            gradient: &[f32],
            first: &mut [f32],
            second: &mut [f32],
            factors: StepFactors,
        ) {
            update_each(weights, gradient, first, second, factors);
        }
        // SAFETY: the processor has AVX2.
        #[expect(unsafe_code, reason = "a function for processors with AVX2, called after asking for it")]
        return unsafe { with_avx2(weights, gradient, first, second, factors) };
    }
    update_each(weights, gradient, first, second, factors);
}

#[inline(always)]
fn update_each(weights: &mut [f32], gradient: &[f32], first: &mut [f32], second: &mut [f32], factors: StepFactors) {
    let (beta1, beta2, epsilon) = (BETA1 as f32, BETA2 as f32, EPSILON as f32);
    let (rest1, rest2) = ((1.0 - BETA1) as f32, (1.0 - BETA2) as f32);
    for (((w, &g), m), v) in weights.iter_mut().zip(gradient).zip(first).zip(second) {
        *m = beta1 * *m + rest1 * g;
        *v = beta2 * *v + rest2 * g * g;
        *w -= factors.step_size * *m / (v.sqrt() * factors.inverse_root + epsilon);
    }
}
