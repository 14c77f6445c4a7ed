//! Programs that browser tests and the GPU bench call without the page. None of them is in `pkg/dist`.

use std::path::PathBuf;

use crate::paths::Paths;
use crate::step::{run, step};
use crate::tools;
use crate::wasm_target::WasmToolchain;

/// The programs that tests/browser/store.test.mjs and gpu.test.mjs call.
const PROGRAMS: [&str; 2] = ["store_check", "bench_gpu"];

/// Compiles them if they are stale, and returns the folder of their wasm.
pub fn build(paths: &Paths) -> Result<PathBuf, String> {
    let toolchain = WasmToolchain::ensure(paths)?;
    tools::wasm_bindgen(paths)?;
    let folder = paths.target.join("parts");
    step("programs that the browser tests call", || {
        // In the engine's profile the dependencies are compiled already.
        let mut cargo = toolchain.command(paths, "cargo");
        cargo.args(["build", "--target", "wasm32-unknown-unknown", "--profile", "engine"]);
        cargo.args(["--no-default-features", "--features", "wgpu"]);
        for program in PROGRAMS {
            cargo.args(["--bin", program]);
        }
        run(&mut cargo)?;
        for program in PROGRAMS {
            let compiled = paths.target.join("wasm32-unknown-unknown/engine").join(program).with_extension("wasm");
            let mut bindgen = paths.command("wasm-bindgen");
            run(bindgen.args(["--target", "web", "--no-typescript", "--out-dir"]).arg(&folder).arg(compiled))?;
        }
        Ok(())
    })?;
    Ok(folder)
}
