//! Kinds of files that are not read, by the bytes that begin them, and what to do with each.

/// Advice for a file of tables or arrays.
const SAVE: &str =
    "use `spectrascape encode` or `preprocess` on the command line, or save each of its spectra as a CSV";
/// Advice for a file of one table.
const SAVE_TABLE: &str = "save its wavelength, flux and error as a CSV";
/// Advice for a file that is no data.
const OTHER: &str = "choose the file of the spectrum itself";
/// Advice for an archive.
const UNPACK: &str = "unpack it and choose the files in it";

/// Returns the kind of a file that nothing here reads, with its article, and what to do; `None` where the bytes tell nothing.
pub(super) fn describe(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    let known = match bytes {
        [b'P', b'A', b'R', b'1', ..] => ("a Parquet file", SAVE),
        [0x89, b'H', b'D', b'F', b'\r', b'\n', 0x1a, b'\n', ..] => ("an HDF5 file", SAVE),
        [b'#', b'A', b'S', b'D', b'F', ..] => ("an ASDF file", SAVE_TABLE),
        [b'S', b'R', 0, 4 | 6, ..] => ("an IDL save file", SAVE_TABLE),
        [b'%', b'P', b'D', b'F', ..] => ("a PDF", OTHER),
        [0x89, b'P', b'N', b'G', ..] | [0xff, 0xd8, 0xff, ..] | [b'G', b'I', b'F', b'8', ..] => ("a picture", OTHER),
        [b'P', b'K', 3, 4, ..] => ("a ZIP archive", UNPACK),
        [b'B', b'Z', b'h', ..] | [0xfd, b'7', b'z', b'X', b'Z', ..] => ("a packed file", UNPACK),
        _ if bytes.get(257..262) == Some(b"ustar") => ("a tar archive", UNPACK),
        _ => return text(bytes),
    };
    Some(known)
}

/// Returns the kind of a text in a language of markup.
fn text(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(2048)]).to_lowercase();
    let head = head.trim_start_matches('\u{feff}').trim_start();
    let known = match head.as_bytes().first() {
        Some(b'<') if head.contains("<html") || head.contains("<!doctype html") => {
            ("a web page, as servers send in place of a file that they do not have", "fetch the file again")
        }
        Some(b'<') => ("an XML file", SAVE_TABLE),
        _ => return None,
    };
    Some(known)
}
