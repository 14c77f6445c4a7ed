//! The page's wasm: starts the Leptos app.

fn main() {
    spectrascape::page::run();
}
