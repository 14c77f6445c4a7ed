//! Which pixels of the grid not to trust.
//!
//! astroML masks pixels whose error spikes over its neighbourhood, which finds night-sky lines. It also finds bright
//! emission lines: their own photons make noise, so at the peak of H-alpha the error spikes while the signal-to-noise is at
//! its best, and the peak is masked in a third of real emission-line galaxies. [`MaskRule::Corrected`] knows that
//! photon noise goes as the square root of the flux and lets such spikes pass.

use super::rebin::Rebinned;
use crate::numerics::simd::with_avx2;
use crate::numerics::statistics::upper_median;
use crate::spectrum::grid::PIXELS;

/// Pixels on either side of a spike among which the continuum under it is sought.
const CONTINUUM: usize = 20;

/// Signal-to-noise from which on a pixel counts as a line of the source.
const LINE_SIGMA: f64 = 5.0;

/// Which rule marks bad pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MaskRule {
    /// Bad: not covered by good pixels, or the error spikes by more than a source's own photons explain.
    Corrected,
    /// As astroML's `compute_mask`, emission lines and all.
    AstroMl,
}

/// The numbers of a mask.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MaskOptions {
    /// Which rule.
    pub rule: MaskRule,
    /// How far above its neighbourhood an error is a spike: 0.5, for 1.5 times.
    pub spike: f64,
    /// Width w in pixels, 5: the neighbourhood is a Gaussian of sigma w, and masks grow to whole runs of w around each
    /// bad pixel.
    pub width: usize,
    /// Smallest part of a pixel that good observed pixels must cover: 0.9. Only for [`MaskRule::Corrected`].
    pub min_coverage: f64,
}

impl MaskOptions {
    /// Returns the corrected rule with astroML's numbers.
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

/// As astroML's, with four differences: coverage is known instead of guessed from zeros; the neighbourhood is that of
/// covered pixels only, so that the ends are not masked for being next to nothing; an error may be above its neighbourhood
/// by the square root of flux over continuum; and the rule against errors above twice the largest one, which a mean of
/// errors cannot reach, is gone.
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

/// Returns by how much a source's own photons can at most raise the error at a line over that of its continuum: photon noise goes
/// as the square root of the flux. 1 where no line is seen, so that a residual of the night sky is no excuse.
fn photon_factor(rebinned: &Rebinned, covered: &[bool], i: usize) -> f64 {
    let flux = rebinned.flux[i];
    if flux < LINE_SIGMA * rebinned.error[i] {
        return 1.0;
    }
    let around = i.saturating_sub(CONTINUUM)..(i + CONTINUUM + 1).min(PIXELS);
    let mut near: Vec<f64> = around.filter(|&j| covered[j]).map(|j| rebinned.flux[j]).collect();
    let continuum = upper_median(&mut near).unwrap_or(0.0);
    // A continuum below zero is noise around zero, and all of the line's noise may be its own.
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

/// Convolves as [`convolve`] does, weights most of which are 1.
fn norms(weights: &[f64], kernel: &[f64]) -> Vec<f64> {
    let sum = |run: &[f64]| run.iter().zip(kernel).fold(0.0, |sum, (weight, tap)| sum + tap * weight);
    let total = kernel.iter().fold(0.0, |sum, tap| sum + tap);
    // From where on all weights have been 1.
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

/// Returns a line with `radius` mirrored values before and behind it.
fn padded(line: &[f64], radius: usize) -> Vec<f64> {
    let at = |i: isize| line[mirrored(i, line.len())];
    let (radius, end) = (radius as isize, line.len() as isize);
    let before = (-radius..0).map(at);
    before.chain(line.iter().copied()).chain((end..end + radius).map(at)).collect()
}

/// Sums of runs of `line`, each value times its tap.
fn convolve(line: &[f64], kernel: &[f64]) -> Vec<f64> {
    let mut out = vec![0.0; line.len() + 1 - kernel.len()];
    with_avx2(|| run_sums(line, kernel, &mut out));
    out
}

/// Sixteen sums at a time stay in registers while the taps go by, and each is added up in the order of the taps, so that it is the
/// same on every processor.
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

/// Every pixel within half of `width` of a bad one is bad (a uniform filter above 0.5 / width, as in astroML).
fn grow(bad: &[bool], width: usize) -> Vec<bool> {
    let half = width.max(3) / 2;
    let mut grown = vec![false; bad.len()];
    // What is mirrored in from beyond an end lies nearer to it on this side.
    for (i, _) in bad.iter().enumerate().filter(|(_, bad)| **bad) {
        grown[i.saturating_sub(half)..(i + half + 1).min(bad.len())].fill(true);
    }
    grown
}

/// Index `i` of a line of `len`, mirrored at its ends: -1 is 0, -2 is 1.
fn mirrored(i: isize, len: usize) -> usize {
    let len = len as isize;
    let i = i.rem_euclid(2 * len);
    (if i < len { i } else { 2 * len - 1 - i }) as usize
}
