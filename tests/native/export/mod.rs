//! Tests of the tables that users save.

mod citation;
mod tables;
