//! CSV (RFC 4180).

/// Returns a field, quoted where RFC 4180 requires it.
pub(super) fn field(text: &str) -> String {
    if text.contains([',', '"', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}
