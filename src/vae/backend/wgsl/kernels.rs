//! Pipelines from the kernels' sources.

use js_sys::{Array, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::device::GpuDevice;
use super::error::GpuError;
use super::plan::Kernel;
use super::sources;
use super::webgpu::object;

/// Storage buffers, of which 6 and 7 (the set) and 8 (the steps' inputs) are only read.
const READ_ONLY: std::ops::RangeInclusive<u32> = 6..=8;
const STORAGE: std::ops::RangeInclusive<u32> = 2..=9;

/// The kernels, compiled.
pub(super) struct Pipelines {
    /// Pipelines in the order of [`Kernel`].
    pipelines: Vec<JsValue>,
    /// Layout of the bindings of every pipeline: two slots of settings and eight buffers.
    pub layout: JsValue,
}

impl Pipelines {
    /// Compiles all kernels at once, off the worker's thread where the browser can.
    pub async fn new(device: &GpuDevice) -> Result<Self, GpuError> {
        let what = "compiling its kernels";
        let layout = layout(device).map_err(|thrown| device.failed(what, &thrown))?;
        let layouts = object(&[("bindGroupLayouts", Array::of1(&layout).into())]);
        let shared = device.device.create_pipeline_layout(&layouts);
        let promises = Array::new();
        for (name, code) in sources::all() {
            let module = device.device.create_shader_module(&object(&[("code", code.into()), ("label", name.into())]));
            let stage = object(&[("module", module), ("entryPoint", "main".into())]);
            let descriptor = object(&[("layout", shared.clone()), ("compute", stage.into()), ("label", name.into())]);
            promises.push(&device.device.create_compute_pipeline(&descriptor));
        }
        let pipelines = JsFuture::from(Promise::all(&promises)).await;
        let pipelines = pipelines.map_err(|thrown| device.failed(what, &thrown))?;
        Ok(Self { pipelines: Array::from(&pipelines).to_vec(), layout })
    }

    /// Returns the pipeline of a kernel.
    pub fn of(&self, kernel: Kernel) -> &JsValue {
        &self.pipelines[kernel as usize]
    }
}

fn layout(device: &GpuDevice) -> Result<JsValue, JsValue> {
    let entry = |binding: u32, buffer: js_sys::Object| {
        // 4 is GPUShaderStage.COMPUTE.
        object(&[("binding", binding.into()), ("visibility", 4.into()), ("buffer", buffer.into())])
    };
    let settings = || object(&[("type", "uniform".into()), ("hasDynamicOffset", true.into())]);
    let entries = Array::of2(&entry(0, settings()), &entry(1, settings()));
    for binding in STORAGE {
        let kind = if READ_ONLY.contains(&binding) { "read-only-storage" } else { "storage" };
        entries.push(&entry(binding, object(&[("type", kind.into())])));
    }
    device.device.create_bind_group_layout(&object(&[("entries", entries.into())]))
}
