//! The broad-line nucleus: a power law, broad Balmer lines, iron and the Balmer continuum.

pub use super::iron::Iron;
use super::iron::add_iron;
use super::lines::{BALMER, Line, add_line};
use super::rest_grid::{PIXELS, mean_over, wavelengths};

/// Dials of a broad-line nucleus.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BroadNucleus {
    /// Share of the light at 5100 Angstrom, 0 to 1.
    pub fraction: f32,
    /// Slope of f_lambda ~ lambda^slope, before its dust.
    pub slope: f32,
    /// Colour excess E(B-V) of the dust in front of the nucleus alone, magnitudes.
    pub dust: f32,
    /// Full width at half maximum of the broad lines, km/s.
    pub width: f32,
    /// Shift of the broad lines, km/s.
    pub velocity: f32,
    /// Share of each broad line in a second Gaussian: a wider base, or the other horn of a disc.
    pub wing: f32,
    /// Width of that second Gaussian over the first one's.
    pub wing_width: f32,
    /// Its shift against the first, km/s: lines lean.
    pub wing_velocity: f32,
    /// Equivalent width of broad H-alpha over the power law, Angstrom.
    pub halpha_equivalent_width: f32,
    /// Broad H-alpha over H-beta before dust.
    pub decrement: f32,
    /// Broad helium lines over their typical strength.
    pub helium: f32,
    /// Its iron.
    pub iron: Iron,
    /// Height of the Balmer continuum at its edge over the power law.
    pub balmer_continuum: f32,
}

/// The nucleus's spectrum on the simulator's grid, for a host whose mean flux at 5100 Angstrom is `host`.
pub fn spectrum(nucleus: &BroadNucleus, host: f32) -> Vec<f32> {
    // The power law is one at 5100 Angstrom until its dust is in front.
    let power_law = |wavelength: f32| (wavelength / 5100.0).powf(nucleus.slope);
    let mut out: Vec<f32> = wavelengths().iter().map(|&wavelength| power_law(wavelength)).collect();
    let mut lines = vec![0.0; PIXELS];
    let halpha = nucleus.halpha_equivalent_width * power_law(6564.6);
    let hbeta = halpha / nucleus.decrement;
    for (wavelength, ratio) in BALMER {
        let flux = if ratio > 1.0 { halpha } else { hbeta * ratio };
        add_broad(&mut lines, Line { wavelength, flux }, nucleus);
    }
    for (wavelength, ratio) in [(5877.25, 0.14), (4472.7, 0.03), (7067.1, 0.05), (6679.99, 0.03), (4687.02, 0.06)] {
        add_broad(&mut lines, Line { wavelength, flux: nucleus.helium * hbeta * ratio }, nucleus);
    }
    // Iron comes from farther out: its lines are narrower by about a quarter (Hu et al. 2008).
    add_iron(&mut lines, &nucleus.iron, power_law(4560.0), 0.75 * nucleus.width / 2.3548, nucleus.velocity);
    let edge = nucleus.balmer_continuum * power_law(3646.0);
    for ((out, line), &wavelength) in out.iter_mut().zip(&lines).zip(wavelengths()) {
        *out = (*out + line + edge * balmer_edge(wavelength)) * transmission(wavelength, nucleus.dust);
    }
    let fraction = nucleus.fraction.clamp(0.0, 0.99);
    let scale = host * fraction / (1.0 - fraction) / mean_over(&out, 5080.0, 5120.0);
    out.iter_mut().for_each(|value| *value *= scale);
    out
}

/// What dust like that of the Small Magellanic Cloud lets through: A(lambda) / E(B-V) = 1.39 (lambda / micron)^-1.2 (Prevot
/// et al. 1984), which reddens quasars (Hopkins et al. 2004).
fn transmission(wavelength: f32, colour_excess: f32) -> f32 {
    (-0.4 * std::f32::consts::LN_10 * colour_excess * 1.39 * (wavelength / 1e4).powf(-1.2)).exp()
}

/// Share of the light at 5100 Angstrom that a nucleus of mean flux `nucleus` has beside a host.
pub fn light_fraction(nucleus: &[f32], host: &[f32]) -> f32 {
    let (nucleus, host) = (mean_over(nucleus, 5080.0, 5120.0), mean_over(host, 5080.0, 5120.0));
    nucleus / (nucleus + host)
}

fn add_broad(spectrum: &mut [f32], line: Line, nucleus: &BroadNucleus) {
    let dispersion = nucleus.width / 2.3548;
    let core = Line { flux: line.flux * (1.0 - nucleus.wing), ..line };
    let wing = Line { flux: line.flux * nucleus.wing, ..line };
    add_line(spectrum, core, dispersion, nucleus.velocity);
    add_line(spectrum, wing, nucleus.wing_width * dispersion, nucleus.velocity + nucleus.wing_velocity);
}

/// The Balmer continuum of Grandi (1982): Planck's law at 15,000 K behind an optical depth of one at the edge, falling as the
/// cube of wavelength; 1 at the edge. High Balmer lines blend into it from the red.
fn balmer_edge(wavelength: f32) -> f32 {
    const EDGE: f32 = 3646.0;
    if wavelength > EDGE {
        return (-((wavelength - EDGE) / 60.0).powi(2)).exp();
    }
    // hc/k over 15,000 K, in Angstrom.
    let planck = |wavelength: f32| wavelength.powi(-5) * 1e18 / ((9592.0 / wavelength).exp() - 1.0);
    let covered = |wavelength: f32| 1.0 - (-(wavelength / EDGE).powi(3)).exp();
    planck(wavelength) * covered(wavelength) / (planck(EDGE) * covered(EDGE))
}
