//! A cache of shards for the next visit, in the Cache API, where a service worker finds them too.

use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Cache, CacheQueryOptions, Headers, Request, Response, ResponseInit};

use crate::browser::caches::{bytes_of, cache, caches, known, lookup};
use crate::browser::store::StoreError;

/// Name of the cache. The key of a shard is its absolute URL with `?sha256=` and the hash in hexadecimal.
pub const CACHE: &str = "spectrascape-shards-v1";

const WHAT: &str = "what is kept of the training spectra";

/// Returns the size of the cached shards, bytes; 0 where the browser keeps none.
pub async fn cached_bytes() -> u64 {
    let Some((cache, keys)) = known(CACHE).await else { return 0 };
    let mut bytes = 0;
    for key in &keys {
        let Some(response) = lookup(&cache, key).await else { continue };
        let length = response.headers().get("Content-Length").ok().flatten().and_then(|length| length.parse().ok());
        bytes += match length {
            Some(length) => length,
            None => size(&response).await.unwrap_or(0),
        };
    }
    bytes
}

/// Removes every cached shard.
///
/// # Errors
/// [`StoreError::Other`] where the browser refuses.
pub async fn clear_cache() -> Result<(), StoreError> {
    let Some(caches) = caches() else { return Ok(()) };
    let cleared = JsFuture::from(caches.delete(CACHE)).await;
    cleared.map(|_| ()).map_err(|value| crate::browser::store::exception(WHAT, "removed", &value))
}

/// Returns the key of a shard.
pub(super) fn key(url: &str, sha256: &str) -> String {
    format!("{url}?sha256={sha256}")
}

/// Returns the bytes of a cached shard, unchecked; `None` where it is not cached.
pub(super) async fn find(key: &str) -> Option<Vec<u8>> {
    bytes_of(&cache(CACHE).await?, &Request::new_with_str(key).ok()?).await
}

/// Caches a shard and removes those that were cached of the same URL. A browser without a cache keeps nothing, which is no error.
///
/// # Errors
/// [`StoreError::Full`] where the disk is full.
pub(super) async fn keep(key: &str, bytes: &[u8]) -> Result<(), StoreError> {
    let Some(cache) = cache(CACHE).await else { return Ok(()) };
    let failed = |value: JsValue| crate::browser::store::exception("a shard of the training spectra", "saved", &value);
    forget(&cache, key).await.map_err(failed)?;
    let headers = Headers::new().map_err(failed)?;
    headers.set("Content-Type", "application/octet-stream").map_err(failed)?;
    headers.set("Content-Length", &bytes.len().to_string()).map_err(failed)?;
    let init = ResponseInit::new();
    init.set_headers(&headers);
    let response =
        Response::new_with_opt_js_u8_array_and_init(Some(&Uint8Array::from(bytes)), &init).map_err(failed)?;
    JsFuture::from(cache.put_with_str(key, &response)).await.map(|_| ()).map_err(failed)
}

/// Removes what is cached of a URL, whatever its hash.
async fn forget(cache: &Cache, key: &str) -> Result<(), JsValue> {
    let any_hash = CacheQueryOptions::new();
    any_hash.set_ignore_search(true);
    JsFuture::from(cache.delete_with_str_and_options(key, &any_hash)).await.map(|_| ())
}

async fn size(response: &Response) -> Option<u64> {
    let blob: Blob = JsFuture::from(response.blob().ok()?).await.ok()?.unchecked_into();
    Some(blob.size() as u64)
}
