//! The page: what it knows ([`AppState`]), how its address holds a place ([`Permalink`]), and how it looks.
//!
//! State and links are plain values and are tested natively; the components, the worker and the fetching come with
//! feature `ui`.

mod cloud;
mod permalink;
mod state;

#[cfg(feature = "ui")]
mod canvas;
#[cfg(feature = "ui")]
mod components;
#[cfg(feature = "ui")]
mod engine_client;
#[cfg(feature = "ui")]
mod library;
#[cfg(feature = "ui")]
mod page;

pub use cloud::Cloud;
#[cfg(feature = "ui")]
pub use page::run;
pub use permalink::{AxisChoice, Permalink, View, rounded};
pub use state::{AppState, Decoded, Engine, OwnFile, Pixels, Progress, Selection, Source, Training};
