//! The broad-line nucleus: a power law, broad Balmer and helium lines, iron and the Balmer continuum.

use super::iron::{Iron, add_iron};
use super::lines::{Line, add_line};
use super::rest_grid::{PIXELS, mean_over, wavelengths};
use crate::spectrum::lines::{BALMER, HE_I_4473, HE_I_5877, HE_I_6680, HE_I_7067, HE_II_4687};

/// The parameters of a broad-line nucleus.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BroadNucleus {
    /// Share of the galaxy's light at 5100 Angstrom, 0 to 1.
    pub fraction: f32,
    /// Slope of f_lambda ~ lambda^slope, before dust.
    pub slope: f32,
    /// Colour excess E(B-V) of dust in front of the nucleus alone, magnitudes.
    pub dust: f32,
    /// Full width at half maximum of the broad lines, km/s.
    pub width: f32,
    /// Shift of the broad lines, km/s.
    pub velocity: f32,
    /// Share of each broad line in a second Gaussian: a wider base, or the other peak of a disc.
    pub wing: f32,
    /// Width of the second Gaussian over that of the first.
    pub wing_width: f32,
    /// Shift of the second Gaussian against the first, km/s: lines are asymmetric.
    pub wing_velocity: f32,
    /// Equivalent width of broad H-alpha over the power law, Angstrom.
    pub halpha_equivalent_width: f32,
    /// Broad H-alpha over H-beta before dust.
    pub decrement: f32,
    /// Broad helium lines over their typical strength.
    pub helium: f32,
    /// Iron blends.
    pub iron: Iron,
    /// Height of the Balmer continuum at its edge over the power law.
    pub balmer_continuum: f32,
}

/// Wavelength at which the power law is read for the equivalent width of broad H-alpha, Angstrom.
const HALPHA_CONTINUUM: f32 = 6564.6;
/// Typical fluxes of broad helium lines over broad H-beta.
const HELIUM: [(f64, f32); 5] =
    [(HE_I_5877, 0.14), (HE_I_4473, 0.03), (HE_I_7067, 0.05), (HE_I_6680, 0.03), (HE_II_4687, 0.06)];

/// Returns the spectrum `[PIXELS]` of a nucleus in a host whose mean flux at 5100 Angstrom is `host`.
pub fn spectrum(nucleus: &BroadNucleus, host: f32) -> Vec<f32> {
    // Before dust the power law is 1 at 5100 Angstrom.
    let power_law = |wavelength: f32| (wavelength / 5100.0).powf(nucleus.slope);
    let mut out: Vec<f32> = wavelengths().iter().map(|&wavelength| power_law(wavelength)).collect();
    let mut lines = vec![0.0; PIXELS];
    let halpha = nucleus.halpha_equivalent_width * power_law(HALPHA_CONTINUUM);
    let hbeta = halpha / nucleus.decrement;
    for (wavelength, ratio) in BALMER {
        let flux = if ratio > 1.0 { halpha } else { hbeta * ratio };
        add_broad(&mut lines, Line { wavelength, flux }, nucleus);
    }
    for (wavelength, ratio) in HELIUM {
        add_broad(&mut lines, Line { wavelength, flux: nucleus.helium * hbeta * ratio }, nucleus);
    }
    // Iron lies farther out: its lines are narrower by about a quarter (Hu et al. 2008).
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

/// Returns the transmission of dust like that of the Small Magellanic Cloud, A(lambda) / E(B-V) = 1.39 (lambda / micron)^-1.2 (Prevot
/// et al. 1984), which reddens quasars (Hopkins et al. 2004).
fn transmission(wavelength: f32, colour_excess: f32) -> f32 {
    (-0.4 * std::f32::consts::LN_10 * colour_excess * 1.39 * (wavelength / 1e4).powf(-1.2)).exp()
}

/// Returns the share of a nucleus `[PIXELS]` in the light of nucleus and host at 5100 Angstrom.
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

/// Returns the Balmer continuum of Grandi (1982) over its value at the edge: Planck's law at 15,000 K with an optical depth of one at the
/// edge that falls as the cube of wavelength. Redward of the edge it stands for the blended high Balmer lines.
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
