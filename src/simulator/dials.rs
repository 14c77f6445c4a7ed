//! The numbers that a user chooses for a galaxy, and presets to begin with.

use serde::{Deserialize, Serialize};

/// Fifteen numbers that describe a galaxy and its observation. [`super::DIALS`] has the name, unit and range of each.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct GalaxyDials {
    /// Start of star formation, Gyr ago: 0.5 to 13.5.
    pub age: f32,
    /// e-folding time of star formation, Gyr: 0.1 (one old burst) to 20 (nearly constant).
    pub timescale: f32,
    /// Share of all stars that formed in a second burst: 0 to 0.9.
    pub burst_fraction: f32,
    /// Start of the second burst, Gyr ago: 0.005 to 3.
    pub burst_age: f32,
    /// Duration of the second burst, Gyr, at most until today: 0.005 to 1.
    pub burst_duration: f32,
    /// log10 metallicity over the Sun's of the youngest stars: -0.7 to 0.4.
    pub log_metallicity: f32,
    /// Colour excess E(B-V) of starlight, magnitudes: 0 to 0.7. That of the gas is larger by 1 / 0.44.
    pub dust: f32,
    /// Velocity dispersion of the stars, km/s: 40 to 400.
    pub velocity_dispersion: f32,
    /// Lines of star-forming gas over their values for the star formation rate, dex: -1 to 1.
    pub line_strength: f32,
    /// Equivalent width of H-alpha ionised by a nucleus, Angstrom: 0 to 150.
    pub nucleus_lines: f32,
    /// Hardness of that nucleus, by its line ratios: 0 for a LINER, 1 for a Seyfert.
    pub nucleus_hardness: f32,
    /// Share of a broad-line nucleus in the light at 5100 Angstrom: 0 to 0.95.
    pub broad_fraction: f32,
    /// Full width at half maximum of the broad lines, km/s: 900 to 9000.
    pub broad_width: f32,
    /// Redshift: 0.01 to 0.35.
    pub redshift: f32,
    /// Median signal-to-noise per observed pixel: 2 to 300 (nearly noiseless).
    pub snr: f32,
}

impl GalaxyDials {
    /// The dials of a nearby old galaxy without gas or nucleus; the other presets change some of its numbers.
    pub(super) const PLAIN: Self = Self {
        age: 12.0,
        timescale: 0.6,
        burst_fraction: 0.0,
        burst_age: 0.3,
        burst_duration: 0.1,
        log_metallicity: 0.1,
        dust: 0.02,
        velocity_dispersion: 200.0,
        line_strength: 0.0,
        nucleus_lines: 0.0,
        nucleus_hardness: 1.0,
        broad_fraction: 0.0,
        broad_width: 3500.0,
        redshift: 0.08,
        snr: 20.0,
    };

    /// Returns named galaxies to begin with.
    pub fn presets() -> [(&'static str, Self); 6] {
        [
            ("Quiescent elliptical", Self::PLAIN),
            (
                "Star-forming spiral",
                Self {
                    age: 12.0,
                    timescale: 6.0,
                    log_metallicity: -0.05,
                    dust: 0.12,
                    velocity_dispersion: 100.0,
                    ..Self::PLAIN
                },
            ),
            (
                "Starburst",
                Self {
                    age: 10.0,
                    timescale: 8.0,
                    burst_fraction: 0.02,
                    burst_age: 0.03,
                    burst_duration: 0.03,
                    log_metallicity: -0.3,
                    dust: 0.1,
                    velocity_dispersion: 80.0,
                    ..Self::PLAIN
                },
            ),
            (
                "Post-starburst",
                Self {
                    age: 11.0,
                    timescale: 1.0,
                    burst_fraction: 0.25,
                    burst_age: 0.6,
                    burst_duration: 0.2,
                    log_metallicity: 0.0,
                    dust: 0.05,
                    velocity_dispersion: 130.0,
                    ..Self::PLAIN
                },
            ),
            (
                "Seyfert 2",
                Self {
                    age: 12.0,
                    timescale: 2.5,
                    log_metallicity: 0.05,
                    dust: 0.08,
                    velocity_dispersion: 150.0,
                    nucleus_lines: 12.0,
                    ..Self::PLAIN
                },
            ),
            (
                "Broad-line AGN",
                Self {
                    age: 12.0,
                    timescale: 2.0,
                    dust: 0.05,
                    velocity_dispersion: 180.0,
                    nucleus_lines: 12.0,
                    broad_fraction: 0.5,
                    ..Self::PLAIN
                },
            ),
        ]
    }
}
