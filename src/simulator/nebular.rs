//! The continuum of ionised gas: free-bound, free-free and two-photon emission.

use std::sync::OnceLock;

use super::dust;
use super::rest_grid::{self, PIXELS};

/// Planck's constant times the speed of light over Boltzmann's, Angstrom Kelvin.
const HC_OVER_K: f64 = 1.438_777e8;
/// Hydrogen's ionisation energy over Boltzmann's constant, Kelvin.
const RYDBERG_KELVIN: f64 = 157_888.0;
/// Speed of light, Angstrom per second.
const ANGSTROM_PER_SECOND: f64 = 2.997_924_58e18;
/// Helium atoms over hydrogen atoms.
const HELIUM: f64 = 0.1;
/// Level above which lines merge: the continuum extends redward of its edge at the same height, since the strength of a series is
/// continuous at its limit.
const MERGED: f64 = 24.5;
/// Levels whose recombination is summed.
const LEVELS: std::ops::Range<u32> = 2..60;

/// Returns the flux of the nebular continuum per Angstrom over the flux of H-beta, `[PIXELS]`. `temperature` is in units of 10,000 K. Case B
/// at low density.
///
/// Free-free and free-bound emission are Kramers' with Gaunt factors near one (Brown & Mathews 1970; Osterbrock & Ferland 2006, equation
/// 4.22 and table 4.7), with helium counted as hydrogen; two-photon emission is that of Nussbaumer & Schmutz (1984), the emissivity
/// of H-beta that of Storey & Hummer (1995). A test compares the sum with PyNeb.
pub fn continuum(temperature: f32) -> Vec<f32> {
    let kelvin = 1e4 * f64::from(temperature);
    let hbeta = 1.235e-25 * f64::from(temperature).powf(-0.9);
    let base = 6.842e-38 / kelvin.sqrt();
    let bound = |level: u32| {
        let n = f64::from(level);
        2.0 * RYDBERG_KELVIN / kelvin / n.powi(3) * (RYDBERG_KELVIN / kelvin / (n * n)).exp()
    };
    let gaunt = |level: u32| match level {
        2 => 0.885,
        3 => 0.95,
        _ => 1.0,
    };
    // Free-free emission and the series that cover the whole grid; then those with the Paschen and the Balmer edge.
    let free = 1.15 - 0.05 * (f64::from(temperature) - 1.0);
    let always = (1.0 + HELIUM) * (free + LEVELS.skip(2).map(|level| gaunt(level) * bound(level)).sum::<f64>());
    let paschen = (1.0 + 0.9 * HELIUM) * gaunt(3) * bound(3);
    // Helium's own second level has its edges elsewhere.
    let balmer = (1.0 + 0.3 * HELIUM) * gaunt(2) * bound(2);
    let two_photon_rate = 8.38e-14 * f64::from(temperature).powf(-0.72);
    rest_grid::wavelengths()
        .iter()
        .zip(two_photon())
        .map(|(&wavelength, shape)| {
            let wavelength = f64::from(wavelength);
            let mut series = always;
            if wavelength < edge(3) {
                series += paschen;
            }
            if wavelength < edge(2) {
                series += balmer;
            }
            let recombination = base * series * (-HC_OVER_K / (wavelength * kelvin)).exp();
            let per_hertz = recombination + two_photon_rate * shape;
            (per_hertz * ANGSTROM_PER_SECOND / (wavelength * wavelength) / hbeta) as f32
        })
        .collect()
}

/// Returns the wavelength (vacuum Angstrom) up to which the merged lines of a series continue its continuum.
fn edge(level: u32) -> f64 {
    let n = f64::from(level);
    911.763 / (1.0 / (n * n) - 1.0 / (MERGED * MERGED))
}

/// Adds the nebular continuum of gas of intrinsic H-beta flux `hbeta`, dimmed by dust of a colour excess in magnitudes.
pub fn add_continuum(spectrum: &mut [f32], hbeta: f32, temperature: f32, colour_excess: f32) {
    if hbeta <= 0.0 {
        return;
    }
    static CURVE: OnceLock<Vec<f32>> = OnceLock::new();
    let curve =
        CURVE.get_or_init(|| (0..PIXELS).map(|i| dust::cardelli(rest_grid::wavelength(i as f64)) as f32).collect());
    let scale = -0.4 * std::f32::consts::LN_10 * colour_excess;
    for ((sum, light), k) in spectrum.iter_mut().zip(continuum(temperature)).zip(curve) {
        *sum += hbeta * light * (scale * k).exp();
    }
}

/// Returns the energy per Hertz of one decay of hydrogen's 2s level, erg/Hz, `[PIXELS]`: Nussbaumer & Schmutz (1984),
/// equation 2, with y the frequency over Lyman-alpha's.
fn two_photon() -> &'static [f64] {
    static SHAPE: OnceLock<Vec<f64>> = OnceLock::new();
    SHAPE.get_or_init(|| {
        (0..PIXELS)
            .map(|i| {
                let y = 1215.67 / rest_grid::wavelength(i as f64);
                let z = y * (1.0 - y);
                let rate = 202.0 * (z * (1.0 - (4.0 * z).powf(0.8)) + 0.88 * z.powf(1.53) * (4.0 * z).powf(0.8));
                // h y A(y) over the total rate of 8.2249 decays a second.
                6.626_07e-27 * y * rate / 8.2249
            })
            .collect()
    })
}
