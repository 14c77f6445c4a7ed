//! The channel on which the trainer hands models to the explorer, past the page.

use std::cell::RefCell;

use web_sys::MessagePort;

use crate::browser::messages;
use crate::protocol::TrainedModel;

/// The trainer's end of the channel, once the page has opened it. The newest model is kept for an explorer that comes later.
#[derive(Default)]
pub struct ModelChannel {
    port: RefCell<Option<MessagePort>>,
    newest: RefCell<Option<Vec<u8>>>,
}

impl ModelChannel {
    /// Uses a port from now on.
    pub fn connect(&self, port: MessagePort) {
        if let Some(model) = &*self.newest.borrow() {
            messages::send(&port, model);
        }
        if let Some(before) = self.port.replace(Some(port)) {
            before.close();
        }
    }

    /// Hands a model over.
    pub fn send(&self, model: TrainedModel) {
        let bytes = model.to_bytes();
        if let Some(port) = &*self.port.borrow() {
            messages::send(port, &bytes);
        }
        self.newest.replace(Some(bytes));
    }
}
