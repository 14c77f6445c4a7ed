//! The page: what it knows ([`AppState`]), how its address holds a place ([`Permalink`]), and how it looks.
//!
//! State and links are plain values and are tested natively; the components, the worker and the fetching come with
//! feature `ui`.

mod cloud;
mod coloring;
mod hole;
mod lessons;
mod permalink;
pub mod plan;
mod points;
mod sample;
mod state;
mod surroundings;
mod views;

#[cfg(feature = "ui")]
mod bring;
#[cfg(feature = "ui")]
mod canvas;
#[cfg(feature = "ui")]
mod components;
#[cfg(feature = "ui")]
mod download;
#[cfg(feature = "ui")]
mod engine_client;
#[cfg(feature = "ui")]
mod library;
#[cfg(feature = "ui")]
mod page;
#[cfg(feature = "ui")]
mod trainers;

pub use cloud::Cloud;
pub use coloring::{Coloring, names_of};
pub use hole::{hole, loneliness};
pub use lessons::{Baseline, LESSONS, Lesson, LessonPlace, Question, Step, Task};
#[cfg(feature = "ui")]
pub use page::run;
pub use permalink::{AxisChoice, LOF, Permalink, View, rounded};
pub use points::Inked;
pub use sample::{Fitting, Sample};
pub use state::{
    ALIKE, AppState, Band, DRAWN, Decoded, Draw, Draws, Engine, Kept, Lessons, MOST_PINS, Noise, NoisePoint,
    NoiseRatios, Origin, Outlier, Outliers, OwnFile, Path, PathKind, PcaRival, Picked, Pin, Pixels, Progress, Rivalry,
    Runs, Scan, Seen, Selection, Source, Trainer, TrainerKind, Training, UnknownRedshift,
};
pub use surroundings::{NEIGHBOURS, Surroundings, Vote};
pub use views::Columns;
