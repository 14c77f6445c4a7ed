//! Records of the steps that were done: `.build/<step>.json` in the recipe's folder.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::step::{Step, Thing};
use crate::cli::address_list::AddressList;
use crate::cli::files;
use crate::formats::set::sha256_hex;

/// A step that was begun or done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    /// SHA-256 of settings and inputs.
    pub inputs: String,
    /// SHA-256 of what it wrote; `None` until it is done.
    pub output: Option<String>,
}

/// Reads the record of a step; `None` where there is none that can be read.
pub(super) fn read(folder: &Path, step: &Step) -> Option<Record> {
    serde_json::from_slice(&fs::read(path(folder, step)).ok()?).ok()
}

/// Writes the record of a step.
pub(super) fn write(folder: &Path, step: &Step, record: &Record) -> Result<()> {
    let json = serde_json::to_string_pretty(record).expect("a record always serialises") + "\n";
    files::write(&path(folder, step), json.as_bytes())
}

/// Computes the SHA-256 of a step's settings and inputs, with the version of the program; `None` where an input is missing.
pub(super) fn inputs(step: &Step) -> Option<String> {
    let mut hash = Sha256::new();
    hash.update(env!("CARGO_PKG_VERSION"));
    for argument in step.arguments.iter().filter(|argument| !names_a_path(argument)) {
        hash.update(argument);
        hash.update([0]);
    }
    for thing in &step.inputs {
        hash.update(digest(thing)?);
    }
    Some(hex(hash))
}

/// Returns whether an argument is a path: what is there counts, not where, so that a folder can be moved.
fn names_a_path(argument: &str) -> bool {
    let options = ["--out=", "--list=", "--root=", "--data=", "--model=", "--from="];
    options.iter().any(|option| argument.starts_with(option)) || Path::new(argument).extension().is_some()
}

/// Computes the SHA-256 of something on disk; `None` where it is missing.
pub(super) fn digest(thing: &Thing) -> Option<String> {
    match thing {
        Thing::File(path) => Some(sha256_hex(&fs::read(path).ok()?)),
        Thing::Listed { list, root } => {
            let list = AddressList::parse("", &fs::read(list).ok()?).ok()?;
            let mut hash = Sha256::new();
            for address in &list.addresses {
                let length = fs::metadata(root.join(&address.path)).map_or(-1, |data| data.len() as i64);
                hash.update(&address.path);
                hash.update(length.to_le_bytes());
            }
            Some(hex(hash))
        }
        Thing::Folder(path) => {
            let mut found = Vec::new();
            lengths(path, &mut found).ok()?;
            found.sort();
            let mut hash = Sha256::new();
            for (path, length) in found {
                hash.update(path.as_os_str().as_encoded_bytes());
                hash.update(length.to_le_bytes());
            }
            Some(hex(hash))
        }
    }
}

fn lengths(folder: &Path, found: &mut Vec<(PathBuf, u64)>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            lengths(&entry.path(), found)?;
        } else {
            found.push((entry.path(), entry.metadata()?.len()));
        }
    }
    Ok(())
}

fn path(folder: &Path, step: &Step) -> PathBuf {
    folder.join(".build").join(format!("{}.json", step.name.replace(' ', "-")))
}

fn hex(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
