//! Calls of the browser that have no binding here.

use wasm_bindgen::{JsCast, JsValue};

/// Calls a method that web-sys has behind a feature of its own: each of those would make the browser's bindings larger. Returns `None`
/// where there is no such method, or it throws.
pub fn call(object: &JsValue, method: &str, arguments: &[&JsValue]) -> Option<JsValue> {
    let method: js_sys::Function = js_sys::Reflect::get(object, &method.into()).ok()?.dyn_into().ok()?;
    method.apply(object, &arguments.iter().copied().collect::<js_sys::Array>()).ok()
}
