//! The folders of this project, and commands that run in them.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folders that the steps use.
pub struct Paths {
    /// The checkout.
    pub root: PathBuf,
    /// Cargo's target folder.
    pub target: PathBuf,
    /// Tools installed for this project alone, inside the target folder.
    pub tools: PathBuf,
}

impl Paths {
    /// Finds them from the folder of this package and from `CARGO_TARGET_DIR`.
    pub fn find() -> Self {
        // Of the run before that of the compilation: two checkouts that share a target folder share this program.
        let package = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&package).parent().expect("xtask is inside the checkout").to_owned();
        let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |dir| root.join(dir));
        let tools = target.join("tools");
        Self { root, target, tools }
    }

    /// Returns a native cargo command that runs in the checkout.
    pub fn cargo(&self) -> Command {
        self.command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
    }

    /// Returns a command that runs in the checkout, with this project's tools first on PATH and this program in
    /// `SPECTRASCAPE_XTASK`.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        let xtask = env::current_exe().unwrap_or_else(|_| "cargo-xtask".into());
        command.current_dir(&self.root).env("CARGO_TARGET_DIR", &self.target).env("SPECTRASCAPE_XTASK", xtask);
        command.env("PATH", self.path(&[]));
        command
    }

    /// Returns PATH with `first`, then this project's tools, in front.
    pub fn path(&self, first: &[PathBuf]) -> std::ffi::OsString {
        let ours = [self.tools.join("bin"), self.node_modules().join(".bin")];
        let inherited = env::var_os("PATH").unwrap_or_default();
        env::join_paths(first.iter().cloned().chain(ours).chain(env::split_paths(&inherited)))
            .expect("folders on PATH hold no separator")
    }

    /// Returns the folder of the installed npm packages.
    pub fn node_modules(&self) -> PathBuf {
        self.tools.join("node/node_modules")
    }
}

/// Finds the first `name` on the caller's PATH.
pub fn on_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|dir| dir.join(name)).find(|file| file.is_file())
}
