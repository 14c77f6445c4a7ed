//! Every reason that applies to a spectrum.

use super::evidence::{Evidence, Reason, ReasonKind, weight};
use super::{calibration, gaps, lines, ratios, star};
use crate::spectrum::PIXELS;

/// Median signal-to-noise below which a spectrum shows too little; the paper's set begins at 5.
const LOW_SNR: f64 = 4.5;
/// Mean square residual over its variance above which a reconstruction is bad, each pixel's variance never below the square of a
/// twentieth of the mean flux.
const BAD_CHI2: f64 = 3.0;

/// Returns every reason that applies, the strongest first; a bad reconstruction, which is a symptom, comes last. Empty where nothing
/// is odd, or where an array is not `[1000]`.
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
        ratios::is_dusty(evidence),
        ratios::is_highly_ionised(evidence),
        bad_reconstruction(evidence),
    ];
    let mut found: Vec<Reason> = found.into_iter().flatten().filter(|reason| reason.strength >= 1.0).collect();
    // Molecular bands next to continuum look like emission lines, so a star gets no other reason for its features.
    if found.iter().any(|reason| reason.kind == ReasonKind::Star) {
        found.retain(|reason| !is_of_lines(reason.kind));
    }
    let symptom = |reason: &Reason| reason.kind == ReasonKind::BadReconstruction;
    found.sort_by(|a, b| symptom(a).cmp(&symptom(b)).then(b.strength.total_cmp(&a.strength)));
    found
}

/// Returns whether a reason is read from emission lines.
fn is_of_lines(kind: ReasonKind) -> bool {
    use ReasonKind::{BalmerDecrement, BroadLines, HighIonisation, StrongLines};
    matches!(kind, BroadLines | StrongLines | BalmerDecrement | HighIonisation)
}

/// Returns all reasons as one text, joined by semicolons; `None` where nothing is odd.
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

/// Signal-to-noise that a pixel has at most where a reconstruction is judged: no model is exact.
const MODEL_SNR: f64 = 20.0;

fn bad_reconstruction(evidence: &Evidence<'_>) -> Option<Reason> {
    let (mut sum, mut pixels) = (0.0, 0.0);
    for i in 0..PIXELS {
        let weight = weight(evidence.ivar[i], MODEL_SNR);
        if weight > 0.0 {
            sum += weight * f64::from(evidence.flux[i] - evidence.reconstruction[i]).powi(2);
            pixels += 1.0;
        }
    }
    let chi2 = sum / pixels;
    (chi2 > BAD_CHI2).then(|| Reason {
        kind: ReasonKind::BadReconstruction,
        strength: chi2 / BAD_CHI2,
        text: format!(
            "badly reconstructed: chi2 {chi2:.1} a pixel, even with {:.0} % allowed for the model",
            100.0 / MODEL_SNR
        ),
    })
}
