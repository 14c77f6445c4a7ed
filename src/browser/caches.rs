//! The Cache API of page and workers, without which a browser keeps nothing for the next visit.

use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Cache, CacheStorage, Request, Response, WorkerGlobalScope};

/// Returns the caches of the site; `None` without https, where the browser has none.
pub fn caches() -> Option<CacheStorage> {
    // Page or worker: `caches` is the same in both.
    let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
    if !Reflect::has(&scope, &"caches".into()).unwrap_or(false) {
        return None;
    }
    scope.caches().ok()
}

/// Opens a cache, which begins empty.
pub async fn cache(name: &str) -> Option<Cache> {
    Some(JsFuture::from(caches()?.open(name)).await.ok()?.unchecked_into())
}

/// Returns a cache and its keys; `None` where there is no such cache. Looking must not begin it: that there is none says that nothing was
/// kept, or that the reader has cleared it.
pub async fn known(name: &str) -> Option<(Cache, Vec<Request>)> {
    if !JsFuture::from(caches()?.has(name)).await.is_ok_and(|has| has.is_truthy()) {
        return None;
    }
    let cache = cache(name).await?;
    let keys: Array = JsFuture::from(cache.keys()).await.ok()?.unchecked_into();
    Some((cache, keys.iter().map(JsCast::unchecked_into).collect()))
}

/// Returns what is kept under a key.
pub async fn lookup(cache: &Cache, key: &Request) -> Option<Response> {
    JsFuture::from(cache.match_with_request(key)).await.ok()?.dyn_into().ok()
}

/// Returns the bytes kept under a key.
pub async fn bytes_of(cache: &Cache, key: &Request) -> Option<Vec<u8>> {
    let response = lookup(cache, key).await?;
    let buffer = JsFuture::from(response.array_buffer().ok()?).await.ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}
