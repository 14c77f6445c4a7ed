//! From a noiseless rest-frame spectrum to the record of an SDSS fibre.

use super::dust::line_transmission;
use super::oddity::Oddity;
use super::parameters::Parameters;
use super::random::Rng;
use super::rest_grid;
use super::sky::{self, Sky};
use crate::numerics::statistics::upper_median_f32;

/// Sky brightness in the fibre, 1e-17 erg/s/cm^2/Angstrom: an equally bright object doubles the variance.
const SKY_LEVEL: f32 = 7.0;

/// The exposure of an object.
#[derive(Debug, Clone)]
pub struct Exposure {
    /// log10 of vacuum wavelength, evenly spaced by 1e-4.
    pub log_wavelength: Vec<f64>,
    /// Flux without noise but with the calibration error, 1e-17 erg/s/cm^2/Angstrom.
    pub noiseless: Vec<f32>,
    /// Flux with noise, 1e-17 erg/s/cm^2/Angstrom.
    pub flux: Vec<f32>,
    /// Standard error as the survey states it; 0 where bad.
    pub error: Vec<f32>,
    /// Factor from the rendered rest-frame flux to the observed flux.
    pub amplitude: f32,
}

/// Exposes a rendered spectrum `[PIXELS]`.
pub fn expose(parameters: &Parameters, rest: &[f32], random: &mut Rng) -> Exposure {
    let sky = sky::sky();
    let (first, mut noiseless) = shift(rest, parameters.redshift);
    let pixels = first..first + noiseless.len();
    redden_foreground(&mut noiseless, &sky.log_wavelength[pixels.clone()], parameters.foreground);
    calibrate(&mut noiseless, first, parameters, sky);
    let depth = sky::TYPICAL.0 * (sky::TYPICAL.1 * random.normal()).exp();
    let amplitude = amplitude_for(parameters.median_snr, &noiseless, &sky.error[pixels.clone()], depth);
    noiseless.iter_mut().for_each(|flux| *flux *= amplitude);
    let mut error: Vec<f32> = noiseless
        .iter()
        .zip(&sky.error[pixels.clone()])
        .map(|(&flux, &sky)| standard_error(flux, sky * depth))
        .collect();
    let flux = add_noise(&noiseless, &error, &sky.line_share[pixels.clone()], random);
    mask(&mut error, &sky.log_wavelength[pixels.clone()], parameters.oddity, random);
    Exposure { log_wavelength: sky.log_wavelength[pixels].to_vec(), noiseless, flux, error, amplitude }
}

/// Shifts a spectrum onto the observed grid by cubic (four-point Lagrange) interpolation. Returns the first observed pixel that the models
/// cover (they begin at rest-frame 3328 Angstrom) and the flux from there on.
fn shift(rest: &[f32], redshift: f64) -> (usize, Vec<f32>) {
    let offset = (sky::FIRST - (1.0 + redshift).log10() - rest_grid::FIRST) / rest_grid::STEP;
    let first = (1.0 - offset).ceil().max(0.0) as usize;
    let count = sky::PIXELS.saturating_sub(first);
    let position = first as f64 + offset;
    let (start, t) = (position.floor() as usize, (position - position.floor()) as f32);
    let weights = [
        -t * (t - 1.0) * (t - 2.0) / 6.0,
        (t + 1.0) * (t - 1.0) * (t - 2.0) / 2.0,
        -(t + 1.0) * t * (t - 2.0) / 2.0,
        (t + 1.0) * t * (t - 1.0) / 6.0,
    ];
    let count = count.min(rest.len().saturating_sub(start + 2));
    (first, (0..count).map(|i| (0..4).map(|k| weights[k] * rest[start + i + k - 1]).sum()).collect())
}

/// Reddens by the Milky Way's dust, at observed wavelengths. Its curve is smooth: every sixteenth pixel is computed and the rest
/// interpolated.
fn redden_foreground(flux: &mut [f32], log_wavelength: &[f64], colour_excess: f32) {
    const STRIDE: usize = 16;
    for (chunk, logs) in flux.chunks_mut(STRIDE).zip(log_wavelength.chunks(STRIDE)) {
        let at = |log: f64| line_transmission(10f64.powf(log), colour_excess);
        let (from, to) = (at(logs[0]), at(logs[0] + 1e-4 * STRIDE as f64));
        for (k, value) in chunk.iter_mut().enumerate() {
            *value *= from + (to - from) * k as f32 / STRIDE as f32;
        }
    }
}

/// Multiplies by the error of the flux calibration.
fn calibrate(flux: &mut [f32], first: usize, parameters: &Parameters, sky: &Sky) {
    let [c1, c2, c3, c4, c5] = parameters.calibration;
    for (i, value) in flux.iter_mut().enumerate() {
        let x = 2.0 * (first + i) as f32 / (sky::PIXELS - 1) as f32 - 1.0;
        let x2 = x * x;
        // Legendre polynomials of degree 1 to 5.
        let p3 = 0.5 * x * (5.0 * x2 - 3.0);
        let p4 = 0.125 * (x2 * (35.0 * x2 - 30.0) + 3.0);
        let p5 = 0.125 * x * (x2 * (63.0 * x2 - 70.0) + 15.0);
        *value *= 1.0 + c1 * x + c2 * (1.5 * x2 - 0.5) + c3 * p3 + c4 * p4 + c5 * p5;
    }
    if let Oddity::CalibrationBreak { factor } = parameters.oddity {
        let blue = sky.log_wavelength[first..].partition_point(|&log| log < 6000f64.log10()).min(flux.len());
        flux[..blue].iter_mut().for_each(|value| *value *= factor);
    }
}

/// Returns the standard error of a flux on a sky of standard error `sky`.
fn standard_error(flux: f32, sky: f32) -> f32 {
    sky * (1.0 + flux.max(0.0) / SKY_LEVEL).sqrt()
}

/// Returns the amplitude at which the median signal-to-noise over pixels is `median_snr`.
fn amplitude_for(median_snr: f32, flux: &[f32], sky: &[f32], depth: f32) -> f32 {
    let median_at = |amplitude: f32| {
        let pixels = flux.iter().zip(sky).step_by(12);
        upper_median_f32(pixels.map(|(flux, sky)| amplitude * flux / standard_error(amplitude * flux, sky * depth)))
            .unwrap_or(0.0)
    };
    // Signal-to-noise grows as brightness to a power between a half and one: a few steps of the secant rule find it.
    let mut amplitude = median_snr * depth;
    for _ in 0..6 {
        let reached = median_at(amplitude).max(1e-3);
        amplitude *= (median_snr / reached).powf(1.4);
    }
    amplitude
}

/// Adds noise to a flux, by what sky fibres show: the true scatter is 0.88 of the stated error in the blue and in the red's continuum, 1.0 to
/// 1.1 under sky lines; neighbouring pixels correlate by 0.14; and under sky lines about one pixel in a thousand deviates by more than
/// four sigma.
fn add_noise(noiseless: &[f32], error: &[f32], line_share: &[f32], random: &mut Rng) -> Vec<f32> {
    const NEIGHBOUR: f32 = 0.14;
    let scatter_over_stated = 1.0 + 0.05 * random.normal();
    let mut before = random.normal();
    noiseless
        .iter()
        .zip(error)
        .zip(line_share)
        .map(|((flux, error), share)| {
            let now = random.normal();
            let mut noise = (now + NEIGHBOUR * before) / (1.0 + NEIGHBOUR * NEIGHBOUR).sqrt();
            before = now;
            if now.abs() > 2.6 && random.happens(0.03 + 0.25 * share) {
                noise *= 1.8;
            }
            flux + noise * error * scatter_over_stated * (0.89 + 0.22 * share)
        })
        .collect()
}

/// Sets the error of bad pixels to 0: single ones, sometimes a dead column or cosmic ray, and a missing range where that is the oddity.
fn mask(error: &mut [f32], log_wavelength: &[f64], oddity: Oddity, random: &mut Rng) {
    let count = error.len();
    let at = |random: &mut Rng| ((random.unit() * count as f32) as usize).min(count.saturating_sub(1));
    let single = (-2.0 * (1.0 - random.unit()).ln()) as usize;
    for _ in 0..single {
        let pixel = at(random);
        error[pixel] = 0.0;
    }
    if random.happens(0.1) {
        let start = at(random);
        let end = (start + random.between(3.0, 25.0) as usize).min(count);
        error[start..end].fill(0.0);
    }
    // The ends of the range differ from plate to plate by about twenty Angstrom.
    let (blue, red) = (random.between(0.0, 35.0) as usize, random.between(0.0, 20.0) as usize);
    error[..blue.min(count)].fill(0.0);
    error[count.saturating_sub(red)..].fill(0.0);
    if let Oddity::MissingRange { from, to } = oddity {
        let (from, to) = (from.log10(), to.log10());
        for (error, &log) in error.iter_mut().zip(log_wavelength) {
            if (from..to).contains(&log) {
                *error = 0.0;
            }
        }
    }
}
