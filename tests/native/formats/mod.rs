//! Files in and out.

mod fits;
pub mod library;
pub mod read;
mod set;
mod table;
