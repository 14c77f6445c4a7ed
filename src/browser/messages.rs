//! The parts that every worker of the page needs: messages in and out, a clock, and a pause in which messages are received.

use std::future::Future;

use js_sys::{Array, Promise, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DedicatedWorkerGlobalScope, MessageChannel, MessageEvent, MessagePort};

use crate::protocol::{Event, Request, Response};

/// Time that work takes between two checks for messages, milliseconds. A piece that takes longer is not interrupted.
pub const SLICE: f64 = 25.0;
/// Time between two reports of progress, milliseconds.
pub const REPORT: f64 = 200.0;

/// A channel from a worker to itself, by which it queues behind the messages that wait. Timers would delay it by four milliseconds.
pub struct Turn {
    receive: MessagePort,
    send: MessagePort,
}

/// Answers every request by `answer`, after it has posted `ready`. A panic is reported to the page before the worker stops.
pub fn listen<F: Future<Output = ()> + 'static>(ready: Event, mut answer: impl FnMut(Request) -> F + 'static) {
    std::panic::set_hook(Box::new(|panic| {
        let why = panic.to_string().replace('\n', " ");
        let message = format!("The engine has stopped and must be started again by reloading the page ({why}).");
        post(0, Event::Failed { message });
        console_error_panic_hook::hook(panic);
    }));
    let listen = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
        let bytes = Uint8Array::new(&message.data()).to_vec();
        match Request::from_bytes(&bytes) {
            Some(request) => spawn_local(answer(request)),
            None => {
                let message = "The page and its engine are of different versions: reload the page.".to_owned();
                post(0, Event::Failed { message });
            }
        }
    });
    scope().set_onmessage(Some(listen.as_ref().unchecked_ref()));
    listen.forget();
    post(0, ready);
}

/// Sends an event to the page; its bytes are transferred without a copy.
pub fn post(id: u32, event: Event) {
    let bytes = Uint8Array::from(Response { id, event }.to_bytes().as_slice());
    // A page that was closed cannot receive anything.
    let _ = scope().post_message_with_transfer(&bytes, &Array::of1(&bytes.buffer()));
}

/// Returns the milliseconds since the worker started.
pub fn now() -> f64 {
    scope().performance().map_or(0.0, |performance| performance.now())
}

/// Returns the name that the page gave this worker.
pub fn name() -> String {
    scope().name()
}

/// Returns the file name at the end of a URL, without query and fragment.
pub fn file_name(url: &str) -> &str {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    path.rsplit('/').next().unwrap_or(path)
}

impl Turn {
    /// Opens the channel.
    pub fn new() -> Self {
        let channel = MessageChannel::new().expect("every browser with workers has message channels");
        Self { receive: channel.port1(), send: channel.port2() }
    }

    /// Resolves once the messages that wait have been received.
    pub async fn take(&self) {
        let promise = Promise::new(&mut |resolve, _| {
            self.receive.set_onmessage(Some(&resolve));
            self.send.post_message(&wasm_bindgen::JsValue::NULL).expect("null can be sent");
        });
        JsFuture::from(promise).await.expect("the promise is never rejected");
    }
}

impl Default for Turn {
    fn default() -> Self {
        Self::new()
    }
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}
