//! Paths such as `runs/First try/checkpoint` as file names that every disk accepts, and back.

use super::StoreError;

/// Largest length of a name without the slot's extension; common file systems allow 255 bytes.
const LONGEST: usize = 240;

/// Returns the file name of a path: lower-case letters, digits, `-`, `_` and `.` stay, every other byte becomes `%` and two hexadecimal
/// digits. Different paths have different names, also on disks that do not distinguish `A` from `a`.
///
/// # Errors
/// An empty path, and one whose name would be too long for a disk.
pub fn encode(path: &str) -> Result<String, StoreError> {
    let mut name = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' => name.push(char::from(byte)),
            _ => name.push_str(&format!("%{byte:02x}")),
        }
    }
    let reason = match name.len() {
        0 => "it has no name",
        1..=LONGEST => return Ok(name),
        _ => "its name is too long: choose a shorter one",
    };
    Err(StoreError::Other { path: path.to_owned(), what: "saved", reason: reason.to_owned() })
}

/// Returns the path of a file name; `None` for a name that [`encode`] does not return.
pub fn decode(name: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let (digits, after) = rest.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()?);
        rest = after;
    }
    let path = String::from_utf8(bytes).ok()?;
    (encode(&path).as_deref() == Ok(name)).then_some(path)
}
