//! Files in and out.

mod arrays;
#[cfg(feature = "archives")]
mod damage;
mod fits;
mod fits_cases;
mod fits_layouts;
mod gzip;
pub mod library;
mod own_catalogue;
#[cfg(feature = "archives")]
mod parquet;
pub mod read;
mod set;
mod table;
mod table_kinds;
