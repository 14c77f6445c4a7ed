//! What the page and its workers say to each other: plain data, no tensors, no DOM. Sent as postcard bytes.
//!
//! One file a conversation: page and explorer ([`explore`]), page and trainer ([`train`]), and the models that the trainer hands to
//! the explorer ([`trained_model`]). Each message to or from the page carries a request's number ([`envelope`]).

pub mod envelope;
pub mod explore;
pub mod train;
pub mod trained_model;

pub use envelope::{Progress, Request, Response, WorkerEvent};
pub use explore::{ExploreCommand, ExploreEvent, ListedSpectrum, MAX_LATENTS, RedrockFile};
pub use train::{
    EpochLatents, LinearBaseline, Origin, SavedRun, TrainCommand, TrainEvent, TrainingPlan, TrainingState, WeightsHash,
};
pub use trained_model::TrainedModel;
