//! The parts that every worker of the page needs: messages in and out, a clock, and a pause in which messages are received.

use js_sys::{Array, Promise, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DedicatedWorkerGlobalScope, MessageChannel, MessageEvent, MessagePort};

use crate::protocol::{Request, Response, WorkerEvent};

/// Time that work takes between two checks for messages, milliseconds. A piece that takes longer is not interrupted.
pub const SLICE: f64 = 25.0;
/// Time between two reports of progress, milliseconds.
pub const REPORT: f64 = 200.0;

/// A channel from a worker to itself, by which it queues behind the messages that wait. Timers would delay it by four milliseconds.
pub struct Turn {
    receive: MessagePort,
    send: MessagePort,
}

/// Posts `ready`, then calls `answer` with every request and `connect` with every port of another worker that the page sends. A panic
/// goes to the console; the page learns from the worker's end that there was one.
pub fn listen<C: Serialize + DeserializeOwned + 'static, E: WorkerEvent + 'static>(
    ready: E,
    mut answer: impl FnMut(Request<C>) + 'static,
    mut connect: impl FnMut(MessagePort) + 'static,
) {
    console_error_panic_hook::set_once();
    let listen = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
        let data = match message.data().dyn_into::<MessagePort>() {
            Ok(port) => return connect(port),
            Err(data) => data,
        };
        let bytes = Uint8Array::new(&data);
        if bytes.length() == 0 {
            // Asked whether it still answers.
            let _ = scope().post_message(&bytes);
            return;
        }
        match Request::from_bytes(&bytes.to_vec()) {
            Some(request) => answer(request),
            None => {
                post(0, E::failed("The page and its engine are of different versions: reload the page.".to_owned()));
            }
        }
    });
    scope().set_onmessage(Some(listen.as_ref().unchecked_ref()));
    listen.forget();
    post(0, ready);
}

/// Sends an event to the page; its bytes are transferred without a copy.
pub fn post<E: WorkerEvent>(id: u32, event: E) {
    let bytes = Uint8Array::from(Response { id, event }.to_bytes().as_slice());
    // A page that was closed cannot receive anything.
    let _ = scope().post_message_with_transfer(&bytes, &Array::of1(&bytes.buffer()));
}

/// Sends bytes to another worker; they are transferred without a copy.
pub fn send(port: &MessagePort, bytes: &[u8]) {
    let bytes = Uint8Array::from(bytes);
    // A worker that has ended cannot receive anything.
    let _ = port.post_message_with_transferable(&bytes, &Array::of1(&bytes.buffer()));
}

/// Calls `take` with all bytes that another worker sends through `port`.
pub fn receive(port: &MessagePort, mut take: impl FnMut(Vec<u8>) + 'static) {
    let listen = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
        take(Uint8Array::new(&message.data()).to_vec());
    });
    port.set_onmessage(Some(listen.as_ref().unchecked_ref()));
    // It lives as long as the port, which is as long as the worker.
    listen.forget();
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
