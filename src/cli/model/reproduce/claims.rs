//! The paper's claims against what came out.

use serde::{Deserialize, Serialize};

/// A claim and its outcome.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Claim {
    /// What the paper says.
    pub claim: String,
    /// Where, and its number if it gives one.
    pub paper: String,
    /// The numbers of this run, and why where it came out otherwise.
    pub here: String,
    /// Whether it holds.
    pub verdict: Verdict,
}

/// Whether a claim holds on this set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Verdict {
    Holds,
    Partly,
    Fails,
    NotTested,
}

impl Claim {
    pub(super) fn new(claim: &str, paper: &str, here: String, verdict: Verdict) -> Self {
        Self { claim: claim.to_owned(), paper: paper.to_owned(), here, verdict }
    }
}

impl Verdict {
    /// Of a condition.
    pub(super) fn of(holds: bool) -> Self {
        if holds { Self::Holds } else { Self::Fails }
    }

    /// Of several: all of them hold, some or none.
    pub(super) fn of_all(conditions: &[bool]) -> Self {
        match conditions.iter().filter(|&&holds| holds).count() {
            0 => Self::Fails,
            count if count == conditions.len() => Self::Holds,
            _ => Self::Partly,
        }
    }

    /// A style's name and the word in the table.
    pub(super) fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Holds => ("yes", "holds"),
            Self::Partly => ("part", "partly"),
            Self::Fails => ("no", "does not hold"),
            Self::NotTested => ("part", "not tested"),
        }
    }
}
