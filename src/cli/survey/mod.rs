//! A set from any number of files, in two passes that never hold them all.
//!
//! Pass 1 ([`pass`]) puts the list's files on the rest-frame grid, a chunk at a time (of a file of many spectra, a piece of it), and leaves each chunk in `OUT/.work` as
//! one file, written whole or not at all: those files are the journal. A process that was killed continues with the missing
//! chunks, so many processes can share the work. Pass 2 ([`merge`]) fits the infill to a sample, then streams the chunks, in
//! the list's order, into the set. Nothing in the set depends on which process wrote which chunk, or when.

mod chunk;
mod fill;
mod lock;
mod merge;
mod pass;
mod pieces;
mod plan;
mod rows;
mod work;

pub(super) use lock::Lock;
pub(super) use merge::merge;
pub(super) use pass::{Part, run};
pub(super) use plan::{Inputs, Plan};
pub(super) use work::folder as work_folder;
