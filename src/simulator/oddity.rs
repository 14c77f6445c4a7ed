//! Rare objects with a known reason: what an outlier search ought to find.

/// What is odd about a spectrum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Oddity {
    /// Nothing.
    None,
    /// A cool foreground star.
    MStar,
    /// A hot foreground star.
    AFStar,
    /// Blue and red arm disagree: flux blueward of observed 6000 Angstrom is multiplied by `factor`.
    CalibrationBreak {
        /// Blue arm over red.
        factor: f32,
    },
    /// Observed wavelengths `from..to`, Angstrom, are missing.
    MissingRange {
        /// First missing wavelength.
        from: f64,
        /// First good wavelength after it.
        to: f64,
    },
    /// Hardly any signal.
    LowSignal,
}

impl Oddity {
    /// Number of the kind, as the column `truth_oddity` has it: 0 none, 1 M star, 2 A or F star, 3 calibration break,
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

/// The kinds in words, by code.
pub const ODDITY_NAMES: [&str; 6] =
    ["none", "M star", "A or F star", "red/blue calibration break", "missing range", "very low signal-to-noise"];
