//! Explores, trains and shares the latent space of galaxy spectra: a page compiled to WebAssembly with no server behind it,
//! and a native command line that prepares its data.
//!
//! "The paper" is Portillo, Parejko, Vergara & Connolly (2020), arXiv:2002.10464.
//!
//! # How it works
//!
//! A spectrum enters as bytes, [`formats::read`](formats) makes an observation of it, a `Recipe` ([`preprocess`]) puts it on the
//! paper's 1000-pixel rest-frame grid, the InfoVAE ([`vae`]) compresses it to a few latents, [`latent`] reads galaxies from
//! those, and [`plot`] draws them. The page and its two workers never name each other: they meet in [`protocol`].
//!
//! ```text
//!                              page (main thread)
//!              state: an act or an event in, commands out; components draw it
//!                 |  ^                                          |  ^
//!  ExploreCommand |  | ExploreEvent                TrainCommand |  | TrainEvent
//!                 v  |                                          v  |
//!        explorer (worker)  <---- a model after each epoch ---- trainer (worker)
//!        a model and jobs         (MessageChannel)              a TrainingSession on a Backend
//!                 |                                                  |
//!        model file, user's files                         shards, browser's disk
//! ```
//!
//! # Entry points
//!
//! - The page: `page::run` (bin `app`), the explorer: `workers::explorer::worker::run` (bin `engine_cpu`), the trainer:
//!   `workers::trainer::worker::run` (bins `engine_cpu` and `engine_gpu`).
//! - The command line: `cli::run` (bin `spectrascape`; `spectrascape-sets` without the model).
//! - The library: [`formats::read`](formats), `preprocess::Recipe::prepare`, `vae::Model::encode`,
//!   [`vae::session::TrainingSession`].
//!
//! # Modules
//!
//! A module imports only from those above it in this table, and no two files import each other in a circle; a test
//! (`tests/native/layering.rs`) holds the sources against these rows.
//!
//! | module | what it is | what is never in it |
//! |---|---|---|
//! | `numerics` | Pure mathematics: statistics, splines, PCA, NMF, least squares, nearest neighbours, SIMD. | Astronomy. |
//! | `spectrum` | What a spectrum is: types, the wavelength grid, the one line catalogue, classification. | Bytes of files. |
//! | `preprocess` | `Recipe`: the only way from an observed spectrum to the model's input. | Knowledge of a survey's files. |
//! | `formats` | Bytes to values and back: `read` is the door for spectra, `set` the page's own files. | IO; a second door. |
//! | `simulator` | Simulated galaxy spectra. | A mixture of a few templates; randomness without a seed. |
//! | `vae` | The InfoVAE: objective, optimiser, training session, backends, model files. | Messages and the page. |
//! | `latent` | What is read from latents: axes, tracks, outliers, noise, redshifts, UMAP, clusters. | A particular engine. |
//! | `plot` | Spectrum, scatter, corner and charts on any plotters backend; `palette` is the only place of colours. | The DOM. |
//! | `export` | CSV, VOTable, citations. | Another CSV writer anywhere else. |
//! | `protocol` | Commands and events between the page and its workers, one enum for each direction of a conversation. | Tensors; the DOM. |
//! | `browser` | Fetching, messages, the browser's disk, shards as they stream in. | Knowledge of models. |
//! | `workers` | The explorer and the trainer. | Each other; the page. |
//! | `page` | State, permalinks, lessons, view models and Leptos components. | Tensors; logic in a component that no native test reaches. |
//! | `cli` | The native commands, one file each. | Names of preprocessing steps other than `Recipe`. |
//!
//! # What is never done
//!
//! - No randomness without a seed, and no clock in any result.
//! - No Burn outside `vae` and `workers`, no Leptos outside `page` (features `engine` and `page` are the walls).
//! - No IO below `browser` and `cli`: parsers take bytes.
//!
//! # Where to change what
//!
//! | task | files |
//! |---|---|
//! | an emission line | `spectrum/lines.rs` |
//! | the KL term | `vae/objective.rs` and the backends' kernels; `tests/native/backends` holds them together |
//! | a worker command | `protocol/explore.rs`, its file in `workers/explorer`, the dispatch in `workers/explorer/session.rs` |
//! | a plot | its file in `plot`, its component in `page/components`, one line of its parent |
//! | a layout of FITS files | its file in `formats/fits`, one line in `formats/fits/mod.rs` |
//! | a kind of table, or of files of many spectra | its file in `formats/table` or `formats/archives`, one line in `formats/read.rs` |
//! | an activation | `vae/activation.rs`, and its name in the form (`page/training_form.rs`) |
//! | a lesson | its file in `page/lessons` |
//! | a command | its file in `cli` (in `cli/model` if it needs the model), one line in its `mod.rs` |
//! | a colour | `plot/palette.rs` |

pub mod browser;
pub mod export;
pub mod formats;
pub mod latent;
pub mod numerics;
pub mod page;
pub mod plot;
pub mod preprocess;
pub mod protocol;
pub mod simulator;
pub mod spectrum;
pub mod vae;
pub mod workers;

#[cfg(feature = "sets")]
pub mod cli;
