//! Missing data.

use super::evidence::{Evidence, Reason, ReasonKind};
use crate::spectrum::{PIXELS, grid};

/// Observed wavelengths between which SDSS always records flux, Angstrom.
const OBSERVED: (f64, f64) = (3900.0, 9100.0);
/// Length of a run of missing pixels that is no longer ordinary: the sky's bands in the red take up to 28.
const LONG_RUN: usize = 30;
/// Share of missing pixels within the observed range that is no longer ordinary: sky lines take up to 0.22.
const LARGE_SHARE: f64 = 0.25;

/// Returns a reason where a long run of pixels, or a large share of them, is masked within the survey's observed range. Pixels beyond
/// that range at this redshift do not count.
pub fn are_missing(evidence: &Evidence<'_>) -> Option<Reason> {
    let stretch = 1.0 + evidence.redshift;
    let covered: Vec<usize> =
        (0..PIXELS).filter(|&i| (OBSERVED.0..OBSERVED.1).contains(&(grid::wavelength(i as f64) * stretch))).collect();
    let masked = |i: usize| evidence.ivar[i] <= 0.0;
    let (mut longest, mut end, mut run) = (0, 0, 0);
    for &i in &covered {
        run = if masked(i) { run + 1 } else { 0 };
        if run > longest {
            (longest, end) = (run, i);
        }
    }
    let missing = covered.iter().filter(|&&i| masked(i)).count();
    let share = missing as f64 / covered.len().max(1) as f64;
    let strength = (longest as f64 / LONG_RUN as f64).max(share / LARGE_SHARE);
    if strength < 1.0 {
        return None;
    }
    let all = (0..PIXELS).filter(|&i| masked(i)).count() as f64 / PIXELS as f64;
    let at = |pixel: usize| grid::wavelength(pixel as f64) * stretch;
    Some(Reason {
        kind: ReasonKind::MissingData,
        strength,
        text: format!(
            "missing data: {:.0} % of the pixels, observed {:.0} to {:.0} Å among them",
            100.0 * all,
            at(end + 1 - longest),
            at(end)
        ),
    })
}
