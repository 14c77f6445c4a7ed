//! The parameters of a simulated spectrum.

use super::broad::BroadNucleus;
use super::history::History;
use super::lines::LineRatios;
use super::oddity::Oddity;
use super::star::Star;

/// The parameters of an object and of its observation.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameters {
    /// The object.
    pub object: Object,
    /// True redshift; for a foreground star its velocity.
    pub redshift: f64,
    /// Median signal-to-noise per native pixel of the exposure.
    pub median_snr: f32,
    /// Colour excess of the Milky Way's dust in front, magnitudes: SDSS's spectra are not corrected for it.
    pub foreground: f32,
    /// Flux calibration error: coefficients of Legendre polynomials of degree 1 to 5 over the observed range, relative.
    pub calibration: [f32; 5],
    /// Oddity of the spectrum.
    pub oddity: Oddity,
}

/// An object.
#[derive(Debug, Clone, PartialEq)]
pub enum Object {
    /// A galaxy, with or without an active nucleus.
    Galaxy(Box<Galaxy>),
    /// A foreground star.
    Star(Star),
}

/// The parameters of a galaxy.
#[derive(Debug, Clone, PartialEq)]
pub struct Galaxy {
    /// Star-formation history.
    pub history: History,
    /// log10 metallicity over the Sun's of the stars that form today.
    pub log_metallicity: f32,
    /// Difference in metallicity between the youngest and the oldest stars, dex.
    pub enrichment: f32,
    /// Colour excess E(B-V) of starlight, magnitudes.
    pub dust: f32,
    /// Dispersion of the stars' velocities, km/s.
    pub velocity_dispersion: f32,
    /// Equivalent width of sodium in excess of the models', Angstrom: interstellar gas, and the sodium excess of massive galaxies.
    pub sodium: f32,
    /// Excess of magnesium and other alpha elements over the models, dex.
    pub alpha: f32,
    /// Star-forming gas.
    pub gas: Gas,
    /// Narrow lines ionised by a nucleus or by old stars.
    pub narrow: Option<NarrowNucleus>,
    /// A broad-line nucleus.
    pub broad: Option<BroadNucleus>,
}

/// Gas ionised by young stars.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gas {
    /// H-alpha over its value for the star formation rate, dex.
    pub halpha_offset: f32,
    /// Line ratios before dust.
    pub ratios: LineRatios,
    /// Velocity dispersion, km/s.
    pub dispersion: f32,
    /// Colour excess of the gas, magnitudes.
    pub dust: f32,
    /// Shift against the stars, km/s.
    pub velocity: f32,
}

/// Outflowing gas of a nucleus: a wing under every narrow line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outflow {
    /// Share of each line.
    pub share: f32,
    /// Velocity dispersion, km/s.
    pub dispersion: f32,
    /// Shift against the rest of the line, km/s; negative is towards us.
    pub velocity: f32,
}

/// Gas ionised by a harder source than young stars.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NarrowNucleus {
    /// Equivalent width of its H-alpha over starlight, as observed, Angstrom.
    pub halpha_equivalent_width: f32,
    /// Line ratios before dust.
    pub ratios: LineRatios,
    /// Velocity dispersion, km/s.
    pub dispersion: f32,
    /// Colour excess, magnitudes.
    pub dust: f32,
    /// Shift against the stars, km/s.
    pub velocity: f32,
    /// A wing of outflowing gas.
    pub outflow: Option<Outflow>,
}
