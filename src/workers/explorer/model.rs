//! The model in use, and those that were handed over and wait to be asked for.

use std::collections::VecDeque;
use std::rc::Rc;

use burn::tensor::Device;

use crate::protocol::{ExploreEvent, TrainedModel};
use crate::vae::inference::{self, Model};

/// Models that wait to be asked for. The page asks for each, or for a newer one, within milliseconds.
const KEPT: usize = 2;

/// The model of the last file opened.
pub struct OpenedModel {
    device: Device,
    model: Option<Rc<Model>>,
}

impl OpenedModel {
    /// Returns the state with no model open.
    pub fn none() -> Self {
        Self { device: inference::device(), model: None }
    }

    /// Opens a model from its file's bytes. One that cannot be opened leaves the one before in use.
    pub fn open(&mut self, name: &str, bytes: &[u8]) -> ExploreEvent {
        match Model::from_bytes(name, bytes, &self.device) {
            Ok(model) => {
                let (card, head) = (model.card.clone(), model.head().cloned());
                self.model = Some(Rc::new(model));
                ExploreEvent::ModelOpened { card, head }
            }
            Err(error) => ExploreEvent::Failed { message: error.to_string() },
        }
    }

    /// Returns the model in use.
    ///
    /// # Errors
    ///
    /// One sentence where none has been opened.
    pub fn get(&self) -> Result<Rc<Model>, String> {
        let none = || "No model is open yet: wait until it has loaded, or reload the page.".to_owned();
        self.model.clone().ok_or_else(none)
    }
}

/// Models that arrived and were not asked for yet, and the request for one that has not arrived.
///
/// Model and request travel on different channels, so either may come first. Models arrive in order, so that one newer than the
/// model asked for says that that one never will.
#[derive(Default)]
pub struct HandedOver {
    arrived: VecDeque<TrainedModel>,
    asked: Option<(u32, Key)>,
}

/// Number of the request that started the training, and epochs done.
type Key = (u32, usize);

/// The outcome of a request for a model that is handed over.
#[derive(Debug, Clone, PartialEq)]
pub enum Handover {
    /// The model is there.
    Use {
        /// Number of the request for it.
        request: u32,
        /// The model.
        model: TrainedModel,
    },
    /// The model will not come.
    Gone {
        /// Number of the request for it.
        request: u32,
    },
    /// Nothing yet.
    Wait,
}

impl HandedOver {
    /// Takes in a model, and returns what becomes of the request that waits.
    pub fn on_arrived(&mut self, model: TrainedModel) -> Handover {
        let newest = key(&model);
        let waiting = self.asked.take_if(|(_, wanted)| *wanted <= newest);
        match waiting {
            Some((request, wanted)) if wanted == newest => return Handover::Use { request, model },
            _ => {}
        }
        self.arrived.retain(|kept| kept.training == model.training && kept.epoch != model.epoch);
        self.arrived.push_back(model);
        if self.arrived.len() > KEPT {
            self.arrived.pop_front();
        }
        waiting.map_or(Handover::Wait, |(request, _)| Handover::Gone { request })
    }

    /// Looks for the model that a request names; older ones are not needed any longer.
    pub fn ask(&mut self, request: u32, training: u32, epoch: usize) -> Handover {
        let wanted = (training, epoch);
        self.arrived.retain(|kept| key(kept) >= wanted);
        self.asked = None;
        if self.arrived.front().is_some_and(|kept| key(kept) == wanted) {
            return self.arrived.pop_front().map_or(Handover::Wait, |model| Handover::Use { request, model });
        }
        if !self.arrived.is_empty() {
            return Handover::Gone { request };
        }
        self.asked = Some((request, wanted));
        Handover::Wait
    }

    /// Another trainer hands models over from now on: what the one before has not sent will not come.
    pub fn on_connected(&mut self) -> Handover {
        self.asked.take().map_or(Handover::Wait, |(request, _)| Handover::Gone { request })
    }
}

fn key(model: &TrainedModel) -> Key {
    (model.training, model.epoch)
}
