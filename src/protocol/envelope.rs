//! The parts of all conversations: a request with its number, an answer with the number of its request, and progress.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A command with the number that its answers carry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request<C> {
    /// Counts up from 1; the page drops answers to an older request of the same kind.
    pub id: u32,
    /// Command.
    pub command: C,
}

/// An event with the number of the request it answers; 0 when it answers none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Response<E> {
    /// The request's number.
    pub id: u32,
    /// Event.
    pub event: E,
}

/// The progress of a long job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// The job's label: "Loading spectra".
    pub what: String,
    /// Amount done, in `unit`.
    pub done: u64,
    /// Amount in all, in `unit`.
    pub total: u64,
    /// "spectra", "bytes", "steps", "redshifts", "levels", "sweeps".
    pub unit: String,
}

/// An event of a worker, whichever conversation it belongs to.
pub trait WorkerEvent: Serialize + DeserializeOwned {
    /// Returns the event that says that something could not be done, for the user: one sentence.
    fn failed(message: String) -> Self;
}

impl<C: Serialize + DeserializeOwned> Request<C> {
    /// Returns the request as bytes for `postMessage`.
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_stdvec(self).expect("plain data always serialises")
    }

    /// Reads a request from bytes; none when they are not a request of this version.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }
}

impl<E: WorkerEvent> Response<E> {
    /// Returns the response as bytes for `postMessage`.
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_stdvec(self).expect("plain data always serialises")
    }

    /// Reads a response from bytes; none when they are not a response of this version.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }
}
