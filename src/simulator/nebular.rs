//! The continuum of ionised gas: free-bound, free-free and two-photon light.

use std::sync::OnceLock;

use super::dust;
use super::rest_grid::{self, PIXELS};

/// Planck's constant times the speed of light over Boltzmann's, Angstrom Kelvin.
const HC_OVER_K: f64 = 1.438_777e8;
/// Hydrogen's ionisation energy over Boltzmann's constant, Kelvin.
const RYDBERG_KELVIN: f64 = 157_888.0;
/// Speed of light, Angstrom a second.
const LIGHT_SPEED: f64 = 2.997_924_58e18;
/// Helium atoms over hydrogen atoms.
const HELIUM: f64 = 0.1;
/// Lines of higher levels than this merge: from there on the continuum goes on redward of its edge at the same level,
/// since the strength of a series is continuous at its limit.
const MERGED: f64 = 24.5;
/// Levels whose recombination is added up.
const LEVELS: std::ops::Range<u32> = 2..60;

/// Flux of the nebular continuum an Angstrom over the flux of H-beta, at every pixel of the simulator's grid [PIXELS], per
/// Angstrom. `temperature` in units of 10,000 K. Case B at low density.
///
/// Free-free and free-bound light after Kramers with Gaunt factors near one (Brown & Mathews 1970; Osterbrock & Ferland
/// 2006, equation 4.22 and table 4.7), helium as so much more hydrogen; two-photon light after Nussbaumer & Schmutz (1984);
/// H-beta's emissivity after Storey & Hummer (1995). A test compares it with PyNeb.
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
    // Free-free light and the series that reach all of the grid; then those of the Paschen and the Balmer edge.
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
            (per_hertz * LIGHT_SPEED / (wavelength * wavelength) / hbeta) as f32
        })
        .collect()
}

/// The wavelength (vacuum Angstrom) up to which the merged lines of a series carry its continuum.
fn edge(level: u32) -> f64 {
    let n = f64::from(level);
    911.763 / (1.0 / (n * n) - 1.0 / (MERGED * MERGED))
}

/// Nebular continuum of gas whose intrinsic H-beta flux is `hbeta`, behind gas dust of a colour excess.
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

/// Energy that one decay of hydrogen's 2s level gives per Hertz, erg/Hz, at every pixel: Nussbaumer & Schmutz (1984),
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
