//! The store, the locks and the stream without a page, callable from a script, for tests/browser/store.test.mjs.

use std::cell::RefCell;
use std::collections::HashMap;

use serde_json::json;
use spectrascape::browser::store::locks::{self, Lock};
use spectrascape::browser::store::{Store, StoreError, persist};
use spectrascape::browser::stream::{self, Cancel, Patience, ShardStream, StreamError};
use spectrascape::formats::set::{Manifest, sha256_hex};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

thread_local! {
    static LOCKS: RefCell<HashMap<String, Lock>> = RefCell::default();
    static PROGRESS: RefCell<Vec<serde_json::Value>> = RefCell::default();
}

/// The store, with results as JSON.
#[wasm_bindgen]
pub struct CheckedStore(Store);

/// A stream, with results as JSON.
#[wasm_bindgen]
pub struct CheckedStream(ShardStream);

/// A handle that cancels a stream while its next shard is awaited.
#[wasm_bindgen]
pub struct CheckedCancel(Cancel);

#[wasm_bindgen]
impl CheckedStore {
    /// Opens the store.
    pub async fn open() -> Result<CheckedStore, JsValue> {
        Ok(Self(Store::open().await.map_err(store_error)?))
    }

    /// Saves a file.
    pub async fn write(&self, path: String, content: Vec<u8>) -> Result<(), JsValue> {
        self.0.write(&path, &content).await.map_err(store_error)
    }

    /// Reads a file.
    pub async fn read(&self, path: String) -> Result<Option<Vec<u8>>, JsValue> {
        self.0.read(&path).await.map_err(store_error)
    }

    /// Removes a file.
    pub async fn remove(&self, path: String) -> Result<(), JsValue> {
        self.0.remove(&path).await.map_err(store_error)
    }

    /// Lists files.
    pub async fn list(&self, prefix: String) -> Result<String, JsValue> {
        let files = self.0.list(&prefix).await.map_err(store_error)?;
        Ok(files.into_iter().map(|file| json!([file.path, file.bytes])).collect::<serde_json::Value>().to_string())
    }

    /// Returns the disk usage.
    pub async fn usage(&self) -> Result<String, JsValue> {
        let usage = self.0.usage().await.map_err(store_error)?;
        Ok(json!({ "files": usage.files, "site": usage.site, "quota": usage.quota }).to_string())
    }

    /// Removes every file.
    pub async fn clear(&self) -> Result<(), JsValue> {
        self.0.clear().await.map_err(store_error)
    }
}

#[wasm_bindgen]
impl CheckedStream {
    /// Opens a stream of the shards of a manifest in an order, with waits in milliseconds.
    #[wasm_bindgen(constructor)]
    pub fn new(
        set_url: &str,
        manifest: &[u8],
        order: &[usize],
        waits: &[u32],
        stall: u32,
    ) -> Result<CheckedStream, JsValue> {
        let manifest = Manifest::from_json("manifest.json", manifest).map_err(|error| error.to_string())?;
        let stream = ShardStream::in_order(set_url, &manifest, order)
            .with_patience(Patience { waits: waits.to_vec(), stall })
            .on_progress(|at| {
                let line = json!([at.bytes, at.all_bytes, at.spectra, at.all_spectra, at.retry_in]);
                PROGRESS.with_borrow_mut(|progress| progress.push(line));
            });
        PROGRESS.with_borrow_mut(Vec::clear);
        Ok(Self(stream))
    }

    /// Returns the index of the next shard in the manifest and the hash of its bytes.
    pub async fn next(&mut self) -> Result<String, JsValue> {
        let next = self.0.next().await.map_err(stream_error)?;
        Ok(json!(next.map(|(index, bytes)| json!([index, sha256_hex(&bytes)]))).to_string())
    }

    /// Returns why a shard could not be cached.
    pub fn warning(&self) -> Option<String> {
        self.0.warning().map(|error| error.to_string())
    }

    /// Returns a handle that cancels the stream.
    pub fn cancel(&self) -> CheckedCancel {
        CheckedCancel(self.0.cancel())
    }
}

#[wasm_bindgen]
impl CheckedCancel {
    /// Cancels the stream.
    pub fn now(&self) {
        self.0.now();
    }
}

/// Returns every progress report since the last stream was opened.
#[wasm_bindgen]
pub fn progress() -> String {
    PROGRESS.with_borrow(|progress| json!(progress).to_string())
}

/// Returns the size of the cached shards, bytes.
#[wasm_bindgen]
pub async fn cached_bytes() -> f64 {
    stream::cached_bytes().await as f64
}

/// Removes the cached shards.
#[wasm_bindgen]
pub async fn clear_cache() -> Result<(), JsValue> {
    stream::clear_cache().await.map_err(store_error)
}

/// Returns whether the browser will keep the stored files.
#[wasm_bindgen]
pub async fn is_kept() -> bool {
    persist().await
}

/// Takes the lock of a run; returns false where it is in use.
#[wasm_bindgen]
pub async fn lock(run: String) -> Result<bool, JsValue> {
    let Some(lock) = locks::try_lock(&run).await.map_err(store_error)? else { return Ok(false) };
    LOCKS.with_borrow_mut(|locks| locks.insert(run, lock));
    Ok(true)
}

/// Releases the lock of a run.
#[wasm_bindgen]
pub fn unlock(run: &str) {
    LOCKS.with_borrow_mut(|locks| locks.remove(run));
}

/// Returns the runs in use.
#[wasm_bindgen]
pub async fn in_use() -> Result<String, JsValue> {
    Ok(json!(locks::in_use().await.map_err(store_error)?).to_string())
}

fn main() {
    console_error_panic_hook::set_once();
}

fn store_error(error: StoreError) -> JsValue {
    let kind = match error {
        StoreError::Full { .. } => "full",
        StoreError::Unavailable { .. } => "unavailable",
        StoreError::Damaged { .. } => "damaged",
        StoreError::Other { .. } => "other",
    };
    format!("{kind}: {error}").into()
}

fn stream_error(error: StreamError) -> JsValue {
    let kind = match error {
        StreamError::Lost { .. } => "lost",
        StreamError::Refused { .. } => "refused",
        StreamError::Damaged { .. } => "damaged",
        StreamError::Cancelled => "cancelled",
    };
    format!("{kind}: {error}").into()
}
