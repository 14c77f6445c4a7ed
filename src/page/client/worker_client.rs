//! The page's end of a conversation with a worker, in bytes.

use std::cell::Cell;
use std::marker::PhantomData;
use std::rc::Rc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{MessageEvent, MessagePort, Worker, WorkerOptions};

use crate::protocol::{Request, Response, WorkerEvent};

/// A running worker that takes commands `C` and sends events `E`, or none where it could not be started.
pub struct WorkerClient<C, E> {
    worker: Option<Worker>,
    conversation: PhantomData<(C, E)>,
}

/// A message of a worker, or its end.
pub enum FromWorker<E> {
    /// An answer.
    Response(Box<Response<E>>),
    /// It is gone; one sentence for the user.
    Died(String),
}

const NOT_LOADED: &str =
    "The engine could not be loaded: the scatter works without it, and reloading the page tries again.";
const STOPPED: &str = "The engine has stopped: the scatter stays, and reloading the page starts the engine again.";
const OTHER_VERSION: &str = "The engine is of another version than the page: reload the page to get both anew.";

impl<C: Serialize + DeserializeOwned, E: WorkerEvent + 'static> WorkerClient<C, E> {
    /// Starts the worker of a script under a name that says which conversation it holds; `on_event` is called with all that it sends.
    pub fn start(script: &str, name: &str, on_event: impl Fn(FromWorker<E>) + Clone + 'static) -> Self {
        let options = WorkerOptions::new();
        options.set_name(name);
        let Ok(worker) = Worker::new_with_options(script, &options) else {
            on_event(FromWorker::Died(NOT_LOADED.to_owned()));
            return Self { worker: None, conversation: PhantomData };
        };
        let answered = on_event.clone();
        let listens = Rc::new(Cell::new(false));
        let listening = listens.clone();
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
            let bytes = js_sys::Uint8Array::new(&message.data()).to_vec();
            match Response::from_bytes(&bytes) {
                Some(response) => answered(FromWorker::Response(Box::new(response))),
                None => answered(FromWorker::Died(OTHER_VERSION.to_owned())),
            }
            listening.set(true);
        });
        let on_error = Closure::<dyn Fn()>::new(move || {
            let sentence = if listens.get() { STOPPED } else { NOT_LOADED };
            on_event(FromWorker::Died(sentence.to_owned()));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        // Both live as long as the page.
        on_message.forget();
        on_error.forget();
        Self { worker: Some(worker), conversation: PhantomData }
    }

    /// Ends the worker, whatever it does.
    pub fn end(&self) {
        if let Some(worker) = &self.worker {
            worker.set_onmessage(None);
            worker.set_onerror(None);
            worker.terminate();
        }
    }

    /// Sends a request; its bytes are moved, not copied.
    pub fn send(&self, request: &Request<C>) {
        let Some(worker) = &self.worker else { return };
        let bytes = js_sys::Uint8Array::from(request.to_bytes().as_slice());
        let buffers = js_sys::Array::of1(&bytes.buffer());
        // Posting plain bytes only fails on a worker that is gone, and that reports itself.
        let _ = worker.post_message_with_transfer(&bytes, &buffers);
    }

    /// Gives the worker one end of a channel to another worker.
    pub fn connect(&self, port: &MessagePort) {
        let Some(worker) = &self.worker else { return };
        let _ = worker.post_message_with_transfer(port, &js_sys::Array::of1(port));
    }
}
