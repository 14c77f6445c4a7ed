//! The page's end of a conversation with a worker, in bytes.

use std::cell::{Cell, RefCell};
use std::marker::PhantomData;
use std::rc::Rc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{MessageEvent, MessagePort, Worker, WorkerOptions};

use crate::page::heartbeat::{Beat, Heartbeat};
use crate::protocol::{Request, Response, WorkerEvent};

/// A running worker that takes commands `C` and sends events `E`, or none where it could not be started.
pub struct WorkerClient<C, E> {
    running: Option<Running>,
    kind: &'static WorkerKind,
    conversation: PhantomData<(C, E)>,
}

/// A worker and what listens to it, which goes when it goes.
struct Running {
    worker: Worker,
    ear: Rc<Ear>,
    _on_message: Closure<dyn Fn(MessageEvent)>,
    _on_error: Closure<dyn Fn()>,
}

/// Keeps what was heard of a worker.
#[derive(Default)]
struct Ear {
    /// Whether it has ever sent anything.
    listens: Cell<bool>,
    heartbeat: RefCell<Heartbeat>,
}

/// A kind of worker, and what is said when one ends.
#[derive(Debug)]
pub struct WorkerKind {
    /// Name that the worker is given, which says which conversation it holds.
    name: &'static str,
    not_loaded: &'static str,
    stopped: &'static str,
    silent: &'static str,
    /// Milliseconds that it may take for one piece of work, on the slowest machine.
    patience: f64,
}

/// A message of a worker, or its end.
pub enum FromWorker<E> {
    /// An answer.
    Response(Box<Response<E>>),
    /// It cannot be used; one sentence for the user.
    Died(String),
    /// It worked, and has stopped or does not answer any more; one sentence for the user.
    Stopped(String),
}

/// The explorer.
pub const EXPLORER: WorkerKind = WorkerKind {
    name: "explorer",
    not_loaded: "The engine could not be loaded: the scatter works without it, and reloading the page tries again.",
    stopped: "The engine has stopped: the scatter stays, and reloading the page starts the engine again.",
    silent: "The engine does not answer: the scatter stays, and reloading the page starts the engine again.",
    patience: 45_000.0,
};

/// The trainer: a batch of the largest model that the form allows takes seconds, on a slow machine half a minute.
pub const TRAINER: WorkerKind = WorkerKind {
    name: "trainer",
    not_loaded: "The trainer could not be loaded: press Train to try again.",
    stopped: "The trainer has stopped: press Train to start anew.",
    silent: "The trainer did not answer for a minute and a half: press Train to start anew.",
    patience: 90_000.0,
};

const OTHER_VERSION: &str = "The engine is of another version than the page: reload the page to get both anew.";

impl<C: Serialize + DeserializeOwned, E: WorkerEvent + 'static> WorkerClient<C, E> {
    /// Starts the worker of a script; `on_event` is called with all that it sends.
    pub fn start(script: &str, kind: &'static WorkerKind, on_event: impl Fn(FromWorker<E>) + Clone + 'static) -> Self {
        let options = WorkerOptions::new();
        options.set_name(kind.name);
        let Ok(worker) = Worker::new_with_options(script, &options) else {
            on_event(FromWorker::Died(kind.not_loaded.to_owned()));
            return Self { running: None, kind, conversation: PhantomData };
        };
        let answered = on_event.clone();
        let ear = Rc::new(Ear::default());
        let (hears, heard) = (ear.clone(), ear.clone());
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
            hears.heartbeat.borrow_mut().on_heard();
            let bytes = js_sys::Uint8Array::new(&message.data()).to_vec();
            if bytes.is_empty() {
                return;
            }
            hears.listens.set(true);
            match Response::from_bytes(&bytes) {
                Some(response) => answered(FromWorker::Response(Box::new(response))),
                None => answered(FromWorker::Died(OTHER_VERSION.to_owned())),
            }
        });
        let on_error = Closure::<dyn Fn()>::new(move || {
            on_event(match heard.listens.get() {
                true => FromWorker::Stopped(kind.stopped.to_owned()),
                false => FromWorker::Died(kind.not_loaded.to_owned()),
            });
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        let running = Running { worker, ear, _on_message: on_message, _on_error: on_error };
        Self { running: Some(running), kind, conversation: PhantomData }
    }

    /// Ends the worker, whatever it does.
    pub fn end(&self) {
        if let Some(Running { worker, .. }) = &self.running {
            worker.set_onmessage(None);
            worker.set_onerror(None);
            worker.terminate();
        }
    }

    /// Looks whether the worker still answers, at a time in milliseconds. Returns one sentence for the user where it does not.
    pub fn look(&self, now: f64) -> Option<String> {
        let Running { worker, ear, .. } = self.running.as_ref().filter(|running| running.ear.listens.get())?;
        let beat = ear.heartbeat.borrow_mut().look(now, self.kind.patience);
        match beat {
            Beat::Ask => {
                // Posting to a worker that is gone does nothing, and so the answer does not come.
                let _ = worker.post_message(&js_sys::Uint8Array::new_with_length(0));
                None
            }
            Beat::Wait => None,
            Beat::Silent => Some(self.kind.silent.to_owned()),
        }
    }

    /// Sends a request; its bytes are moved, not copied.
    pub fn send(&self, request: &Request<C>) {
        let Some(Running { worker, .. }) = &self.running else { return };
        let bytes = js_sys::Uint8Array::from(request.to_bytes().as_slice());
        let buffers = js_sys::Array::of1(&bytes.buffer());
        // Posting plain bytes only fails on a worker that is gone, and that reports itself.
        let _ = worker.post_message_with_transfer(&bytes, &buffers);
    }

    /// Gives the worker one end of a channel to another worker.
    pub fn connect(&self, port: &MessagePort) {
        let Some(Running { worker, .. }) = &self.running else { return };
        let _ = worker.post_message_with_transfer(port, &js_sys::Array::of1(port));
    }
}
