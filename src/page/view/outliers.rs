//! What the list of outliers says.

/// Describes why a spectrum is an outlier; `None` while its reasons are not known.
pub fn reasons_text(reasons: Option<&[String]>) -> String {
    match reasons {
        None => "looking for a reason…".to_owned(),
        Some([]) => "no plain reason found: look at it".to_owned(),
        Some(reasons) => reasons.join("; "),
    }
}
