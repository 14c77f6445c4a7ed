//! Normalisation: dividing out how bright an object is.

use serde::{Deserialize, Serialize};

use crate::spectrum::PIXELS;

/// What a spectrum is divided by, so that only its shape is left. Both are scaled by the number of pixels, so that flux is
/// about 1 and inverse variances fit into half precision; the paper's and the code's own numbers differ by that constant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Normalization {
    /// Its root mean square, i.e. its L2 norm (the published code) over sqrt(1000).
    Rms,
    /// Its mean, i.e. its total flux (the paper's text) over 1000. A negative total, which only noise can give, is
    /// taken without its sign.
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

    /// Returns the normalisation of a name; none for other names.
    pub fn from_name(name: &str) -> Option<Self> {
        [Normalization::Rms, Normalization::Total].into_iter().find(|norm| norm.name() == name)
    }

    /// Computes what to divide `flux` by, in its unit: always positive; 1 for a spectrum of nothing but zeros.
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

/// Computes the root mean square, from the sum of `count` squares; 1 for nothing but zeros.
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
    // In double precision: the square of a faint norm times a large inverse variance must not leave f32 on the way.
    let square = f64::from(norm).powi(2);
    ivar.iter_mut().for_each(|v| *v = (f64::from(*v) * square).min(f64::from(f32::MAX)) as f32);
}
