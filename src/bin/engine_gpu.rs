//! The GPU engine of the page: a Web Worker that trains, by WebGPU. All of it is `spectrascape::workers::trainer::worker` and
//! `spectrascape::vae::backend::wgsl`.

fn main() {
    #[cfg(target_arch = "wasm32")]
    spectrascape::workers::trainer::worker::run::<spectrascape::vae::backend::wgsl::backend::Gpu>();
}
