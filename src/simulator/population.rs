//! The population of galaxies in a survey: kinds, redshifts, signal-to-noise and masses.
//!
//! Redshift and signal-to-noise are log-normal fits to 7,823 SDSS galaxies at z < 0.36 (GaSNet-III's list of plate, redshift,
//! subclass and `sn_median_all`), signal-to-noise raised by 15 % so that the median is the paper's 14. Class fractions are the
//! paper's, reached through the fractions of kinds here and the rule in `label`.

use super::random::Rng;

/// The physical kind of a galaxy, before classification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Hardly any star formation.
    Passive,
    /// Between passive and star-forming.
    GreenValley,
    /// On the main sequence of star formation.
    StarForming,
    /// Far above the main sequence.
    Starburst,
    /// Star formation cut off within the last billion years.
    PostStarburst,
    /// A broad-line nucleus.
    BroadLine,
}

/// The observing conditions of a galaxy, and its mass.
#[derive(Debug, Clone, Copy)]
pub struct Sighting {
    /// Redshift, 0.01 to 0.36.
    pub redshift: f64,
    /// Median signal-to-noise per native pixel, 5 to 88.
    pub median_snr: f32,
    /// log10 of stellar mass over the Sun's.
    pub log_mass: f32,
}

/// Shares of the kinds.
const SHARES: [(Kind, f32); 6] = [
    (Kind::Passive, 0.606),
    (Kind::GreenValley, 0.104),
    (Kind::StarForming, 0.224),
    (Kind::Starburst, 0.040),
    (Kind::PostStarburst, 0.0116),
    (Kind::BroadLine, 0.0144),
];

/// Draws a kind.
pub fn kind(random: &mut Rng) -> Kind {
    let mut left = random.unit();
    for (kind, share) in SHARES {
        left -= share;
        if left < 0.0 {
            return kind;
        }
    }
    Kind::Passive
}

/// Draws a sighting of a galaxy of a kind.
pub fn sighting(kind: Kind, random: &mut Rng) -> Sighting {
    // Median redshift, its spread in ln; median signal-to-noise there, slope of ln S/N with ln z, spread about it; typical log
    // mass there, its slope with log z (a flux limit sees only massive galaxies far away), spread.
    let (z, z_spread, snr, slope, snr_spread, mass, mass_slope, mass_spread) = match kind {
        Kind::Passive => (0.127, 0.53, 14.6, -0.50, 0.38, 10.95, 0.90, 0.25),
        Kind::GreenValley => (0.105, 0.53, 14.2, -0.40, 0.38, 10.75, 0.95, 0.28),
        Kind::StarForming => (0.085, 0.57, 12.8, -0.16, 0.40, 10.30, 1.15, 0.38),
        Kind::Starburst => (0.093, 0.66, 11.7, -0.27, 0.39, 9.75, 1.25, 0.45),
        Kind::PostStarburst => (0.11, 0.55, 13.5, -0.35, 0.38, 10.5, 1.0, 0.35),
        Kind::BroadLine => (0.12, 0.65, 20.0, -0.55, 0.40, 10.9, 0.8, 0.3),
    };
    let mut sighting = Sighting { redshift: 0.0, median_snr: 0.0, log_mass: 0.0 };
    // Draws outside the survey's limits are drawn again; a hundred tries fail with a probability beyond 1e-30.
    for _ in 0..100 {
        let deviation = z_spread * random.normal();
        let redshift = z * deviation.exp();
        let median_snr = snr * (slope * deviation + snr_spread * random.normal()).exp();
        let log_mass = mass + mass_slope * deviation / std::f32::consts::LN_10 + mass_spread * random.normal();
        sighting = Sighting { redshift: f64::from(redshift), median_snr, log_mass: log_mass.clamp(7.6, 11.8) };
        if (0.01..0.36).contains(&redshift) && (5.0..88.0).contains(&median_snr) {
            return sighting;
        }
    }
    sighting.redshift = sighting.redshift.clamp(0.01, 0.3599);
    sighting.median_snr = sighting.median_snr.clamp(5.0, 88.0);
    sighting
}
