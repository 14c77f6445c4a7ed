//! Names that reach a site from outside, in links and in files: none of them leads out of the folder that it is meant for.

/// Longest name of a set or model.
const LONGEST_NAME: usize = 64;
/// Longest name of a file.
const LONGEST_FILE: usize = 128;
/// Longest title, licence or other text.
const LONGEST_TEXT: usize = 4096;

/// Returns whether a text can name a set or model: up to 64 letters, digits, `_` and `-` of ASCII.
pub fn is_link_name(name: &str) -> bool {
    let fits = (1..=LONGEST_NAME).contains(&name.len());
    fits && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

/// Returns whether a text names a file in the folder at hand: letters, digits, `.`, `_` and `-` of ASCII, and no `.` at its start.
pub fn is_file_name(name: &str) -> bool {
    let fits = (1..=LONGEST_FILE).contains(&name.len()) && !name.starts_with('.');
    fits && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

/// Returns whether a text is a path of such names, with a `/` between them and none at either end.
pub fn is_file_path(path: &str) -> bool {
    path.split('/').count() <= 4 && path.split('/').all(is_file_name)
}

/// Returns whether a text can be shown: of a moderate length, without control characters.
pub fn is_plain_text(text: &str) -> bool {
    text.len() <= LONGEST_TEXT && !text.chars().any(char::is_control)
}

/// Returns a link name for any text: what no name may hold becomes a `-`. `None` where nothing is left.
pub fn to_link_name(text: &str) -> Option<String> {
    let keep = |letter: char| if letter.is_ascii_alphanumeric() || letter == '_' { letter } else { '-' };
    let name: String = text.chars().take(LONGEST_NAME).map(keep).collect();
    let name = name.trim_matches('-').to_owned();
    is_link_name(&name).then_some(name)
}

/// Returns whether a text is a SHA-256 in lower-case hexadecimal.
pub fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Returns a text for an error message: cut where it is long, without control characters.
pub fn shown(text: &str) -> String {
    let plain = |letter: char| if letter.is_control() { '\u{fffd}' } else { letter };
    let short: String = text.chars().take(40).map(plain).collect();
    if text.chars().count() > 40 { short + "…" } else { short }
}
