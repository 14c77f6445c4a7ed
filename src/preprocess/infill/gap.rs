//! Infilling the bad pixels of one spectrum.

use nalgebra::allocator::Allocator;
use nalgebra::{Const, DMatrix, DVector, DefaultAllocator, Dim, Dyn, OMatrix, OVector};

use super::basis::InfillBasis;
use crate::numerics::products;
use crate::numerics::simd::with_avx2;
use crate::spectrum::PIXELS;

/// Rounds in which the noise of a spectrum and its coefficients converge.
const NOISE_ROUNDS: usize = 4;
/// Number of components in the paper, whose small systems are solved on the stack.
const PAPER: usize = 10;

/// The indices of the bad pixels of a spectrum.
pub(super) struct Gap {
    bad: Vec<u16>,
}

/// A basis restricted to the bad pixels of one gap, with scratch memory that is reused for the next.
#[derive(Default)]
pub(super) struct Filler {
    /// `[used * bad]` components at the bad pixels.
    gathered: Vec<f32>,
    /// `[used * used]` scalar products of the components over the good pixels.
    products: Vec<f64>,
    residual: Vec<f32>,
    projections: Vec<f32>,
    /// `[bad]` infill of the bad pixels.
    fill: Vec<f32>,
}

impl Gap {
    /// Finds the bad pixels of a mask `[1000]`, true = bad.
    pub(super) fn of(mask: &[bool]) -> Self {
        Self { bad: (0..PIXELS as u16).filter(|&i| mask[usize::from(i)]).collect() }
    }

    /// Returns whether there are no bad pixels.
    pub(super) fn is_empty(&self) -> bool {
        self.bad.is_empty()
    }

    /// Sets the bad pixels of `row` `[1000]` to 0.
    fn clear(&self, row: &mut [f32]) {
        self.bad.iter().for_each(|&i| row[usize::from(i)] = 0.0);
    }

    fn gather<'a>(&'a self, row: &'a [f32]) -> impl Iterator<Item = f32> + 'a {
        self.bad.iter().map(|&i| row[usize::from(i)])
    }
}

impl Filler {
    /// Restricts a basis to a gap, which all spectra with that gap share. Scalar products over all pixels are the identity;
    /// those over the bad ones, which are fewer, are subtracted from it.
    pub(super) fn restrict(&mut self, basis: &InfillBasis, gap: &Gap) {
        let used = basis.used();
        let width = gap.bad.len();
        self.gathered.clear();
        for component in basis.components[..used * PIXELS].chunks_exact(PIXELS) {
            self.gathered.extend(gap.gather(component));
        }
        self.products.clear();
        self.products.resize(used * used, 0.0);
        self.projections.resize(used, 0.0);
        for i in 0..used {
            let row = &mut self.projections[..=i];
            products::dots(&self.gathered[..(i + 1) * width], &self.gathered[i * width..(i + 1) * width], row);
            for (j, &product) in row.iter().enumerate() {
                let whole = if i == j { 1.0 } else { 0.0 };
                self.products[i * used + j] = whole - f64::from(product);
                self.products[j * used + i] = self.products[i * used + j];
            }
        }
    }

    /// Infills the gap of a normalised spectrum `[1000]` as [`InfillBasis::fill`] describes it. The basis and the gap are those of the last
    /// [`Filler::restrict`].
    pub(super) fn fill(&mut self, basis: &InfillBasis, gap: &Gap, flux: &mut [f32]) {
        self.fill.clear();
        self.fill.extend(gap.gather(&basis.mean));
        let used = basis.used();
        let good = PIXELS - gap.bad.len();
        if used > 0 && good > 0 {
            self.add_components(basis, gap, flux, used, good as f64);
        }
        gap.bad.iter().zip(&self.fill).for_each(|(&i, &fill)| flux[usize::from(i)] = fill);
    }

    fn add_components(&mut self, basis: &InfillBasis, gap: &Gap, flux: &[f32], used: usize, good: f64) {
        self.residual.clear();
        with_avx2(|| self.residual.extend(flux.iter().zip(&basis.mean).map(|(value, mean)| value - mean)));
        gap.clear(&mut self.residual);
        self.projections.resize(used, 0.0);
        products::dots(&basis.components[..used * PIXELS], &self.residual, &mut self.projections);
        let power = f64::from(products::dot(&self.residual, &self.residual));
        let projections = self.projections.iter().map(|&value| f64::from(value));
        let eigenvalues = &basis.eigenvalues[..used];
        if used == PAPER {
            let products = OMatrix::<f64, Const<PAPER>, Const<PAPER>>::from_column_slice(&self.products);
            let projections = OVector::<f64, Const<PAPER>>::from_iterator(projections);
            self.add(width_of(gap), coefficients(&products, &projections, eigenvalues, power, good));
        } else {
            let products = DMatrix::from_column_slice(used, used, &self.products);
            let projections = DVector::from_iterator(used, projections);
            self.add(width_of(gap), coefficients::<Dyn>(&products, &projections, eigenvalues, power, good));
        }
    }

    fn add<D: Dim>(&mut self, width: usize, coefficients: Option<OVector<f64, D>>)
    where
        DefaultAllocator: Allocator<D>,
    {
        if let Some(coefficients) = coefficients {
            let gathered = &self.gathered[..coefficients.len() * width];
            products::add_combination(&mut self.fill, |k| coefficients[k] as f32, gathered);
        }
    }
}

fn width_of(gap: &Gap) -> usize {
    gap.bad.len()
}

/// Solves for the coefficients of an infill: (products + s^2 / eigenvalues) a = projections, with s^2 from the residuals of the round
/// before. `None` where there is no finite solution.
fn coefficients<D: Dim>(
    products: &OMatrix<f64, D, D>,
    projections: &OVector<f64, D>,
    eigenvalues: &[f32],
    power: f64,
    good: f64,
) -> Option<OVector<f64, D>>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    let mut noise = power / good;
    let mut solution = None;
    for _ in 0..NOISE_ROUNDS {
        let mut matrix = products.clone();
        for (k, &eigenvalue) in eigenvalues.iter().enumerate() {
            matrix[(k, k)] += (noise / f64::from(eigenvalue)).max(1e-9);
        }
        let found = matrix.cholesky()?.solve(projections);
        if !found.iter().all(|value| value.is_finite()) {
            return None;
        }
        let left = power - 2.0 * found.dot(projections) + found.dot(&(products * &found));
        noise = (left / good).max(0.0);
        solution = Some(found);
    }
    solution
}
