//! The result of a search for a spectrum.

/// The result of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// One sentence.
    pub sentence: String,
    /// Whether a spectrum was found.
    pub found: bool,
}
