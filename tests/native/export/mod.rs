//! Tables of a selection.

mod tables;
