//! Broad-band colours of a noiseless rest-frame spectrum, as photometry would measure them.
//!
//! Bands have sharp edges and lie on the paper's grid, which covers no survey's filters entirely; they are named after the SDSS bands
//! that they lie in.

use crate::spectrum::grid;

/// Edges of the bands u, g, r, i in the rest frame, Angstrom.
const BANDS: [(f64, f64); 4] = [(3400.0, 4000.0), (4000.0, 5500.0), (5600.0, 7000.0), (7000.0, 8300.0)];

/// Returns the colours u - g, g - r and r - i, AB magnitudes, of flux per wavelength on the paper's grid `[1000]`; NaN where a band has no
/// light.
pub fn colours(flux: &[f32]) -> [f32; 3] {
    let [u, g, r, i] = BANDS.map(|band| mean_per_frequency(flux, band));
    let colour = |blue: f64, red: f64| (-2.5 * (blue / red).log10()) as f32;
    [colour(u, g), colour(g, r), colour(r, i)]
}

/// Returns the mean flux per frequency, up to a factor common to all bands: the mean of f lambda^2 over equal steps of log lambda, which
/// are equal steps of ln(frequency) (photon-counting mean; Bessell & Murphy 2012, equation A12).
fn mean_per_frequency(flux: &[f32], (from, to): (f64, f64)) -> f64 {
    let pixels = flux.iter().enumerate().map(|(pixel, &flux)| (grid::wavelength(pixel as f64), f64::from(flux)));
    let inside = pixels.filter(|(wavelength, _)| (from..to).contains(wavelength));
    let (sum, count) =
        inside.fold((0.0, 0.0), |(sum, count), (wavelength, flux)| (sum + flux * wavelength * wavelength, count + 1.0));
    sum / count
}
