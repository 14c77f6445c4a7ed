//! Pure mathematics without astronomy. Tables are row-major slices `[n * width]`, rows of `width` numbers.
//!
//! - [`statistics`]: medians, percentiles, ranks. [`spline`]: interpolation.
//! - [`pca`], [`weighted_pca`], [`nmf`]: linear models of a table, the last two by [`alternating`] least squares, whose normal
//!   equations are in `weighted_equations` and `least_squares`. `data_matrix` checks a table and its weights.
//! - [`k_d_tree`]: nearest neighbours.
//! - `products`: scalar products and sums of rows. `simd`, `parallel`: wide registers and many cores, same results to the bit.
//! - [`error`]: why a table cannot be fitted.

pub mod alternating;
pub mod error;
pub mod k_d_tree;
pub mod nmf;
pub mod pca;
pub mod spline;
pub mod statistics;
pub mod weighted_pca;

pub(crate) mod data_matrix;
mod least_squares;
pub(crate) mod parallel;
pub(crate) mod products;
pub(crate) mod simd;
mod weighted_equations;
