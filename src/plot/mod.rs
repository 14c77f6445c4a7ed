//! Scatter, corner, spectrum, loss curve and charts on any plotters backend: a canvas in the page, an SVG in a test.
//!
//! Plots take plain values and a [`Theme`], and draw in CSS pixels. A backend of a finer unit is given that unit in [`Pen::new`], so that
//! curves keep their shape below a pixel although plotters counts in whole numbers.
//!
//! - Drawing: `pen` (lines, shapes, text), `axis` (frames and ticks), `palette` (every colour), `svg` (a figure as a file),
//!   `caption` (what stands around it).
//! - Plots: `spectrum`, `scatter` with `overlay`, `sky` (a scatter's graticule), `corner`, `loss_curve`, `chart` (the figures of a report).
//! - Points as pixels: `splat` and `corner_picture` add them up in `density`, whose sums are `cell`s, shaded by `tone` and `shades`.
//! - Pointers: `pick`, `lasso`.
//!
//! A new plot is one file here, drawn with a pen, and one line below.

mod axis;
mod caption;
mod cell;
mod chart;
mod corner;
mod corner_picture;
mod density;
mod lasso;
mod loss_curve;
mod overlay;
pub mod palette;
mod pen;
mod pick;
mod scatter;
mod shades;
mod sky;
mod spectrum;
mod splat;
#[cfg(any(feature = "cli", feature = "page"))]
mod svg;
mod tone;

pub use axis::{Axis, Frame, tick_label};
pub use caption::{Caption, ColorBar, LegendEntry, Swatch};
pub use chart::{Area, Chart, Mark, Note, Series};
pub use corner::{CornerLayout, CornerMarker, histogram};
pub use corner_picture::{CornerLayer, CornerPicture};
pub use lasso::{is_inside, rows_in_polygon, rows_in_rectangle, simplify};
pub use loss_curve::LossCurve;
pub use overlay::Overlay;
pub use palette::{Colormap, MISSING, Rgb, Theme};
pub use pen::{Anchor, Drawn, Pen};
pub use pick::{nearest, nearest_in_direction};
pub use scatter::{Marker, MarkerKind, draw_markers, draw_scatter_axes};
pub use sky::SkyMap;
pub use spectrum::{
    LineMark, PinnedCurve, REGIONS, Reading, Region, SMOOTHINGS, SpectrumFrames, SpectrumPlot, Spread, chi2, residuals,
    shown_range, smoothed, spread_of, thumbnail_path,
};
pub use splat::{Layer, Picture, Points, Splat, SplatBuffer, splat};
#[cfg(any(feature = "cli", feature = "page"))]
pub use svg::{Sheet, SheetDrawn, captioned, figure};
pub use tone::{Ink, Tone, inks, point_radius, rarity_weights};
