//! One process a part. The lock is the operating system's, so it goes when its process does, however that ends. It only
//! saves work: where a file system has no locks, two processes write the same chunks twice, each whole.

use std::fs::{File, TryLockError};
use std::io::{Read, Write};
use std::path::Path;

use anyhow::{Context, Result, anyhow};

/// Held as long as it lives.
pub(super) struct Lock {
    _file: Option<File>,
}

impl Lock {
    /// Takes the lock `name` in the work folder; `what` is what it guards, for the error.
    pub(super) fn take(work: &Path, name: &str, what: &str) -> Result<Self> {
        let path = work.join(name);
        let failed = || format!("{} cannot be written", path.display());
        let open = File::options().read(true).write(true).create(true).truncate(false).open(&path);
        let mut file = open.with_context(failed)?;
        match file.try_lock() {
            Ok(()) => {
                let written = file.set_len(0).and_then(|()| writeln!(file, "process {}", std::process::id()));
                written.with_context(failed)?;
                Ok(Self { _file: Some(file) })
            }
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let _ = file.read_to_string(&mut holder);
                Err(anyhow!(
                    "{what} is being made by another process ({}, as {} says): wait until it ends, or end it",
                    if holder.trim().is_empty() { "unnamed" } else { holder.trim() },
                    path.display()
                ))
            }
            Err(TryLockError::Error(_)) => Ok(Self { _file: None }),
        }
    }
}
