//! HATS catalogues (Hierarchical Adaptive Tiling Scheme): folders of Parquet files by position on the sky, beside metadata, margins that
//! repeat rows near the borders, and indexes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Names of the file that describes a catalogue, in newer and older versions.
const PROPERTIES: [&str; 2] = ["hats.properties", "properties"];
/// Kinds of catalogues that hold no rows of their own.
const SUPPORT: [&str; 3] = ["margin", "index", "association"];

/// Returns the folders of a catalogue that hold its rows; `None` for a folder that is none.
pub(super) fn data_of(folder: &Path) -> Option<Vec<PathBuf>> {
    if let Some(collection) = properties(&folder.join("collection.properties")) {
        let catalogue = folder.join(collection.get("hats_primary_table_url")?);
        return Some(data_of(&catalogue).unwrap_or_else(|| vec![catalogue]));
    }
    let dataset = folder.join("dataset");
    let is_catalogue = PROPERTIES.iter().any(|name| folder.join(name).is_file());
    if !is_catalogue || !dataset.is_dir() {
        return None;
    }
    let mut orders: Vec<PathBuf> = fs::read_dir(&dataset).ok()?.flatten().map(|entry| entry.path()).collect();
    orders.retain(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("Norder=")));
    orders.sort_by_key(|path| order(path));
    // In front of the folders lies a sample of the rows.
    Some(if orders.is_empty() { vec![dataset] } else { orders })
}

/// Returns whether a folder is a catalogue that repeats or indexes the rows of another.
pub(super) fn is_support(folder: &Path) -> bool {
    let described = PROPERTIES.iter().find_map(|name| properties(&folder.join(name)));
    let kind = described.and_then(|described| described.get("dataproduct_type").cloned());
    kind.is_some_and(|kind| SUPPORT.contains(&kind.as_str()))
}

/// Returns the number in a name such as `Norder=3`.
fn order(path: &Path) -> Option<u32> {
    path.file_name()?.to_string_lossy().split_once('=')?.1.parse().ok()
}

/// Reads a file of lines `key=value`.
fn properties(path: &Path) -> Option<BTreeMap<String, String>> {
    let text = fs::read_to_string(path).ok()?;
    let lines = text.lines().filter_map(|line| line.split_once('='));
    Some(lines.map(|(key, value)| (key.trim().to_owned(), value.trim().to_owned())).collect())
}
