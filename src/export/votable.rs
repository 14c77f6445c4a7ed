//! A selection as a VOTable, the Virtual Observatory's format for tables.

use std::borrow::Cow;

use super::selection::{Cells, Field, Selection};

/// Returns a selection as VOTable 1.4 (Ochsenbein et al., IVOA 2019) with its rows as `TABLEDATA`. A missing value is an empty cell,
/// which reads as null. Units are VOUnits.
pub fn selection_votable(selection: &Selection<'_>) -> String {
    let fields = selection.fields();
    let mut text = String::new();
    line(&mut text, r#"<?xml version="1.0" encoding="UTF-8"?>"#);
    line(
        &mut text,
        r#"<VOTABLE version="1.4" xmlns="http://www.ivoa.net/xml/VOTable/v1.3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">"#,
    );
    line(&mut text, r#"<RESOURCE type="results">"#);
    line(&mut text, &format!("<DESCRIPTION>{}</DESCRIPTION>", escaped(&selection.facts().join("\n"))));
    let info = |name: &str, value: &str| format!(r#"<INFO name="{name}" value="{}"/>"#, escaped(value));
    line(&mut text, &info("set", &selection.manifest.name));
    line(&mut text, &info("simulated", if selection.manifest.simulated { "true" } else { "false" }));
    if let Some(latents) = selection.latents {
        line(&mut text, &info("model", &latents.model));
    }
    let rows = selection.known_rows().len();
    line(&mut text, &format!(r#"<TABLE name="selection" nrows="{rows}">"#));
    for (index, field) in fields.iter().enumerate() {
        line(&mut text, &field_element(index, field));
    }
    line(&mut text, "<DATA><TABLEDATA>");
    for row in 0..rows {
        text.push_str("<TR>");
        for field in &fields {
            match field.cells.text(row) {
                Some(cell) => text.extend(["<TD>", &escaped(&cell), "</TD>"]),
                None => text.push_str("<TD/>"),
            }
        }
        text.push_str("</TR>\n");
    }
    line(&mut text, "</TABLEDATA></DATA>\n</TABLE>\n</RESOURCE>\n</VOTABLE>");
    text
}

fn line(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

fn field_element(index: usize, field: &Field) -> String {
    let datatype = match &field.cells {
        Cells::Text(_) => r#"datatype="unicodeChar" arraysize="*""#,
        Cells::Int(_) => r#"datatype="int""#,
        Cells::Long(_) => r#"datatype="long""#,
        Cells::Double(_) => r#"datatype="double""#,
        Cells::Float(_) => r#"datatype="float""#,
    };
    let attribute = |name: &str, value: &str| match value {
        "" => String::new(),
        value => format!(r#" {name}="{}""#, escaped(value)),
    };
    format!(
        r#"<FIELD ID="col_{}" name="{}" {datatype}{}{}><DESCRIPTION>{}</DESCRIPTION></FIELD>"#,
        index + 1,
        escaped(&field.name),
        attribute("unit", &field.unit),
        attribute("ucd", field.ucd),
        escaped(&field.description),
    )
}

/// Escapes text for XML 1.0, which has no control characters: they become spaces.
fn escaped(text: &str) -> Cow<'_, str> {
    let special =
        |c: char| matches!(c, '&' | '<' | '>' | '"' | '\'' | '\u{fffe}' | '\u{ffff}') || (c < ' ' && c != '\n');
    if !text.contains(special) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&apos;"),
            c if special(c) => safe.push(' '),
            c => safe.push(c),
        }
    }
    Cow::Owned(safe)
}
