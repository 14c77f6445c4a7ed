//! The explorer as a Web Worker: messages in and out, fetching, and a loop that works between messages.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;
use web_sys::MessagePort;

use super::Session;
use crate::browser::fetch;
use crate::browser::messages::{self, REPORT, SLICE, Turn, file_name, now};
use crate::formats::set::verify_sha256;
use crate::protocol::{ExploreCommand, ExploreEvent, Request, Response, TrainedModel};

struct Worker {
    session: RefCell<Session>,
    working: Cell<bool>,
    turn: Turn,
    /// The end of the channel on which models arrive.
    models: RefCell<Option<MessagePort>>,
}

/// Listens, says so, and never ends.
pub fn run() {
    let worker = Rc::new(Worker {
        session: RefCell::new(Session::new()),
        working: Cell::new(false),
        turn: Turn::new(),
        models: RefCell::default(),
    });
    let connected = worker.clone();
    messages::listen(
        Session::ready(),
        move |request| spawn_local(worker.clone().answer(request)),
        move |port| connected.clone().connect(port),
    );
}

fn post(response: Response<ExploreEvent>) {
    messages::post(response.id, response.event);
}

impl Worker {
    async fn answer(self: Rc<Self>, request: Request<ExploreCommand>) {
        let Request { id, command } = request;
        match command {
            ExploreCommand::OpenModel { url, sha256 } => {
                let checked = |bytes: &[u8]| sha256.map_or(Ok(()), |sha256| verify_sha256(&url, bytes, &sha256));
                let event = match fetch::get(&url).await {
                    Ok(bytes) => match checked(&bytes) {
                        Ok(()) => self.session.borrow_mut().open_model(file_name(&url), &bytes),
                        Err(error) => ExploreEvent::Failed { message: error.to_string() },
                    },
                    Err(error) => ExploreEvent::Failed { message: error.to_string() },
                };
                messages::post(id, event);
            }
            command => {
                let response = self.session.borrow_mut().take(Request { id, command });
                response.into_iter().for_each(post);
            }
        }
        if self.session.borrow().is_running() && !self.working.replace(true) {
            self.work().await;
        }
    }

    /// Takes models from another port from now on.
    fn connect(self: Rc<Self>, port: MessagePort) {
        self.session.borrow_mut().on_connected().into_iter().for_each(post);
        let worker = self.clone();
        messages::receive(&port, move |bytes| {
            let Some(model) = TrainedModel::from_bytes(&bytes) else { return };
            let response = worker.session.borrow_mut().on_trained_model(model);
            response.into_iter().for_each(post);
        });
        if let Some(before) = self.models.replace(Some(port)) {
            before.close();
        }
    }

    /// Works until there is nothing to do, and lets messages in between.
    async fn work(&self) {
        let mut reported = now();
        loop {
            let start = now();
            while now() - start < SLICE && self.session.borrow().is_running() {
                let response = self.session.borrow_mut().advance();
                response.into_iter().for_each(post);
            }
            if !self.session.borrow().is_running() {
                break;
            }
            if now() - reported >= REPORT {
                reported = now();
                let progress = self.session.borrow().progress();
                progress.into_iter().for_each(post);
            }
            self.turn.take().await;
        }
        self.working.set(false);
    }
}
