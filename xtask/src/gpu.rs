//! The GPU learner by itself, for its tests and its bench.

use std::path::PathBuf;

use crate::place::Place;
use crate::step::{run, step};
use crate::tools;
use crate::wasm_target::WasmToolchain;

const PROGRAM: &str = "bench_gpu";

/// Compiles the learner's wasm; tells in which folder it is.
pub fn build(place: &Place, toolchain: WasmToolchain) -> Result<PathBuf, String> {
    step("the GPU learner by itself", || {
        let mut cargo = toolchain.command(place, "cargo");
        cargo.args(["build", "--target", "wasm32-unknown-unknown", "--profile", "engine"]);
        run(cargo.args(["--no-default-features", "--features", "gpu", "--bin", PROGRAM]))?;
        let compiled = place.target.join("wasm32-unknown-unknown/engine").join(PROGRAM).with_extension("wasm");
        let mut bindgen = place.command("wasm-bindgen");
        run(bindgen.args(["--target", "web", "--no-typescript", "--out-dir"]).arg(folder(place)).arg(compiled))?;
        Ok(folder(place))
    })
}

/// Where the learner's wasm is once it is built.
pub fn folder(place: &Place) -> PathBuf {
    place.target.join("gpu")
}

/// Trains with ours and its peers on one adapter and writes `benches/gpu/RESULTS.md`.
pub fn bench(place: &Place) -> Result<(), String> {
    tools::npm(place)?;
    let peers = tools::peers(place)?;
    let toolchain = WasmToolchain::ensure(place)?;
    tools::wasm_bindgen(place)?;
    let chromium = tools::chromium()?;
    let wasm = build(place, toolchain)?;
    step("bench: gpu", || {
        let mut node = place.command("node");
        node.env("BENCH_STAGE", place.target.join("bench"))
            .env("BENCH_GPU_WASM", wasm)
            .env("BENCH_PEERS", peers)
            .env("SPECTRASCAPE_NODE_MODULES", place.node_modules())
            .env("SPECTRASCAPE_CHROMIUM", chromium);
        run(node.arg(place.root.join("benches/gpu/run.mjs")))
    })
}
