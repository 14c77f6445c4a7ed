//! The class that a survey's pipeline would give, from measured line fluxes by the paper's rule.

use super::observe::Exposure;
use super::parameters::{Object, Parameters};
use super::random::Rng;
use super::render::Facts;
use super::rest_grid::{PIXEL_VELOCITY, pixel_width};
use crate::spectrum::Class;
use crate::spectrum::lines::{H_ALPHA, H_BETA, N_II, O_III};

/// A narrow line as the survey's pipeline would have measured it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeasuredLine {
    /// Vacuum wavelength in the rest frame, Angstrom.
    pub wavelength: f64,
    /// Flux, 1e-17 erg/s/cm^2.
    pub flux: f32,
    /// Standard error of the flux.
    pub error: f32,
}

/// The result of a survey's pipeline for an exposure.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// Class.
    pub class: Class,
    /// Lines that decide the class; empty where they were not all measured.
    pub lines: Vec<MeasuredLine>,
}

/// Classifies an exposure. Line fluxes are the true ones with the error that follows from the noise around each; a line in missing pixels
/// leaves the object unclassified.
pub fn label(parameters: &Parameters, facts: &Facts, exposure: &Exposure, random: &mut Rng) -> Label {
    let without_lines = |class| Label { class, lines: Vec::new() };
    let Object::Galaxy(galaxy) = &parameters.object else {
        return without_lines(Class::Star);
    };
    if galaxy.broad.is_some() {
        return without_lines(Class::BroadLineAgn);
    }
    let wavelengths = [H_ALPHA, H_BETA, O_III, N_II];
    let mut measured = [(0.0, 0.0); 4];
    for (slot, (wavelength, flux)) in measured.iter_mut().zip(wavelengths.into_iter().zip(facts.line_fluxes)) {
        // Observed Angstroms are longer by 1 + redshift, and so is a line's integral.
        let flux = flux * exposure.amplitude * (1.0 + parameters.redshift as f32);
        match line_error(exposure, wavelength * (1.0 + parameters.redshift), facts.line_dispersion) {
            Some(error) => *slot = (flux + error * random.normal(), error),
            None => return without_lines(Class::Unknown),
        }
    }
    let line = |(wavelength, (flux, error))| MeasuredLine { wavelength, flux, error };
    Label { class: class_of(measured), lines: wavelengths.into_iter().zip(measured).map(line).collect() }
}

/// Returns the class by the paper's rule, from H-alpha, H-beta, [O III] and [N II] as (flux, error).
fn class_of([halpha, hbeta, oxygen3, nitrogen]: [(f32, f32); 4]) -> Class {
    if halpha.0 < 3.0 * halpha.1 || hbeta.0 < 3.0 * hbeta.1 {
        return Class::Quiescent;
    }
    let (x, y) = (log_ratio(nitrogen, halpha), log_ratio(oxygen3, hbeta));
    if above_kewley(x, y) { Class::NarrowLineAgn } else { Class::EmissionLine }
}

/// Returns whether log10 [N II]/H-alpha and log10 [O III]/H-beta lie above the maximum starburst line: Kewley et al. (2001), equation 5.
pub fn above_kewley(nitrogen: f32, oxygen3: f32) -> bool {
    nitrogen >= 0.47 || oxygen3 > maximum_starburst(nitrogen)
}

/// Returns the highest log10 [O III]/H-beta that young stars ionise at a log10 [N II]/H-alpha below 0.47: Kewley et al. (2001), equation 5.
pub fn maximum_starburst(nitrogen: f32) -> f32 {
    0.61 / (nitrogen - 0.47) + 1.19
}

/// Returns log10 of the ratio of two measured (flux, error); a numerator below its error counts as its error.
fn log_ratio(above: (f32, f32), below: (f32, f32)) -> f32 {
    (above.0.max(above.1) / below.0).log10()
}

/// Returns the standard error of a Gaussian line's flux at an observed wavelength; `None` where most of its pixels are bad.
fn line_error(exposure: &Exposure, wavelength: f64, dispersion: f32) -> Option<f32> {
    let sigma = f64::from(dispersion.hypot(69.0)) / PIXEL_VELOCITY;
    let first = exposure.log_wavelength.first()?;
    let centre = (wavelength.log10() - first) / 1e-4;
    let (from, to) = ((centre - 2.0 * sigma).round(), (centre + 2.0 * sigma).round());
    if from < 0.0 || to as usize >= exposure.error.len() {
        return None;
    }
    let errors: Vec<f32> =
        exposure.error[from as usize..=to as usize].iter().copied().filter(|&error| error > 0.0).collect();
    if 2 * errors.len() <= (to - from) as usize {
        return None;
    }
    let mean = errors.iter().sum::<f32>() / errors.len() as f32;
    // Of an optimally weighted Gaussian: 2 sqrt(pi) sigma pixels count; fitting width and centre too costs a half more.
    let pixels = 2.0 * std::f64::consts::PI.sqrt() * sigma;
    let width = pixel_width(wavelength);
    Some((1.5 * f64::from(mean) * pixels.sqrt() * width) as f32)
}
