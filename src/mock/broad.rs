//! The broad-line nucleus: a power law, broad Balmer lines, iron and the Balmer continuum.

use super::lines::{BALMER, Line, add_line};
use super::rest_grid::{PIXELS, mean_over, wavelengths};

/// Dials of a broad-line nucleus.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BroadNucleus {
    /// Share of the light at 5100 Angstrom, 0 to 1.
    pub fraction: f32,
    /// Slope of f_lambda ~ lambda^slope.
    pub slope: f32,
    /// Full width at half maximum of the broad lines, km/s.
    pub width: f32,
    /// Shift of the broad lines, km/s.
    pub velocity: f32,
    /// Share of each broad line in a wing 2.2 times as wide.
    pub wing: f32,
    /// Shift of that wing against the core, km/s: lines lean.
    pub wing_velocity: f32,
    /// Equivalent width of broad H-alpha over the power law, Angstrom.
    pub halpha_equivalent_width: f32,
    /// Broad H-alpha over H-beta.
    pub decrement: f32,
    /// Equivalent width of the iron blends of 4434 to 4684 Angstrom over the power law, Angstrom.
    pub iron: f32,
    /// Height of the Balmer continuum at its edge over the power law.
    pub balmer_continuum: f32,
}

/// Optical Fe II: vacuum Angstrom and strength over all of the blue blend (the multiplets 27, 28, 37, 38, 42, 48, 49 and 74,
/// with rough strengths of I Zw 1 after Boroson & Green 1992 and Veron-Cetty et al. 2004).
const IRON: [(f64, f32); 38] = [
    (4129.9, 0.03),
    (4174.6, 0.05),
    (4180.0, 0.05),
    (4234.4, 0.09),
    (4297.8, 0.04),
    (4304.4, 0.05),
    (4352.9, 0.07),
    (4386.6, 0.05),
    (4418.1, 0.05),
    (4474.2, 0.03),
    (4490.4, 0.06),
    (4492.7, 0.06),
    (4509.5, 0.08),
    (4516.6, 0.08),
    (4521.5, 0.09),
    (4524.0, 0.09),
    (4542.8, 0.05),
    (4550.8, 0.13),
    (4557.2, 0.09),
    (4577.6, 0.05),
    (4585.1, 0.13),
    (4630.6, 0.10),
    (4667.9, 0.04),
    (4925.3, 0.14),
    (5019.8, 0.17),
    (5170.5, 0.22),
    (5199.0, 0.11),
    (5236.1, 0.11),
    (5266.3, 0.08),
    (5277.5, 0.15),
    (5286.1, 0.05),
    (5318.1, 0.17),
    (5339.0, 0.04),
    (5364.4, 0.12),
    (5426.8, 0.05),
    (5536.4, 0.06),
    (6249.3, 0.06),
    (6458.2, 0.08),
];

/// The nucleus's spectrum on the simulator's grid, for a host whose mean flux at 5100 Angstrom is `host`.
pub fn spectrum(nucleus: &BroadNucleus, host: f32) -> Vec<f32> {
    let level = host * nucleus.fraction / (1.0 - nucleus.fraction).max(0.01);
    let power_law = |wavelength: f32| level * (wavelength / 5100.0).powf(nucleus.slope);
    let mut out: Vec<f32> = wavelengths().iter().map(|&wavelength| power_law(wavelength)).collect();

    let mut lines = vec![0.0; PIXELS];
    let halpha = nucleus.halpha_equivalent_width * power_law(6564.6);
    let hbeta = halpha / nucleus.decrement;
    // The lines past H-alpha over H-beta keep Case B's ratios, steepened as the decrement says.
    let steeper = |ratio: f32| ratio.powf(1.0 + 0.3 * (nucleus.decrement / 2.86).ln());
    for (wavelength, ratio) in BALMER {
        let flux = if ratio > 1.0 { halpha } else { hbeta * steeper(ratio) };
        add_broad(&mut lines, Line { wavelength, flux }, nucleus);
    }
    for (wavelength, ratio) in [(5877.25, 0.12), (4472.7, 0.03), (7067.1, 0.03), (4687.02, 0.05)] {
        add_broad(&mut lines, Line { wavelength, flux: hbeta * ratio }, nucleus);
    }
    let iron = nucleus.iron * power_law(4560.0);
    for (wavelength, ratio) in IRON {
        // Iron comes from farther out: its lines are narrower by about a quarter (Hu et al. 2008).
        add_line(&mut lines, Line { wavelength, flux: iron * ratio }, 0.75 * nucleus.width / 2.3548, 0.0);
    }
    for ((out, line), &wavelength) in out.iter_mut().zip(&lines).zip(wavelengths()) {
        *out += line + nucleus.balmer_continuum * power_law(3646.0) * balmer_edge(wavelength);
    }
    out
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
    add_line(spectrum, wing, 2.2 * dispersion, nucleus.velocity + nucleus.wing_velocity);
}

/// The Balmer continuum (Grandi 1982: optically thin, falling blueward of the edge) and the blend of high Balmer lines that
/// joins it to the red; 1 at 3646 Angstrom.
fn balmer_edge(wavelength: f32) -> f32 {
    if wavelength < 3646.0 { (wavelength / 3646.0).powi(3) } else { (-(wavelength - 3646.0) / 70.0).exp() }
}
