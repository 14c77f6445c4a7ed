//! The parts that the page's state is composed of. Each keeps its fields to itself, changes by its own methods only, and puts what it
//! asks of the explorer into the [`explorer::Explorer`] that it is handed. No part knows the whole.

pub mod asked;
pub mod decoder;
pub mod draws;
pub mod explorer;
pub mod found;
pub mod lessons;
pub mod noise;
pub mod notices;
pub mod opened_files;
pub mod outliers;
pub mod own_catalogues;
pub mod own_file;
pub mod own_reading;
pub mod own_spectra;
pub mod own_trials;
pub mod path;
pub mod pca;
pub mod picks;
pub mod pictures;
pub mod runs;
pub mod sample_pixels;
pub mod seen;
pub mod selection;
pub mod site;
pub mod spectrum_set;
pub mod spectrum_view;
pub mod trainer;
pub mod training;
