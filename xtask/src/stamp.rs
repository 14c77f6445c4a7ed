//! Stamps: files that hold a fingerprint of the inputs of a build product. While the fingerprint is the same, nothing is rebuilt.

use std::fs;
use std::path::{Path, PathBuf};

/// A running FNV-1a hash, 64 bits: enough to notice a change, and it needs no library.
#[derive(Clone, Copy)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// Returns the fingerprint of no input.
    pub fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    /// Adds bytes.
    pub fn bytes(mut self, bytes: &[u8]) -> Self {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        self
    }

    /// Adds the names and contents of a file, or of all files in a folder; a missing path adds nothing.
    pub fn path(mut self, path: &Path) -> Self {
        for file in files(path) {
            self = self.bytes(file.to_string_lossy().as_bytes());
            self = self.bytes(&fs::read(&file).unwrap_or_default());
        }
        self
    }

    /// Returns whether `stamp` holds this fingerprint.
    pub fn is_in(self, stamp: &Path) -> bool {
        fs::read_to_string(stamp).is_ok_and(|text| text.trim() == self.text())
    }

    /// Writes the fingerprint to `stamp`.
    pub fn write_to(self, stamp: &Path) -> Result<(), String> {
        let failed = |error: std::io::Error| format!("{} cannot be written: {error}", stamp.display());
        if let Some(folder) = stamp.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        fs::write(stamp, self.text()).map_err(failed)
    }

    fn text(self) -> String {
        format!("{:016x}", self.0)
    }
}

/// Lists the file itself, or all files under a folder, sorted.
fn files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let Ok(entries) = fs::read_dir(path) else {
        return Vec::new();
    };
    let mut children: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    children.sort();
    children.iter().flat_map(|child| files(child)).collect()
}

#[cfg(test)]
mod tests {
    use super::Fingerprint;

    #[test]
    fn fnv_1a_of_known_strings() {
        // Test vectors from the algorithm's authors, http://www.isthe.com/chongo/tech/comp/fnv/.
        assert_eq!(Fingerprint::new().text(), "cbf29ce484222325");
        assert_eq!(Fingerprint::new().bytes(b"a").text(), "af63dc4c8601ec8c");
        assert_eq!(Fingerprint::new().bytes(b"foobar").text(), "85944171f73967e8");
    }
}
