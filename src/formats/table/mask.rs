//! Masks of tables: truth values mark bad pixels; bits mark many things, of which few make a pixel bad.

use super::names::is_bit_mask;
use super::separator::parse_number;

/// Largest fraction of pixels that bits of an unknown meaning may take out.
const MOST_BY_BITS: f64 = 0.2;

/// The mask of a table.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::formats) struct Mask {
    /// Whether its name says that it holds bits.
    bits: bool,
    values: Vec<f64>,
}

impl Mask {
    /// Returns an empty mask of a column of this name.
    pub(super) fn named(name: &str) -> Self {
        Self { bits: is_bit_mask(name), values: Vec::new() }
    }

    /// Adds a value: 0 is good.
    pub(super) fn push(&mut self, value: f64) {
        self.values.push(if value.is_finite() { value } else { 0.0 });
    }

    /// Adds a value as it stands in a field: a number, or `true`.
    pub(super) fn push_text(&mut self, field: &str) {
        let said = matches!(field.to_ascii_lowercase().as_str(), "t" | "true" | "yes" | "bad");
        self.push(parse_number(field).unwrap_or(f64::from(u8::from(said))));
    }

    /// Returns which pixels the mask takes out, none where it is not applied, and the note on a mask that is not. `has_ivar` is whether
    /// the table has inverse variances, which are 0 where a survey's bits make a pixel bad.
    pub(super) fn bad(&self, has_ivar: bool) -> (Vec<bool>, Option<String>) {
        let set: Vec<bool> = self.values.iter().map(|value| *value != 0.0).collect();
        let count = set.iter().filter(|&&set| set).count();
        let none = vec![false; set.len()];
        if count == 0 {
            return (none, None);
        }
        let bits = self.bits || self.values.iter().any(|value| *value > 1.0);
        if bits && (self.bits || has_ivar || count as f64 > MOST_BY_BITS * set.len() as f64) {
            let note = format!(
                "Its mask holds bits, set in {count} of {} rows, which mark more than bad pixels: only rows without a positive error \
                 are masked.",
                set.len()
            );
            return (none, Some(note));
        }
        if count == set.len() {
            return (none, Some("Its mask marks every row as bad and was not applied.".to_owned()));
        }
        (set, None)
    }
}
