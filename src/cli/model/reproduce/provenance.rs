//! The facts about a run that its report states.

use std::path::Path;
use std::process::Command;

use super::html::Provenance;
use super::study::Study;

/// Collects the facts about a run.
pub(super) fn of_run(study: &Study<'_>, seeds: u64, epochs: Option<usize>, commit: &str) -> Provenance {
    let set = study.set;
    let mut facts = vec![
        ("Set", format!("{} ({})", set.manifest.title, set.manifest.name)),
        ("SHA-256 of its manifest", set.sha256.clone()),
        ("Its seed", set.manifest.seed.map_or("none".to_owned(), |seed| seed.to_string())),
        ("Training and validation spectra", format!("{} and {}", study.split.train.len(), study.split.valid.len())),
        ("Seed of that split", set.manifest.split_seed.to_string()),
        ("Seeds of the networks", format!("1 to {}", seeds)),
        (
            "Main model",
            format!(
                "{}, epoch {} of {}",
                study.model.card.name,
                study.model.card.epoch,
                study.model.card.history.len()
            ),
        ),
        ("Program", format!("spectrascape {}, commit {commit}", env!("CARGO_PKG_VERSION"))),
    ];
    if let Some(epochs) = epochs {
        facts.push(("Shortened", format!("every training ended after {epochs} epochs at most; the paper allows 200")));
    }
    Provenance {
        facts: facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        simulated: set.manifest.simulated,
    }
}

/// Returns the commit of the program's sources, marked if they have changed since.
pub(super) fn commit() -> String {
    let git = |arguments: &[&str]| {
        let output =
            Command::new("git").current_dir(Path::new(env!("CARGO_MANIFEST_DIR"))).args(arguments).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let Some(commit) = git(&["rev-parse", "--short=12", "HEAD"]) else { return "unknown".to_owned() };
    match git(&["status", "--porcelain", "--untracked-files=no", "src", "Cargo.lock"]).as_deref() {
        Some("") => commit,
        _ => format!("{commit}, changed"),
    }
}
