//! The simulated set that the page ships, and the library that names it and the shipped models. The command line makes both; they are
//! not stored in the repository.

use std::process::Command;

use crate::paths::Paths;
use crate::stamp::Fingerprint;
use crate::step::{run, step};

/// The sources that determine the set's bytes, together with the arguments.
const SOURCES: [&str; 7] = [
    "src/simulator",
    "src/spectrum",
    "src/preprocess",
    "src/formats/set",
    "src/numerics",
    "src/cli/simulate.rs",
    "Cargo.lock",
];

/// The sources of `public/library.json`, besides the set.
const LIBRARY_SOURCES: [&str; 4] = ["public/models", "src/formats/set", "src/cli/library.rs", "xtask/src/data.rs"];
/// The set and model with which the page opens.
const OPENS: &str = "simulated/vae6";

/// Simulates `public/data/simulated` and writes `public/library.json` if they are missing or stale, with the part of the command line
/// that does not need Burn, which takes minutes to compile.
pub fn make(paths: &Paths, args: &[String]) -> Result<(), String> {
    let command = || {
        let mut cargo = paths.cargo();
        cargo.args(["run", "--features", "sets", "--bin", "spectrascape-sets", "--"]);
        cargo
    };
    make_with(paths, command, args)
}

/// Does the same with the command line that the native tests have just compiled.
pub fn make_after_tests(paths: &Paths) -> Result<(), String> {
    make_with(paths, || paths.command(paths.target.join("debug/spectrascape")), &[])
}

fn make_with(paths: &Paths, spectrascape: impl Fn() -> Command, args: &[String]) -> Result<(), String> {
    simulate(paths, spectrascape(), args)?;
    describe(paths, spectrascape())
}

/// Writes what the page offers.
fn describe(paths: &Paths, mut spectrascape: Command) -> Result<(), String> {
    let stamp = paths.root.join("public/data/.library.stamp");
    let sources = LIBRARY_SOURCES.iter().chain(&["public/data/simulated/manifest.json"]);
    let wanted = sources.fold(Fingerprint::new(), |print, source| print.path(&paths.root.join(source)));
    if wanted.is_in(&stamp) && paths.root.join("public/library.json").is_file() {
        return Ok(());
    }
    step("the library of sets and models", || {
        run(spectrascape.args(["library", "--open", OPENS]).arg(paths.root.join("public")))?;
        wanted.write_to(&stamp)
    })
}

fn simulate(paths: &Paths, mut spectrascape: Command, args: &[String]) -> Result<(), String> {
    let (seed, count) = parse(args)?;
    let set = paths.root.join("public/data/simulated");
    let stamp = paths.root.join("public/data/.simulated.stamp");
    let wanted = SOURCES
        .iter()
        .fold(Fingerprint::new(), |print, source| print.path(&paths.root.join(source)))
        .bytes(format!("{seed} {count}").as_bytes());
    if wanted.is_in(&stamp) && set.join("manifest.json").is_file() {
        return Ok(());
    }
    step(&format!("{count} simulated spectra, seed {seed}"), || {
        // An earlier, larger set had more shards.
        let _ = std::fs::remove_dir_all(&set);
        spectrascape.args(["simulate", "--count", &count.to_string(), "--seed", &seed.to_string(), "--out"]);
        run(spectrascape.arg(&set))?;
        wanted.write_to(&stamp)
    })
}

fn parse(args: &[String]) -> Result<(u64, usize), String> {
    let (mut seed, mut count) = (1, 8192);
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let value = args.next().map_or("", String::as_str);
        let invalid = |_| format!("{arg} needs a whole number, not `{value}`");
        match arg.as_str() {
            "--seed" => seed = value.parse().map_err(invalid)?,
            "--count" => count = value.parse().map_err(invalid)?,
            _ => return Err(format!("`data` takes --seed N and --count N, not `{arg}`")),
        }
    }
    Ok((seed, count))
}

#[cfg(test)]
mod tests {
    use super::{LIBRARY_SOURCES, SOURCES};
    use crate::paths::Paths;

    #[test]
    fn every_source_of_the_set_exists() {
        let root = Paths::find().root;
        let sources = SOURCES.iter().chain(&LIBRARY_SOURCES);
        sources.for_each(|source| assert!(root.join(source).exists(), "{source} is not in the checkout"));
    }
}
