//! The events of a session as messages to the page.

use crate::protocol::TrainEvent;
use crate::vae::session::{Progress, SessionEvent};

/// Returns the message of an event.
pub(super) fn translate(event: SessionEvent) -> TrainEvent {
    match event {
        SessionEvent::Epoch { report, best, ms_per_step } => TrainEvent::Epoch { report, best, ms_per_step },
        SessionEvent::Latents(latents) => TrainEvent::EpochLatents(latents),
        SessionEvent::LinearBaseline(baseline) => TrainEvent::LinearBaseline(baseline),
        SessionEvent::State(state) => TrainEvent::State { state },
    }
}

/// Returns the message that says how far an epoch is.
pub(super) fn progress(progress: &Progress) -> TrainEvent {
    let &Progress { position, terms, ms_per_step } = progress;
    TrainEvent::StepsDone { epoch: position.epoch, step: position.step, steps: position.steps, terms, ms_per_step }
}
