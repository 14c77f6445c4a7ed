//! The simulated set that the page ships: made by the command line from a seed, never stored in the repository.

use std::process::Command;

use crate::paths::Paths;
use crate::stamp::Fingerprint;
use crate::step::{run, step};

/// What the set is made from, beside the arguments.
const SOURCES: [&str; 6] =
    ["src/mock", "src/spectrum", "src/shard", "src/baseline", "src/cli/simulate.rs", "Cargo.lock"];

/// Makes `public/data/simulated` if it is missing or stale, with the part of the command line that
/// needs no Burn: the page is served minutes sooner.
pub fn make(paths: &Paths, args: &[String]) -> Result<(), String> {
    let mut cargo = paths.cargo();
    cargo.args(["run", "--features", "sets", "--bin", "spectrascape-sets", "--"]);
    make_with(paths, cargo, args)
}

/// The same with the command line that the native tests have just compiled.
pub fn make_after_tests(paths: &Paths) -> Result<(), String> {
    make_with(paths, paths.command(paths.target.join("debug/spectrascape")), &[])
}

fn make_with(paths: &Paths, mut spectrascape: Command, args: &[String]) -> Result<(), String> {
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
        // Shards of an earlier, larger set must not stay behind.
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
        let wrong = |_| format!("{arg} needs a whole number, not `{value}`");
        match arg.as_str() {
            "--seed" => seed = value.parse().map_err(wrong)?,
            "--count" => count = value.parse().map_err(wrong)?,
            _ => return Err(format!("`data` takes --seed N and --count N, not `{arg}`")),
        }
    }
    Ok((seed, count))
}
