//! The reply to a command: an event at once, or a job.

use crate::protocol::{ExploreEvent, Progress};

/// A reply, or one sentence on why there is none.
pub type Answer = Result<Reply, String>;

/// The reply to a command.
pub enum Reply {
    /// The answer.
    Now(Box<ExploreEvent>),
    /// Work that takes long.
    Later(Box<dyn Job>),
    /// Nothing that the page waits for.
    Nothing,
}

/// Work that takes long, in pieces short enough to answer sliders between.
pub trait Job {
    /// Does one piece, some tens of milliseconds, and returns the answer once it is done.
    ///
    /// # Errors
    ///
    /// One sentence on why the work cannot go on.
    fn advance(&mut self) -> Result<Option<ExploreEvent>, String>;

    /// Returns how far it is.
    fn progress(&self) -> Progress;
}

/// Returns an event as a reply.
pub fn now(event: ExploreEvent) -> Answer {
    Ok(Reply::Now(Box::new(event)))
}

/// Returns a job as a reply.
pub fn later(job: impl Job + 'static) -> Answer {
    Ok(Reply::Later(Box::new(job)))
}

/// Returns how far a job is.
pub fn progress(what: impl Into<String>, (done, total): (usize, usize), unit: &str) -> Progress {
    Progress { what: what.into(), done: done as u64, total: total as u64, unit: unit.to_owned() }
}

/// Returns an error of the core as a sentence of its own.
pub fn sentence(error: impl std::error::Error) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    ended(&(first.into_iter().flatten().chain(letters).collect::<String>()))
}

/// Returns a text with a full stop. One that begins with a file's name keeps its first letter.
pub fn ended(text: &str) -> String {
    if text.ends_with('.') { text.to_owned() } else { format!("{text}.") }
}
