//! The bench of the GPU learner.

use crate::place::Place;
use crate::step::{run, step};
use crate::{parts, tools};

/// Trains with ours and its peers on one adapter and writes `benches/gpu/RESULTS.md`.
pub fn bench(place: &Place) -> Result<(), String> {
    tools::npm(place)?;
    let peers = tools::peers(place)?;
    let chromium = tools::chromium()?;
    let wasm = parts::build(place)?;
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
