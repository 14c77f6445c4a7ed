//! The channel on which the trainer hands models to the explorer, past the page.

use std::cell::RefCell;

use web_sys::MessagePort;

use crate::browser::messages;
use crate::protocol::TrainedModel;

/// The trainer's end of the channel, once the page has opened it. Until then the newest model waits.
#[derive(Default)]
pub struct ModelChannel {
    port: RefCell<Option<MessagePort>>,
    waiting: RefCell<Option<TrainedModel>>,
}

impl ModelChannel {
    /// Uses a port from now on.
    pub fn connect(&self, port: MessagePort) {
        if let Some(model) = self.waiting.take() {
            messages::send(&port, &model.to_bytes());
        }
        if let Some(before) = self.port.replace(Some(port)) {
            before.close();
        }
    }

    /// Hands a model over.
    pub fn send(&self, model: TrainedModel) {
        match &*self.port.borrow() {
            Some(port) => messages::send(port, &model.to_bytes()),
            None => drop(self.waiting.replace(Some(model))),
        }
    }
}
