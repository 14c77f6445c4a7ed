//! `cargo xtask <command>`: everything that is done to this project, from nothing installed to tested and served.
//!
//! - `paths`: where the checkout, the target folder and the tools are.
//! - `step`: a step with its seconds, and the commands in it.
//! - `stamp`: what is up to date, so that nothing is made or fetched twice.
//! - `seal`, `sha256`: hashes of all files, put to where a browser checks them.
//! - `tools`: wasm-bindgen, Trunk, Chromium, and what npm brings (wasm-opt, playwright-core, axe-core, the benches' peers).
//! - `wasm_target`: a toolchain for wasm, from rustup or from Debian.
//! - `ssp`: the simulator's table of simple stellar populations.
//! - `data`, `page`, `parts`, `gpu`, `checks`, `bench`: the simulated set, the page, parts of it for browser tests, the GPU learner
//!   by itself, everything that is tested, what is measured.

mod bench;
mod checks;
mod data;
mod gpu;
mod page;
mod parts;
mod paths;
mod seal;
mod sha256;
mod ssp;
mod stamp;
mod step;
mod tools;
mod wasm_target;

use std::process::ExitCode;

use paths::Paths;

const HELP: &str = "\
cargo xtask <command>

  setup                       install what building and testing need: wasm target, wasm-bindgen, Trunk, wasm-opt, Chromium
  serve [--port N]            build what is missing and serve the page (default port 8080)
  test [--timings]            every test there is: static checks, native tests, page build, tests in a real browser
  lint                        the static part of `test`: format, clippy, docs, the core by itself
  browser [FILTER]            the browser tests alone, against the page as it is built; FILTER is part of a test's name
  data [--seed N] [--count N] make public/data/simulated if it is missing or stale (default seed 1, 8192 spectra)
  build                       build the page into pkg/dist
  seal [FOLDER]               put every file's hash into a page that Trunk has built; Trunk's hook runs this
  bench [NAME]                measure ours beside its peers in a headless Chromium, into benches/RESULTS.md;
                              `bench gpu` trains beside jax-js and TensorFlow.js, into benches/gpu/RESULTS.md
  ssp [--wheel FILE]          make the simulator's table of stellar populations again from its PyPI package

CARGO_TARGET_DIR moves everything that is compiled or installed. SPECTRASCAPE_WASM_TOOLCHAIN=rustup|debian chooses where
the wasm toolchain comes from.";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some((command, rest)) = args.split_first() else {
        eprintln!("{HELP}");
        return ExitCode::from(2);
    };
    let paths = Paths::find();
    let result = match command.as_str() {
        "setup" => setup(&paths),
        "serve" => page::serve(&paths, rest),
        "test" => checks::test(&paths, rest),
        "lint" => checks::lint(&paths),
        "browser" => checks::browser_alone(&paths, rest),
        "data" => data::make(&paths, rest),
        "build" => page::build(&paths),
        "seal" => page::seal(&paths, rest),
        "bench" if rest == ["gpu"] => gpu::bench(&paths),
        "bench" => bench::bench(&paths, rest),
        "ssp" => ssp::run(rest),
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        unknown => {
            eprintln!("xtask: there is no command `{unknown}`\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("xtask {command}: {message}");
            ExitCode::FAILURE
        }
    }
}

fn setup(paths: &Paths) -> Result<(), String> {
    tools::lints(paths)?;
    page::tools(paths)?;
    tools::chromium().map(|path| println!("    Chromium is {}", path.display()))
}
