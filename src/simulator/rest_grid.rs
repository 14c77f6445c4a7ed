//! The simulator's own rest-frame grid: that of the SSP table, SDSS's step in log wavelength.

use std::sync::OnceLock;

/// log10 of the first vacuum wavelength, Angstrom (3327.4).
pub const FIRST: f64 = 3.5221;
/// Step of log10 wavelength: SDSS's native one, 69.03 km/s.
pub const STEP: f64 = 1e-4;
/// Pixels; the last lies at 9296 Angstrom.
pub const PIXELS: usize = 4463;
/// Width of a pixel as a velocity, km/s: ln(10) times the step times the speed of light.
pub const PIXEL_VELOCITY: f64 = 69.029_72;
/// Speed of light, km/s.
pub const LIGHT_SPEED: f64 = 299_792.458;

/// The [PIXELS] vacuum wavelengths, Angstrom.
pub fn wavelengths() -> &'static [f32] {
    static WAVELENGTHS: OnceLock<Vec<f32>> = OnceLock::new();
    WAVELENGTHS.get_or_init(|| (0..PIXELS).map(|i| wavelength(i as f64) as f32).collect())
}

/// Vacuum wavelength at a (fractional) pixel, Angstrom.
pub fn wavelength(pixel: f64) -> f64 {
    10f64.powf(FIRST + STEP * pixel)
}

/// The fractional pixel of a vacuum wavelength in Angstrom; outside 0..PIXELS when outside the grid.
pub fn pixel(wavelength: f64) -> f64 {
    (wavelength.log10() - FIRST) / STEP
}

/// Width of a pixel at a wavelength, Angstrom.
pub fn pixel_width(wavelength: f64) -> f64 {
    wavelength * STEP * std::f64::consts::LN_10
}

/// Mean of a spectrum over `from..to` Angstrom.
pub fn mean_over(flux: &[f32], from: f64, to: f64) -> f32 {
    let start = pixel(from).clamp(0.0, (PIXELS - 2) as f64) as usize;
    let end = (pixel(to).clamp(0.0, (PIXELS - 1) as f64) as usize).max(start + 1);
    flux[start..end].iter().sum::<f32>() / (end - start) as f32
}
