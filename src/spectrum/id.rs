//! The identifier of a spectrum.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The identifier of a spectrum in SDSS: plate, modified Julian date and fibre. Displayed and parsed as `plate-mjd-fiber`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SpectrumId {
    /// Plate number; 0 where the file has none.
    pub plate: i32,
    /// Modified Julian date of the observation.
    pub mjd: i32,
    /// Fibre number.
    pub fiber: i32,
}

impl fmt::Display for SpectrumId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", self.plate, self.mjd, self.fiber)
    }
}

impl FromStr for SpectrumId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts: Option<Vec<i32>> = text.split('-').map(|part| part.parse().ok()).collect();
        match parts.as_deref() {
            Some(&[plate, mjd, fiber]) => Ok(Self { plate, mjd, fiber }),
            _ => Err(format!("`{text}` is not a spectrum's name: plate-mjd-fiber, as in 266-51602-1")),
        }
    }
}
