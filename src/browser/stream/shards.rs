//! The shards of a set, several at once, returned in order.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use js_sys::{Function, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::{AbortController, Url};

use super::fetch::{Wait, connect};
use super::{Download, Next, Patience, Progress, Refusal, StreamError, Tally, cache};
use crate::browser::store::StoreError;
use crate::formats::set::{Manifest, ShardInfo};

/// Number of shards loading or ready: enough to use a slow connection fully, few enough that the first ones arrive first.
const AT_ONCE: usize = 3;

/// The shards of a set as they arrive. Dropping it stops loading.
pub struct ShardStream {
    shared: Rc<Shared>,
    /// Number of shards returned, which is the index of the next.
    index: usize,
    /// Whether the last call returned an error: the next continues where it stopped.
    stopped: bool,
}

/// A handle that cancels a stream.
#[derive(Clone)]
pub struct Cancel {
    shared: Rc<Shared>,
}

type Report = Box<dyn FnMut(Progress)>;

struct Shared {
    /// The shards with their index in the manifest, in the order in which they are returned.
    shards: Vec<(usize, ShardInfo)>,
    set_url: String,
    patience: RefCell<Patience>,
    report: RefCell<Option<Report>>,
    warning: RefCell<Option<StoreError>>,
    tally: RefCell<Tally>,
    /// The jobs by index in that order.
    jobs: RefCell<BTreeMap<usize, Job>>,
    waker: RefCell<Option<Waker>>,
    cancelled: Cell<bool>,
    /// Counts how often the caller continued after an error.
    resumed: Cell<usize>,
}

enum Job {
    /// The shard is looked up in the cache, or verified.
    Busy,
    /// The shard is loading; the connection can be aborted.
    Connected(AbortController),
    /// A lost connection is retried after a wait, milliseconds, which the function ends.
    Waiting(Function, u32),
    Here(Vec<u8>),
    Failed(StreamError, Download),
}

impl ShardStream {
    /// Returns a stream of all shards of the set at `set_url`, in the manifest's order. Nothing is fetched before the first call of
    /// [`next`](Self::next).
    pub fn new(set_url: &str, manifest: &Manifest) -> Self {
        let order: Vec<usize> = (0..manifest.shards.len()).collect();
        Self::in_order(set_url, manifest, &order)
    }

    /// Returns a stream of the shards with indices `order` in the manifest, in that order; indices that it does not have are left out.
    pub fn in_order(set_url: &str, manifest: &Manifest, order: &[usize]) -> Self {
        let shards: Vec<_> =
            order.iter().filter_map(|&index| Some((index, manifest.shards.get(index)?.clone()))).collect();
        let tally = Tally::new(shards.iter().map(|(_, info)| info));
        let shared = Shared {
            shards,
            set_url: set_url.trim_end_matches('/').to_owned(),
            patience: RefCell::default(),
            report: RefCell::default(),
            warning: RefCell::default(),
            tally: RefCell::new(tally),
            jobs: RefCell::default(),
            waker: RefCell::default(),
            cancelled: Cell::new(false),
            resumed: Cell::new(0),
        };
        Self { shared: Rc::new(shared), index: 0, stopped: false }
    }

    /// Sets the waits of retries.
    #[must_use]
    pub fn with_patience(self, patience: Patience) -> Self {
        *self.shared.patience.borrow_mut() = patience;
        self
    }

    /// Calls `report` after every piece that arrives, also between two calls of [`next`](Self::next).
    #[must_use]
    pub fn on_progress(self, report: impl FnMut(Progress) + 'static) -> Self {
        *self.shared.report.borrow_mut() = Some(Box::new(report));
        self
    }

    /// Returns the next shard: its index in the manifest, and its bytes, of the size and hash that the manifest states; `None` after the
    /// last. The shards after it continue loading meanwhile.
    ///
    /// # Errors
    /// A shard that could not be loaded. Calling again continues from the bytes received.
    pub async fn next(&mut self) -> Result<Option<(usize, Vec<u8>)>, StreamError> {
        if self.index == self.shared.shards.len() {
            return Ok(None);
        }
        let again = std::mem::take(&mut self.stopped);
        if again {
            self.shared.resume();
        }
        self.fill(again);
        let index = self.index;
        match poll_fn(|context| self.shared.poll(index, context)).await {
            Ok(bytes) => {
                self.index += 1;
                self.fill(false);
                Ok(Some((self.shared.shards[index].0, bytes)))
            }
            Err(error) => {
                self.stopped = true;
                Err(error)
            }
        }
    }

    /// Returns the progress of the stream.
    pub fn progress(&self) -> Progress {
        self.shared.progress()
    }

    /// Returns, once, why shards could not be cached for the next visit; they are returned all the same.
    pub fn warning(&self) -> Option<StoreError> {
        self.shared.warning.borrow_mut().take()
    }

    /// Returns a handle that cancels the stream.
    pub fn cancel(&self) -> Cancel {
        Cancel { shared: self.shared.clone() }
    }

    /// Starts those of the next shards that are not loading; with `again` those too that failed.
    fn fill(&self, again: bool) {
        let end = self.shared.shards.len().min(self.index + AT_ONCE);
        for index in self.index..end {
            let job = self.shared.jobs.borrow_mut().remove(&index);
            let download = match job {
                None => Download::new(&self.shared.shards[index].1),
                Some(Job::Failed(_, mut download)) if again => {
                    download.again();
                    download
                }
                Some(other) => {
                    self.shared.jobs.borrow_mut().insert(index, other);
                    continue;
                }
            };
            self.shared.set(index, Job::Busy);
            spawn_local(self.shared.clone().load(index, download));
        }
    }
}

impl Drop for ShardStream {
    fn drop(&mut self) {
        self.shared.cancel();
    }
}

impl Cancel {
    /// Stops loading: the stream's next call returns [`StreamError::Cancelled`].
    pub fn now(&self) {
        self.shared.cancel();
    }
}

impl Shared {
    fn poll(&self, index: usize, context: &Context) -> Poll<Result<Vec<u8>, StreamError>> {
        if self.cancelled.get() {
            return Poll::Ready(Err(StreamError::Cancelled));
        }
        let mut jobs = self.jobs.borrow_mut();
        match jobs.remove(&index) {
            Some(Job::Here(bytes)) => Poll::Ready(Ok(bytes)),
            Some(Job::Failed(error, download)) => {
                jobs.insert(index, Job::Failed(error.clone(), download));
                Poll::Ready(Err(error))
            }
            other => {
                jobs.extend(other.map(|job| (index, job)));
                *self.waker.borrow_mut() = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }

    async fn load(self: Rc<Self>, index: usize, mut download: Download) {
        let job = match self.shard(index, &mut download).await {
            Ok(bytes) => {
                self.tally.borrow_mut().whole(index);
                Job::Here(bytes)
            }
            Err(error) => Job::Failed(error, download),
        };
        if self.cancelled.get() {
            return;
        }
        self.set(index, job);
        self.report();
        if let Some(waker) = self.waker.borrow_mut().take() {
            waker.wake();
        }
    }

    /// Returns a shard from the cache, or loads it over as many connections as it takes.
    async fn shard(&self, index: usize, download: &mut Download) -> Result<Vec<u8>, StreamError> {
        let info = &self.shards[index].1;
        let url = absolute(&format!("{}/{}", self.set_url, info.name));
        let key = cache::key(&url, &info.sha256);
        if let Some(bytes) = cache::find(&key).await
            && is_whole(info, &bytes)
        {
            return Ok(bytes);
        }
        let patience = self.patience.borrow().clone();
        let mut resumed = self.resumed.get();
        let mut next = Next::Ask;
        loop {
            if self.cancelled.get() {
                return Err(StreamError::Cancelled);
            }
            next = match next {
                Next::Ask => match self.connect(index, &url, download, patience.stall).await {
                    Ok(()) => download.ended(&patience),
                    Err(Refusal::Final { status }) => {
                        return Err(StreamError::Refused { shard: info.name.clone(), status });
                    }
                    Err(refusal) => download.refused(refusal, &patience).unwrap_or(Next::GiveUp),
                },
                Next::Wait(milliseconds) => {
                    let wait = Wait::begin(milliseconds);
                    self.set(index, Job::Waiting(wait.end(), milliseconds));
                    self.report();
                    wait.over().await;
                    self.set(index, Job::Busy);
                    Next::Ask
                }
                Next::Check if is_whole(info, download.bytes()) => {
                    let bytes = std::mem::replace(download, Download::new(info)).into_bytes();
                    if let Err(full) = cache::keep(&key, &bytes).await {
                        self.warning.borrow_mut().get_or_insert(full);
                    }
                    return Ok(bytes);
                }
                Next::Check => download.wrong(),
                // Its retries belong to the time before the caller continued, as those of the shard whose error was returned.
                Next::GiveUp if self.resumed.get() > resumed => {
                    resumed = self.resumed.get();
                    download.again();
                    Next::Ask
                }
                Next::GiveUp => return Err(StreamError::lost(&info.name, &self.progress())),
                Next::Damaged => return Err(StreamError::Damaged { shard: info.name.clone() }),
            };
        }
    }

    async fn connect(&self, index: usize, url: &str, download: &mut Download, stall: u32) -> Result<(), Refusal> {
        let Ok(connection) = AbortController::new() else { return Ok(()) };
        self.set(index, Job::Connected(connection.clone()));
        let on_bytes = |download: &Download| {
            self.tally.borrow_mut().seen(index, download.bytes().len());
            self.report();
        };
        let taken = connect(url, download, &connection, stall, on_bytes).await;
        self.set(index, Job::Busy);
        taken
    }

    /// Gives every shard its retries again, and ends the waits of those that are between two.
    fn resume(&self) {
        self.resumed.set(self.resumed.get() + 1);
        for job in self.jobs.borrow().values() {
            if let Job::Waiting(end, _) = job {
                let _ = end.call0(&JsValue::NULL);
            }
        }
    }

    fn set(&self, index: usize, job: Job) {
        self.jobs.borrow_mut().insert(index, job);
    }

    fn progress(&self) -> Progress {
        let jobs = self.jobs.borrow();
        let waits = jobs.values().filter_map(|job| if let Job::Waiting(_, wait) = job { Some(*wait) } else { None });
        Progress { retry_in: waits.min(), ..self.tally.borrow().progress() }
    }

    fn report(&self) {
        let progress = self.progress();
        // Taken out meanwhile, so that a report may call the stream.
        let Some(mut report) = self.report.borrow_mut().take() else { return };
        if !self.cancelled.get() {
            report(progress);
        }
        self.report.borrow_mut().get_or_insert(report);
    }

    fn cancel(&self) {
        self.cancelled.set(true);
        for job in std::mem::take(&mut *self.jobs.borrow_mut()).into_values() {
            match job {
                Job::Connected(connection) => connection.abort(),
                Job::Waiting(end, _) => {
                    let _ = end.call0(&JsValue::NULL);
                }
                Job::Busy | Job::Here(_) | Job::Failed(..) => {}
            }
        }
        if let Some(waker) = self.waker.borrow_mut().take() {
            waker.wake();
        }
    }
}

fn is_whole(info: &ShardInfo, bytes: &[u8]) -> bool {
    bytes.len() == info.bytes && info.verify(bytes).is_ok()
}

/// Returns the absolute URL of one relative to this page or worker.
fn absolute(url: &str) -> String {
    let location = Reflect::get(&js_sys::global(), &"location".into()).unwrap_or_default();
    let base = Reflect::get(&location, &"href".into()).ok().and_then(|href| href.as_string()).unwrap_or_default();
    Url::new_with_base(url, &base).map_or_else(|_| url.to_owned(), |url| url.href())
}
