//! The CPU worker of the page: the explorer or, by the name "trainer", a trainer.

fn main() {
    #[cfg(target_arch = "wasm32")]
    match spectrascape::browser::messages::name().as_str() {
        "trainer" => spectrascape::workers::trainer::worker::run::<spectrascape::vae::backend::any_cpu::AnyCpu>(),
        _ => spectrascape::workers::explorer::worker::run(),
    }
}
