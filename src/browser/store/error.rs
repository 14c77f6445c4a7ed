//! What can go wrong with the browser's disk, in words.

use thiserror::Error;

/// Why something could not be kept or read. None of these need stop a training.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StoreError {
    /// The disk, or this site's share of it, is full. What was stored before is still there.
    #[error(
        "{path} could not be saved, the browser's storage is full: clear stored runs or spectra, or free disk space"
    )]
    Full {
        /// What was to be saved.
        path: String,
    },
    /// There is no disk for this page at all.
    #[error("this browser lets the page store nothing here ({reason}): a run is lost when its tab is closed")]
    Unavailable {
        /// What is missing.
        reason: String,
    },
    /// Something was stored, and no version of it is whole.
    #[error("{path} as stored in this browser is damaged and cannot be used: clear it and start again")]
    Damaged {
        /// What was to be read.
        path: String,
    },
    /// Anything else, in the browser's words.
    #[error("{path} could not be {what} in the browser's storage: {reason}")]
    Other {
        /// Which file, or all of them.
        path: String,
        /// `saved`, `read`, `removed`, `listed` or `locked`.
        what: &'static str,
        /// What the browser says.
        reason: String,
    },
}

impl StoreError {
    /// From the name and message of an exception: the same names in every browser.
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

    /// There is no disk, by the name and message of an exception.
    pub fn unavailable(name: &str, message: &str) -> Self {
        let reason = match (name, message.trim_end_matches('.')) {
            // Browsers say in a few words of their own that they may not, and none says why.
            ("SecurityError", _) => "a private window, or this site may store nothing",
            (name, "") => name,
            (_, message) => message,
        };
        Self::Unavailable { reason: reason.to_owned() }
    }
}
