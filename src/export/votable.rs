//! A table as a VOTable, the Virtual Observatory's format for tables.

use std::borrow::Cow;

use super::selection::Selection;
use super::table::{Cells, Field, Table};

/// Returns a selection as a VOTable.
pub fn selection_votable(selection: &Selection<'_>) -> String {
    votable(&selection.table())
}

/// Returns a table as VOTable 1.4 (Ochsenbein et al., IVOA 2019) with its rows as `TABLEDATA`. A missing value is an empty cell,
/// which reads as null. Units are VOUnits. Fields have no ID, which astropy would prefer to their names.
pub fn votable(table: &Table) -> String {
    let mut text = String::new();
    line(&mut text, r#"<?xml version="1.0" encoding="UTF-8"?>"#);
    line(
        &mut text,
        r#"<VOTABLE version="1.4" xmlns="http://www.ivoa.net/xml/VOTable/v1.3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">"#,
    );
    line(&mut text, r#"<RESOURCE type="results">"#);
    line(&mut text, &format!("<DESCRIPTION>{}</DESCRIPTION>", escaped(&table.facts.join("\n"))));
    for (name, value) in &table.infos {
        line(&mut text, &format!(r#"<INFO name="{name}" value="{}"/>"#, escaped(value)));
    }
    let rows = table.rows;
    line(&mut text, &format!(r#"<TABLE name="{}" nrows="{rows}">"#, table.name));
    for field in &table.fields {
        line(&mut text, &field_element(field));
    }
    line(&mut text, "<DATA><TABLEDATA>");
    for row in 0..rows {
        text.push_str("<TR>");
        for field in &table.fields {
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

fn field_element(field: &Field) -> String {
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
        r#"<FIELD name="{}" {datatype}{}{}><DESCRIPTION>{}</DESCRIPTION></FIELD>"#,
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
