//! The page's state, links, lessons and views.

mod color_scale;
mod colors;
mod encoding_method;
mod explore;
pub mod fixture;
mod interaction;
mod lessons;
mod noise;
mod outliers;
mod own_catalogues;
mod own_table;
mod paths;
mod pca_and_models;
mod permalink;
mod site;
mod sky;
mod state;
mod training;
mod training_form;
mod user_files;
mod views;
mod workers;
