//! Building and serving the page.

use std::path::PathBuf;

use crate::paths::Paths;
use crate::stamp::Fingerprint;
use crate::step::{run, step};
use crate::wasm_target::WasmToolchain;
use crate::{data, seal, tools};

/// The sources of the page.
const SOURCES: [&str; 11] = [
    "src",
    "docs/load_in_pytorch.py",
    "www",
    "public/models",
    "public/data/.simulated.stamp",
    "public/data/.library.stamp",
    "Cargo.toml",
    "Cargo.lock",
    ".cargo/config.toml",
    "Trunk.toml",
    "xtask/src/seal.rs",
];

/// Installs the tools that build the page, and returns the toolchain for its wasm.
pub fn tools(paths: &Paths) -> Result<WasmToolchain, String> {
    tools::npm(paths)?;
    let toolchain = WasmToolchain::ensure(paths)?;
    tools::wasm_bindgen(paths)?;
    tools::trunk(paths)?;
    Ok(toolchain)
}

/// Builds `pkg/dist` if it is missing or stale, with everything that it depends on.
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

/// Builds the page if it is stale and serves `pkg/dist` as a static server does.
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

#[cfg(test)]
mod tests {
    use super::SOURCES;
    use crate::paths::Paths;

    #[test]
    fn every_source_of_the_page_exists() {
        let root = Paths::find().root;
        // The stamp is written when the simulated set is.
        let stored = SOURCES.iter().filter(|source| !source.ends_with(".stamp"));
        stored.for_each(|source| assert!(root.join(source).exists(), "{source} is not in the checkout"));
    }
}
