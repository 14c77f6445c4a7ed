//! JavaScript's promises and exceptions, as files and locks need them.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;

use super::StoreError;

#[wasm_bindgen]
extern "C" {
    // The same function in a page and in a worker.
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, milliseconds: i32) -> JsValue;
}

/// Returns the error of a JavaScript exception: `path` could not be `what` ("saved", "read", ...).
pub(crate) fn error(path: &str, what: &'static str, value: &JsValue) -> StoreError {
    StoreError::from_exception(path, what, &text(value, "name"), &text(value, "message"))
}

/// Waits for some milliseconds.
pub(super) async fn pause(milliseconds: i32) {
    let promise = Promise::new(&mut |resolve, _| {
        set_timeout(&resolve, milliseconds);
    });
    JsFuture::from(promise).await.expect("a timer is never rejected");
}

/// Returns the string property `key` of a JavaScript value; empty where it has none.
pub(super) fn text(value: &JsValue, key: &str) -> String {
    Reflect::get(value, &key.into()).ok().and_then(|value| value.as_string()).unwrap_or_default()
}
