//! Lists of spectra: keys go from row to row.

/// Returns the row that a key goes to from row `at` of `count` rows; `None` for a key without meaning here, and at either end.
pub fn row_after(key: &str, at: Option<usize>, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    let to = match (key, at) {
        ("ArrowDown", None) | ("Home", _) => 0,
        ("ArrowDown", Some(at)) => at + 1,
        ("ArrowUp", at) => at?.checked_sub(1)?,
        ("End", _) => last,
        _ => return None,
    };
    (to <= last && Some(to) != at).then_some(to)
}
