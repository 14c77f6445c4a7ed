//! The messages and shards that the trainer receives while it works.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use wasm_bindgen_futures::spawn_local;

use crate::browser::messages::{REPORT, now, post};
use crate::browser::stream::{Cancel, ShardStream};
use crate::formats::set::{Manifest, Shard};
use crate::protocol::{Progress, Request, TrainCommand, TrainEvent};

/// Messages and shards received and not yet taken.
#[derive(Default)]
pub struct Inbox {
    pub requests: RefCell<VecDeque<Request<TrainCommand>>>,
    pub shards: RefCell<VecDeque<(u32, Result<Shard, String>)>>,
    waker: Cell<Option<Waker>>,
}

impl Inbox {
    pub fn wake(&self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    /// Waits until something was received.
    pub async fn something(&self) {
        poll_fn(|context| {
            if !self.requests.borrow().is_empty() || !self.shards.borrow().is_empty() {
                return Poll::Ready(());
            }
            self.waker.set(Some(context.waker().clone()));
            Poll::Pending
        })
        .await;
    }
}

/// Fetches the shards from the one on that begins with spectrum `from`; they go into the inbox.
pub fn stream(inbox: &Rc<Inbox>, request: u32, set_url: &str, manifest: &Manifest, from: usize) -> Cancel {
    let mut before = 0;
    let order: Vec<usize> = (0..manifest.shards.len())
        .filter(|&at| {
            let begins = before;
            before += manifest.shards[at].count;
            begins >= from
        })
        .collect();
    let reported = Cell::new(f64::NEG_INFINITY);
    let done = from as u64;
    let report = move |progress: crate::browser::stream::Progress| {
        let all = progress.spectra == progress.all_spectra;
        if all || now() - reported.get() >= REPORT {
            reported.set(now());
            let megabytes = |bytes: u64| bytes as f64 / 1e6;
            let (here, whole) = (megabytes(progress.bytes), megabytes(progress.all_bytes));
            let what = match progress.retry_in {
                Some(wait) => format!("Connection lost, trying again in {} s", wait.div_ceil(1000)),
                None => format!("Loading spectra, {here:.1} of {whole:.1} MB"),
            };
            let (done, total) = (done + progress.spectra as u64, done + progress.all_spectra as u64);
            post(request, TrainEvent::Progress(Progress { what, done, total, unit: "spectra".to_owned() }));
        }
    };
    let mut stream = ShardStream::in_order(set_url, manifest, &order).on_progress(report);
    let cancel = stream.cancel();
    let (inbox, infos) = (inbox.clone(), manifest.shards.clone());
    spawn_local(async move {
        loop {
            let shard = match stream.next().await {
                Ok(Some((at, bytes))) => Shard::from_bytes(&infos[at].name, &bytes).map_err(|error| error.to_string()),
                Ok(None) => break,
                Err(error) => Err(error.to_string()),
            };
            let failed = shard.is_err();
            inbox.shards.borrow_mut().push_back((request, shard));
            inbox.wake();
            if failed {
                break;
            }
        }
    });
    cancel
}
