//! Lists of files to fetch: CSV with the columns `url` and `path`, and where they are known `alternatives` (addresses separated
//! by blanks), `bytes` and `sha256`. `sample` writes them, `download` fetches what they name, `preprocess --list` reads it.

use std::path::{Component, Path};

use anyhow::{Result, bail};

use super::csv_table::{CsvTable, field};
use super::http::Url;
use crate::export::CsvWriter;

/// A file to fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    /// Address.
    pub url: String,
    /// Addresses to try one after the other where there is nothing at `url`.
    pub alternatives: Vec<String>,
    /// Path below the folder of the downloads, with `/` between its parts.
    pub path: String,
    /// Length in bytes.
    pub bytes: Option<u64>,
    /// SHA-256 in hexadecimal.
    pub sha256: Option<String>,
}

/// A list as read: its files, and its invalid rows, each with a sentence that names the line.
pub(super) struct AddressList {
    /// Files to fetch, each path once.
    pub addresses: Vec<Address>,
    /// Sentences about invalid rows.
    pub refused: Vec<String>,
}

impl Address {
    /// Returns a file without a known length or hash.
    pub(super) fn new(mut urls: Vec<String>, path: String) -> Self {
        let url = urls.remove(0);
        Self { url, alternatives: urls, path, bytes: None, sha256: None }
    }

    /// Returns the addresses in the order in which they are tried.
    pub(super) fn urls(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.url.as_str()).chain(self.alternatives.iter().map(String::as_str))
    }

    /// Returns the fields of a row, in the order of the list's columns.
    pub(super) fn fields(&self) -> [String; 5] {
        let bytes = self.bytes.map_or_else(String::new, |bytes| bytes.to_string());
        let sha256 = self.sha256.clone().unwrap_or_default();
        [self.url.clone(), self.path.clone(), self.alternatives.join(" "), bytes, sha256]
    }
}

impl AddressList {
    /// Parses a list; `name` is the file's.
    ///
    /// # Errors
    /// A file that is no such list. Invalid rows are no errors.
    pub(super) fn parse(name: &str, bytes: &[u8]) -> Result<Self> {
        let table = CsvTable::parse(name, bytes)?;
        let (Some(url), Some(path)) = (table.column(&["url"]), table.column(&["path"])) else {
            bail!("{name} is no list of addresses: it has the columns {} instead of url and path", table.names());
        };
        let others = ["alternatives", "bytes", "sha256"].map(|column| table.column(&[column]));
        let mut list = Self { addresses: Vec::with_capacity(table.rows.len()), refused: Vec::new() };
        let mut paths = std::collections::BTreeMap::new();
        for (line, row) in &table.rows {
            let known = others.map(|column| field(row, column));
            match address(field(row, Some(url)), field(row, Some(path)), known) {
                Err(reason) => list.refused.push(format!("{name}: line {line}: {reason}")),
                Ok(address) => match paths.get(&address.path) {
                    None => {
                        paths.insert(address.path.clone(), address.url.clone());
                        list.addresses.push(address);
                    }
                    Some(other) if *other == address.url => {}
                    Some(other) => {
                        list.refused.push(format!("{name}: line {line}: {} is also the path of {other}", address.path));
                    }
                },
            }
        }
        Ok(list)
    }
}

/// Returns a list as CSV.
pub(super) fn to_csv(addresses: &[Address]) -> String {
    let mut csv = CsvWriter::new();
    let columns = if addresses.iter().any(|one| one.bytes.is_some() || one.sha256.is_some()) { 5 } else { 3 };
    csv.record(&COLUMNS[..columns]);
    for address in addresses {
        csv.record(&address.fields()[..columns]);
    }
    csv.finish()
}

/// The columns of a list.
pub(super) const COLUMNS: [&str; 5] = ["url", "path", "alternatives", "bytes", "sha256"];

fn address(url: Option<&str>, path: Option<&str>, known: [Option<&str>; 3]) -> Result<Address, String> {
    let [alternatives, bytes, sha256] = known;
    let url = url.ok_or("it has no address")?;
    let path = path.ok_or("it has no path")?;
    let alternatives: Vec<String> = alternatives.unwrap_or_default().split_whitespace().map(str::to_owned).collect();
    for one in std::iter::once(url).chain(alternatives.iter().map(String::as_str)) {
        one.parse::<Url>()?;
    }
    if !is_below_a_folder(path) {
        return Err(format!("the path `{path}` leaves the folder: give one without `..` that does not begin with `/`"));
    }
    let bytes = match bytes {
        Some(bytes) => Some(bytes.parse().map_err(|_| format!("`{bytes}` is no number of bytes"))?),
        None => None,
    };
    let is_hash = |hash: &str| hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    if let Some(hash) = sha256.filter(|hash| !is_hash(hash)) {
        return Err(format!("`{hash}` is no SHA-256: that is 64 hexadecimal digits"));
    }
    let sha256 = sha256.map(str::to_ascii_lowercase);
    Ok(Address { url: url.to_owned(), alternatives, path: path.to_owned(), bytes, sha256 })
}

/// Returns whether a path stays below the folder that it is joined to, on any system.
pub(super) fn is_below_a_folder(path: &str) -> bool {
    !path.contains(['\\', ':', '\0'])
        && !path.ends_with('/')
        && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}
