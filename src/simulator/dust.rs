//! Extinction by dust, of starlight after Calzetti et al. (2000) and of emission lines after Cardelli, Clayton & Mathis (1989); and
//! interstellar sodium.

use std::sync::OnceLock;

use super::rest_grid;

/// Colour excess of stars over that of gas (Calzetti et al. 2000).
pub const STARS_OVER_GAS: f32 = 0.44;

/// Returns A(lambda) / E(B-V) of starlight: Calzetti et al. (2000), equation 4, R_V = 4.05. Wavelength in Angstrom, 1200 to 22000.
pub fn calzetti(wavelength: f64) -> f64 {
    let x = 1e4 / wavelength;
    if wavelength >= 6300.0 {
        2.659 * (-1.857 + 1.040 * x) + 4.05
    } else {
        2.659 * (-2.156 + 1.509 * x - 0.198 * x * x + 0.011 * x * x * x) + 4.05
    }
}

/// Returns A(lambda) / E(B-V) of the Milky Way's dust: Cardelli, Clayton & Mathis (1989), equations 3a and 3b, R_V = 3.1.
/// Wavelength in Angstrom, 3030 to 9091.
pub fn cardelli(wavelength: f64) -> f64 {
    let y = 1e4 / wavelength - 1.82;
    let polynomial = |coefficients: [f64; 8]| coefficients.iter().rev().fold(0.0, |sum, c| sum * y + c);
    let a = polynomial([1.0, 0.17699, -0.50447, -0.02427, 0.72085, 0.01979, -0.77530, 0.32999]);
    let b = polynomial([0.0, 1.41338, 2.28305, 1.07233, -5.38434, -0.62251, 5.30260, -2.09002]);
    3.1 * a + b
}

/// Reddens a spectrum `[PIXELS]` by a colour excess in magnitudes, after Calzetti.
pub fn redden(flux: &mut [f32], colour_excess: f32) {
    if colour_excess <= 0.0 {
        return;
    }
    static CURVE: OnceLock<Vec<f32>> = OnceLock::new();
    let curve = CURVE
        .get_or_init(|| (0..rest_grid::PIXELS).map(|i| calzetti(rest_grid::wavelength(i as f64)) as f32).collect());
    // 10^(-0.4 k E) as a power of e.
    let scale = -0.4 * std::f32::consts::LN_10 * colour_excess;
    for (flux, k) in flux.iter_mut().zip(curve) {
        *flux *= (scale * k).exp();
    }
}

/// Returns the transmission at a wavelength (Angstrom) of dust of a colour excess in magnitudes, after Cardelli.
pub fn line_transmission(wavelength: f64, colour_excess: f32) -> f32 {
    10f64.powf(-0.4 * cardelli(wavelength) * f64::from(colour_excess)) as f32
}

/// Returns the equivalent width in Angstrom of interstellar Na D (both lines) that goes with a colour excess: Poznanski et al. (2012), equation 9.
pub fn sodium_equivalent_width(colour_excess: f32) -> f32 {
    ((colour_excess.max(1e-3).log10() + 1.85) / 1.17).max(0.0)
}
