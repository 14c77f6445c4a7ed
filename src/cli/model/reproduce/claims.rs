//! The paper's claims and whether they hold in this run.

use serde::{Deserialize, Serialize};

/// A claim and its verdict.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Claim {
    /// The claim of the paper.
    pub claim: String,
    /// Section or figure of the paper, with its number if it gives one.
    pub paper: String,
    /// The numbers of this run.
    pub here: String,
    /// Whether it holds.
    pub verdict: Verdict,
}

/// Whether a claim holds on this set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Verdict {
    /// It holds.
    Holds,
    /// It holds in part.
    Partly,
    /// It does not hold.
    Fails,
    /// The set does not allow a test.
    NotTested,
}

impl Claim {
    /// Returns a claim with its verdict.
    pub(super) fn new(claim: &str, paper: &str, here: String, verdict: Verdict) -> Self {
        Self { claim: claim.to_owned(), paper: paper.to_owned(), here, verdict }
    }
}

impl Verdict {
    /// Returns the verdict on one condition.
    pub(super) fn of(holds: bool) -> Self {
        if holds { Self::Holds } else { Self::Fails }
    }

    /// Returns the verdict on several conditions: all of them hold, some, or none.
    pub(super) fn of_all(conditions: &[bool]) -> Self {
        match conditions.iter().filter(|&&holds| holds).count() {
            0 => Self::Fails,
            count if count == conditions.len() => Self::Holds,
            _ => Self::Partly,
        }
    }

    /// Returns the class of its style in the page, and its text.
    pub(super) fn label(self) -> (&'static str, &'static str) {
        match self {
            Self::Holds => ("yes", "holds"),
            Self::Partly => ("part", "partly"),
            Self::Fails => ("no", "does not hold"),
            Self::NotTested => ("part", "not tested"),
        }
    }
}
