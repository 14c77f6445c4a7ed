//! The worker that trains now.

use super::worker_client::WorkerClient;
use crate::protocol::{TrainCommand, TrainEvent};

/// A worker that trains.
pub struct RunningTrainer {
    /// Which of the workers that were wanted it is.
    pub(super) generation: u32,
    /// Whether it has a channel to the explorer.
    pub(super) connected: bool,
    /// The page's end of it.
    pub(super) client: WorkerClient<TrainCommand, TrainEvent>,
}
