//! Parts of the page that browser tests call by themselves, without the page: nothing of this is in `pkg/dist`.

use std::path::PathBuf;

use crate::place::Place;
use crate::step::{run, step};
use crate::tools;
use crate::wasm_target::WasmToolchain;

/// The program whose wasm tests/browser/store.test.mjs calls.
const PROGRAM: &str = "store_check";

/// Compiles them, if they are not up to date, and returns their folder.
pub fn build(place: &Place) -> Result<PathBuf, String> {
    let toolchain = WasmToolchain::ensure(place)?;
    tools::wasm_bindgen(place)?;
    let folder = place.target.join("parts");
    step("what the browser tests call by itself", || {
        // The engine's profile: its dependencies are compiled already.
        let mut cargo = toolchain.command(place, "cargo");
        cargo.args(["build", "--target", "wasm32-unknown-unknown", "--profile", "engine"]);
        run(cargo.args(["--no-default-features", "--features", "web", "--bin", PROGRAM]))?;
        let compiled = place.target.join("wasm32-unknown-unknown/engine").join(PROGRAM).with_extension("wasm");
        let mut bindgen = place.command("wasm-bindgen");
        run(bindgen.args(["--target", "web", "--no-typescript", "--out-dir"]).arg(&folder).arg(compiled))
    })?;
    Ok(folder)
}
