//! The few calls of WebGPU that are made here. web-sys has them behind a compiler flag that every build would have to set.

use js_sys::{Array, ArrayBuffer, Function, Object, Promise, Reflect, Uint32Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

#[wasm_bindgen]
extern "C" {
    /// `navigator.gpu`.
    pub type Gpu;
    /// `GPUAdapter`.
    pub type Adapter;
    /// `GPUDevice`.
    #[derive(Clone)]
    pub type Device;
    /// `GPUQueue`.
    #[derive(Clone)]
    pub type Queue;
    /// `GPUBuffer`.
    #[derive(Clone)]
    pub type Buffer;
    /// `GPUCommandEncoder`.
    pub type Encoder;
    /// `GPUComputePassEncoder`.
    pub type Pass;

    #[wasm_bindgen(method, catch, js_name = requestAdapter)]
    pub fn request_adapter(this: &Gpu, options: &Object) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch, js_name = requestDevice)]
    pub fn request_device(this: &Adapter, descriptor: &Object) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, getter)]
    pub fn queue(this: &Device) -> Queue;
    #[wasm_bindgen(method, getter)]
    pub fn lost(this: &Device) -> Promise;
    #[wasm_bindgen(method)]
    pub fn destroy(this: &Device);
    #[wasm_bindgen(method, setter, js_name = onuncapturederror)]
    pub fn on_uncaptured_error(this: &Device, listener: Option<&Function>);
    #[wasm_bindgen(method, js_name = pushErrorScope)]
    pub fn push_error_scope(this: &Device, filter: &str);
    #[wasm_bindgen(method, js_name = popErrorScope)]
    pub fn pop_error_scope(this: &Device) -> Promise;
    #[wasm_bindgen(method, catch, js_name = createBuffer)]
    pub fn create_buffer(this: &Device, descriptor: &Object) -> Result<Buffer, JsValue>;
    #[wasm_bindgen(method, js_name = createShaderModule)]
    pub fn create_shader_module(this: &Device, descriptor: &Object) -> JsValue;
    #[wasm_bindgen(method, catch, js_name = createBindGroupLayout)]
    pub fn create_bind_group_layout(this: &Device, descriptor: &Object) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, js_name = createPipelineLayout)]
    pub fn create_pipeline_layout(this: &Device, descriptor: &Object) -> JsValue;
    #[wasm_bindgen(method, js_name = createComputePipelineAsync)]
    pub fn create_compute_pipeline(this: &Device, descriptor: &Object) -> Promise;
    #[wasm_bindgen(method, js_name = createBindGroup)]
    pub fn create_bind_group(this: &Device, descriptor: &Object) -> JsValue;
    #[wasm_bindgen(method, js_name = createCommandEncoder)]
    pub fn create_command_encoder(this: &Device) -> Encoder;

    #[wasm_bindgen(method, catch, js_name = writeBuffer)]
    pub fn write_bytes(this: &Queue, buffer: &Buffer, at: f64, data: &[u8]) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = writeBuffer)]
    pub fn write_words(this: &Queue, buffer: &Buffer, at: f64, data: &[u32]) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = writeBuffer)]
    pub fn write_numbers(this: &Queue, buffer: &Buffer, at: f64, data: &[f32]) -> Result<(), JsValue>;
    #[wasm_bindgen(method)]
    pub fn submit(this: &Queue, commands: &Array);

    #[wasm_bindgen(method, js_name = mapAsync)]
    pub fn map(this: &Buffer, mode: u32) -> Promise;
    #[wasm_bindgen(method, catch, js_name = getMappedRange)]
    pub fn mapped_range(this: &Buffer) -> Result<ArrayBuffer, JsValue>;
    #[wasm_bindgen(method, js_name = destroy)]
    pub fn destroy(this: &Buffer);

    #[wasm_bindgen(method, js_name = beginComputePass)]
    pub fn begin_compute_pass(this: &Encoder) -> Pass;
    #[wasm_bindgen(method, js_name = copyBufferToBuffer)]
    pub fn copy(this: &Encoder, from: &Buffer, from_at: f64, to: &Buffer, to_at: f64, bytes: f64);
    #[wasm_bindgen(method)]
    pub fn finish(this: &Encoder) -> JsValue;

    #[wasm_bindgen(method, js_name = setPipeline)]
    pub fn set_pipeline(this: &Pass, pipeline: &JsValue);
    #[wasm_bindgen(method, js_name = setBindGroup)]
    pub fn set_bind_group(this: &Pass, index: u32, group: &JsValue, offsets: &Uint32Array, start: u32, length: u32);
    #[wasm_bindgen(method, js_name = dispatchWorkgroups)]
    pub fn dispatch(this: &Pass, x: u32, y: u32);
    #[wasm_bindgen(method)]
    pub fn end(this: &Pass);
}

/// `GPUBufferUsage` and `GPUMapMode`, as the specification numbers them.
pub mod usage {
    /// Can be mapped for reading.
    pub const MAP_READ: u32 = 1;
    /// Can be copied from.
    pub const COPY_FROM: u32 = 4;
    /// Can be copied and written to.
    pub const COPY_TO: u32 = 8;
    /// Holds settings.
    pub const UNIFORM: u32 = 64;
    /// Holds what kernels read and write.
    pub const STORAGE: u32 = 128;
}

/// `navigator.gpu` of a page or a worker; none where the browser has no WebGPU, or the page no secure address.
pub fn gpu() -> Option<Gpu> {
    let navigator = member(&js_sys::global(), "navigator");
    let gpu = member(&navigator, "gpu");
    gpu.is_object().then(|| gpu.unchecked_into())
}

/// A property; undefined where there is none.
pub fn member(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// A property that is text; empty where there is none.
pub fn text(of: &JsValue, name: &str) -> String {
    member(of, name).as_string().unwrap_or_default()
}

/// An object literal.
pub fn object(members: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in members {
        // A plain new object takes any property.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object
}

/// Returns the message of what was thrown.
pub fn message(thrown: &JsValue) -> String {
    match thrown.as_string() {
        Some(text) => text,
        None => text(thrown, "message"),
    }
}
