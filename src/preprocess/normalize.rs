//! Normalisation: dividing a spectrum by its brightness.

use serde::{Deserialize, Serialize};

use crate::spectrum::PIXELS;

/// The quantity by which a spectrum is divided, so that only its shape is left. Both are scaled by the number of pixels, so that flux is
/// about 1 and inverse variances fit into half precision; the definitions of the paper and its code differ by that constant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Normalization {
    /// Root mean square, i.e. the L2 norm (the published code) over sqrt(1000).
    Rms,
    /// Absolute value of the mean, i.e. of the total flux (the text of the paper) over 1000. Only noise has a negative total.
    Total,
}

impl Normalization {
    /// Returns the name that manifests and the command line use.
    pub fn name(self) -> &'static str {
        match self {
            Normalization::Rms => "rms",
            Normalization::Total => "total",
        }
    }

    /// Returns the normalisation of a name; `None` for other names.
    pub fn from_name(name: &str) -> Option<Self> {
        [Normalization::Rms, Normalization::Total].into_iter().find(|norm| norm.name() == name)
    }

    /// Computes the divisor of `flux`, in its unit. It is always positive; 1 for a spectrum of zeros.
    pub fn of(self, flux: &[f32]) -> f32 {
        match self {
            Normalization::Rms => root_mean(flux.iter().map(|&f| f64::from(f).powi(2)).sum(), flux.len()),
            Normalization::Total => {
                let total: f64 = flux.iter().map(|&f| f64::from(f)).sum();
                or_one((total / flux.len().max(1) as f64).abs())
            }
        }
    }
}

/// Computes the root mean square from the sum of `count` squares; 1 where the sum is zero.
pub(super) fn root_mean(squares: f64, count: usize) -> f32 {
    or_one((squares / count.max(1) as f64).sqrt())
}

fn or_one(norm: f64) -> f32 {
    let norm = norm as f32;
    if norm.is_normal() { norm } else { 1.0 }
}

/// Divides `flux` by `norm` and scales its inverse variance by norm^2.
pub fn apply(flux: &mut [f32], ivar: &mut [f32], norm: f32) {
    debug_assert!(flux.len() == PIXELS && ivar.len() == PIXELS);
    flux.iter_mut().for_each(|f| *f /= norm);
    // In double precision, since the square of a small norm may underflow f32.
    let square = f64::from(norm).powi(2);
    ivar.iter_mut().for_each(|v| *v = (f64::from(*v) * square).min(f64::from(f32::MAX)) as f32);
}
