//! Filling masked pixels from what other spectra look like: iterative PCA (Connolly & Szalay 1999; Yip et al. 2004), which the
//! paper runs with 10 components and 20 iterations.

use nalgebra::{DMatrix, DVector};

use super::normalize::Normalization;
use super::{PIXELS, RestFrameSpectrum};
use crate::baseline::{pca, products};

/// Rounds in which a spectrum's scale and its fill settle on each other: the norm depends on the filled pixels.
const SCALE_ROUNDS: usize = 4;
/// Rounds in which a spectrum's own noise and its coefficients settle on each other.
const NOISE_ROUNDS: usize = 4;
/// Sweeps after the last iteration, with the fill held fast, so that the components are converged.
const LAST_SWEEPS: usize = 4;

/// Mean and leading principal components of normalised spectra (unit root mean square), by which gaps are filled.
#[derive(Debug, Clone, PartialEq)]
pub struct InfillBasis {
    /// `[1000]` mean spectrum.
    pub mean: Vec<f32>,
    /// `[k * 1000]` orthonormal components, row by row, the largest variance first. Zeros where a set was too small for k.
    pub components: Vec<f32>,
    /// `[k]` variance along each component; a component of variance 0 is not used.
    pub eigenvalues: Vec<f32>,
}

impl InfillBasis {
    /// Spectra that a set's basis is fitted to at most: a few components are known from far fewer, and work and memory stay
    /// the same however large a survey is.
    pub const SAMPLE: usize = 8192;

    /// Which of `count` spectra to fit to: all, or [`Self::SAMPLE`] spread evenly over them. Hangs on nothing but `count`.
    pub fn sample(count: usize) -> impl Iterator<Item = usize> {
        let taken = count.min(Self::SAMPLE);
        (0..taken).map(move |k| (k as u64 * count as u64 / taken as u64) as usize)
    }

    /// Of a set of spectra with gaps: each gap is filled from the components (first: from the mean), the spectra are
    /// normalised anew, the components are found anew, `iterations` times (the paper: 10 components, 20 iterations).
    ///
    /// Three departures from astroML's `iterative_pca`. Round n fills from n components until all are used, so that the
    /// strong ones settle before the edges of first, crude fills are taken for weak ones. Components come from one warm-started orthogonal iteration a round
    /// instead of a full decomposition, a thousandth of the work. Coefficients have the eigenvalues as their prior, as in
    /// [`Self::fill`], so that spectra with half of the range missing do not blow up.
    ///
    /// `progress` is told (iterations done, iterations in all).
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
        let mut directions = pca::start(PIXELS, components, spectra.len());
        let usable = components.min(spectra.len().saturating_sub(1));
        for iteration in 0..iterations {
            basis.fill_rows(&mut rows, spectra);
            directions = basis.sweep(&rows, &directions, usable.min(iteration + 1));
            progress(iteration + 1, iterations);
        }
        for _ in 0..LAST_SWEEPS {
            directions = basis.sweep(&rows, &directions, usable);
        }
        basis
    }

    /// A basis that fills gaps with `mean` `[1000]`: what there is before any component is known.
    pub fn mean_only(mean: Vec<f32>, components: usize) -> Self {
        Self { mean, components: vec![0.0; components * PIXELS], eigenvalues: vec![0.0; components] }
    }

    /// Replaces the masked pixels of a normalised spectrum `[1000]`.
    ///
    /// The fill is mean + sum of a_k component_k, where a minimises, over the good pixels, sum (flux - fill)^2 / s^2 plus
    /// sum a_k^2 / eigenvalue_k: the most probable coefficients if those of all spectra are Gaussian with the eigenvalues as
    /// variances. The noise s^2 is the mean square of the spectrum's own residuals, found in a few rounds. Where few
    /// pixels are good, or noisy ones, the fill so falls back to the mean spectrum.
    pub fn fill(&self, flux: &mut [f32], mask: &[bool]) {
        if !mask.contains(&true) {
            return;
        }
        self.fill_with(&self.products(mask), flux, mask);
    }

    /// As [`Self::fill`], with the mask's products known.
    fn fill_with(&self, products: &DMatrix<f64>, flux: &mut [f32], mask: &[bool]) {
        let model = self.model(products, flux, mask);
        for ((value, model), &bad) in flux.iter_mut().zip(model).zip(mask) {
            if bad {
                *value = model;
            }
        }
    }

    /// A spectrum in its own unit with its masked pixels replaced. Its scale against the basis, unit root mean square over
    /// all pixels, depends on the fill; both are found in a few rounds, from the least-squares scale of the mean spectrum on.
    pub fn fill_scaled(&self, flux: &[f32], mask: &[bool]) -> Vec<f32> {
        let mut filled: Vec<f32> = flux.iter().zip(mask).map(|(&f, &bad)| if bad { 0.0 } else { f }).collect();
        if !mask.contains(&true) {
            return filled;
        }
        let mut scale = self.scale_of_mean(&filled, mask);
        let products = self.products(mask);
        for _ in 0..SCALE_ROUNDS {
            filled.iter_mut().for_each(|value| *value /= scale);
            self.fill_with(&products, &mut filled, mask);
            filled.iter_mut().for_each(|value| *value *= scale);
            scale = Normalization::Rms.of(&filled);
        }
        // Good pixels come back as they were, not as rounded by the scale.
        for ((value, &observed), &bad) in filled.iter_mut().zip(flux).zip(mask) {
            if !bad {
                *value = observed;
            }
        }
        filled
    }

    /// What multiplies the mean spectrum to lie closest to the good pixels; their root mean square where that is not positive.
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

    /// Components in use: those with a variance.
    fn used(&self) -> usize {
        self.eigenvalues.iter().take_while(|&&value| value > 0.0).count()
    }

    /// `[used, used]` scalar products of the components over the good pixels. Over all pixels they are the identity; those
    /// over the bad ones, which are fewer, are taken off it.
    fn products(&self, mask: &[bool]) -> DMatrix<f64> {
        let used = self.used();
        let bad: Vec<usize> = (0..PIXELS).filter(|&i| mask[i]).collect();
        let width = bad.len();
        let mut gathered: Vec<f32> = Vec::with_capacity(used * width);
        for component in self.components[..used * PIXELS].chunks_exact(PIXELS) {
            gathered.extend(bad.iter().map(|&i| component[i]));
        }
        let mut products = DMatrix::<f64>::identity(used, used);
        let mut row = vec![0.0; used];
        for i in 0..used {
            products::dots(&gathered[..(i + 1) * width], &gathered[i * width..(i + 1) * width], &mut row[..=i]);
            for j in 0..=i {
                products[(i, j)] -= f64::from(row[j]);
            }
        }
        products.fill_upper_triangle_with_lower_triangle();
        products
    }

    /// `[1000]` the model of a normalised spectrum as `fill` describes it.
    fn model(&self, products: &DMatrix<f64>, flux: &[f32], mask: &[bool]) -> Vec<f32> {
        let used = products.nrows();
        let mut model = self.mean.clone();
        let good = mask.iter().filter(|&&bad| !bad).count();
        if used == 0 || good == 0 {
            return model;
        }
        let differences = flux.iter().zip(&self.mean).map(|(value, mean)| value - mean);
        let residual: Vec<f32> = differences.zip(mask).map(|(value, &bad)| if bad { 0.0 } else { value }).collect();
        let mut projections = vec![0.0; used];
        products::dots(&self.components[..used * PIXELS], &residual, &mut projections);
        let projections = DVector::from_iterator(used, projections.into_iter().map(f64::from));
        let power = f64::from(products::dot(&residual, &residual));
        let Some(coefficients) = self.coefficients(products, &projections, power, good) else {
            return model;
        };
        products::add_combination(&mut model, |k| coefficients[k] as f32, &self.components[..used * PIXELS]);
        model
    }

    /// The coefficients of `fill`: (products + s^2 / eigenvalues) a = projections, with s^2 from the residuals of the
    /// round before. None where the numbers are beyond arithmetic.
    fn coefficients(
        &self,
        products: &DMatrix<f64>,
        projections: &DVector<f64>,
        power: f64,
        good: usize,
    ) -> Option<DVector<f64>> {
        let mut noise = power / good as f64;
        let mut solution = None;
        for _ in 0..NOISE_ROUNDS {
            let mut matrix = products.clone();
            for k in 0..projections.len() {
                matrix[(k, k)] += (noise / f64::from(self.eigenvalues[k])).max(1e-9);
            }
            let found = matrix.cholesky()?.solve(projections);
            if !found.iter().all(|value| value.is_finite()) {
                return None;
            }
            let left = power - 2.0 * found.dot(projections) + found.dot(&(products * &found));
            noise = (left / good as f64).max(0.0);
            solution = Some(found);
        }
        solution
    }

    /// Fills every row from this basis and normalises it anew.
    fn fill_rows(&self, rows: &mut [f32], spectra: &[RestFrameSpectrum]) {
        for (row, spectrum) in rows.chunks_exact_mut(PIXELS).zip(spectra) {
            self.fill(row, &spectrum.mask);
            let norm = Normalization::Rms.of(row);
            row.iter_mut().for_each(|value| *value /= norm);
        }
    }

    /// Takes mean and components from one sweep over the rows; what comes back starts the next.
    fn sweep(&mut self, rows: &[f32], directions: &DMatrix<f64>, usable: usize) -> DMatrix<f64> {
        self.mean = pca::mean_row(rows, PIXELS);
        let (ritz, next) = pca::sweep(rows, PIXELS, &self.mean, directions);
        let (components, eigenvalues) = ritz.leading(usable);
        self.components[..components.len()].copy_from_slice(&components);
        self.eigenvalues[..eigenvalues.len()].copy_from_slice(&eigenvalues);
        next
    }
}

/// Mean over the spectra that see a pixel; a pixel that none sees has the mean of the nearest one that is seen.
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
