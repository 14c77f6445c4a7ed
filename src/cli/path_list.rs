//! Lists of spectra's files: a path a line, or the list that `download` fetched.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::csv_table::{CsvTable, field};
use super::files;

/// Paths of a list without columns that are looked for, to learn where its paths begin.
const LOOKED_FOR: usize = 100;

/// Reads the paths of a list, in its order. Relative ones begin at `root`; where none is given, at the list's folder, or, for a
/// list without columns none of whose first paths is there, at the current folder.
///
/// # Errors
/// A list that cannot be read, or that is no text.
pub(super) fn read(list: &Path, root: Option<&Path>) -> Result<Vec<PathBuf>> {
    let name = list.display().to_string();
    let bytes = files::read(list)?;
    let text = std::str::from_utf8(&bytes).ok().with_context(|| format!("{name} is not UTF-8 text"))?;
    let own = list.parent().unwrap_or(Path::new(""));
    if has_columns(text) {
        let table = CsvTable::parse(&name, &bytes)?;
        let column = table.column(&["path"]);
        let paths = table.rows.iter().filter_map(|(_, row)| field(row, column));
        // Of a coadd's redshifts, which are read with it.
        let spectra = paths.filter(|path| !path.rsplit('/').next().unwrap_or(path).starts_with("redrock-"));
        return Ok(spectra.map(|path| root.unwrap_or(own).join(path)).collect());
    }
    let paths: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let root = root.unwrap_or_else(|| {
        let is_there = paths.iter().take(LOOKED_FOR).any(|path| own.join(path).exists());
        if is_there { own } else { Path::new("") }
    });
    Ok(paths.into_iter().map(|path| root.join(path)).collect())
}

/// Returns whether the first line names columns, one of which is `path`.
fn has_columns(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}');
    let header = text.lines().find(|line| !line.trim().is_empty() && !line.starts_with('#')).unwrap_or_default();
    header.split([',', ';', '\t']).any(|column| column.trim().trim_matches('"').eq_ignore_ascii_case("path"))
}
