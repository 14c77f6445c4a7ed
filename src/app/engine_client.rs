//! The worker that runs the engine: spawned once, spoken to in bytes.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{ErrorEvent, MessageEvent, Worker};

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

/// The script that loads the CPU engine, beside the page.
const LOADER: &str = "./engine_cpu_loader.js";

impl EngineClient {
    /// Starts the worker; `heard` is called with all that comes from it.
    pub fn start(heard: impl Fn(FromEngine) + Clone + 'static) -> Self {
        let Ok(worker) = Worker::new(LOADER) else {
            heard(FromEngine::Died(died("it could not be started")));
            return Self { worker: None };
        };
        let answered = heard.clone();
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
            let bytes = js_sys::Uint8Array::new(&message.data()).to_vec();
            match Response::from_bytes(&bytes) {
                Some(response) => answered(FromEngine::Response(Box::new(response))),
                None => answered(FromEngine::Died(died("it is of another version than the page"))),
            }
        });
        let on_error = Closure::<dyn Fn(ErrorEvent)>::new(move |error: ErrorEvent| {
            error.prevent_default();
            let message = js_sys::Reflect::get(&error, &"message".into()).ok().and_then(|text| text.as_string());
            let why = message.filter(|text| !text.is_empty()).unwrap_or_else(|| "it could not be loaded".to_owned());
            heard(FromEngine::Died(died(&why)));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        // Both live as long as the page.
        on_message.forget();
        on_error.forget();
        Self { worker: Some(worker) }
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

fn died(why: &str) -> String {
    format!("The engine does not run ({why}): the scatter stays, and reloading the page starts the engine again.")
}
