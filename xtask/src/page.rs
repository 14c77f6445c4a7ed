//! Building and serving the page.

use std::path::PathBuf;

use crate::paths::Paths;
use crate::stamp::Fingerprint;
use crate::step::{run, step};
use crate::wasm_target::WasmToolchain;
use crate::{data, seal, tools};

/// What the page is made from.
const SOURCES: [&str; 11] = [
    "src",
    "docs/load_in_pytorch.py",
    "www",
    "public/models",
    "public/lessons",
    "public/data/.simulated.stamp",
    "Cargo.toml",
    "Cargo.lock",
    ".cargo/config.toml",
    "Trunk.toml",
    "xtask/src/seal.rs",
];

/// Everything that building the page needs; tells which compiler makes its wasm.
pub fn tools(paths: &Paths) -> Result<WasmToolchain, String> {
    tools::npm(paths)?;
    let toolchain = WasmToolchain::ensure(paths)?;
    tools::wasm_bindgen(paths)?;
    tools::trunk(paths)?;
    Ok(toolchain)
}

/// Builds `pkg/dist` if it is missing or stale, and whatever that needs.
pub fn build(paths: &Paths) -> Result<(), String> {
    let toolchain = tools(paths)?;
    data::make(paths, &[])?;
    let stamp = paths.root.join("pkg/dist/.stamp");
    let wanted = SOURCES
        .iter()
        .fold(Fingerprint::new(), |print, source| print.path(&paths.root.join(source)))
        .bytes(toolchain.name().as_bytes());
    if wanted.is_in(&stamp) {
        return Ok(());
    }
    step("the page, into pkg/dist", || {
        run(toolchain.command(paths, "trunk").args(["build", "--skip-version-check"]))?;
        wanted.write_to(&stamp)
    })
}

/// Builds what is missing and serves `pkg/dist` as any static server would.
pub fn serve(paths: &Paths, args: &[String]) -> Result<(), String> {
    let port = match args {
        [] => "8080",
        [flag, port] if flag == "--port" && port.parse::<u16>().is_ok() => port,
        _ => return Err("`serve` takes --port N".to_owned()),
    };
    build(paths)?;
    let server = paths.root.join("tests/browser/server.mjs");
    run(paths.command("node").arg(server).arg(paths.root.join("pkg/dist")).arg(port))
}

/// Seals the page in a folder: the one that Trunk's hook names, or `pkg/dist`.
pub fn seal(paths: &Paths, args: &[String]) -> Result<(), String> {
    let built = std::env::var_os("TRUNK_STAGING_DIR").map_or_else(|| paths.root.join("pkg/dist"), PathBuf::from);
    match args {
        [] => seal::seal(&built),
        [folder] => seal::seal(folder.as_ref()),
        _ => Err("`seal` takes one folder".to_owned()),
    }
}
