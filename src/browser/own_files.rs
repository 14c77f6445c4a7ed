//! The user's own files, kept on this device for the next visit in the Cache API, until they are taken off the list.

use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Cache, CacheStorage, Request, Response, WorkerGlobalScope};

use super::store::name;

/// Name of the cache.
const CACHE: &str = "spectrascape-own-v1";
/// The folder of the keys, which no server has.
const FOLDER: &str = "/own-spectra-of-this-device/";

/// Keeps a file under its key. Returns whether it is kept: a browser may have no cache, or no room.
pub async fn keep(key: &str, bytes: &[u8]) -> bool {
    let (Some(cache), Some(url)) = (cache().await, url(key)) else { return false };
    let Ok(response) = Response::new_with_opt_js_u8_array(Some(&Uint8Array::from(bytes))) else { return false };
    JsFuture::from(cache.put_with_str(&url, &response)).await.is_ok()
}

/// Forgets a file.
pub async fn forget(key: &str) {
    if let (Some(cache), Some(url)) = (cache().await, url(key)) {
        // What is not there need not be removed.
        let _ = JsFuture::from(cache.delete_with_str(&url)).await;
    }
}

/// Returns the files kept, their keys and bytes, in the order in which they were kept.
pub async fn all() -> Vec<(String, Vec<u8>)> {
    let Some(caches) = caches() else { return Vec::new() };
    // Looking must not open it anew: nothing is written for those who bring no file.
    if !JsFuture::from(caches.has(CACHE)).await.is_ok_and(|has| has.is_truthy()) {
        return Vec::new();
    }
    let Some(cache) = cache().await else { return Vec::new() };
    let Ok(keys) = JsFuture::from(cache.keys()).await else { return Vec::new() };
    let mut files = Vec::new();
    for request in keys.unchecked_into::<Array>().iter() {
        let request: Request = request.unchecked_into();
        let address = request.url();
        let key = address.split_once(FOLDER).and_then(|(_, file)| name::decode(file));
        if let (Some(key), Some(bytes)) = (key, bytes_of(&cache, &request).await) {
            files.push((key, bytes));
        }
    }
    files
}

async fn bytes_of(cache: &Cache, request: &Request) -> Option<Vec<u8>> {
    let response: Response = JsFuture::from(cache.match_with_request(request)).await.ok()?.dyn_into().ok()?;
    let buffer = JsFuture::from(response.array_buffer().ok()?).await.ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}

/// Returns the address under which a file is kept; `None` for a name that is too long.
fn url(key: &str) -> Option<String> {
    Some(format!("{FOLDER}{}", name::encode(key).ok()?))
}

async fn cache() -> Option<Cache> {
    Some(JsFuture::from(caches()?.open(CACHE)).await.ok()?.unchecked_into())
}

/// Returns the caches of the site; `None` without https, where the browser has none.
fn caches() -> Option<CacheStorage> {
    let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
    let has: Result<bool, JsValue> = Reflect::has(&scope, &"caches".into());
    if has.unwrap_or(false) { scope.caches().ok() } else { None }
}
