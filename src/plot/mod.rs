//! Scatter, spectrum, loss curve and charts on any plotters backend: a canvas in the page, an SVG in a test.
//!
//! Plots take plain values and a [`Theme`], and draw in CSS pixels: a backend whose unit is finer than that says so by
//! [`Pen::new`], so that curves keep their sub-pixel shape although plotters counts in whole numbers.

mod axis;
mod chart;
mod loss_curve;
mod palette;
mod pen;
mod scatter;
mod spectrum;

pub use axis::{Axis, Frame, tick_label};
pub use chart::{Area, Chart, Mark, Note, Series};
pub use loss_curve::LossCurve;
pub use palette::{Colormap, MISSING, Rgb, Theme};
pub use pen::{Anchor, Drawn, Pen};
pub use scatter::{Marker, MarkerKind, Points, Splat, draw_markers, draw_scatter_axes, nearest, splat};
pub use spectrum::{
    LegendEntry, LineMark, PinnedCurve, REGIONS, Reading, Region, SpectrumFrames, SpectrumPlot, Spread, chi2,
    residuals, shown_range, spread_of, thumbnail_path,
};
