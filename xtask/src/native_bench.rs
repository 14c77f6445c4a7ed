//! The bench of the training step on every native backend.

use std::fs;

use crate::paths::Paths;
use crate::step::{output, run, step};

/// Times a training step of every native backend, and writes `benches/native/RESULTS.md`.
pub fn bench(paths: &Paths) -> Result<(), String> {
    let bench = ["--quiet", "--features", "cli", "--bin", "bench_native"];
    step("the bench, compiled", || run(paths.cargo().arg("build").args(bench)))?;
    let table = step("bench: native", || {
        output(paths.cargo().arg("run").args(bench))
            .ok_or_else(|| "the bench fails: run its program by hand".to_owned())
    })?;
    println!("{table}");
    let file = paths.root.join("benches/native/RESULTS.md");
    let text = format!("{INTRODUCTION}\n\n{}\n\n{table}\n", machine());
    fs::create_dir_all(file.with_file_name("")).map_err(|error| format!("benches/native: {error}"))?;
    fs::write(&file, text).map_err(|error| format!("{}: {error}", file.display()))
}

const INTRODUCTION: &str = "\
# A training step, natively

`cargo xtask bench native`: VAE-6 of the paper, batches of 64, from the same weights and with the same batches, in the profile of
`cargo build`. Median of ten runs of eight steps each, after eight that are not timed; a software adapter proves that the numbers are
right and says nothing about a graphics processor.";

/// Returns what the processor calls itself, and how many cores it has.
fn machine() -> String {
    let facts = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = facts.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ")).map(|(_, name)| name);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{}, {cores} cores, {}.", name.unwrap_or(std::env::consts::ARCH), std::env::consts::OS)
}
