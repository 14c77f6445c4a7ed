//! The simulated set that the page ships: made by the command line from a seed, never stored in the repository.

use crate::place::Place;
use crate::stamp::Fingerprint;
use crate::step::{run, step};

/// What the set is made from, beside the arguments.
const SOURCES: [&str; 7] =
    ["src/mock", "src/spectrum", "src/shard", "src/baseline", "src/bin/spectrascape.rs", "src/cli", "Cargo.lock"];

/// Makes `public/data/simulated` if it is missing or stale.
pub fn make(place: &Place, args: &[String]) -> Result<(), String> {
    let (seed, count) = parse(args)?;
    let set = place.root.join("public/data/simulated");
    let stamp = place.root.join("public/data/.simulated.stamp");
    let wanted = SOURCES
        .iter()
        .fold(Fingerprint::new(), |print, source| print.path(&place.root.join(source)))
        .bytes(format!("{seed} {count}").as_bytes());
    if wanted.is_in(&stamp) && set.join("manifest.json").is_file() {
        return Ok(());
    }
    step(&format!("{count} simulated spectra, seed {seed}"), || {
        let mut cargo = place.cargo();
        cargo.args(["run", "--features", "cli,ndarray", "--bin", "spectrascape", "--", "simulate"]);
        cargo.args(["--count", &count.to_string(), "--seed", &seed.to_string(), "--out"]);
        run(cargo.arg(&set))?;
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
