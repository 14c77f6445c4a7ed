//! The simulator's rest-frame grid: that of the SSP table, with SDSS's step in log wavelength.

use std::sync::OnceLock;

use crate::spectrum::grid;

/// log10 of the first vacuum wavelength, Angstrom (3327.4).
pub const FIRST: f64 = 3.5221;
/// Step of log10 wavelength: SDSS's native one, 69.03 km/s.
pub const STEP: f64 = 1e-4;
/// Number of pixels; the last lies at 9296 Angstrom.
pub const PIXELS: usize = 4463;
/// Width of a pixel as a velocity, km/s: ln(10) times the step times the speed of light.
pub const PIXEL_VELOCITY: f64 = 69.029_72;

/// Returns the `[PIXELS]` vacuum wavelengths, Angstrom.
pub fn wavelengths() -> &'static [f32] {
    static WAVELENGTHS: OnceLock<Vec<f32>> = OnceLock::new();
    WAVELENGTHS.get_or_init(|| (0..PIXELS).map(|i| wavelength(i as f64) as f32).collect())
}

/// Returns the vacuum wavelength at a fractional pixel, Angstrom.
pub fn wavelength(pixel: f64) -> f64 {
    10f64.powf(FIRST + STEP * pixel)
}

/// Returns the fractional pixel of a vacuum wavelength in Angstrom; outside 0..PIXELS where the wavelength is outside the grid.
pub fn pixel(wavelength: f64) -> f64 {
    (wavelength.log10() - FIRST) / STEP
}

/// Returns the width of a pixel at a wavelength, Angstrom.
pub fn pixel_width(wavelength: f64) -> f64 {
    wavelength * STEP * std::f64::consts::LN_10
}

/// Returns the mean of a spectrum `[PIXELS]` over `from..to` Angstrom.
pub fn mean_over(flux: &[f32], from: f64, to: f64) -> f32 {
    let start = pixel(from).clamp(0.0, (PIXELS - 2) as f64) as usize;
    let end = (pixel(to).clamp(0.0, (PIXELS - 1) as f64) as usize).max(start + 1);
    flux[start..end].iter().sum::<f32>() / (end - start) as f32
}

/// Returns the mean of a spectrum in each of the paper's pixels: `[PIXELS]` to `[1000]`.
pub fn on_paper_grid(rest: &[f32]) -> Vec<f32> {
    let mut cumulative = vec![0.0f64];
    cumulative.extend(rest.iter().scan(0.0f64, |sum, &flux| {
        *sum += f64::from(flux);
        Some(*sum)
    }));
    let upto = |log_wavelength: f64| {
        let position = ((log_wavelength - FIRST) / STEP + 0.5).clamp(0.0, rest.len() as f64);
        let whole = (position as usize).min(rest.len() - 1);
        cumulative[whole] + (position - whole as f64) * f64::from(rest[whole])
    };
    let per_pixel = grid::COEFF1 / STEP;
    (0..grid::PIXELS)
        .map(|i| {
            let (from, to) = (grid::log_wavelength(i as f64 - 0.5), grid::log_wavelength(i as f64 + 0.5));
            ((upto(to) - upto(from)) / per_pixel) as f32
        })
        .collect()
}
