//! The facts of an object in a survey apart from identifier, redshift and class.

use serde::{Deserialize, Serialize};

/// Facts of an object, each as far as the file has it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ObjectFacts {
    /// Name in the file, or the row's number in a file of several spectra.
    pub name: Option<String>,
    /// Position, ICRS.
    pub position: Option<SkyPosition>,
    /// Standard error of the redshift.
    pub redshift_error: Option<f64>,
    /// Warning bits of the survey's redshift; 0 = none.
    pub redshift_warning: Option<i32>,
    /// Subclass by the survey, as in `STARBURST`.
    pub subclass: Option<String>,
    /// Says what its measured lines show where the paper's rule of classes says too little; a clause.
    pub class_note: Option<String>,
}

/// A position on the sky, ICRS.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SkyPosition {
    /// Right ascension, degrees, 0 to 360.
    pub ra: f64,
    /// Declination, degrees, -90 to 90.
    pub dec: f64,
}

impl SkyPosition {
    /// Returns the position of two angles in degrees; `None` where they are no numbers or out of range.
    pub fn new(ra: f64, dec: f64) -> Option<Self> {
        let valid = ra.is_finite() && (-360.0..=360.0).contains(&ra) && (-90.0..=90.0).contains(&dec);
        valid.then(|| Self { ra: ra.rem_euclid(360.0), dec })
    }

    /// Computes the angle between two positions on the sky, degrees (the haversine formula).
    pub fn separation(self, other: Self) -> f64 {
        let half_sine = |a: f64, b: f64| ((a - b).to_radians() / 2.0).sin().powi(2);
        let (first, second) = (self.dec.to_radians().cos(), other.dec.to_radians().cos());
        let square = half_sine(self.dec, other.dec) + first * second * half_sine(self.ra, other.ra);
        2.0 * square.min(1.0).sqrt().asin().to_degrees()
    }
}
