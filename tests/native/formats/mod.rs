//! Files in and out.

mod fits;
mod set;
mod table;
