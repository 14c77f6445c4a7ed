//! All that the page knows, and how each act of the user and each answer of a worker changes it.
//!
//! No signal, no DOM: a method changes the state and may leave requests in an outbox, which the page then sends. The state is composed of
//! [`slices`], each with private fields and methods of its own; [`AppState`] owns them, routes what the workers answer
//! ([`AppState::apply`], [`AppState::apply_trainer`]) and carries out the acts that concern several slices, a subject a file.

mod answers;
mod app_state;
mod epochs;
mod galaxies;
mod labels;
mod lesson_tasks;
mod lessons;
mod links;
mod loading;
mod map_view;
mod models;
mod noise;
mod outliers;
mod own_catalogues;
mod own_list;
mod paths;
mod pca;
mod picks;
mod runs;
mod selecting;
mod site;
mod sky;
mod slices;
mod trainer;
mod training;
mod user_files;
mod wavelengths;

pub use app_state::AppState;
pub use sky::FIND_RADIUS;
pub use slices::decoder::{Band, Decoded};
pub use slices::draws::{ALIKE, DRAWN, Draw, DrawnFrom, Draws};
pub use slices::explorer::{Engine, ModelAddress};
pub use slices::found::Found;
pub use slices::lessons::Lessons;
pub use slices::noise::{Noise, NoisePoint, NoiseRatios};
pub use slices::opened_files::FileChange;
pub use slices::outliers::{Outlier, OutlierRank, Outliers};
pub use slices::own_catalogues::{JOIN_RADIUS, JoinedCatalogue, OwnCatalogues};
pub use slices::own_file::{
    FileRow, GivenRedshift, Origin, OwnFile, OwnKey, RowChoice, Scan, TrialRedshift, UnknownRedshift,
};
pub use slices::own_reading::ReadingProgress;
pub use slices::own_spectra::MOST_ROWS;
pub use slices::own_trials::TrialsProgress;
pub use slices::path::{Path, PathKind};
pub use slices::pca::{PcaComparison, PcaScores};
pub use slices::picks::{MOST_PINS, Picked, Pin};
pub use slices::pictures::Pictures;
pub use slices::runs::{Kept, Runs};
pub use slices::seen::Seen;
pub use slices::selection::{Selection, Source};
pub use slices::spectrum_set::Pixels;
pub use slices::spectrum_view::Curve;
pub use slices::trainer::{Trainer, TrainerKind};
pub use slices::training::Training;
