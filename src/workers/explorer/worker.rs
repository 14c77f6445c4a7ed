//! The engine as a Web Worker: messages in and out, fetching, and a loop that works between messages.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::Session;
use crate::browser::fetch;
use crate::browser::messages::{self, REPORT, SLICE, Turn, file_name, now, post};
use crate::protocol::{Command, Event, Request};

struct Worker {
    session: RefCell<Session>,
    working: Cell<bool>,
    turn: Turn,
}

/// Listens, says so, and never ends.
pub fn run() {
    let worker =
        Rc::new(Worker { session: RefCell::new(Session::new()), working: Cell::new(false), turn: Turn::new() });
    messages::listen(Session::ready(), move |request| worker.clone().answer(request));
}

impl Worker {
    async fn answer(self: Rc<Self>, request: Request) {
        let Request { id, command } = request;
        match command {
            Command::OpenModel { url } => {
                let event = match fetch::get(&url).await {
                    Ok(bytes) => self.session.borrow_mut().open_model(file_name(&url), &bytes),
                    Err(error) => Event::Failed { message: error.to_string() },
                };
                post(id, event);
            }
            command => {
                let response = self.session.borrow_mut().take(Request { id, command });
                response.into_iter().for_each(|response| post(response.id, response.event));
            }
        }
        if self.session.borrow().is_running() && !self.working.replace(true) {
            self.work().await;
        }
    }

    /// Works until there is nothing to do, and lets messages in between.
    async fn work(&self) {
        let mut reported = now();
        loop {
            let start = now();
            while now() - start < SLICE && self.session.borrow().is_running() {
                let response = self.session.borrow_mut().advance();
                response.into_iter().for_each(|response| post(response.id, response.event));
            }
            if !self.session.borrow().is_running() {
                break;
            }
            if now() - reported >= REPORT {
                reported = now();
                let progress = self.session.borrow().progress();
                progress.into_iter().for_each(|response| post(response.id, response.event));
            }
            self.turn.take().await;
        }
        self.working.set(false);
    }
}
