//! Files in and out.

mod arrays;
mod fits;
mod own_catalogue;
pub mod read;
mod set;
mod table;
mod table_kinds;
