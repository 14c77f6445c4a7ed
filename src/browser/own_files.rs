//! The user's own files, kept on this device for the next visit in the Cache API, until they are taken off the list.

use js_sys::Uint8Array;
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

use super::caches::{bytes_of, cache, known};
use super::store::name;

/// Name of the cache.
const CACHE: &str = "spectrascape-own-v1";
/// The folder of the keys, which no server has.
const FOLDER: &str = "/own-spectra-of-this-device/";

/// Keeps a file under its key. Returns whether it is kept: a browser may have no cache, or no room.
pub async fn keep(key: &str, bytes: &[u8]) -> bool {
    let (Some(cache), Some(url)) = (cache(CACHE).await, url(key)) else { return false };
    let Ok(response) = Response::new_with_opt_js_u8_array(Some(&Uint8Array::from(bytes))) else { return false };
    JsFuture::from(cache.put_with_str(&url, &response)).await.is_ok()
}

/// Forgets a file.
pub async fn forget(key: &str) {
    if let (Some(cache), Some(url)) = (cache(CACHE).await, url(key)) {
        // What is not there need not be removed.
        let _ = JsFuture::from(cache.delete_with_str(&url)).await;
    }
}

/// Returns the files kept, their keys and bytes, in the order in which they were kept.
pub async fn all() -> Vec<(String, Vec<u8>)> {
    let Some((cache, requests)) = known(CACHE).await else { return Vec::new() };
    let mut files = Vec::new();
    for request in requests {
        let address = request.url();
        let key = address.split_once(FOLDER).and_then(|(_, file)| name::decode(file));
        if let (Some(key), Some(bytes)) = (key, bytes_of(&cache, &request).await) {
            files.push((key, bytes));
        }
    }
    files
}

/// Returns the address under which a file is kept; `None` for a name that is too long.
fn url(key: &str) -> Option<String> {
    Some(format!("{FOLDER}{}", name::encode(key).ok()?))
}
