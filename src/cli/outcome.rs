//! How a command ended.

/// The end of a command that did not fail as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Everything was done: exit 0.
    Done,
    /// Some inputs were refused, each with a line on stderr, and the others were processed: exit 1.
    SomeRefused,
}
