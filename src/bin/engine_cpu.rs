//! The CPU engine of the page: a Web Worker that explores or, by the name "trainer", one that trains. All of it is
//! `spectrascape::engine::worker` and `spectrascape::trainer::worker`.

fn main() {
    #[cfg(target_arch = "wasm32")]
    match spectrascape::worker::name().as_str() {
        "trainer" => spectrascape::trainer::worker::run(spectrascape::trainer::worker::CpuMaker),
        _ => spectrascape::engine::worker::run(),
    }
}
