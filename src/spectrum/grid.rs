//! The paper's wavelength grid: 1000 pixels, rest frame, vacuum, evenly spaced in log10 wavelength.

/// Pixels of the grid.
pub const PIXELS: usize = 1000;
/// log10 of the first pixel's wavelength in Angstrom.
pub const COEFF0: f64 = 3.53;
/// Step of log10 wavelength from pixel to pixel.
pub const COEFF1: f64 = 0.00039;

/// log10 wavelength at the centre of pixel `i` (fractions and outside values allowed).
pub fn log_wavelength(i: f64) -> f64 {
    COEFF0 + COEFF1 * i
}

/// Vacuum wavelength in Angstrom at the centre of pixel `i`: 3388.44 at 0, 8310.17 at 999.
pub fn wavelength(i: f64) -> f64 {
    10f64.powf(log_wavelength(i))
}

/// The `[1000]` wavelengths, Angstrom.
pub fn wavelengths() -> Vec<f64> {
    (0..PIXELS).map(|i| wavelength(i as f64)).collect()
}

/// The fractional pixel of a vacuum wavelength in Angstrom; below 0 or above 999 when outside.
pub fn pixel(wavelength: f64) -> f64 {
    (wavelength.log10() - COEFF0) / COEFF1
}
