//! The page's two workers. Neither knows the page, and neither knows the other.

#[cfg(feature = "engine")]
pub mod explorer;
pub mod trainer;
