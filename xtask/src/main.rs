//! `cargo xtask <command>`: installs the tools, builds, tests, measures and serves this project.
//!
//! - `paths`: the checkout, the target folder and the tools folder.
//! - `step`: a timed step, and the commands in it.
//! - `stamp`: fingerprints of inputs, so that nothing is built or fetched twice.
//! - `seal`, `sha256`: the hashes of the page's files, written where a browser checks them.
//! - `tools`: wasm-bindgen, Trunk, Chromium, a Vulkan driver, and the npm packages (wasm-opt, playwright-core, axe-core, the benches' peers).
//! - `wasm_target`: a toolchain for wasm, from rustup or from Debian.
//! - `ssp`: the simulator's table of simple stellar populations.
//! - `data`, `page`, `test_programs`, `checks`, `bench`, `gpu`, `native_bench`: the simulated set, the page, the programs that browser tests call,
//!   all tests, and the benches of the CPU, of the GPU and of every native backend.
//! - `package`: the archive of a release.
//! - `python`: the Python wheel and its tests.

mod bench;
mod checks;
mod data;
mod gpu;
mod native_bench;
mod package;
mod page;
mod paths;
mod python;
mod seal;
mod sha256;
mod ssp;
mod stamp;
mod step;
mod test_programs;
mod tools;
mod wasm_target;

use std::process::ExitCode;

use paths::Paths;

const HELP: &str = "\
cargo xtask <command>

  setup                       install the tools: wasm target, wasm-bindgen, Trunk, wasm-opt, Chromium, a Vulkan driver
  serve [--port N]            build the page if it is stale, and serve it (default port 8080)
  test [--timings]            run all tests: static checks, native tests, page build, tests in a headless Chromium
  lint                        run the static checks alone: format, clippy, docs, the library without features
  browser [FILTER]            run the browser tests alone, on the page as it is built; FILTER is part of a test's name
  test-python [ARGS]          build the Python wheel and test it in a fresh virtual environment; ARGS go to pytest
  data [--seed N] [--count N] simulate public/data/simulated if it is missing or stale (default seed 1, 8192 spectra)
  build                       build the page into pkg/dist
  package NAME [--program FILE]
                              pack the command line, its completions and manual, and the page, as a release has them
  seal [FOLDER]               write the hashes of all files into a page built by Trunk; Trunk's hook runs this
  bench [NAME]                compare plots and training steps with other libraries, time the fit of latents, into benches/RESULTS.md;
                              `bench gpu` compares training on the GPU, into benches/gpu/RESULTS.md;
                              `bench native` times every native backend, into benches/native/RESULTS.md
  ssp [--wheel FILE]          rebuild the simulator's table of stellar populations from its PyPI package

CARGO_TARGET_DIR sets the folder of everything that is compiled or installed. SPECTRASCAPE_WASM_TOOLCHAIN=rustup|debian
chooses the wasm toolchain.";

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
        "test-python" => python::test(&paths, rest),
        "data" => data::make(&paths, rest),
        "build" => page::build(&paths),
        "package" => package::package(&paths, rest),
        "seal" => page::seal(&paths, rest),
        "bench" if rest == ["gpu"] => gpu::bench(&paths),
        "bench" if rest == ["native"] => native_bench::bench(&paths),
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
        Err(error) => {
            eprintln!("xtask {command}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn setup(paths: &Paths) -> Result<(), String> {
    tools::lints(paths)?;
    page::tools(paths)?;
    tools::vulkan().map(drop)?;
    tools::chromium().map(|path| println!("    Chromium is {}", path.display()))
}
