//! Benches of plots and of the training step against other libraries, and of the fit of latents, in one page of a headless Chromium.
//! They measure; no test asserts a time.

use std::fs;
use std::path::Path;

use crate::data;
use crate::paths::Paths;
use crate::step::{run, step};
use crate::tools;
use crate::wasm_target::WasmToolchain;

/// The benches; each is a folder of `benches`.
const BENCHES: [&str; 3] = ["fit", "scatter", "train"];
/// The programs whose wasm the benches call: name, feature, and the program of the page whose profile and optimiser settings they
/// share.
const PROGRAMS: [(&str, &str, &str); 3] =
    [("bench_fit", "web", "engine_cpu"), ("bench_plot", "page", "app"), ("bench_train", "web", "engine_cpu")];

/// Runs the named benches, or all of them, and writes `benches/results.json` and `benches/RESULTS.md`.
pub fn bench(paths: &Paths, names: &[String]) -> Result<(), String> {
    if let Some(unknown) = names.iter().find(|name| !BENCHES.contains(&name.as_str())) {
        return Err(format!("there is no bench `{unknown}`; there are: {}", BENCHES.join(", ")));
    }
    let names = if names.is_empty() { BENCHES.map(str::to_owned).to_vec() } else { names.to_vec() };
    tools::npm(paths)?;
    let peers = tools::peers(paths)?;
    let toolchain = WasmToolchain::ensure(paths)?;
    tools::wasm_bindgen(paths)?;
    let chromium = tools::chromium()?;
    let wasm = paths.target.join("bench/wasm");
    step("plots, training step and fit, compiled as for the page", || {
        PROGRAMS.iter().try_for_each(|(program, feature, like)| build(paths, toolchain, program, feature, like, &wasm))
    })?;
    if names.iter().any(|name| name != "scatter") {
        data::make(paths, &[])?;
    }
    step(&format!("benches: {}", names.join(", ")), || {
        let mut node = paths.command("node");
        node.env("BENCH_STAGE", paths.target.join("bench"))
            .env("BENCH_WASM", &wasm)
            .env("BENCH_DATA", paths.root.join("public/data/simulated"))
            .env("BENCH_MODELS", paths.root.join("public/models"))
            .env("BENCH_PEERS", peers)
            .env("SPECTRASCAPE_NODE_MODULES", paths.node_modules())
            .env("SPECTRASCAPE_CHROMIUM", chromium);
        run(node.arg(paths.root.join("benches/run.mjs")).args(&names))
    })
}

/// Compiles `program` into `folder` as Trunk compiles `like` for the page: same profile, same optimiser, same flags.
fn build(
    paths: &Paths,
    toolchain: WasmToolchain,
    program: &str,
    feature: &str,
    like: &str,
    folder: &Path,
) -> Result<(), String> {
    let html = paths.root.join("www/index.html");
    let page = fs::read_to_string(&html).map_err(|error| format!("{}: {error}", html.display()))?;
    let page = page.lines().find(|line| line.contains(&format!("data-bin=\"{like}\""))).unwrap_or_default();
    let setting = |name: &str| attribute(page, name).ok_or_else(|| format!("www/index.html gives {like} no {name}"));
    let profile = setting("data-cargo-profile")?;

    let mut cargo = toolchain.command(paths, "cargo");
    cargo.args(["build", "--target", "wasm32-unknown-unknown", "--profile", profile]);
    run(cargo.args(["--no-default-features", "--features", feature, "--bin", program]))?;
    let compiled = paths.target.join("wasm32-unknown-unknown").join(profile).join(program).with_extension("wasm");
    let mut bindgen = paths.command("wasm-bindgen");
    run(bindgen.args(["--target", "web", "--no-typescript", "--out-dir"]).arg(folder).arg(compiled))?;
    let wasm = folder.join(format!("{program}_bg.wasm"));
    optimise(paths, &wasm, setting("data-wasm-opt")?, setting("data-wasm-opt-params")?)
}

fn optimise(paths: &Paths, wasm: &Path, level: &str, params: &str) -> Result<(), String> {
    let mut wasm_opt = paths.command("wasm-opt");
    run(wasm_opt.arg(wasm).arg("-o").arg(wasm).arg(format!("-O{level}")).args(params.split(' ')))
}

/// Returns the value of an attribute in a line of HTML.
fn attribute<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = line.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::attribute;

    #[test]
    fn attributes_are_found_by_their_whole_name() {
        let line = "<link data-wasm-opt=\"s\" data-wasm-opt-params=\"--enable-simd --all\" />";
        assert_eq!(attribute(line, "data-wasm-opt"), Some("s"));
        assert_eq!(attribute(line, "data-wasm-opt-params"), Some("--enable-simd --all"));
        assert_eq!(attribute(line, "wasm-opt"), None);
    }
}
