//! Asks the browser for its graphics processor.

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::probe::Probe;
use super::webgpu::{self, Adapter, member, object, text};

/// Asks the browser for its graphics processor. Never fails: where there is none, it says why.
pub async fn probe() -> Probe {
    match adapter().await {
        Ok(adapter) => describe(&adapter),
        Err(reason) => Probe { reason, ..Probe::default() },
    }
}

/// The adapter, the fast one of two; else why there is none.
pub(super) async fn adapter() -> Result<Adapter, String> {
    let Some(gpu) = webgpu::gpu() else {
        return Err("it has no WebGPU, or the page was not opened over https".to_owned());
    };
    let options = object(&[("powerPreference", "high-performance".into())]);
    let promise = gpu.request_adapter(&options).map_err(|thrown| webgpu::message(&thrown))?;
    let adapter = JsFuture::from(promise).await.map_err(|thrown| webgpu::message(&thrown))?;
    if !adapter.is_object() {
        return Err("its WebGPU finds no adapter; it may be switched off or its driver blocked".to_owned());
    }
    Ok(adapter.unchecked_into())
}

fn describe(adapter: &Adapter) -> Probe {
    let info = member(adapter, "info");
    let limits = member(adapter, "limits");
    let limit = |name| member(&limits, name).as_f64().unwrap_or_default();
    let mut features: Vec<String> =
        Array::from(&member(adapter, "features")).iter().filter_map(|feature| feature.as_string()).collect();
    features.sort_unstable();
    let has = |name: &str| features.iter().any(|feature| feature == name);
    // Older browsers say it of the adapter, newer ones of its information; an adapter that was asked for by a flag says nothing.
    let fallback =
        [&info, adapter.as_ref()].into_iter().any(|of: &JsValue| member(of, "isFallbackAdapter").is_truthy())
            || text(&info, "architecture").contains("swiftshader");
    Probe {
        available: true,
        reason: String::new(),
        fallback,
        vendor: text(&info, "vendor"),
        architecture: text(&info, "architecture"),
        description: [text(&info, "device"), text(&info, "description")].join(" ").trim().to_owned(),
        timestamp_query: has("timestamp-query"),
        shader_f16: has("shader-f16"),
        max_storage_binding: limit("maxStorageBufferBindingSize"),
        max_buffer: limit("maxBufferSize"),
        max_groups: limit("maxComputeWorkgroupsPerDimension"),
        features,
    }
}
