//! One process per part. The operating system holds the lock, so it is released when the process ends, however it ends. The
//! lock only saves work: on a file system without locks, two processes write the same chunks twice, each whole.

use std::fs::{File, TryLockError};
use std::io::{Read, Write};
use std::path::Path;

use anyhow::{Context, Result, anyhow};

/// A lock, held until it is dropped.
pub(in crate::cli) struct Lock {
    _file: Option<File>,
}

impl Lock {
    /// Takes the lock `name` in the work folder; `what` names what it guards in the error.
    pub(in crate::cli) fn take(work: &Path, name: &str, what: &str) -> Result<Self> {
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
