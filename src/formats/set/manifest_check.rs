//! What a manifest may say: everything in it that is followed or shown is looked at first, since it may come from another's site.

use std::collections::BTreeSet;

use super::manifest::Manifest;
use super::names::{is_file_name, is_plain_text, is_sha256, shown};

/// Most spectra of a set.
const MOST_SPECTRA: usize = 100_000_000;
/// Most spectra of a shard, and bytes of one.
const MOST_IN_A_SHARD: usize = 65_536;
const MOST_SHARD_BYTES: usize = 1 << 30;
/// Most columns and names of classes.
const MOST_COLUMNS: usize = 1000;

impl Manifest {
    /// Checks the names, sizes and texts; the error is a clause.
    pub(super) fn check(&self) -> Result<(), String> {
        for name in [&self.mean_spectrum, &self.catalogue] {
            check_name(name)?;
        }
        let mut names = BTreeSet::new();
        let mut count = 0usize;
        for shard in &self.shards {
            check_name(&shard.name)?;
            if !names.insert(shard.name.as_str()) {
                return Err(format!("it lists the shard {} twice", shard.name));
            }
            if shard.count > MOST_IN_A_SHARD || shard.bytes > MOST_SHARD_BYTES {
                let (count, bytes) = (shard.count, shard.bytes);
                return Err(format!(
                    "its shard {} has {count} spectra in {bytes} bytes, which is too large",
                    shard.name
                ));
            }
            if !is_sha256(&shard.sha256) {
                let sha256 = shown(&shard.sha256);
                return Err(format!("\u{201c}{sha256}\u{201d} is not the SHA-256 of its shard {}", shard.name));
            }
            count += shard.count;
        }
        if self.count != count || count > MOST_SPECTRA {
            return Err(format!("it counts {} spectra, and its shards hold {count}", self.count));
        }
        if self.columns.len() > MOST_COLUMNS || self.class_names.len() > MOST_COLUMNS {
            return Err(format!("it has {} columns, more than {MOST_COLUMNS}", self.columns.len()));
        }
        let columns = self.columns.iter().flat_map(|column| [&column.name, &column.label, &column.unit]);
        let texts = [&self.name, &self.title, &self.license].into_iter();
        match texts.chain(columns).chain(&self.class_names).find(|text| !is_plain_text(text)) {
            Some(text) => {
                Err(format!("the text \u{201c}{}\u{201d} is too long or holds control characters", shown(text)))
            }
            None => Ok(()),
        }
    }
}

fn check_name(name: &str) -> Result<(), String> {
    match is_file_name(name) {
        true => Ok(()),
        false => Err(format!("\u{201c}{}\u{201d} is no name of a file in the set's folder", shown(name))),
    }
}
