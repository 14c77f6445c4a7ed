//! Words what is said after a link was copied.

/// The result of copying a link, in words.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Label of the button.
    pub label: &'static str,
    /// Names what the link leaves out, or what to do; `None` where there is no more to say.
    pub more: Option<String>,
}

/// Returns what to say after the clipboard has answered; `missing` is what the link leaves out.
pub fn copied_text(copied: bool, missing: &[String]) -> Outcome {
    if !copied {
        let more = "The browser gave no clipboard: the address bar holds this link, too.".to_owned();
        return Outcome { label: "Not copied", more: Some(more) };
    }
    let more = (!missing.is_empty()).then(|| format!("The link leaves out: {}.", missing.join(", ")));
    Outcome { label: "Link copied", more }
}
