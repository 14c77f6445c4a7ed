//! All checks, in the order in which a mistake shows soonest.

use std::process::Command;

use crate::paths::Paths;
use crate::step::{run, step, timings};
use crate::wasm_target::WasmToolchain;
use crate::{data, page, test_programs, tools};

/// The features of every native build: always the same, so that dependencies are compiled once.
const NATIVE: [&str; 2] = ["--features", "cli"];
const WASM: [&str; 2] = ["--target", "wasm32-unknown-unknown"];

/// Runs all checks and prints a table of their seconds.
pub fn test(paths: &Paths, args: &[String]) -> Result<(), String> {
    if args.iter().any(|arg| arg != "--timings") {
        return Err("`test` takes --timings only".to_owned());
    }
    let timed = !args.is_empty();
    let result = everything(paths, timed);
    println!("\nseconds  step");
    for (what, seconds) in timings() {
        println!("{seconds:7.1}  {what}");
    }
    println!("\n{}", if result.is_ok() { "All tests passed." } else { "TESTS FAILED." });
    result
}

fn everything(paths: &Paths, timed: bool) -> Result<(), String> {
    let vulkan = tools::vulkan()?;
    lint(paths)?;
    step("native tests", || {
        let mut cargo = paths.cargo();
        cargo.args(["test", "--workspace"]).args(NATIVE).envs(vulkan);
        run(if timed { cargo.arg("--timings") } else { &mut cargo })
    })?;
    data::make_after_tests(paths)?;
    page::build(paths)?;
    // The native tests have compiled it.
    browser(paths, &command_line(paths), &[])
}

/// Runs the static checks: format, clippy native and for wasm, docs, and the library without features.
pub fn lint(paths: &Paths) -> Result<(), String> {
    tools::lints(paths)?;
    step("format", || run(paths.cargo().args(["fmt", "--all", "--check"])))?;
    step("the library without features", || run(paths.cargo().args(["check", "--quiet"])))?;
    step("clippy, native", || {
        let clippy = ["clippy", "--quiet", "--workspace", "--all-targets"];
        run(paths.cargo().args(clippy).args(NATIVE).args(["--", "-D", "warnings"]))
    })?;
    step("docs", || {
        let doc = ["doc", "--quiet", "--no-deps", "--package", "spectrascape", "--lib"];
        run(paths.cargo().env("RUSTDOCFLAGS", "-D warnings").args(doc).args(NATIVE))
    })?;
    // A check needs neither Trunk nor wasm-bindgen nor wasm-opt.
    let toolchain = WasmToolchain::ensure(paths)?;
    wasm(paths, toolchain, "page", "page")?;
    wasm(paths, toolchain, "engine", "engine,web")?;
    wasm(paths, toolchain, "GPU engine", "wgpu")
}

/// Runs the browser tests on the page as it is built.
pub fn browser_alone(paths: &Paths, filter: &[String]) -> Result<(), String> {
    tools::npm(paths)?;
    step("the command line, which a browser test publishes with", || {
        run(paths.cargo().args(["build", "--bin", "spectrascape"]).args(NATIVE))
    })?;
    browser(paths, &command_line(paths), filter)
}

fn command_line(paths: &Paths) -> std::path::PathBuf {
    paths.target.join("debug").join(format!("spectrascape{}", std::env::consts::EXE_SUFFIX))
}

fn wasm(paths: &Paths, toolchain: WasmToolchain, what: &str, features: &str) -> Result<(), String> {
    let features = ["--lib", "--bins", "--features", features];
    let mut cargo = toolchain.command(paths, "cargo");
    if toolchain.has_clippy() {
        cargo.args(["clippy", "--quiet"]).args(WASM).args(features).args(["--", "-D", "warnings"]);
        return step(&format!("clippy, the {what} for wasm"), || run(&mut cargo));
    }
    // Debian's compiler has no clippy, so warnings are found only with rustup; whether it compiles is checked in both cases.
    step(&format!("check, the {what} for wasm"), || run(cargo.args(["check", "--quiet"]).args(WASM).args(features)))
}

fn browser(paths: &Paths, command_line: &std::path::Path, filter: &[String]) -> Result<(), String> {
    let chromium = tools::chromium()?;
    let programs = test_programs::build(paths)?;
    step("tests in a headless Chromium", || {
        let mut node: Command = paths.command("node");
        node.env("SPECTRASCAPE_NODE_MODULES", paths.node_modules())
            .env("SPECTRASCAPE_CHROMIUM", chromium)
            .env("SPECTRASCAPE_PARTS", programs)
            .env("SPECTRASCAPE_CLI", command_line)
            .env("SPECTRASCAPE_SCREENSHOTS", paths.target.join("screenshots"));
        // One file at a time: each starts a browser of its own, and two would slow each other down on two cores.
        node.args(["--test", "--test-concurrency=1", "--test-reporter=spec"]);
        for name in filter {
            node.arg(format!("--test-name-pattern={name}"));
        }
        run(node.args(test_files(paths)?))
    })
}

fn test_files(paths: &Paths) -> Result<Vec<std::path::PathBuf>, String> {
    let folder = paths.root.join("tests/browser");
    let entries = std::fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.to_string_lossy().ends_with(".test.mjs"));
    files.sort();
    if files.is_empty() { Err(format!("no tests in {}", folder.display())) } else { Ok(files) }
}
