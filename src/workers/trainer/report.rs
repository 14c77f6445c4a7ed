//! What a session reports, as messages to the page.

use crate::protocol::Event;
use crate::vae::session::{Progress, SessionEvent};

/// Returns the message of an event.
pub(super) fn translate(event: SessionEvent) -> Event {
    match event {
        SessionEvent::Epoch { report, best, ms_per_step } => Event::Epoch { report, best, ms_per_step },
        SessionEvent::Latents(latents) => Event::EpochLatents(latents),
        SessionEvent::LinearBaseline(baseline) => Event::LinearBaseline(baseline),
        SessionEvent::State(state) => Event::Training { state },
    }
}

/// Returns the message that says how far an epoch is.
pub(super) fn progress(progress: &Progress) -> Event {
    let &Progress { position, terms, ms_per_step } = progress;
    Event::StepsDone { epoch: position.epoch, step: position.step, steps: position.steps, terms, ms_per_step }
}
