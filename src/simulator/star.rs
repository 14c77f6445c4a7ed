//! Foreground stars, the objects that a survey most often mistakes for galaxies.

use std::sync::OnceLock;

use super::rest_grid::{self, on_paper_grid};
use super::ssp;

/// A star.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Star {
    /// A cool dwarf: a black body under bands of titanium oxide.
    M {
        /// Effective temperature, Kelvin, 2600 to 3900.
        temperature: f32,
        /// Depth of the bands, about 1.
        bands: f32,
    },
    /// A hot star. The light of a population of 0.1 to 1 Gyr is that of A and F stars, so one represents them.
    AF {
        /// Age of the population, Gyr.
        age: f32,
        /// log10 metallicity over the Sun's.
        log_metallicity: f32,
    },
}

/// The spectrum of a star to compare others with.
#[derive(Debug, Clone, PartialEq)]
pub struct StarTemplate {
    /// Name with its article, as in "looks like an M star".
    pub name: String,
    /// `[1000]` flux on the paper's grid at redshift 0, in any unit.
    pub flux: Vec<f32>,
}

/// Titanium oxide bands: head (vacuum Angstrom), depth, and length redward of the head (Angstrom), after the band heads in Kirkpatrick, Henry & McCarthy (1991, table 5); the last two are CaH and CaOH.
const BANDS: [(f32, f32, f32); 15] = [
    (4585.0, 0.25, 70.0),
    (4763.0, 0.40, 110.0),
    (4956.0, 0.55, 130.0),
    (5168.0, 0.55, 140.0),
    (5449.0, 0.55, 130.0),
    (5762.0, 0.35, 70.0),
    (5849.0, 0.60, 120.0),
    (6160.0, 0.75, 140.0),
    (6652.0, 0.60, 150.0),
    (7055.0, 0.90, 180.0),
    (7591.0, 0.80, 160.0),
    (8208.0, 0.45, 150.0),
    (8434.0, 0.70, 130.0),
    (6385.0, 0.30, 20.0),
    (6831.0, 0.45, 40.0),
];

/// Atomic lines of cool dwarfs: vacuum Angstrom, equivalent width in Angstrom. Na D, K I, the Na I doublet, Ca I, Ca II.
const ATOMS: [(f32, f32); 9] = [
    (5891.6, 4.0),
    (5897.6, 4.0),
    (4227.9, 8.0),
    (7667.0, 2.0),
    (7701.0, 2.0),
    (8185.5, 2.0),
    (8197.1, 2.5),
    (8544.4, 1.5),
    (8664.5, 1.3),
];

/// Stars to compare a spectrum with, each with its name.
pub const EXAMPLES: [(&str, Star); 6] = [
    ("an M star", Star::M { temperature: 2800.0, bands: 1.0 }),
    ("an M star", Star::M { temperature: 3200.0, bands: 1.0 }),
    ("an M star", Star::M { temperature: 3600.0, bands: 1.0 }),
    ("an A or F star", Star::AF { age: 0.15, log_metallicity: 0.0 }),
    ("an A or F star", Star::AF { age: 0.5, log_metallicity: 0.0 }),
    ("an A or F star", Star::AF { age: 1.0, log_metallicity: 0.0 }),
];

/// Returns [`EXAMPLES`] on the paper's grid, computed once. Page, command line and report compare outliers with them, so that they give
/// the same reasons.
pub fn templates() -> &'static [StarTemplate] {
    static TEMPLATES: OnceLock<Vec<StarTemplate>> = OnceLock::new();
    TEMPLATES.get_or_init(|| {
        let template = |(name, star): &(&str, Star)| StarTemplate {
            name: (*name).to_owned(),
            flux: on_paper_grid(&spectrum(star)),
        };
        EXAMPLES.iter().map(template).collect()
    })
}

/// Returns the spectrum `[PIXELS]` of a star, in any unit.
pub fn spectrum(star: &Star) -> Vec<f32> {
    match *star {
        Star::AF { age, log_metallicity } => {
            let table = ssp::table();
            table.spectrum(&table.mix(std::iter::once((age, log_metallicity, 1.0))))
        }
        Star::M { temperature, bands } => {
            // Bands deepen as the star cools.
            let depth = bands * ((3950.0 - temperature) / 800.0).clamp(0.1, 1.6);
            rest_grid::wavelengths().iter().map(|&wavelength| cool(wavelength, temperature, depth)).collect()
        }
    }
}

fn cool(wavelength: f32, temperature: f32, depth: f32) -> f32 {
    // Planck's law with lambda in Angstrom: hc/k = 1.4388e8 Angstrom Kelvin.
    let planck = (wavelength / 6000.0).powi(-5) / ((1.438_8e8 / (wavelength * temperature)).exp() - 1.0);
    let bands: f32 = BANDS
        .iter()
        .filter(|(head, _, _)| wavelength >= *head)
        .map(|(head, strength, length)| strength * (-(wavelength - head) / length).exp())
        .sum();
    let atoms: f32 = ATOMS
        .iter()
        .map(|(centre, width)| {
            let offset = (wavelength - centre) / 2.5;
            width / (2.5 * 2.5066) * (-0.5 * offset * offset).exp()
        })
        .sum();
    planck * (-depth * (bands + 0.6 * atoms)).exp()
}
