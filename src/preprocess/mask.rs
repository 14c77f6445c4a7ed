//! The mask of bad pixels on the grid.
//!
//! astroML masks pixels whose error exceeds that of the neighbourhood, which finds night-sky lines. It also finds bright emission lines,
//! whose own photons are noise: at the peak of H-alpha both error and signal-to-noise are largest, and the peak is masked in a third of
//! real emission-line galaxies. [`MaskRule::Corrected`] accepts such errors, since photon noise scales as the square root of the flux.

use super::rebin::Rebinned;
use crate::numerics::simd::with_avx2;
use crate::numerics::statistics::upper_median;
use crate::spectrum::grid::PIXELS;

/// Pixels on either side of an error spike from which its continuum is measured.
const CONTINUUM: usize = 20;

/// Smallest signal-to-noise of a pixel that counts as a line of the source.
const LINE_SIGMA: f64 = 5.0;

/// The rule by which pixels are bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MaskRule {
    /// Pixels that good observed ones do not cover, and errors that spike by more than the photons of the source explain.
    Corrected,
    /// The rule of astroML's `compute_mask`, which masks emission lines, too.
    AstroMl,
}

/// Options of a mask.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MaskOptions {
    /// Rule.
    pub rule: MaskRule,
    /// Relative excess over the neighbourhood from which an error is a spike: 0.5, for 1.5 times.
    pub spike: f64,
    /// Width w in pixels, 5: the neighbourhood is a Gaussian of sigma w, and w pixels around each bad one are masked.
    pub width: usize,
    /// Smallest fraction of a pixel that good observed pixels must cover: 0.9. Only for [`MaskRule::Corrected`].
    pub min_coverage: f64,
}

impl MaskOptions {
    /// Returns the corrected rule with the parameters of astroML.
    pub fn standard() -> Self {
        Self { rule: MaskRule::Corrected, spike: 0.5, width: 5, min_coverage: 0.9 }
    }

    /// Returns astroML's `compute_mask(0.5, 5)`, as the paper used it.
    pub fn astroml() -> Self {
        Self { rule: MaskRule::AstroMl, ..Self::standard() }
    }
}

/// Computes the `[1000]` mask of a rebinned spectrum, true = bad.
pub fn compute(rebinned: &Rebinned, options: &MaskOptions) -> Vec<bool> {
    let bad = match options.rule {
        MaskRule::AstroMl => astroml(rebinned, options),
        MaskRule::Corrected => corrected(rebinned, options),
    };
    grow(&bad, options.width)
}

fn astroml(rebinned: &Rebinned, options: &MaskOptions) -> Vec<bool> {
    let neighbourhood = gaussian(&rebinned.error, &[1.0; PIXELS], options.width as f64);
    (0..PIXELS)
        .map(|i| {
            let error = rebinned.error[i];
            error >= (1.0 + options.spike) * neighbourhood[i]
                || error <= 0.0
                || error >= 2.0 * rebinned.max_error
                || rebinned.flux[i] == 0.0
        })
        .collect()
}

/// Finds bad pixels as [`astroml`] does, with four differences: coverage is known instead of guessed from zeros; the neighbourhood is
/// that of covered pixels only, so that the ends are not masked for lack of neighbours; an error may exceed its neighbourhood by the
/// square root of flux over continuum; and there is no rule against errors above twice the largest, which a mean of errors cannot reach.
fn corrected(rebinned: &Rebinned, options: &MaskOptions) -> Vec<bool> {
    let covered: Vec<bool> = (0..PIXELS)
        .map(|i| {
            rebinned.coverage[i] >= options.min_coverage
                && rebinned.flux[i].is_finite()
                && rebinned.error[i].is_finite()
                && rebinned.error[i] > 0.0
        })
        .collect();
    let weights: Vec<f64> = covered.iter().map(|&covered| f64::from(u8::from(covered))).collect();
    let neighbourhood = gaussian(&rebinned.error, &weights, options.width as f64);
    (0..PIXELS)
        .map(|i| {
            if !covered[i] {
                return true;
            }
            let limit = (1.0 + options.spike) * neighbourhood[i];
            rebinned.error[i] >= limit && rebinned.error[i] >= limit * photon_factor(rebinned, &covered, i)
        })
        .collect()
}

/// Returns the largest factor by which the photons of a line can raise the error over that of its continuum: photon noise scales as the
/// square root of the flux. It is 1 where there is no line, so that residuals of the night sky are masked.
fn photon_factor(rebinned: &Rebinned, covered: &[bool], i: usize) -> f64 {
    let flux = rebinned.flux[i];
    if flux < LINE_SIGMA * rebinned.error[i] {
        return 1.0;
    }
    let around = i.saturating_sub(CONTINUUM)..(i + CONTINUUM + 1).min(PIXELS);
    let mut near: Vec<f64> = around.filter(|&j| covered[j]).map(|j| rebinned.flux[j]).collect();
    let continuum = upper_median(&mut near).unwrap_or(0.0);
    // A continuum below zero is noise around zero, and all noise of the line may be that of its photons.
    if continuum <= 0.0 { f64::INFINITY } else { (flux / continuum).max(1.0).sqrt() }
}

/// Applies a Gaussian filter of width `sigma`, cut at 4 sigma and mirrored at the ends (SciPy's `gaussian_filter1d`), in which pixel
/// i counts `weights[i]`; 0 where no weight is near.
fn gaussian(values: &[f64], weights: &[f64], sigma: f64) -> Vec<f64> {
    let radius = (4.0 * sigma + 0.5) as usize;
    let kernel: Vec<f64> =
        (0..=2 * radius).map(|i| (-0.5 * ((i as f64 - radius as f64) / sigma).powi(2)).exp()).collect();
    let weighted = values.iter().zip(weights).map(|(value, &weight)| if weight > 0.0 { value * weight } else { 0.0 });
    let sums = convolve(&padded(&weighted.collect::<Vec<_>>(), radius), &kernel);
    let norms = norms(&padded(weights, radius), &kernel);
    sums.iter().zip(&norms).map(|(sum, norm)| if *norm > 0.0 { sum / norm } else { 0.0 }).collect()
}

/// Convolves as [`convolve`] does, but faster for weights most of which are 1.
fn norms(weights: &[f64], kernel: &[f64]) -> Vec<f64> {
    let sum = |run: &[f64]| run.iter().zip(kernel).fold(0.0, |sum, (weight, tap)| sum + tap * weight);
    let total = kernel.iter().fold(0.0, |sum, tap| sum + tap);
    // Index from which on all weights so far are 1.
    let mut whole_from =
        weights[..kernel.len() - 1].iter().rposition(|&weight| weight != 1.0).map_or(0, |last| last + 1);
    let one = |(start, run): (usize, &[f64])| {
        if run[kernel.len() - 1] != 1.0 {
            whole_from = start + kernel.len();
        }
        if whole_from <= start { total } else { sum(run) }
    };
    weights.windows(kernel.len()).enumerate().map(one).collect()
}

/// Returns a line with `radius` mirrored values before and after it.
fn padded(line: &[f64], radius: usize) -> Vec<f64> {
    let at = |i: isize| line[mirrored(i, line.len())];
    let (radius, end) = (radius as isize, line.len() as isize);
    let before = (-radius..0).map(at);
    before.chain(line.iter().copied()).chain((end..end + radius).map(at)).collect()
}

/// Convolves `line` with `kernel`, where the kernel lies within it.
fn convolve(line: &[f64], kernel: &[f64]) -> Vec<f64> {
    let mut out = vec![0.0; line.len() + 1 - kernel.len()];
    with_avx2(|| run_sums(line, kernel, &mut out));
    out
}

/// Computes the sums of [`convolve`]. Sixteen at a time stay in registers, and each is accumulated in the order of the taps, so that it
/// is the same on every processor.
#[inline(always)]
fn run_sums(line: &[f64], kernel: &[f64], out: &mut [f64]) {
    let (blocks, rest) = out.as_chunks_mut::<16>();
    for (at, block) in blocks.iter_mut().enumerate() {
        let runs = line[at * 16..].windows(16);
        let mut sums = [0.0; 16];
        for (tap, run) in kernel.iter().zip(runs) {
            sums.iter_mut().zip(run).for_each(|(sum, value)| *sum += tap * value);
        }
        *block = sums;
    }
    for (sum, run) in rest.iter_mut().zip(line[blocks.len() * 16..].windows(kernel.len())) {
        *sum = run.iter().zip(kernel).fold(0.0, |sum, (value, tap)| sum + tap * value);
    }
}

/// Returns the mask with every pixel bad within half of `width` of a bad one (a uniform filter above 0.5 / width, as in astroML).
fn grow(bad: &[bool], width: usize) -> Vec<bool> {
    let half = width.max(3) / 2;
    let mut grown = vec![false; bad.len()];
    // Mirroring at the ends adds no pixel: the mirrored one lies nearer to the end on this side.
    for (i, _) in bad.iter().enumerate().filter(|(_, bad)| **bad) {
        grown[i.saturating_sub(half)..(i + half + 1).min(bad.len())].fill(true);
    }
    grown
}

/// Returns index `i` of a line of `len`, mirrored at its ends: 0 for -1, 1 for -2.
fn mirrored(i: isize, len: usize) -> usize {
    let len = len as isize;
    let i = i.rem_euclid(2 * len);
    (if i < len { i } else { 2 * len - 1 - i }) as usize
}
