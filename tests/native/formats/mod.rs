//! Files in and out.

mod arrays;
#[cfg(feature = "archives")]
mod damage;
mod fits;
mod fits_cases;
mod fits_layouts;
mod gzip;
#[cfg(feature = "archives")]
mod hdf5;
pub mod library;
mod numpy_rows;
mod own_catalogue;
#[cfg(feature = "archives")]
mod parquet;
mod public_cases;
pub mod read;
mod set;
mod table;
mod table_kinds;
mod typed_tables;
