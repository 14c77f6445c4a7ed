//! Tests of the tables that users save.

mod tables;
