//! Missing data.

use super::{Evidence, Reason, ReasonKind};
use crate::spectrum::{PIXELS, grid};

/// Observed Angstrom between which SDSS always records something.
const OBSERVED: (f64, f64) = (3900.0, 9100.0);
/// Missing pixels in one run that are no longer ordinary: the sky's bands in the red take up to 28.
const LONG_RUN: usize = 30;
/// Share of the pixels within the observed range that is no longer ordinary: sky lines take up to 0.22.
const LARGE_SHARE: f64 = 0.25;

/// Whether a long run of pixels, or many, are masked that the survey should have seen. What lies beyond the survey's range at this
/// redshift is no oddity.
pub fn are_missing(evidence: &Evidence<'_>) -> Option<Reason> {
    let stretch = 1.0 + evidence.redshift;
    let seen: Vec<usize> =
        (0..PIXELS).filter(|&i| (OBSERVED.0..OBSERVED.1).contains(&(grid::wavelength(i as f64) * stretch))).collect();
    let masked = |i: usize| evidence.ivar[i] <= 0.0;
    let (mut longest, mut end, mut run) = (0, 0, 0);
    for &i in &seen {
        run = if masked(i) { run + 1 } else { 0 };
        if run > longest {
            (longest, end) = (run, i);
        }
    }
    let missing = seen.iter().filter(|&&i| masked(i)).count();
    let share = missing as f64 / seen.len().max(1) as f64;
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
