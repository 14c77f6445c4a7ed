//! Files of many spectra on disk, of which some bytes are read at a time.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use crate::formats::{self, Archive, ReadError, Source};

/// Opens a file of many spectra, of which only the description is read; `None` for a file of another kind, and one that cannot be
/// opened, which is reported by whoever reads it whole.
pub(super) fn open(path: &Path) -> Option<Result<Archive, ReadError>> {
    let mut file = File::open(path).ok()?;
    let mut first = [0; 8];
    file.read_exact(&mut first).ok()?;
    if !Archive::recognises(&first) {
        return None;
    }
    let length = file.metadata().ok()?.len();
    let file = Mutex::new(file);
    let read = move |start: u64, count: usize| -> io::Result<_> {
        let mut bytes = vec![0; count];
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(&mut bytes)?;
        Ok(bytes.into())
    };
    Some(Archive::open(&path.display().to_string(), Source::new(length, read)))
}

/// Returns whether a file's name says that it is one of many spectra, packed by gzip or not.
pub(super) fn has_ending(path: &Path) -> bool {
    path.file_name().is_some_and(|name| formats::has_archive_ending(&name.to_string_lossy()))
}
