//! Files in and out.

mod arrays;
mod fits;
pub mod read;
mod set;
mod table;
