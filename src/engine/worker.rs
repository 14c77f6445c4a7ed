//! The engine as a Web Worker: messages in and out, fetching, and a loop that works between messages.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Promise, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DedicatedWorkerGlobalScope, MessageChannel, MessageEvent, MessagePort};

use super::Session;
use crate::net;
use crate::protocol::{Command, Event, Request, Response};
use crate::shard::set::MeanSpectrum;
use crate::shard::{Manifest, Shard, sha256_hex};
use crate::vae::batch::TrainingSet;

/// Work between two looks at the messages, milliseconds. A step of training that takes longer is done whole.
const SLICE: f64 = 25.0;
/// Time between two reports of how far the work is, milliseconds.
const REPORT: f64 = 200.0;

struct Worker {
    session: RefCell<Session>,
    working: Cell<bool>,
    turn: Turn,
}

/// A way to the end of the queue of messages: `postMessage` to oneself, which no timer's four milliseconds delay.
struct Turn {
    receive: MessagePort,
    send: MessagePort,
}

/// Listens, says so, and never ends. A panic is told to the page before the worker stops.
pub fn run() {
    std::panic::set_hook(Box::new(|panic| {
        let why = panic.to_string().replace('\n', " ");
        let message = format!("The engine has stopped and must be started again by reloading the page ({why}).");
        post(0, Event::Failed { message });
        console_error_panic_hook::hook(panic);
    }));
    let worker =
        Rc::new(Worker { session: RefCell::new(Session::new()), working: Cell::new(false), turn: Turn::new() });
    let listen = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
        let bytes = Uint8Array::new(&message.data()).to_vec();
        match Request::from_bytes(&bytes) {
            Some(request) => spawn_local(worker.clone().answer(request)),
            None => {
                let message = "The page and its engine are of different versions: reload the page.".to_owned();
                post(0, Event::Failed { message });
            }
        }
    });
    scope().set_onmessage(Some(listen.as_ref().unchecked_ref()));
    listen.forget();
    post(0, Session::ready());
}

impl Worker {
    async fn answer(self: Rc<Self>, request: Request) {
        let Request { id, command } = request;
        match command {
            Command::OpenModel { url } => {
                let event = match net::get(&url).await {
                    Ok(bytes) => self.session.borrow_mut().open_model(file_name(&url), &bytes),
                    Err(error) => Event::Failed { message: error.to_string() },
                };
                post(id, event);
            }
            Command::TrainStart { set_url, config } => {
                let event = self.session.borrow_mut().loading(id);
                post(id, event);
                let responses = match self.load_set(id, &set_url).await {
                    Ok(Some(set)) => self.session.borrow_mut().start_training(id, &config, set),
                    Ok(None) => Vec::new(),
                    Err(_) if !self.session.borrow().awaits_set(id) => Vec::new(),
                    Err(message) => self.session.borrow_mut().training_failed(id, &message),
                };
                responses.into_iter().for_each(|response| post(response.id, response.event));
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
                let responses = self.session.borrow_mut().advance(now);
                responses.into_iter().for_each(|response| post(response.id, response.event));
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

    /// Fetches a set, file by file; none where the training was stopped meanwhile, an error in words where a file is
    /// missing or not what the manifest says.
    async fn load_set(&self, id: u32, set_url: &str) -> Result<Option<TrainingSet>, String> {
        let address = |name: &str| format!("{}/{name}", set_url.trim_end_matches('/'));
        let fetch = async |name: &str| net::get(&address(name)).await.map_err(|error| error.to_string());
        let bytes = fetch("manifest.json").await?;
        let manifest = Manifest::from_json("manifest.json", &bytes).map_err(|error| error.to_string())?;
        let mean = MeanSpectrum::from_bytes(&manifest.mean_spectrum, &fetch(&manifest.mean_spectrum).await?)
            .map_err(|error| error.to_string())?;
        let mut set = TrainingSet::new(&manifest, &sha256_hex(&bytes), mean);
        for info in &manifest.shards {
            let bytes = fetch(&info.name).await?;
            if !self.session.borrow().awaits_set(id) {
                return Ok(None);
            }
            info.verify(&bytes).map_err(|error| error.to_string())?;
            set.push(&Shard::from_bytes(&info.name, &bytes).map_err(|error| error.to_string())?);
            post(id, loading(set.len(), manifest.count));
        }
        match set.len() == manifest.count {
            true => Ok(Some(set)),
            false => Err(format!("the shards hold {} spectra, the manifest says {}", set.len(), manifest.count)),
        }
    }
}

impl Turn {
    fn new() -> Self {
        let channel = MessageChannel::new().expect("every browser with workers has message channels");
        Self { receive: channel.port1(), send: channel.port2() }
    }

    async fn take(&self) {
        let promise = Promise::new(&mut |resolve, _| {
            self.receive.set_onmessage(Some(&resolve));
            self.send.post_message(&wasm_bindgen::JsValue::NULL).expect("null can be sent");
        });
        JsFuture::from(promise).await.expect("the promise is never rejected");
    }
}

fn loading(done: usize, total: usize) -> Event {
    let (done, total) = (done as u64, total as u64);
    Event::Progress { what: "Loading spectra".to_owned(), done, total, unit: "spectra".to_owned() }
}

/// Sends an event; its bytes change hands without a copy.
fn post(id: u32, event: Event) {
    let bytes = Uint8Array::from(Response { id, event }.to_bytes().as_slice());
    // A page that is gone cannot be told anything.
    let _ = scope().post_message_with_transfer(&bytes, &Array::of1(&bytes.buffer()));
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

fn now() -> f64 {
    scope().performance().map_or(0.0, |performance| performance.now())
}

fn file_name(url: &str) -> &str {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    path.rsplit('/').next().unwrap_or(path)
}
