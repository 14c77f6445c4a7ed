//! Which graphics processor there is, before anything is fetched or made for it.

use js_sys::Array;
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::webgpu::{self, Adapter, member, object, text};

/// What the browser says of its graphics processor. Nothing here is required but `available`: the kernels use no optional feature.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Probe {
    /// Whether there is one that a page may use.
    pub available: bool,
    /// Why not, in words; empty where there is one.
    pub reason: String,
    /// Whether it is imitated by the processor: right numbers, slowly.
    pub fallback: bool,
    /// `nvidia`, `apple`, ...; empty where the browser does not say.
    pub vendor: String,
    /// A family of chips.
    pub architecture: String,
    /// The device and what the browser adds to it.
    pub description: String,
    /// Optional features, sorted.
    pub features: Vec<String>,
    /// Whether kernels can be timed.
    pub timestamp_query: bool,
    /// Whether kernels can compute in half precision.
    pub shader_f16: bool,
    /// Bytes of a buffer that a kernel can see.
    pub max_storage_binding: f64,
    /// Bytes of a buffer.
    pub max_buffer: f64,
    /// Workgroups along one side of a dispatch.
    pub max_groups: f64,
}

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
    let promise = gpu.request_adapter(&options).map_err(|thrown| webgpu::words(&thrown))?;
    let adapter = JsFuture::from(promise).await.map_err(|thrown| webgpu::words(&thrown))?;
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
    // Older browsers say it of the adapter, newer ones of its information.
    let fallback =
        [&info, adapter.as_ref()].into_iter().any(|of: &JsValue| member(of, "isFallbackAdapter").is_truthy());
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
