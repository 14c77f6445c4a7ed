//! UMAP (McInnes, Healy & Melville 2018, arXiv:1802.03426): latents on a plane, neighbours next to neighbours.
//!
//! Four steps, put together in `map`: the `nearest` neighbours of every point; a `fuzzy_graph` of the certainty that two points are
//! neighbours (their section 3.1); a start from the two widest principal axes; and a `descent` that pulls neighbours together along
//! a `curve` and pushes random other points apart (section 3.2). Defaults and details are those of the authors' `umap-learn`,
//! except for the start, which is spectral there. The descent visits edges one after another, so that a seed always gives the
//! same map, however many threads there are.

mod config;
mod curve;
mod descent;
mod fuzzy_graph;
mod map;
mod nearest;

pub use config::{UmapConfig, UmapError, UmapProgress};
pub use curve::Curve;
pub use fuzzy_graph::Edge;
pub use map::{graph, umap};
