//! Numbers, units and labels in print.

use super::codes::names_of;
use crate::formats::set::ColumnInfo;

/// Returns a value and its unit, rounded as its column's range requires.
pub fn measured(value: f32, column: &ColumnInfo) -> String {
    if let Some(names) = names_of(&column.name) {
        return names.get(value as usize).filter(|_| value >= 0.0).unwrap_or(&"none").to_string();
    }
    let width = (column.range.1 - column.range.0).abs();
    let whole = value.fract() == 0.0 && column.range.0.fract() == 0.0 && column.range.1.fract() == 0.0;
    let digits = match width {
        _ if whole => 0,
        width if width < 0.1 => 4,
        width if width < 3.0 => 3,
        width if width < 30.0 => 2,
        width if width < 300.0 => 1,
        _ => 0,
    };
    let number = minus(&format!("{value:.digits$}"));
    match column.unit.strip_prefix("1e-17 ") {
        _ if column.unit.is_empty() => number,
        Some(unit) => format!("{number} × 10⁻¹⁷ {}", typeset(unit)),
        None => format!("{number} {}", typeset(&column.unit)),
    }
}

/// Returns a unit in print, given its spelling in files.
pub fn typeset(unit: &str) -> String {
    if unit == "A" {
        return "Å".to_owned();
    }
    unit.replace("1e-17", "10⁻¹⁷").replace("^2", "²").replace("Angstrom", "Å")
}

/// Returns a label in print, with a capital letter, given its spelling in files.
pub fn titled(label: &str) -> String {
    let label = lettered(label);
    let mut letters = label.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Returns a label in print, given its spelling in files.
pub fn lettered(label: &str) -> String {
    let pairs = [("Z_sun", "Z☉"), ("E(B-V)", "E(B−V)"), ("5100 A", "5100 Å"), ("H-alpha", "Hα"), (" - ", " − ")];
    pairs.into_iter().fold(label.to_owned(), |text, (plain, set)| text.replace(plain, set))
}

/// Returns a signal-to-noise with one decimal; what rounds to zero has no sign.
pub fn signal_to_noise(ratio: f32) -> String {
    minus(&format!("{:.1}", (10.0 * ratio).round() / 10.0 + 0.0))
}

/// Returns a redshift and its standard error, `0.0999 ± 0.0002`, to the first digit of the error and at least four decimals.
pub fn redshift_with_error(redshift: f64, error: f64) -> String {
    if !(error > 0.0 && error.is_finite()) {
        return minus(&format!("{redshift:.4}"));
    }
    let digits = (-error.log10()).ceil().clamp(4.0, 6.0) as usize;
    minus(&format!("{redshift:.digits$} ± {error:.digits$}"))
}

/// Returns a count with thin spaces between thousands.
pub fn thousands(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// Returns a text with hyphens replaced by minus signs.
pub fn minus(text: &str) -> String {
    text.replace('-', "−")
}
