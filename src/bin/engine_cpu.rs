//! The CPU engine of the page: a Web Worker that explores or, by the name "trainer", one that trains. All of it is
//! `spectrascape::workers::explorer::worker` and `spectrascape::workers::trainer::worker`.

fn main() {
    #[cfg(target_arch = "wasm32")]
    match spectrascape::browser::messages::name().as_str() {
        "trainer" => spectrascape::workers::trainer::worker::run::<spectrascape::vae::backend::cpu::Cpu>(),
        _ => spectrascape::workers::explorer::worker::run(),
    }
}
