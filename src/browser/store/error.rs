//! Why a file could not be kept on the browser's disk or read from it.

use thiserror::Error;

/// The reason that a file could not be kept or read. Training can continue after any of them.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StoreError {
    /// The disk, or this site's share of it, is full. What was stored before is still there.
    #[error(
        "{path} could not be saved, the browser's storage is full: clear stored runs or spectra, or free disk space"
    )]
    Full {
        /// File to be saved.
        path: String,
    },
    /// The browser keeps no files for this page.
    #[error("this browser lets the page store nothing here ({reason}): a run is lost when its tab is closed")]
    Unavailable {
        /// The missing part, as a clause.
        reason: String,
    },
    /// The file was stored, and no version of it is whole.
    #[error("{path} as stored in this browser is damaged and cannot be used: clear it and start again")]
    Damaged {
        /// File to be read.
        path: String,
    },
    /// Any other failure.
    #[error("{path} could not be {what} in the browser's storage: {reason}")]
    Other {
        /// File concerned, or a description of several.
        path: String,
        /// `saved`, `read`, `removed`, `listed` or `locked`.
        what: &'static str,
        /// Message of the browser.
        reason: String,
    },
}

impl StoreError {
    /// Returns the error of an exception by its name, which is the same in every browser, and its message.
    pub fn from_exception(path: &str, what: &'static str, name: &str, message: &str) -> Self {
        let path = path.to_owned();
        let reason = if message.is_empty() { name.to_owned() } else { message.trim_end_matches('.').to_owned() };
        match name {
            // Gecko has a name of its own for a disk that is full outside the quota.
            "QuotaExceededError" | "NS_ERROR_FILE_NO_DEVICE_SPACE" => Self::Full { path },
            "SecurityError" | "NotAllowedError" => Self::unavailable(name, message),
            _ => Self::Other { path, what, reason },
        }
    }

    /// Returns [`StoreError::Unavailable`] by the name and message of an exception.
    pub fn unavailable(name: &str, message: &str) -> Self {
        let reason = match (name, message.trim_end_matches('.')) {
            // Every browser has its own message here, and none gives the reason.
            ("SecurityError", _) => "a private window, or this site may store nothing",
            (name, "") => name,
            (_, message) => message,
        };
        Self::Unavailable { reason: reason.to_owned() }
    }
}
