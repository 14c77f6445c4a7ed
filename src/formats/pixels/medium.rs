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

impl Medium {
    /// Returns the other medium.
    pub(super) fn other(self) -> Self {
        match self {
            Self::Air => Self::Vacuum,
            Self::Vacuum => Self::Air,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Air => "air",
            Self::Vacuum => "vacuum",
        }
    }
}

/// The statement of a part of a file about the medium of its wavelengths.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::formats) struct MediumStatement {
    /// The medium.
    pub medium: Medium,
    /// The part that says so, as in ``the column `wave_air` ``.
    pub source: String,
}

/// Chooses among what the user and the parts of a file say, the parts in the order of their weight. Returns the medium and the note that
/// says which was taken and why.
pub(in crate::formats) fn choose_medium(asked: Option<Medium>, said: &[MediumStatement]) -> (Medium, String) {
    let medium = asked.or_else(|| said.first().map(|first| first.medium)).unwrap_or(Medium::Vacuum);
    let contrary = said.iter().find(|statement| statement.medium != medium);
    let reason = match (asked, said.first()) {
        (Some(_), _) => "as you chose".to_owned(),
        (None, Some(first)) => format!("as {} says", first.source),
        (None, None) => {
            return (
                medium,
                "Nothing says whether its wavelengths are in air or vacuum: vacuum is assumed.".to_owned(),
            );
        }
    };
    let but = contrary.map_or(String::new(), |other| format!("; {} says {}", other.source, other.medium.name()));
    let note = match medium {
        Medium::Air => {
            format!("Its wavelengths are in air, {reason}{but}; they were converted to vacuum (Morton 1991).")
        }
        Medium::Vacuum => format!("Its wavelengths are in vacuum, {reason}{but}."),
    };
    (medium, note)
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
