//! Wavelengths in air and in vacuum.

use serde::{Deserialize, Serialize};

/// The medium in which wavelengths are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Medium {
    /// Standard air.
    Air,
    /// Vacuum.
    Vacuum,
}

/// Converts a wavelength in air to vacuum, both in Angstrom: the IAU standard (Edlen 1953) as Morton (1991, ApJS 77, 119) gives it,
/// vacuum / air = 1 + 6.4328e-5 + 2.94981e-2 / (146 - s^2) + 2.5540e-4 / (41 - s^2) with s = 1e4 / vacuum, solved by iteration.
/// (The three-term fit on SDSS's pages is 0.006 Angstrom off at 9000.) Wavelengths below 2000 Angstrom are
/// given in vacuum by convention and stay as they are.
pub fn air_to_vacuum(air: f64) -> f64 {
    if !air.is_finite() || air < 2000.0 {
        return air;
    }
    let index = |vacuum: f64| {
        let s2 = (1e4 / vacuum).powi(2);
        1.0 + 6.4328e-5 + 2.94981e-2 / (146.0 - s2) + 2.5540e-4 / (41.0 - s2)
    };
    (0..4).fold(air, |vacuum, _| air * index(vacuum))
}
