//! The text of the list of outliers.

/// Describes why a spectrum is an outlier; `None` stands for reasons that have not loaded yet.
pub fn reasons_text(reasons: Option<&[String]>) -> String {
    match reasons {
        None => "looking for a reason…".to_owned(),
        Some([]) => "no plain reason found: look at it".to_owned(),
        Some(reasons) => reasons.join("; "),
    }
}
