//! The page: what it knows ([`AppState`]), how its address holds a view ([`Permalink`]), and how it looks.
//!
//! State and links are plain values and are tested natively; components, workers and fetching come with feature
//! `page`.

mod axis_choice;
pub mod heartbeat;
pub mod interaction;
mod lessons;
mod permalink;
mod set_address;
mod state;
mod tab;
pub mod training_form;
pub mod variant_form;
pub mod view;

#[cfg(feature = "page")]
mod canvas;
#[cfg(feature = "page")]
mod client;
#[cfg(feature = "page")]
mod components;
#[cfg(feature = "page")]
mod context;
#[cfg(feature = "page")]
mod kept_files;
#[cfg(feature = "page")]
mod loading;
#[cfg(feature = "page")]
mod on_demand;
#[cfg(feature = "page")]
mod playback;
#[cfg(feature = "page")]
mod start;

pub use axis_choice::{AxisChoice, CHI2, LOF, RARITY};
pub use lessons::{LESSONS, Lesson, LessonStep, Question, Step, Task};
pub use permalink::{MOST_LINKED, Named, Permalink, View, rounded};
pub use set_address::{SetAddress, allowed_origins};
#[cfg(feature = "page")]
pub use start::run;
pub use state::{
    ALIKE, AppState, Band, Curve, DRAWN, Decoded, Draw, DrawnFrom, Draws, Engine, FIND_RADIUS, FileChange, FileRow,
    Found, GivenRedshift, JOIN_RADIUS, JoinedCatalogue, Kept, Lessons, MOST_PINS, MOST_ROWS, ModelAddress, Noise,
    NoisePoint, NoiseRatios, Origin, Outlier, OutlierRank, Outliers, OwnCatalogues, OwnFile, OwnKey, Path, PathKind,
    PcaComparison, PcaScores, Picked, Pictures, Pin, Pixels, ReadingProgress, RowChoice, Runs, Scan, Seen, Selection,
    Source, Trainer, TrainerKind, Training, TrialRedshift, TrialsProgress, UnknownRedshift,
};
pub use tab::Tab;
pub use view::codes::names_of;
pub use view::coloring::Coloring;
pub use view::embedding::Cloud;
pub use view::measures::Scores;
pub use view::neighbourhood::{NEIGHBOURS, Neighbourhood, Vote};
pub use view::points::Inked;
pub use view::sample_pca::Sample;
pub use view::scatter_columns::Columns;
