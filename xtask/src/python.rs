//! The Python wheel, built, installed in a fresh virtual environment and tested there.

use std::fs;
use std::path::{Path, PathBuf};

use crate::paths::Paths;
use crate::step::{run, step};

/// Builds wheels; the version that the wheel was tried with.
const MATURIN: &str = "maturin==1.16.0";

/// Tests the wheel; `pytest` gets the arguments.
pub fn test(paths: &Paths, args: &[String]) -> Result<(), String> {
    let folder = paths.target.join("python");
    let (environment, wheels) = (folder.join("venv"), folder.join("wheels"));
    let python = environment.join("bin/python");
    let pip = |what: &[&str]| {
        let mut command = paths.command(&python);
        command.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(what);
        command
    };
    step("a fresh virtual environment", || {
        run(paths.command("python3").args(["-m", "venv", "--clear"]).arg(&environment))?;
        run(&mut pip(&[MATURIN, "--requirement", "python/requirements-test.txt"]))
    })?;
    step("the wheel", || {
        remove(&wheels)?;
        let mut maturin = paths.command(&python);
        maturin.args(["-m", "maturin", "build", "--quiet", "--release", "--locked"]);
        maturin.args(["--manifest-path", "python/Cargo.toml", "--interpreter"]).arg(&python);
        // Compiled apart from the checkout's own programs, whose features and profile differ.
        run(maturin.arg("--out").arg(&wheels).env("CARGO_TARGET_DIR", &folder))?;
        let wheel = wheel(&wheels)?;
        run(pip(&["--no-index", "--no-deps", "--force-reinstall"]).arg(wheel))
    })?;
    step("types of the stubs", || {
        // Against the module as it is installed, and the example that uses it.
        run(paths
            .command(&python)
            .args(["-m", "mypy.stubtest", "spectrascape", "--allowlist"])
            .arg(paths.root.join("python/stubtest.txt")))?;
        let mypy = ["-m", "mypy", "--strict", "--allow-untyped-calls", "--ignore-missing-imports"];
        run(paths.command(&python).args(mypy).arg("python/examples/hats_encode.py"))
    })?;
    step("pytest", || {
        run(paths.command(&python).args(["-m", "pytest", "-p", "no:cacheprovider", "python/tests"]).args(args))
    })
}

fn remove(folder: &Path) -> Result<(), String> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(format!("{}: {error}", folder.display())),
        _ => Ok(()),
    }
}

fn wheel(folder: &Path) -> Result<PathBuf, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut wheels: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    wheels.retain(|path| path.extension().is_some_and(|ending| ending == "whl"));
    match wheels.len() {
        1 => Ok(wheels.remove(0)),
        count => Err(format!("{count} wheels in {}, not 1", folder.display())),
    }
}
