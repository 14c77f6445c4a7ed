//! Rebinning from observed pixels to the paper's rest-frame grid.
//!
//! Flux is conserved: a cubic spline through the cumulative flux at the old pixel edges is differenced at the new ones, as in
//! astroML's `SDSSfits.rebin` (VanderPlas et al. 2012).

use crate::numerics::spline::UniformSpline;
use crate::spectrum::grid::{self, PIXELS};
use crate::spectrum::{ObservedSpectrum, SpectrumError};

/// The rule by which the errors of old pixels are combined to the error of a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorRule {
    /// Independent errors: a new pixel is a mean of old ones, so its variance is the sum of theirs, each times the square of its share.
    Quadrature,
    /// The rule of astroML, which rebins errors like fluxes, so that the error of a mean of n pixels is sqrt(n) times too large (about
    /// twofold here). To agree with it to rounding, its mistakes are kept: cumulative sums in single precision, and a meaningless flux and
    /// error in the pixel at the red end of the spectrum.
    AstroMl,
}

/// A spectrum on the grid, before it is masked.
#[derive(Debug, Clone, PartialEq)]
pub struct Rebinned {
    /// `[1000]` flux density, in the unit of the observed one.
    pub flux: Vec<f64>,
    /// `[1000]` standard error of the flux; 0 where nothing was observed.
    pub error: Vec<f64>,
    /// `[1000]` fraction of each pixel that good observed pixels cover, 0 to 1.
    pub coverage: Vec<f64>,
    /// Largest finite error of the observed pixels.
    pub max_error: f64,
}

/// Shifts to the rest frame and rebins. Observed wavelengths are divided by 1 + redshift; the flux density is unchanged, as
/// in astroML, since normalisation removes any factor.
///
/// An observed pixel is bad where its flux is not finite or its error is not a positive number. [`ErrorRule::Quadrature`]
/// replaces the flux of bad pixels by a straight line between their good neighbours, so that the spline does not ring;
/// [`ErrorRule::AstroMl`] keeps it where it is finite.
///
/// # Errors
/// Arrays of unequal length, and spectra without a pixel on the grid.
pub fn rebin(observed: &ObservedSpectrum, redshift: f64, rule: ErrorRule) -> Result<Rebinned, SpectrumError> {
    let count = observed.flux.len();
    if observed.log_wavelength.len() != count || observed.error.len() != count {
        return Err(SpectrumError::Lengths {
            wavelengths: observed.log_wavelength.len(),
            fluxes: count,
            errors: observed.error.len(),
        });
    }
    let shift = (1.0 + redshift).log10();
    let (first, last) = match observed.log_wavelength[..] {
        [first, .., last] if count >= 4 => (first - shift, last - shift),
        _ => return Err(SpectrumError::TooFewPixels { good: 0, needed: 1 }),
    };
    let step = (last - first) / (count - 1) as f64;
    // Edges of the new pixels in units of old pixels, from the blue edge of the first.
    let edges: Vec<f64> =
        (0..=PIXELS).map(|i| (grid::log_wavelength(i as f64 - 0.5) - (first - 0.5 * step)) / step).collect();
    let overlaps = step > 0.0 && edges[PIXELS] > 0.0 && edges[0] < count as f64;
    if !overlaps {
        return Err(SpectrumError::NoOverlap { redshift, low: 10f64.powf(first), high: 10f64.powf(last) });
    }
    let good: Vec<bool> = observed
        .flux
        .iter()
        .zip(&observed.error)
        .map(|(flux, error)| flux.is_finite() && is_positive(*error))
        .collect();
    let scale = step / grid::COEFF1;
    let errors: Vec<f32> = observed.error.iter().map(|&e| if is_positive(e) { e } else { 0.0 }).collect();
    let max_error = f64::from(errors.iter().copied().fold(0.0, f32::max));
    let (flux, error, coverage) = match rule {
        ErrorRule::Quadrature => {
            let bridged = bridge(&observed.flux, &good);
            let flux = difference(&cumulate(&bridged), &edges, scale, None);
            let (error, coverage) = in_quadrature(&errors, &good, &edges, scale);
            (flux, error, coverage)
        }
        ErrorRule::AstroMl => {
            let finite: Vec<f32> = observed.flux.iter().map(|&f| if f.is_finite() { f } else { 0.0 }).collect();
            // astroML uses the last log wavelength in place of the last cumulative flux.
            let slip = Some(last + 0.5 * step);
            let flux = difference(&cumulate_single(&finite), &edges, scale, slip);
            let error = difference(&cumulate_single(&errors), &edges, scale, slip);
            let coverage = in_quadrature(&errors, &good, &edges, scale).1;
            (flux, error, coverage)
        }
    };
    Ok(Rebinned { flux, error, coverage, max_error })
}

fn is_positive(error: f32) -> bool {
    error.is_finite() && error > 0.0
}

/// Replaces the flux of bad pixels by a straight line between their good neighbours, beyond the outermost good ones by a constant.
fn bridge(flux: &[f32], good: &[bool]) -> Vec<f64> {
    let mut bridged: Vec<f64> = flux.iter().map(|&f| f64::from(f)).collect();
    let next = |from: usize, wanted: bool| good[from..].iter().position(|&good| good == wanted).map(|at| from + at);
    let mut start = next(0, false);
    while let Some(first) = start {
        let end = next(first, true);
        let left = first.checked_sub(1);
        for (step, value) in (1..).zip(&mut bridged[first..end.unwrap_or(flux.len())]) {
            *value = match (left, end) {
                (Some(a), Some(b)) => {
                    let t = f64::from(step) / (b - a) as f64;
                    f64::from(flux[a]) * (1.0 - t) + f64::from(flux[b]) * t
                }
                (Some(only), None) | (None, Some(only)) => f64::from(flux[only]),
                (None, None) => 0.0,
            };
        }
        start = end.and_then(|end| next(end, false));
    }
    bridged
}

/// Computes cumulative sums at the pixel edges, one more than there are pixels; the first is 0.
fn cumulate(values: &[f64]) -> Vec<f64> {
    let mut sum = 0.0;
    std::iter::once(0.0)
        .chain(values.iter().map(|value| {
            sum += value;
            sum
        }))
        .collect()
}

/// Computes cumulative sums as [`cumulate`] does, in single precision, as NumPy does for the arrays of the survey.
fn cumulate_single(values: &[f32]) -> Vec<f64> {
    let mut sum = 0.0f32;
    std::iter::once(0.0)
        .chain(values.iter().map(|value| {
            sum += value;
            f64::from(sum)
        }))
        .collect()
}

/// Computes the differences from edge to edge of the spline through cumulative sums, times `scale`. Beyond the red end the sum is the
/// last one, or `beyond`.
fn difference(sums: &[f64], edges: &[f64], scale: f64, beyond: Option<f64>) -> Vec<f64> {
    let end = (sums.len() - 1) as f64;
    let spline = UniformSpline::new(sums);
    let at = |x: f64| match x {
        x if x <= 0.0 => 0.0,
        x if x >= end => beyond.unwrap_or(sums[sums.len() - 1]),
        x => spline.at(x),
    };
    let mut before = at(edges[0]);
    edges[1..]
        .iter()
        .map(|&edge| {
            let here = at(edge);
            let gain = (here - before) * scale;
            before = here;
            gain
        })
        .collect()
}

/// Combines standard errors in quadrature, and computes the fraction of each new pixel that good old ones cover.
fn in_quadrature(errors: &[f32], good: &[bool], edges: &[f64], scale: f64) -> (Vec<f64>, Vec<f64>) {
    // Variance and coverage of a whole old pixel; zeros for a bad one, so that the loop needs no branch.
    let whole: Vec<[f64; 2]> = errors
        .iter()
        .zip(good)
        .map(|(&error, &good)| if good { [f64::from(error) * f64::from(error), 1.0] } else { [0.0, 0.0] })
        .collect();
    let end = errors.len() as f64;
    let at = |edge: f64| {
        let edge = edge.clamp(0.0, end);
        (edge, edge as u32 as usize)
    };
    let part = |i: usize, share: f64| {
        let error = share * f64::from(errors[i]);
        if good[i] { (error * error, share) } else { (0.0, 0.0) }
    };
    let mut low = at(edges[0]);
    let one = |edge: &[f64]| {
        let high = at(edge[1]);
        let (mut variance, mut covered);
        let (first, last) = (low.1, high.1);
        if first == last {
            (variance, covered) = if high.0 > low.0 { part(first, high.0 - low.0) } else { (0.0, 0.0) };
        } else {
            (variance, covered) = part(first, (first + 1) as f64 - low.0);
            for [more, share] in &whole[first + 1..last] {
                variance += more;
                covered += share;
            }
            if high.0 > last as f64 {
                let (more, share) = part(last, high.0 - last as f64);
                variance += more;
                covered += share;
            }
        }
        low = high;
        (variance.sqrt() * scale, covered / (edge[1] - edge[0]))
    };
    edges.windows(2).map(one).unzip()
}
