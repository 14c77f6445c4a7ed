//! Stand-in.
#![allow(missing_docs)]
use crate::shard::{Catalogue, Manifest};
pub struct SpectrumTable<'a> { pub name: &'a str, pub redshift: Option<f64>, pub model: &'a str, pub simulated: bool, pub observed: Option<(&'a [f32], &'a [f32])>, pub decoded: Option<&'a [f32]> }
pub fn spectrum_csv(_: &SpectrumTable<'_>) -> String { String::new() }
pub fn selection_csv(_: &Manifest, _: &Catalogue, _: (&[f32], usize), _: &[u32], _: &str) -> String { String::new() }
pub fn selection_votable(_: &Manifest, _: &Catalogue, _: (&[f32], usize), _: &[u32], _: &str) -> String { String::new() }
pub const CITATION_BIBTEX: &str = "";
