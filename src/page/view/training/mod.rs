//! The texts and charts of the training lab.

pub mod compare;
pub mod curves;
pub mod form;
pub mod latents;
pub mod map;
pub mod reproduced;
pub mod storage;
pub mod watched;

use crate::page::state::{AppState, Engine};
use crate::page::view::text::thousands;
use crate::protocol::TrainingState;

/// Describes the newest batch, or the epoch that is over since; `None` before any, and once training has ended.
pub fn newest_text(state: &AppState) -> Option<String> {
    let training = state.training();
    let over = training
        .history
        .last()
        .filter(|_| matches!(training.state, Some(TrainingState::Running | TrainingState::Paused)));
    match (training.step, over) {
        (Some((epoch, step, terms)), over) if over.is_none_or(|over| epoch > over.epoch) => {
            Some(format!("Epoch {epoch}, batch {step}: loss {}", loss_text(terms.total)))
        }
        (_, Some(over)) => Some(format!("Epoch {} is over: mean loss {}", over.epoch, loss_text(over.train.total))),
        _ => None,
    }
}

/// Returns the name of the engine that decodes, or that there is none.
pub fn engine_text(state: &AppState) -> String {
    match state.engine() {
        Engine::Starting => "starting the engine…".to_owned(),
        Engine::Ready(name) => name.clone(),
        Engine::Dead(_) => "engine not running".to_owned(),
    }
}

/// Describes the state of the training.
pub fn state_text(state: &AppState) -> String {
    let starting = matches!(state.trainer().engine(), Some(Engine::Starting));
    let ready = matches!(state.engine(), Engine::Ready(_)) && state.card().is_some();
    let training = state.training();
    if let (Some(TrainingState::Running), Some((loaded, total))) = (training.state, training.waiting) {
        return format!("waiting for spectra: {} of {} are here", thousands(loaded), thousands(total));
    }
    let text = match training.state {
        None | Some(TrainingState::Idle) if state.is_coming_back() => "going on with your training…",
        None | Some(TrainingState::Idle) if !ready => "waiting for the engine",
        None | Some(TrainingState::Idle) if training.problem.is_some() => "stopped: the shipped model is in use",
        None | Some(TrainingState::Idle) => "the shipped model is in use",
        Some(TrainingState::Loading) if starting => "starting the engine",
        Some(TrainingState::Loading) => "loading spectra",
        Some(TrainingState::Running) => "training",
        Some(TrainingState::Paused) if state.training().opened => "weights opened, not trained yet",
        Some(TrainingState::Paused) => "paused",
        Some(TrainingState::Finished) => {
            return format!("finished: your model of epoch {} is in use", state.training().best.unwrap_or_default());
        }
    };
    text.to_owned()
}

/// Returns a loss with as many digits as are meaningful.
pub fn loss_text(value: f64) -> String {
    match value.abs() {
        size if size >= 1000.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.3}"),
    }
}

/// Returns an optional number as text, a dash for `None`.
pub fn or_dash(text: Option<String>) -> String {
    text.unwrap_or_else(|| "–".to_owned())
}
