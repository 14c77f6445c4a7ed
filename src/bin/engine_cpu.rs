//! The CPU engine of the page: a Web Worker. All of it is `spectrascape::engine::worker`.

fn main() {
    #[cfg(target_arch = "wasm32")]
    spectrascape::engine::worker::run();
}
