//! The page's state, links, lessons and views.

mod color_scale;
mod colors;
mod encoding_method;
mod explore;
mod figures;
pub mod fixture;
mod header;
mod interaction;
mod lessons;
mod links;
mod noise;
mod outliers;
mod own_catalogues;
mod own_table;
mod paths;
mod pca_and_models;
mod permalink;
mod predictions;
mod site;
mod sky;
mod spectrum_panel;
mod state;
mod training;
mod training_form;
mod user_files;
mod views;
mod workers;
