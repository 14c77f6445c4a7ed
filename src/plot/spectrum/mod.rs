//! The spectrum plot: an observed spectrum, the decoded one over it, the residual below and the main lines marked; any range of it
//! enlarged, other spectra to compare with, and the spread of a selection.
//!
//! `content` has what is shown, `layout` the frames and the values under the pointer; `draw`, `trace` and `legend` draw the
//! plot. `regions` are the ranges of the paper's figures, `spread` the statistics of a selection, `residuals` compares observed
//! and decoded flux, `smoothing` averages observed flux, `thumbnail` draws a spectrum as a path for lists.

mod content;
mod draw;
mod layout;
mod legend;
mod regions;
mod residuals;
mod smoothing;
mod spread;
mod thumbnail;
mod trace;

pub use content::{LineMark, PinnedCurve, SpectrumPlot};
pub use layout::{Reading, SpectrumFrames, shown_range};
pub use regions::{REGIONS, Region};
pub use residuals::{chi2, residuals};
pub use smoothing::{SMOOTHINGS, smoothed};
pub use spread::{Spread, spread_of};
pub use thumbnail::thumbnail_path;
