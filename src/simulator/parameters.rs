//! The dials of a simulated spectrum, all of them physical.

use super::broad::BroadNucleus;
use super::history::History;
use super::lines::LineRatios;
use super::oddity::Oddity;
use super::star::Star;

/// Everything that a noiseless spectrum follows from, and what the telescope makes of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameters {
    /// What it is.
    pub object: Object,
    /// True redshift; a foreground star's is its velocity.
    pub redshift: f64,
    /// Median signal-to-noise a native pixel that the exposure reaches.
    pub median_snr: f32,
    /// Colour excess of the Milky Way's dust in front, magnitudes: SDSS's spectra are not corrected for it.
    pub foreground: f32,
    /// Flux calibration error: coefficients of Legendre polynomials of degree 1 to 5 over the observed range, relative.
    pub calibration: [f32; 5],
    /// What went wrong, if anything.
    pub oddity: Oddity,
}

/// What an object is.
#[derive(Debug, Clone, PartialEq)]
pub enum Object {
    /// A galaxy, with or without an active nucleus.
    Galaxy(Box<Galaxy>),
    /// A foreground star.
    Star(Star),
}

/// A galaxy's dials.
#[derive(Debug, Clone, PartialEq)]
pub struct Galaxy {
    /// When its stars formed.
    pub history: History,
    /// log10 metallicity over the Sun's of the stars that form today.
    pub log_metallicity: f32,
    /// How much poorer in metals the first stars were, dex.
    pub enrichment: f32,
    /// Colour excess E(B-V) of starlight, magnitudes.
    pub dust: f32,
    /// Dispersion of the stars' velocities, km/s.
    pub velocity_dispersion: f32,
    /// Equivalent width of sodium beyond the stars' own, Angstrom: interstellar gas, and giant galaxies' sodium excess.
    pub sodium: f32,
    /// Excess of magnesium and other alpha elements over the models', dex.
    pub alpha: f32,
    /// Its star-forming gas.
    pub gas: Gas,
    /// Narrow lines lit by a nucleus or by old stars.
    pub narrow: Option<NarrowNucleus>,
    /// A broad-line nucleus.
    pub broad: Option<BroadNucleus>,
}

/// Gas lit by young stars.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gas {
    /// H-alpha over what the star formation rate says, dex.
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

/// Gas that flows out of a nucleus: a wing under every narrow line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outflow {
    /// Its share of each line.
    pub share: f32,
    /// Its velocity dispersion, km/s.
    pub dispersion: f32,
    /// Its shift against the rest of the line, km/s; negative comes towards us.
    pub velocity: f32,
}

/// Gas lit by something harder than young stars.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NarrowNucleus {
    /// Equivalent width of its H-alpha over the starlight, as observed, Angstrom.
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
