//! Files in and out.

mod arrays;
mod fits;
pub mod library;
mod own_catalogue;
pub mod read;
mod set;
mod table;
