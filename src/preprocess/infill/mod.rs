//! Infilling masked pixels from the principal components of other spectra: iterative PCA (Connolly & Szalay 1999; Yip et al. 2004), in
//! the paper with 10 components and 20 iterations.

mod basis;
mod gap;

use nalgebra::DMatrix;

use super::normalize::{self, Normalization};
use crate::numerics::pca;
use crate::numerics::simd::with_avx2;
use crate::spectrum::{PIXELS, RestFrameSpectrum};
pub use basis::InfillBasis;
use gap::{Filler, Gap};

/// Rounds in which the scale of a spectrum and its infill converge: the norm depends on the infilled pixels.
const SCALE_ROUNDS: usize = 4;
/// Sweeps after the last iteration with a fixed infill, so that the components converge.
const LAST_SWEEPS: usize = 4;
/// Rows whose squares are summed side by side: in one alone each addition waits for the one before it.
const TOGETHER: usize = 8;

impl InfillBasis {
    /// Largest number of spectra to which the basis of a set is fitted: a few components need far fewer, and time and memory do not grow
    /// with the survey.
    pub const SAMPLE: usize = 8192;

    /// Returns the indices of the spectra to fit, of `count`: all, or [`Self::SAMPLE`] spread evenly over them.
    pub fn sample(count: usize) -> impl Iterator<Item = usize> {
        let taken = count.min(Self::SAMPLE);
        (0..taken).map(move |k| (k as u64 * count as u64 / taken as u64) as usize)
    }

    /// Fits a basis to spectra with gaps. Each of `iterations` rounds infills gaps from the components (the first from the mean),
    /// normalises the spectra again and finds the components again (the paper: 10 components, 20 iterations).
    ///
    /// Three differences from astroML's `iterative_pca`: round n infills from n components until all are used, so that strong components
    /// converge before the edges of the first, crude infills are fitted by weak ones; components are found by one warm-started orthogonal
    /// iteration per round instead of a full decomposition, a thousandth of the work; and coefficients have the eigenvalues as prior
    /// variances, as in [`Self::fill`], so that spectra with half of the range missing do not diverge.
    ///
    /// `progress` is called with the number of iterations done and that of all.
    pub fn fit(
        spectra: &[RestFrameSpectrum],
        components: usize,
        iterations: usize,
        mut progress: impl FnMut(usize, usize),
    ) -> Self {
        let mut rows = Vec::with_capacity(spectra.len() * PIXELS);
        for spectrum in spectra {
            let mut row: Vec<f32> =
                spectrum.flux.iter().zip(&spectrum.mask).map(|(&f, &bad)| if bad { 0.0 } else { f }).collect();
            let good = spectrum.mask.iter().filter(|&&bad| !bad).count().max(1);
            let scale = Normalization::Rms.of(&row) * (PIXELS as f32 / good as f32).sqrt();
            row.iter_mut().for_each(|value| *value /= scale);
            rows.extend(row);
        }
        let mut basis = Self::mean_only(observed_mean(&rows, spectra), components);
        for (row, spectrum) in rows.chunks_exact_mut(PIXELS).zip(spectra) {
            row.copy_from_slice(&basis.fill_scaled(row, &spectrum.mask));
        }
        let gaps: Vec<Gap> = spectra.iter().map(|spectrum| Gap::of(&spectrum.mask)).collect();
        let mut directions = pca::start(PIXELS, components, spectra.len());
        let usable = components.min(spectra.len().saturating_sub(1));
        for iteration in 0..iterations {
            basis.fill_rows(&mut rows, &gaps);
            basis.mean = pca::mean_row(&rows, PIXELS);
            directions = basis.sweep(&rows, &directions, usable.min(iteration + 1));
            progress(iteration + 1, iterations);
        }
        for _ in 0..LAST_SWEEPS {
            directions = basis.sweep(&rows, &directions, usable);
        }
        basis
    }

    /// Infills the masked pixels of a normalised spectrum `[1000]`.
    ///
    /// The infill is mean + sum of a_k component_k, where a minimises, over the good pixels, sum (flux - infill)^2 / s^2 plus
    /// sum a_k^2 / eigenvalue_k: the most probable coefficients if those of all spectra are Gaussian with the eigenvalues as
    /// variances. The noise s^2 is the mean square of the residuals of the spectrum, found in a few rounds. Where few
    /// pixels are good, or all are noisy, the infill so approaches the mean spectrum.
    pub fn fill(&self, flux: &mut [f32], mask: &[bool]) {
        let gap = Gap::of(mask);
        if !gap.is_empty() {
            let mut filler = Filler::default();
            filler.restrict(self, &gap);
            filler.fill(self, &gap, flux);
        }
    }

    /// Returns a spectrum in its own unit with its masked pixels infilled. Its scale relative to the basis, unit root mean square over all
    /// pixels, depends on the infill; both are found in a few rounds, which start from the least-squares scale of the mean spectrum.
    pub fn fill_scaled(&self, flux: &[f32], mask: &[bool]) -> Vec<f32> {
        let mut filled: Vec<f32> = flux.iter().zip(mask).map(|(&f, &bad)| if bad { 0.0 } else { f }).collect();
        let gap = Gap::of(mask);
        if gap.is_empty() {
            return filled;
        }
        let mut filler = Filler::default();
        filler.restrict(self, &gap);
        let mut scale = self.scale_of_mean(&filled, mask);
        for round in 1..=SCALE_ROUNDS {
            with_avx2(|| filled.iter_mut().for_each(|value| *value /= scale));
            filler.fill(self, &gap, &mut filled);
            with_avx2(|| filled.iter_mut().for_each(|value| *value *= scale));
            if round < SCALE_ROUNDS {
                scale = Normalization::Rms.of(&filled);
            }
        }
        // Good pixels keep their values, not rounded by the scale.
        for ((value, &observed), &bad) in filled.iter_mut().zip(flux).zip(mask) {
            if !bad {
                *value = observed;
            }
        }
        filled
    }

    /// Returns the least-squares scale of the mean spectrum over the good pixels; their root mean square where that is not positive.
    fn scale_of_mean(&self, flux: &[f32], mask: &[bool]) -> f32 {
        let (mut cross, mut square) = (0.0f64, 0.0f64);
        for ((&value, &mean), &bad) in flux.iter().zip(&self.mean).zip(mask) {
            if !bad {
                cross += f64::from(value) * f64::from(mean);
                square += f64::from(mean).powi(2);
            }
        }
        let scale = (cross / square) as f32;
        if scale.is_normal() && scale > 0.0 { scale } else { Normalization::Rms.of(flux) }
    }

    /// Infills every row from this basis and normalises it again.
    fn fill_rows(&self, rows: &mut [f32], gaps: &[Gap]) {
        let mut filler = Filler::default();
        for (rows, gaps) in rows.chunks_mut(TOGETHER * PIXELS).zip(gaps.chunks(TOGETHER)) {
            for (row, gap) in rows.chunks_exact_mut(PIXELS).zip(gaps).filter(|(_, gap)| !gap.is_empty()) {
                filler.restrict(self, gap);
                filler.fill(self, gap, row);
            }
            with_avx2(|| {
                let norms = norms(rows);
                for (row, norm) in rows.chunks_exact_mut(PIXELS).zip(norms) {
                    row.iter_mut().for_each(|value| *value /= norm);
                }
            });
        }
    }

    /// Updates the components by one sweep over the rows, whose mean is `self.mean`; returns the directions to start the next sweep.
    fn sweep(&mut self, rows: &[f32], directions: &DMatrix<f64>, usable: usize) -> DMatrix<f64> {
        let (ritz, next) = pca::sweep(rows, PIXELS, &self.mean, directions);
        let (components, eigenvalues) = ritz.leading(usable);
        self.components[..components.len()].copy_from_slice(&components);
        self.eigenvalues[..eigenvalues.len()].copy_from_slice(&eigenvalues);
        next
    }
}

/// Computes the root mean square of each of up to [`TOGETHER`] rows, as [`Normalization::Rms`] does.
#[inline]
fn norms(rows: &[f32]) -> [f32; TOGETHER] {
    let mut norms = [1.0; TOGETHER];
    let rows = rows.as_chunks::<PIXELS>().0;
    let Some(rows) = rows.first_chunk::<TOGETHER>() else {
        norms.iter_mut().zip(rows).for_each(|(norm, row)| *norm = Normalization::Rms.of(row));
        return norms;
    };
    let mut sums = [0.0; TOGETHER];
    for i in 0..PIXELS {
        for (sum, row) in sums.iter_mut().zip(rows) {
            *sum += f64::from(row[i]) * f64::from(row[i]);
        }
    }
    sums.map(|sum| normalize::root_mean(sum, PIXELS))
}

/// Computes the mean of every pixel over the spectra in which it is good; a pixel that is bad in all has the mean of the nearest other.
fn observed_mean(rows: &[f32], spectra: &[RestFrameSpectrum]) -> Vec<f32> {
    let mut sums = vec![(0.0f64, 0usize); PIXELS];
    for (row, spectrum) in rows.chunks_exact(PIXELS).zip(spectra) {
        for ((sum, &value), &bad) in sums.iter_mut().zip(row).zip(&spectrum.mask) {
            if !bad {
                *sum = (sum.0 + f64::from(value), sum.1 + 1);
            }
        }
    }
    let seen: Vec<usize> = (0..PIXELS).filter(|&i| sums[i].1 > 0).collect();
    let mean = |i: usize| {
        let nearest = if sums[i].1 > 0 { Some(&i) } else { seen.iter().min_by_key(|&&j| j.abs_diff(i)) };
        nearest.map_or(0.0, |&j| (sums[j].0 / sums[j].1 as f64) as f32)
    };
    (0..PIXELS).map(mean).collect()
}
