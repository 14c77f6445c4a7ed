//! Plots, as pixels and as SVG snapshots.

mod caption;
mod corner;
mod curves;
mod density;
mod lasso;
mod scatter;
mod sky;
mod spectrum;
