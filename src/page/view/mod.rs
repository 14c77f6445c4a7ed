//! What the page draws, computed from what it knows.

pub mod coloring;
pub mod embedding;
pub mod neighbourhood;
pub mod points;
pub mod sample_pca;
pub mod scatter_columns;
