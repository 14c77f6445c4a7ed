//! Files in and out.

mod arrays;
mod fits;
mod fits_cases;
mod fits_layouts;
mod gzip;
pub mod library;
mod own_catalogue;
pub mod read;
mod set;
mod table;
mod table_kinds;
mod typed_tables;
