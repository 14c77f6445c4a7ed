//! Ratios of emission lines: dust in front of the gas, and gas in a hard radiation field.

use super::evidence::{Evidence, Reason, ReasonKind};
use super::lines::{continuum, width};

/// A narrow line: its range and the continuum on either side, rest-frame vacuum Angstrom.
struct Narrow {
    line: (f64, f64),
    sides: [(f64, f64); 2],
}

const H_ALPHA: Narrow = Narrow { line: (6556.0, 6573.0), sides: [(6430.0, 6510.0), (6625.0, 6690.0)] };
const H_BETA: Narrow = Narrow { line: (4853.0, 4872.0), sides: [(4800.0, 4835.0), (4890.0, 4930.0)] };
const O_III: Narrow = Narrow { line: (4997.0, 5020.0), sides: [(4895.0, 4940.0), (5035.0, 5080.0)] };

/// H-alpha over H-beta that one in thirty galaxies of the simulated set reaches, of those whose H-beta is measured; 2.86 without dust
/// (Osterbrock & Ferland 2006, case B at 10,000 K).
const DUSTY: f64 = 6.5;
/// [O III] over H-beta that one in twenty reaches.
const HARD: f64 = 9.0;
/// Equivalent width of the stars' Balmer lines beneath those of the gas, Angstrom.
const ABSORBED: f64 = 1.0;
/// Smallest equivalent width of H-beta that a ratio is taken of, Angstrom.
const LEAST: f64 = 2.5;
/// Significance that both lines must reach, in standard errors.
const SIGNIFICANT: f64 = 6.0;

/// Returns a reason where H-alpha is much stronger than H-beta: dust in front of the gas.
pub fn is_dusty(evidence: &Evidence<'_>) -> Option<Reason> {
    let ratio = flux(evidence, &H_ALPHA, ABSORBED, 0.0)? / flux(evidence, &H_BETA, ABSORBED, LEAST)?;
    (ratio >= DUSTY).then(|| Reason {
        kind: ReasonKind::BalmerDecrement,
        strength: ratio / DUSTY,
        text: format!("dust in front of its gas: Hα/Hβ is {ratio:.1}, 2.9 without dust"),
    })
}

/// Returns a reason where [O III] is much stronger than H-beta.
pub fn is_highly_ionised(evidence: &Evidence<'_>) -> Option<Reason> {
    let ratio = flux(evidence, &O_III, 0.0, 0.0)? / flux(evidence, &H_BETA, ABSORBED, LEAST)?;
    (ratio >= HARD).then(|| Reason {
        kind: ReasonKind::HighIonisation,
        strength: ratio / HARD,
        text: format!("highly ionised gas: [O III]/Hβ is {ratio:.1}, as in AGN and in gas of few metals"),
    })
}

/// Returns the flux of a line, in units of the spectrum's flux times Angstrom, with an equivalent width `absorbed` added; `None` where it
/// is weaker than `least` or not significant.
fn flux(evidence: &Evidence<'_>, narrow: &Narrow, absorbed: f64, least: f64) -> Option<f64> {
    let level = continuum(evidence, &narrow.sides)?;
    let seen = width(evidence, evidence.flux, narrow.line, &level)?;
    let middle = (narrow.line.0 + narrow.line.1) / 2.0;
    let measured = seen.value > least && seen.value > SIGNIFICANT * seen.error;
    measured.then(|| (seen.value + absorbed) * level.at(middle))
}
