//! Pure mathematics without astronomy: PCA and non-negative matrix factorisation, each without and with weights, splines,
//! percentiles, nearest neighbours.

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
pub(crate) mod rows;
pub(crate) mod simd;
mod weighted_equations;
