//! The evidence in which reasons are looked for, and the reasons.

use crate::simulator::StarTemplate;

/// Reconstructs an infilled flux `[1000]` by a model.
pub type Reconstruct<'a> = &'a dyn Fn(&[f32]) -> Vec<f32>;

/// A spectrum, its reconstruction and its catalogue values.
#[derive(Clone, Copy)]
pub struct Evidence<'a> {
    /// `[1000]` normalised flux, infilled.
    pub flux: &'a [f32],
    /// `[1000]` inverse variance; 0 = masked.
    pub ivar: &'a [f32],
    /// `[1000]` reconstruction by a model.
    pub reconstruction: &'a [f32],
    /// Redshift by which the spectrum was shifted to the rest frame.
    pub redshift: f64,
    /// Median signal-to-noise of an observed pixel.
    pub median_snr: f64,
    /// Stars to compare with; where empty, only the redshift tells a star.
    pub stars: &'a [StarTemplate],
    /// The model, which reconstructs an infilled flux `[1000]`: what the spectrum would be without a break. Where there is none, a break is
    /// measured against the reconstruction of the broken spectrum.
    pub reconstruct: Option<Reconstruct<'a>>,
}

/// The kinds of oddity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReasonKind {
    /// A star of our own Galaxy.
    Star,
    /// The blue and the red arm of the spectrograph disagree.
    CalibrationBreak,
    /// Missing pixels.
    MissingData,
    /// Low signal-to-noise.
    LowSignal,
    /// Broad emission lines.
    BroadLines,
    /// Emission lines far stronger than in the reconstruction, or than in nearly all galaxies.
    StrongLines,
    /// H-alpha much stronger than H-beta: dust.
    BalmerDecrement,
    /// [O III] much stronger than H-beta.
    HighIonisation,
    /// A reconstruction far from the spectrum, for whatever reason.
    BadReconstruction,
}

/// A reason why a spectrum is odd.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    /// Kind of oddity.
    pub kind: ReasonKind,
    /// Strength of the oddity: 1 where it begins to count.
    pub strength: f64,
    /// A clause without a capital: `low signal-to-noise: 1.2 a pixel`.
    pub text: String,
}

/// Returns the inverse variance of a pixel, capped so that a pixel of mean flux (about 1) has at most a signal-to-noise of `max_snr`,
/// because no model is exact; 0 where masked.
pub(super) fn weight(ivar: f32, max_snr: f64) -> f64 {
    if ivar > 0.0 { 1.0 / (1.0 / f64::from(ivar) + max_snr.powi(-2)) } else { 0.0 }
}
