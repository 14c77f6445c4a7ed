//! The GPU worker of the page: a trainer that computes by WebGPU.

fn main() {
    #[cfg(target_arch = "wasm32")]
    spectrascape::workers::trainer::worker::run::<spectrascape::vae::backend::wgsl::backend::Gpu>();
}
