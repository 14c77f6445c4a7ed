//! The workers that run now.

use super::worker_client::WorkerClient;
use crate::protocol::{ExploreCommand, ExploreEvent, TrainCommand, TrainEvent};

/// The worker that explores.
pub struct RunningExplorer {
    /// Which of the workers that were wanted it is.
    pub generation: u32,
    /// The page's end of it.
    pub client: WorkerClient<ExploreCommand, ExploreEvent>,
}

/// The worker that trains.
pub struct RunningTrainer {
    /// Which of the workers that were wanted it is.
    pub(super) generation: u32,
    /// The explorer to which it has a channel.
    pub(super) connected: Option<u32>,
    /// The page's end of it.
    pub(super) client: WorkerClient<TrainCommand, TrainEvent>,
}
