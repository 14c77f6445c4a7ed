//! The paper's wavelength grid: 1000 pixels, rest frame, vacuum, evenly spaced in log10 wavelength.

/// Number of pixels.
pub const PIXELS: usize = 1000;
/// log10 of the first pixel's wavelength in Angstrom.
pub const COEFF0: f64 = 3.53;
/// Step of log10 wavelength from pixel to pixel.
pub const COEFF1: f64 = 0.00039;

/// Returns log10 of the wavelength at the centre of pixel `i`; fractions and indices outside the grid are allowed.
pub fn log_wavelength(i: f64) -> f64 {
    COEFF0 + COEFF1 * i
}

/// Returns the vacuum wavelength in Angstrom at the centre of pixel `i`: 3388.44 at 0, 8310.17 at 999.
pub fn wavelength(i: f64) -> f64 {
    10f64.powf(log_wavelength(i))
}

/// Returns the `[1000]` vacuum wavelengths of the pixel centres, Angstrom.
pub fn wavelengths() -> Vec<f64> {
    (0..PIXELS).map(|i| wavelength(i as f64)).collect()
}

/// Returns the fractional pixel of a vacuum wavelength in Angstrom; below 0 or above 999 outside the grid.
pub fn pixel(wavelength: f64) -> f64 {
    (wavelength.log10() - COEFF0) / COEFF1
}
