//! A worker that runs an engine, spoken to in bytes.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{MessageEvent, Worker, WorkerOptions};

use crate::protocol::{Request, Response};

/// A running worker, or none where it could not be started.
pub struct EngineClient {
    worker: Option<Worker>,
}

/// What comes out of the worker.
pub enum FromEngine {
    /// An answer.
    Response(Box<Response>),
    /// It is gone; one sentence for the user.
    Died(String),
}

const NOT_LOADED: &str =
    "The engine could not be loaded: the scatter works without it, and reloading the page tries again.";
const STOPPED: &str = "The engine has stopped: the scatter stays, and reloading the page starts the engine again.";
const OTHER_VERSION: &str = "The engine is of another version than the page: reload the page to get both anew.";

impl EngineClient {
    /// Starts the worker of a script beside the page, under a name that tells it what to be; `heard` is called with all that comes
    /// from it.
    pub fn start(script: &str, name: &str, heard: impl Fn(FromEngine) + Clone + 'static) -> Self {
        let options = WorkerOptions::new();
        options.set_name(name);
        let Ok(worker) = Worker::new_with_options(script, &options) else {
            heard(FromEngine::Died(NOT_LOADED.to_owned()));
            return Self { worker: None };
        };
        let answered = heard.clone();
        let listens = Rc::new(Cell::new(false));
        let listening = listens.clone();
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
            let bytes = js_sys::Uint8Array::new(&message.data()).to_vec();
            match Response::from_bytes(&bytes) {
                Some(response) => answered(FromEngine::Response(Box::new(response))),
                None => answered(FromEngine::Died(OTHER_VERSION.to_owned())),
            }
            listening.set(true);
        });
        let on_error = Closure::<dyn Fn()>::new(move || {
            let sentence = if listens.get() { STOPPED } else { NOT_LOADED };
            heard(FromEngine::Died(sentence.to_owned()));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        // Both live as long as the page.
        on_message.forget();
        on_error.forget();
        Self { worker: Some(worker) }
    }

    /// Ends the worker, whatever it does.
    pub fn end(&self) {
        if let Some(worker) = &self.worker {
            worker.set_onmessage(None);
            worker.set_onerror(None);
            worker.terminate();
        }
    }

    /// Sends a request; the bytes move, they are not copied.
    pub fn send(&self, request: &Request) {
        let Some(worker) = &self.worker else { return };
        let bytes = js_sys::Uint8Array::from(request.to_bytes().as_slice());
        let buffers = js_sys::Array::of1(&bytes.buffer());
        // Posting plain bytes only fails on a worker that is gone, and that reports itself.
        let _ = worker.post_message_with_transfer(&bytes, &buffers);
    }
}
