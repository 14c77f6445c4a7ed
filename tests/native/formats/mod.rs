//! Files in and out.

mod arrays;
mod fits;
pub mod library;
mod fits_cases;
mod fits_layouts;
mod gzip;
mod own_catalogue;
pub mod read;
mod set;
mod table;
