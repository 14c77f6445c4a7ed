//! The page: what it knows ([`AppState`]), how its address holds a place ([`Permalink`]), and how it looks.
//!
//! State and links are plain values and are tested natively; the components, the worker and the fetching come with
//! feature `ui`.

mod axis_choice;
pub mod interaction;
mod lessons;
mod permalink;
mod state;
pub mod training_form;
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
mod loading;
#[cfg(feature = "page")]
mod on_demand;
#[cfg(feature = "page")]
mod playing;

pub use axis_choice::{AxisChoice, LOF};
pub use lessons::{LESSONS, Lesson, LessonStep, Question, Step, Task};
pub use permalink::{Permalink, View, rounded};
pub use state::{
    ALIKE, AppState, Band, DRAWN, Decoded, Draw, Draws, Engine, Kept, Lessons, MOST_PINS, Noise, NoisePoint,
    NoiseRatios, Origin, Outlier, Outliers, OwnFile, Path, PathKind, PcaComparison, PcaScores, Picked, Pin, Pixels,
    Runs, Scan, Seen, Selection, Source, Trainer, TrainerKind, Training, UnknownRedshift,
};
pub use view::coloring::{Coloring, names_of};
pub use view::embedding::Cloud;
pub use view::neighbourhood::{NEIGHBOURS, Neighbourhood, Vote};
pub use view::points::Inked;
pub use view::sample_pca::Sample;
pub use view::scatter_columns::Columns;

/// Starts the page.
#[cfg(feature = "page")]
pub fn run() {
    use components::App;
    use leptos::prelude::*;

    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(|| {
        let page = context::Page::open();
        provide_context(page);
        view! { <App /> }
    });
}
