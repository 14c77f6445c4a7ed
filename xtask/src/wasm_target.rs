//! A toolchain that compiles for wasm: rustup's, or Debian's where rustup's server cannot be reached.
//!
//! Debian ships the standard library for wasm32-unknown-unknown as sources only; it compiles in two minutes and is installed
//! with Debian's compiler. rustup's own compiler cannot use it, so wasm then goes through /usr/bin/cargo.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use crate::paths::Paths;
use crate::step::{attempt, output, run, step};
use crate::tools;

const TARGET: &str = "wasm32-unknown-unknown";
const PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-22"];
const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_LIBRARIES: &str = "/usr/lib/rustlib/wasm32-unknown-unknown/lib";
const STANDARD_LIBRARY_FLAGS: &str = "-C embed-bitcode=yes";
const ADD_TARGET: &str = "run `rustup target add wasm32-unknown-unknown`";

/// The toolchain that compiles for wasm.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum WasmToolchain {
    /// The toolchain that compiled this program.
    Own,
    /// Debian's, `/usr/bin/cargo`.
    Debian,
}

impl WasmToolchain {
    /// Finds a toolchain, or installs one. `SPECTRASCAPE_WASM_TOOLCHAIN` forces the choice.
    pub fn ensure(paths: &Paths) -> Result<Self, String> {
        let forced = env::var("SPECTRASCAPE_WASM_TOOLCHAIN").unwrap_or_default();
        if forced == "debian" {
            return debian(paths);
        }
        if has_standard_library(&own_sysroot(paths)) {
            return Ok(Self::Own);
        }
        if forced != "rustup" && debian_is_ready() {
            return link_debian_tools(paths).map(|()| Self::Debian);
        }
        if rustup(paths) && has_standard_library(&own_sysroot(paths)) {
            return Ok(Self::Own);
        }
        if forced == "rustup" {
            return Err(format!("the wasm target is missing: {ADD_TARGET}"));
        }
        debian(paths)
    }

    /// Returns a command that compiles for wasm with this toolchain, directly or through Trunk.
    ///
    /// `RUSTFLAGS` in the caller's environment would silently replace the flags in `.cargo/config.toml`, SIMD among them.
    pub fn command(self, paths: &Paths, program: &str) -> Command {
        let mut command = match (self, program) {
            (Self::Own, "cargo") => paths.cargo(),
            _ => paths.command(program),
        };
        command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
        if self == Self::Debian {
            for name in ["CARGO", "RUSTC", "RUSTDOC", "RUSTUP_TOOLCHAIN", "RUSTUP_HOME"] {
                command.env_remove(name);
            }
            // Debian's compiler calls itself a stable one, and so does its cargo; both are found here first.
            command.env("PATH", paths.path(&[debian_links(paths)]));
        }
        command
    }

    /// Returns whether the toolchain has clippy; Debian's has not.
    pub fn has_clippy(self) -> bool {
        self == Self::Own
    }

    /// Returns its name, for messages and stamps.
    pub fn name(self) -> &'static str {
        match self {
            Self::Own => "rustup",
            Self::Debian => "debian",
        }
    }
}

fn own_sysroot(paths: &Paths) -> PathBuf {
    output(paths.command("rustc").args(["--print", "sysroot"])).unwrap_or_default().into()
}

fn has_standard_library(sysroot: &Path) -> bool {
    has_libstd(&sysroot.join("lib/rustlib").join(TARGET).join("lib"))
}

fn has_libstd(folder: &Path) -> bool {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name()).any(|name| name.to_string_lossy().starts_with("libstd-"))
}

fn rustup(paths: &Paths) -> bool {
    let server = env::var("RUSTUP_DIST_SERVER").unwrap_or_else(|_| "https://static.rust-lang.org".to_owned());
    attempt("rustup target add wasm32-unknown-unknown", || {
        if !tools::answers(&server) {
            return Err(format!("{server} does not answer"));
        }
        run(paths.command("rustup").args(["target", "add", TARGET]))
    })
}

fn debian(paths: &Paths) -> Result<WasmToolchain, String> {
    if !debian_is_ready() {
        step("Debian's compiler for wasm", || {
            tools::apt_install(&PACKAGES)
                .map_err(|error| format!("the wasm target is missing: {ADD_TARGET}, or {error}"))
        })?;
        step("Rust's standard library for wasm", || standard_library(paths))?;
    }
    link_debian_tools(paths)?;
    Ok(WasmToolchain::Debian)
}

/// Returns whether the libraries are installed and were built by the installed compiler.
fn debian_is_ready() -> bool {
    let built_by = fs::read_to_string(Path::new(DEBIAN_LIBRARIES).join("made-by")).unwrap_or_default();
    Path::new(DEBIAN_CARGO).is_file() && has_libstd(Path::new(DEBIAN_LIBRARIES)) && built_by == debian_version()
}

/// Returns the compiler and the flags that the standard library depends on.
fn debian_version() -> String {
    let version = output(Command::new(DEBIAN_RUSTC).arg("-vV")).unwrap_or_default();
    format!("{version}\n{STANDARD_LIBRARY_FLAGS}\n")
}

fn standard_library(paths: &Paths) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("the standard library cannot be installed: {error}");
    let empty = paths.tools.join("empty-crate");
    // Two compilers' libraries side by side would each be a candidate for the one.
    let _ = fs::remove_dir_all(&empty);
    fs::create_dir_all(empty.join("src")).map_err(failed)?;
    let manifest = "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n";
    fs::write(empty.join("Cargo.toml"), manifest).map_err(failed)?;
    fs::write(empty.join("src/lib.rs"), "").map_err(failed)?;
    link_debian_tools(paths)?;
    let mut build = WasmToolchain::Debian.command(paths, "cargo");
    build.current_dir(&empty).env("CARGO_TARGET_DIR", empty.join("target")).env("RUSTC_BOOTSTRAP", "1");
    // As rustup's: with bitcode, without which the page's link-time optimisation cannot use it.
    build.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", STANDARD_LIBRARY_FLAGS);
    run(build.args(["build", "-Zbuild-std=std,panic_abort", "--release", "--target", TARGET]))?;

    let _ = fs::remove_dir_all(DEBIAN_LIBRARIES);
    fs::create_dir_all(DEBIAN_LIBRARIES).map_err(failed)?;
    for entry in fs::read_dir(empty.join("target").join(TARGET).join("release/deps")).map_err(failed)?.flatten() {
        let library = entry.path().extension().is_some_and(|extension| extension == "rlib");
        if library && !entry.file_name().to_string_lossy().starts_with("libempty-") {
            fs::copy(entry.path(), Path::new(DEBIAN_LIBRARIES).join(entry.file_name())).map_err(failed)?;
        }
    }
    fs::write(Path::new(DEBIAN_LIBRARIES).join("made-by"), debian_version()).map_err(failed)
}

fn debian_links(paths: &Paths) -> PathBuf {
    paths.tools.join("debian-bin")
}

/// A folder for PATH in which `cargo` and `rustc` are Debian's and `rust-lld`, the linker that rustc asks for, is LLVM's.
fn link_debian_tools(paths: &Paths) -> Result<(), String> {
    let folder = debian_links(paths);
    let failed = |error: std::io::Error| format!("{} cannot be created: {error}", folder.display());
    fs::create_dir_all(&folder).map_err(failed)?;
    let links = [("cargo", DEBIAN_CARGO), ("rustc", DEBIAN_RUSTC), ("rustdoc", "/usr/bin/rustdoc")];
    for (name, program) in links.into_iter().chain([("rust-lld", "/usr/bin/wasm-ld-22")]) {
        let link = folder.join(name);
        if !link.is_symlink() {
            #[cfg(unix)]
            std::os::unix::fs::symlink(program, &link).map_err(failed)?;
            #[cfg(not(unix))]
            return Err(format!("{program} is for Debian only: {ADD_TARGET}"));
        }
    }
    Ok(())
}
