//! The errors of the graphics processor.

use thiserror::Error;

/// Why the GPU engine cannot start or go on. All but [`GpuError::Full`] leave the CPU engine to go on with.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum GpuError {
    /// There is none, or it may not be used.
    #[error("this browser gives the page no graphics processor: {reason}; use the CPU engine")]
    Unavailable {
        /// A clause.
        reason: String,
    },
    /// It is there, and cannot do this.
    #[error("{reason}")]
    Refused {
        /// A whole sentence.
        reason: String,
    },
    /// It has gone away: reset, unplugged, taken by the browser, or out of memory.
    #[error(
        "the graphics processor was lost ({reason}): go on from the last checkpoint, with the CPU engine or a new device"
    )]
    Lost {
        /// Message of the browser.
        reason: String,
    },
    /// It did not do what it was asked.
    #[error("the graphics processor failed at {what}: {reason}; use the CPU engine")]
    Failed {
        /// Request that failed.
        what: &'static str,
        /// Message of the browser.
        reason: String,
    },
    /// Too much is waiting for it. There is no backpressure in WebGPU: who trains has to wait.
    #[error("{waiting} steps are waiting for the graphics processor: await their losses before more")]
    Full {
        /// Steps.
        waiting: usize,
    },
}
