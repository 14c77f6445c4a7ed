//! The maximum mean discrepancy of latents and prior, with its derivative in the latents.

use crate::vae::objective::KERNEL_EXPONENT;

/// The memory of [`maximum_mean_discrepancy`].
#[derive(Debug, Clone, Default)]
pub struct Workspace {
    /// `[d * (n + m)]` latents and prior draws, dimension by dimension.
    samples: Vec<f32>,
    /// `[n + m]` the kernel of one of them with all.
    kernel: Vec<f32>,
}

impl Workspace {
    /// Reserves memory for `spectra` latents of `dimensions` and `draws` of the prior.
    pub fn reserve(&mut self, spectra: usize, draws: usize, dimensions: usize) {
        let all = spectra + draws;
        self.samples.resize(self.samples.len().max(all * dimensions), 0.0);
        self.kernel.resize(self.kernel.len().max(all), 0.0);
    }
}

/// Returns mean k(z, z') + mean k(p, p') - 2 mean k(z, p), with k(x, y) = exp([`KERNEL_EXPONENT`] mean over d of (x - y)^2), of `latent` `[n * d]` and `prior`
/// `[m * d]`; its derivative in the latents, times `scale`, goes to `derivative` `[n * d]`. Both samples are stacked, so that one
/// pass a latent over the rows of one Gram matrix gives value and derivative.
pub fn maximum_mean_discrepancy(
    latent: &[f32],
    prior: &[f32],
    dimensions: usize,
    scale: f32,
    workspace: &mut Workspace,
    derivative: &mut [f32],
) -> f64 {
    let (spectra, draws) = (latent.len() / dimensions, prior.len() / dimensions);
    let all = spectra + draws;
    workspace.reserve(spectra, draws, dimensions);
    let samples = &mut workspace.samples[..all * dimensions];
    for (at, row) in latent.chunks_exact(dimensions).chain(prior.chunks_exact(dimensions)).enumerate() {
        row.iter().enumerate().for_each(|(dimension, &value)| samples[dimension * all + at] = value);
    }
    let kernel = &mut workspace.kernel[..all];
    let (n, m) = (spectra as f64, draws as f64);
    // Each latent is both the first and the second argument of a kernel, and the derivative of the square brings another 2.
    let slope = scale * (4.0 * KERNEL_EXPONENT / dimensions as f32);
    let (own, other) = (slope / (n * n) as f32, -slope / (n * m) as f32);
    let (mut within_latent, mut between, mut within_prior) = (0.0_f64, 0.0_f64, 0.0_f64);
    for (at, derivative) in derivative.chunks_exact_mut(dimensions).take(spectra).enumerate() {
        fill_kernel(samples, all, dimensions, at, 0, kernel);
        let (latents, priors) = kernel.split_at_mut(spectra);
        within_latent += total(latents);
        between += total(priors);
        latents.iter_mut().for_each(|k| *k *= own);
        priors.iter_mut().for_each(|k| *k *= other);
        let weights = total(kernel) as f32;
        for (derivative, samples) in derivative.iter_mut().zip(samples.chunks_exact(all)) {
            *derivative = weights * samples[at] - dot(kernel, samples);
        }
    }
    // The kernel is symmetric: the upper half twice, and the diagonal, of ones, once.
    for at in spectra..all {
        fill_kernel(samples, all, dimensions, at, at + 1, kernel);
        within_prior += 2.0 * total(&kernel[at + 1..]) + 1.0;
    }
    within_latent / (n * n) + within_prior / (m * m) - 2.0 * between / (n * m)
}

/// Computes the kernel of sample `at` with all from `from` on.
fn fill_kernel(samples: &[f32], all: usize, dimensions: usize, at: usize, from: usize, kernel: &mut [f32]) {
    kernel[from..].fill(0.0);
    for samples in samples.chunks_exact(all) {
        let centre = samples[at];
        for (kernel, sample) in kernel[from..].iter_mut().zip(&samples[from..]) {
            let difference = sample - centre;
            *kernel += difference * difference;
        }
    }
    let factor = KERNEL_EXPONENT / dimensions as f32;
    kernel[from..].iter_mut().for_each(|kernel| *kernel = exponential(*kernel * factor));
}

/// Returns exp of a number not above 0, to 2 units in the last place: unlike the standard library's it runs side by side in SIMD
/// registers, and is the same on every machine. The polynomial is the Taylor series on |x| <= ln 2 / 2.
fn exponential(x: f32) -> f32 {
    const ROUND: f32 = 12_582_912.0; // 1.5 * 2^23: adding it leaves no bits behind the point.
    const LN2_HIGH: f32 = 0.693_359_4;
    const LN2_LOW: f32 = -2.121_944_4e-4;
    let x = if x > -87.0 { x } else { -87.0 };
    let power = x * std::f32::consts::LOG2_E + ROUND;
    let twos = power - ROUND;
    let r = (x - twos * LN2_HIGH) - twos * LN2_LOW;
    let series = 1.0
        + r * (1.0
            + r * (1.0 / 2.0
                + r * (1.0 / 6.0 + r * (1.0 / 24.0 + r * (1.0 / 120.0 + r * (1.0 / 720.0 + r * (1.0 / 5040.0)))))));
    series * f32::from_bits((power.to_bits() << 23).wrapping_add(127 << 23))
}

fn total(values: &[f32]) -> f64 {
    sum(values.iter().copied())
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0_f32; 8];
    let (a, b) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    for (a, b) in a.0.iter().zip(b.0) {
        for lane in 0..8 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest: f32 = a.1.iter().zip(b.1).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}

fn sum(values: impl Iterator<Item = f32>) -> f64 {
    values.map(f64::from).sum()
}
