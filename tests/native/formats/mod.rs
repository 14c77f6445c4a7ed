//! Files in and out.

mod fits;
pub mod read;
mod set;
mod table;
