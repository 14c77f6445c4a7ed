//! How a command ended.

/// The end of a command that did not fail as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Everything was done: exit 0.
    Done,
    /// Some inputs were refused, each with its line on stderr, and the others went through: exit 1.
    SomeRefused,
}
