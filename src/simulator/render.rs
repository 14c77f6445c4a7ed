//! From parameters to a noiseless rest-frame spectrum, without random numbers.

use super::broaden::broaden;
use super::lines::{Line, add_line, decrement, narrow_lines};
use super::parameters::{Galaxy, NarrowNucleus, Object, Parameters};
use super::rest_grid::{PIXELS, mean_over, pixel, wavelengths};
use super::{broad, dust, nebular, ssp, star};
use crate::spectrum::constants::LIGHT_SPEED;
use crate::spectrum::lines;

/// H-alpha luminosity of a star formation rate of one solar mass a year, in solar luminosities: Kennicutt (1998), 1 /
/// 7.9e-42 erg/s, over 3.839e33 erg/s. It assumes the same initial mass function as the SSP table.
const HALPHA_PER_RATE: f32 = 3.297e7;
/// Wavelength at which the velocity width of the Na D lines is converted to Angstrom.
const SODIUM_CENTRE: f64 = 5894.6;
/// Wavelengths over which the mean of starlight is 1, Angstrom.
const UNIT: (f64, f64) = (5450.0, 5550.0);

/// A noiseless spectrum in parts. The mean of starlight over 5450 to 5550 Angstrom is 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Rendered {
    /// `[PIXELS]` starlight, reddened by dust.
    pub stars: Vec<f32>,
    /// `[PIXELS]` narrow lines.
    pub narrow: Vec<f32>,
    /// `[PIXELS]` nebular continuum of the gas that emits the narrow lines.
    pub nebular: Vec<f32>,
    /// `[PIXELS]` broad-line nucleus.
    pub nucleus: Vec<f32>,
    /// Derived quantities.
    pub facts: Facts,
}

/// Quantities that follow from the parameters; NaN where an object has none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Facts {
    /// Mean stellar age weighted by light, Gyr.
    pub light_weighted_age: f32,
    /// Mean stellar age weighted by mass formed, Gyr.
    pub mass_weighted_age: f32,
    /// Mean log10 metallicity over solar, weighted by light.
    pub log_metallicity: f32,
    /// log10 of star formation rate over stellar mass formed, 1/yr; not below -14.
    pub log_specific_rate: f32,
    /// Equivalent width of narrow H-alpha over everything else, Angstrom.
    pub halpha_equivalent_width: f32,
    /// Share of narrow H-alpha that the nucleus ionises.
    pub nucleus_line_share: f32,
    /// Share of the broad-line nucleus in the light at 5100 Angstrom.
    pub agn_fraction: f32,
    /// Share of nebular continuum in the sum of it and starlight at 5100 Angstrom.
    pub nebular_fraction: f32,
    /// log10 of narrow [O III] 5008 over [O II] 3727 + 3730, as observed.
    pub log_ionisation: f32,
    /// Full width at half maximum of the broadest emission component, km/s, without the instrument.
    pub line_width: f32,
    /// Fluxes of narrow H-alpha, H-beta, [O III] 5008 and [N II] 6585, in the spectrum's unit times Angstrom.
    pub line_fluxes: [f32; 4],
    /// Dispersion of the narrow lines, km/s, without the instrument.
    pub line_dispersion: f32,
}

impl Rendered {
    /// Returns the sum of all parts, `[PIXELS]`.
    pub fn total(&self) -> Vec<f32> {
        let continuum = self.stars.iter().zip(&self.nebular).zip(&self.nucleus).map(|((a, b), c)| a + b + c);
        continuum.zip(&self.narrow).map(|(continuum, line)| continuum + line).collect()
    }
}

/// Computes the noiseless rest-frame spectrum of an object.
pub fn render(parameters: &Parameters) -> Rendered {
    match &parameters.object {
        Object::Galaxy(galaxy) => render_galaxy(galaxy),
        Object::Star(star) => {
            let mut stars = star::spectrum(star);
            scale(&mut stars, 1.0 / mean_over(&star::spectrum(star), UNIT.0, UNIT.1));
            let none = vec![0.0; PIXELS];
            Rendered { stars, narrow: none.clone(), nebular: none.clone(), nucleus: none, facts: Facts::NONE }
        }
    }
}

fn render_galaxy(galaxy: &Galaxy) -> Rendered {
    let ages = galaxy.history.age_distribution();
    let table = ssp::table();
    // Metallicity grows with time.
    let oldest = ages.mass.last().map_or(1.0, |&(age, _)| age);
    let metallicity = |age: f32| galaxy.log_metallicity - galaxy.enrichment * age / oldest;
    let mixture = table.mix(ages.mass.iter().map(|&(age, share)| (age, metallicity(age), share)));
    let raw = table.spectrum(&mixture);
    let mut stars = broaden(&raw, galaxy.velocity_dispersion);
    enhance_alpha(&mut stars, galaxy);
    absorb_sodium(&mut stars, galaxy);
    dust::redden(&mut stars, galaxy.dust);
    let level = mean_over(&stars, UNIT.0, UNIT.1);
    scale(&mut stars, 1.0 / level);

    // Intrinsic H-alpha, in the unit in which reddened starlight is 1; the lines have dust of their own.
    let halpha = ages.ionising_rate * HALPHA_PER_RATE * 10f32.powf(galaxy.gas.halpha_offset) / level;
    let mut narrow = vec![0.0; PIXELS];
    let mut all: Vec<Line> = narrow_lines(&galaxy.gas.ratios, halpha, galaxy.gas.dust);
    for &line in &all {
        add_line(&mut narrow, line, galaxy.gas.dispersion, galaxy.gas.velocity);
    }
    let mut nebular = vec![0.0; PIXELS];
    let gas = &galaxy.gas.ratios;
    nebular::add_continuum(&mut nebular, halpha / decrement(gas.temperature), gas.temperature, galaxy.gas.dust);
    let red = |flux: &[f32]| mean_over(flux, 6480.0, 6640.0);
    let mut nucleus_halpha = 0.0;
    if let Some(nucleus) = &galaxy.narrow {
        nucleus_halpha = nucleus.halpha_equivalent_width * red(&stars);
        let intrinsic = nucleus_halpha / dust::line_transmission(lines::H_ALPHA, nucleus.dust);
        let lit = narrow_lines(&nucleus.ratios, intrinsic, nucleus.dust);
        lit.iter().for_each(|&line| add_nucleus_line(&mut narrow, line, nucleus));
        let temperature = nucleus.ratios.temperature;
        nebular::add_continuum(&mut nebular, intrinsic / decrement(temperature), temperature, nucleus.dust);
        all.extend(lit);
    }
    let nucleus = match &galaxy.broad {
        Some(broad) => broad::spectrum(broad, mean_over(&stars, 5080.0, 5120.0)),
        None => vec![0.0; PIXELS],
    };

    let line_fluxes = [lines::H_ALPHA, lines::H_BETA, lines::O_III, lines::N_II]
        .map(|wavelength| all.iter().filter(|line| line.wavelength == wavelength).map(|line| line.flux).sum::<f32>());
    let halpha_total = line_fluxes[0];
    let mass_weighted_age = ages.mass.iter().map(|(age, share)| age * share).sum();
    let nucleus_line_share = if halpha_total > 0.0 { nucleus_halpha / halpha_total } else { 0.0 };
    let line_dispersion = match &galaxy.narrow {
        Some(narrow) if nucleus_line_share > 0.5 => narrow.dispersion,
        _ => galaxy.gas.dispersion,
    };
    let facts = Facts {
        light_weighted_age: mixture.light_weighted_age,
        mass_weighted_age,
        log_metallicity: mixture.light_weighted_metallicity,
        log_specific_rate: ages.specific_rate.max(1e-14).log10(),
        halpha_equivalent_width: halpha_total / (red(&stars) + red(&nebular) + red(&nucleus)),
        nucleus_line_share,
        agn_fraction: broad::light_fraction(&nucleus, &stars),
        nebular_fraction: broad::light_fraction(&nebular, &stars),
        log_ionisation: Some(ionisation(&all)).filter(|log| log.is_finite()).unwrap_or(gas.oxygen3 - gas.oxygen2),
        line_width: galaxy.broad.map_or(2.3548 * line_dispersion, |broad| broad.width),
        line_fluxes,
        line_dispersion,
    };
    Rendered { stars, narrow, nebular, nucleus, facts }
}

/// Adds a line of a narrow-line region, with the wing of its outflow.
fn add_nucleus_line(narrow: &mut [f32], line: Line, nucleus: &NarrowNucleus) {
    let share = nucleus.outflow.map_or(0.0, |outflow| outflow.share);
    add_line(narrow, Line { flux: line.flux * (1.0 - share), ..line }, nucleus.dispersion, nucleus.velocity);
    if let Some(outflow) = nucleus.outflow {
        let wing = Line { flux: line.flux * share, ..line };
        add_line(narrow, wing, outflow.dispersion, nucleus.velocity + outflow.velocity);
    }
}

/// Returns log10 of [O III] 5008 over [O II] 3727 + 3730, as observed.
fn ionisation(emitted: &[Line]) -> f32 {
    let flux = |wavelength: f64| -> f32 {
        emitted.iter().filter(|line| line.wavelength == wavelength).map(|line| line.flux).sum()
    };
    (flux(lines::O_III) / (flux(lines::O_II_DOUBLET[0]) + flux(lines::O_II_DOUBLET[1]))).log10()
}

impl Facts {
    /// The derived quantities of an object that is not a galaxy.
    const NONE: Facts = Facts {
        light_weighted_age: f32::NAN,
        mass_weighted_age: f32::NAN,
        log_metallicity: f32::NAN,
        log_specific_rate: f32::NAN,
        halpha_equivalent_width: 0.0,
        nucleus_line_share: 0.0,
        agn_fraction: 0.0,
        nebular_fraction: 0.0,
        log_ionisation: f32::NAN,
        line_width: f32::NAN,
        line_fluxes: [0.0; 4],
        line_dispersion: 0.0,
    };
}

/// Deepens the absorption by alpha elements, which the models (of solar ratios) lack: Mg b and the MgH band under it, Ca and CN in the
/// blue. Equivalent widths for 0.3 dex, Angstrom, after the index responses of Thomas, Maraston & Bender (2003, table 3).
fn enhance_alpha(stars: &mut [f32], galaxy: &Galaxy) {
    for (centre, width, equivalent_width) in
        [(5176.0, 9.0, 0.8), (5140.0, 45.0, 1.5), (4170.0, 40.0, 1.2), (4668.0, 30.0, -0.8)]
    {
        absorb(stars, centre, width, equivalent_width * galaxy.alpha / 0.3);
    }
}

fn absorb_sodium(stars: &mut [f32], galaxy: &Galaxy) {
    let width = f64::from(galaxy.velocity_dispersion.clamp(80.0, 250.0).hypot(69.0)) / LIGHT_SPEED * SODIUM_CENTRE;
    // D2 is the stronger; saturated gas brings them to 1.3 to 1.
    absorb(stars, lines::NA_D_DOUBLET[0], width, 0.56 * galaxy.sodium);
    absorb(stars, lines::NA_D_DOUBLET[1], width, 0.44 * galaxy.sodium);
}

/// Multiplies by exp(-tau) of a Gaussian tau; `equivalent_width` (Angstrom) is exact for shallow absorption.
fn absorb(stars: &mut [f32], centre: f64, width: f64, equivalent_width: f32) {
    if equivalent_width == 0.0 {
        return;
    }
    let peak = f64::from(equivalent_width) / (width * (2.0 * std::f64::consts::PI).sqrt());
    let (first, last) = (pixel(centre - 4.0 * width).max(0.0) as usize, pixel(centre + 4.0 * width).max(0.0) as usize);
    let wavelengths = wavelengths();
    for i in first..last.min(PIXELS) {
        let offset = (f64::from(wavelengths[i]) - centre) / width;
        stars[i] *= (-peak * (-0.5 * offset * offset).exp()).exp() as f32;
    }
}

fn scale(flux: &mut [f32], factor: f32) {
    flux.iter_mut().for_each(|value| *value *= factor);
}
