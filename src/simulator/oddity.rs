//! Rare objects with a known oddity, which an outlier search should find.

/// The oddity of a spectrum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Oddity {
    /// No oddity.
    None,
    /// A cool foreground star.
    MStar,
    /// A hot foreground star.
    AFStar,
    /// The blue and the red arm disagree: flux blueward of observed 6000 Angstrom is multiplied by `factor`.
    CalibrationBreak {
        /// Flux of the blue arm over that of the red arm.
        factor: f32,
    },
    /// The observed wavelengths `from..to`, Angstrom, are missing.
    MissingRange {
        /// First missing wavelength.
        from: f64,
        /// First good wavelength after it.
        to: f64,
    },
    /// Low signal-to-noise.
    LowSignal,
}

impl Oddity {
    /// Returns the code of the kind in the column `truth_oddity`: 0 none, 1 M star, 2 A or F star, 3 calibration break,
    /// 4 missing range, 5 low signal-to-noise.
    pub fn code(&self) -> i32 {
        match self {
            Oddity::None => 0,
            Oddity::MStar => 1,
            Oddity::AFStar => 2,
            Oddity::CalibrationBreak { .. } => 3,
            Oddity::MissingRange { .. } => 4,
            Oddity::LowSignal => 5,
        }
    }
}

/// Names of the kinds, by code.
pub const ODDITY_NAMES: [&str; 6] =
    ["none", "M star", "A or F star", "red/blue calibration break", "missing range", "very low signal-to-noise"];
