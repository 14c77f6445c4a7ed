//! The GPU engine of the page: a Web Worker that trains, by WebGPU. All of it is `spectrascape::trainer::{worker, gpu}` and
//! `spectrascape::gpu`.

fn main() {
    #[cfg(target_arch = "wasm32")]
    spectrascape::trainer::worker::run(spectrascape::trainer::gpu::GpuMaker);
}
