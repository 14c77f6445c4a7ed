//! The errors of a backend.

use thiserror::Error;

/// Why a backend cannot start or go on.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum BackendError {
    /// The device is gone; what was saved can go on elsewhere.
    #[error("the GPU is gone ({reason}): training goes on from where it was saved")]
    Lost {
        /// Message of the browser.
        reason: String,
    },
    /// Anything else.
    #[error("{0}")]
    Failed(String),
}
