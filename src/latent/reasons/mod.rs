//! Why a spectrum is odd, in plain English, where its pixels tell.
//!
//! Each kind of oddity is measured by itself and divided by what is still ordinary: strength 1 is where a reason begins. The limits
//! were set on the simulator's planted oddities; `tests/native/latent_reasons.rs` states what they find and what they miss.

mod calibration;
mod gaps;
mod lines;
mod star;

use crate::spectrum::PIXELS;

/// A spectrum, and what is known of it.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// `[1000]` normalised flux, infilled.
    pub flux: &'a [f32],
    /// `[1000]` its inverse variance; 0 = masked.
    pub ivar: &'a [f32],
    /// `[1000]` what a model makes of it.
    pub reconstruction: &'a [f32],
    /// The redshift that it was put to rest with.
    pub redshift: f64,
    /// Median signal-to-noise of an observed pixel.
    pub median_snr: f64,
    /// Stars to compare with; none to leave only the redshift to tell a star by.
    pub stars: &'a [StarTemplate],
}

/// A star's spectrum.
#[derive(Debug, Clone, PartialEq)]
pub struct StarTemplate {
    /// As in "looks like an M star": `an M star`.
    pub name: String,
    /// `[1000]` its flux on the grid at redshift 0, in any unit.
    pub flux: Vec<f32>,
}

/// What may be odd.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReasonKind {
    /// It is a star.
    Star,
    /// Blue and red arm of the spectrograph disagree.
    CalibrationBreak,
    /// Pixels are missing.
    MissingData,
    /// Hardly any signal.
    LowSignal,
    /// Broad emission lines.
    BroadLines,
    /// Emission lines far stronger than the model's, or than nearly all galaxies'.
    StrongLines,
    /// The model fails, for whatever reason.
    BadReconstruction,
}

/// A reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    /// What is odd.
    pub kind: ReasonKind,
    /// How odd: 1 where it begins to count.
    pub strength: f64,
    /// A clause that begins small: `low signal-to-noise: 1.2 a pixel, where the survey has 14`.
    pub text: String,
}

/// Median signal-to-noise below which nothing can be told; the paper's set begins at 5.
const LOW_SNR: f64 = 4.5;
/// Mean square residual over its variance above which a reconstruction is bad, each pixel's variance never below the square of a
/// twentieth of the mean flux.
const BAD_CHI2: f64 = 3.0;

/// Every reason that applies, the strongest first; a bad reconstruction, which is a symptom, last. Empty where nothing is odd, or
/// where arrays are not `[1000]`.
pub fn reasons(evidence: &Evidence<'_>) -> Vec<Reason> {
    if [evidence.flux, evidence.ivar, evidence.reconstruction].iter().any(|row| row.len() != PIXELS) {
        return Vec::new();
    }
    let found = [
        star::looks_like_one(evidence),
        calibration::is_broken(evidence),
        gaps::are_missing(evidence),
        low_signal(evidence),
        lines::are_broad(evidence),
        lines::are_strong(evidence),
        bad_reconstruction(evidence),
    ];
    let mut found: Vec<Reason> = found.into_iter().flatten().filter(|reason| reason.strength >= 1.0).collect();
    // Molecular bands beside continuum look like lines: a star needs no other word for its features.
    if found.iter().any(|reason| reason.kind == ReasonKind::Star) {
        found.retain(|reason| !matches!(reason.kind, ReasonKind::BroadLines | ReasonKind::StrongLines));
    }
    let symptom = |reason: &Reason| reason.kind == ReasonKind::BadReconstruction;
    found.sort_by(|a, b| symptom(a).cmp(&symptom(b)).then(b.strength.total_cmp(&a.strength)));
    found
}

/// All reasons in one sentence; none where nothing is odd.
pub fn plain_reason(evidence: &Evidence<'_>) -> Option<String> {
    let texts: Vec<String> = reasons(evidence).into_iter().map(|reason| reason.text).collect();
    (!texts.is_empty()).then(|| texts.join("; "))
}

fn low_signal(evidence: &Evidence<'_>) -> Option<Reason> {
    let snr = evidence.median_snr;
    (snr.is_finite() && snr < LOW_SNR).then(|| Reason {
        kind: ReasonKind::LowSignal,
        strength: LOW_SNR / snr.max(0.1),
        text: format!("low signal-to-noise: {snr:.1} a pixel"),
    })
}

fn bad_reconstruction(evidence: &Evidence<'_>) -> Option<Reason> {
    let (mut sum, mut pixels) = (0.0, 0.0);
    for i in 0..PIXELS {
        let weight = weight(evidence.ivar[i], 20.0);
        if weight > 0.0 {
            sum += weight * f64::from(evidence.flux[i] - evidence.reconstruction[i]).powi(2);
            pixels += 1.0;
        }
    }
    let chi2 = sum / pixels;
    (chi2 > BAD_CHI2).then(|| Reason {
        kind: ReasonKind::BadReconstruction,
        strength: chi2 / BAD_CHI2,
        text: format!("badly reconstructed: chi2 {chi2:.1} a pixel"),
    })
}

/// Inverse variance with the signal-to-noise of a pixel of mean flux, which is about 1, capped: no model is exact. 0 where masked.
fn weight(ivar: f32, max_snr: f64) -> f64 {
    if ivar > 0.0 { 1.0 / (1.0 / f64::from(ivar) + max_snr.powi(-2)) } else { 0.0 }
}

/// Median; NaN of nothing.
fn median(mut values: Vec<f64>) -> f64 {
    if values.is_empty() {
        return f64::NAN;
    }
    let middle = values.len() / 2;
    *values.select_nth_unstable_by(middle, f64::total_cmp).1
}
