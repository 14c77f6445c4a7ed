//! The bench of training on the GPU.

use crate::paths::Paths;
use crate::step::{run, step};
use crate::{test_programs, tools};

/// Trains with our kernels and with other libraries on one adapter, and writes `benches/gpu/RESULTS.md`.
pub fn bench(paths: &Paths) -> Result<(), String> {
    tools::npm(paths)?;
    let peers = tools::peers(paths)?;
    let chromium = tools::chromium()?;
    let wasm = test_programs::build(paths)?;
    step("bench: gpu", || {
        let mut node = paths.command("node");
        node.env("BENCH_STAGE", paths.target.join("bench"))
            .env("BENCH_GPU_WASM", wasm)
            .env("BENCH_PEERS", peers)
            .env("SPECTRASCAPE_NODE_MODULES", paths.node_modules())
            .env("SPECTRASCAPE_CHROMIUM", chromium);
        run(node.arg(paths.root.join("benches/gpu/run.mjs")))
    })
}
