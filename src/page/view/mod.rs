//! The content of the page, computed from its state without DOM or signals, so that native tests cover all of it.

pub mod choosers;
pub mod coloring;
pub mod corner;
pub mod draws;
pub mod embedding;
pub mod facts;
pub mod legend;
pub mod neighbourhood;
pub mod neighbours;
pub mod noise;
pub mod outliers;
pub mod own_spectra;
pub mod paths;
pub mod pca;
pub mod picked;
pub mod points;
pub mod sample_pca;
pub mod scatter_columns;
pub mod scatter_layers;
pub mod simulator;
pub mod sliders;
pub mod spectrum;
pub mod tables;
pub mod text;
pub mod training;
