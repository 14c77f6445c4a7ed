//! The classes of objects.

use serde::{Deserialize, Serialize};

/// The class of an object by the measurements of spectro1d (the paper, section 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[repr(i32)]
pub enum Class {
    /// A galaxy with H-alpha or H-beta below three sigma.
    Quiescent = 0,
    /// A galaxy below the Kewley et al. (2001) line.
    EmissionLine = 1,
    /// A galaxy above the Kewley et al. (2001) line.
    NarrowLineAgn = 2,
    /// An object that spectro1d classifies as a quasar.
    BroadLineAgn = 3,
    /// A star.
    Star = 4,
    /// An object whose file does not state its class.
    Unknown = 5,
}

impl Class {
    /// Every class, in the order of the codes.
    pub const ALL: [Class; 6] =
        [Class::Quiescent, Class::EmissionLine, Class::NarrowLineAgn, Class::BroadLineAgn, Class::Star, Class::Unknown];

    /// Returns the code that shards, latents and the manifest's `class_names` use.
    pub fn code(self) -> i32 {
        self as i32
    }

    /// Returns the class of a code; `Unknown` for any other number.
    pub fn from_code(code: i32) -> Self {
        Self::ALL.into_iter().find(|class| class.code() == code).unwrap_or(Class::Unknown)
    }

    /// Returns the name that manifests and legends show.
    pub fn name(self) -> &'static str {
        match self {
            Class::Quiescent => "quiescent galaxy",
            Class::EmissionLine => "emission-line galaxy",
            Class::NarrowLineAgn => "narrow-line AGN",
            Class::BroadLineAgn => "broad-line AGN",
            Class::Star => "star",
            Class::Unknown => "unclassified",
        }
    }
}
