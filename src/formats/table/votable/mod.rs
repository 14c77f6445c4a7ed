//! VOTables (IVOA recommendation 1.5, <https://www.ivoa.net/documents/VOTable/>): tables of rows as elements, and as binary streams.

mod binary;
mod element;
mod field;

use roxmltree::{Document, Node, ParsingOptions};

use self::element::{is, text_of};
use self::field::Field;
use super::encoding;
use super::record::{Cell, CellTable, spectra};
use crate::formats::error::ReadError;
use crate::formats::observation::Observation;
use crate::formats::options::ReadOptions;

/// Largest number of XML nodes, which need a hundred bytes each.
const MOST_NODES: u32 = 30_000_000;

/// Returns whether bytes are a VOTable: XML that names it near its beginning.
pub(in crate::formats) fn recognises(bytes: &[u8], _named: bool) -> bool {
    let head = encoding::decode(&bytes[..bytes.len().min(4096)]);
    let head = head.trim_start_matches('\u{feff}').trim_start();
    head.starts_with('<') && head.to_ascii_uppercase().contains("VOTABLE")
}

/// Reads the spectra of a VOTable. `name` is the file's, for errors.
///
/// # Errors
/// Bytes that are no well-formed VOTable, and tables without a spectrum.
pub(in crate::formats) fn read(
    name: &str,
    bytes: &[u8],
    options: &ReadOptions<'_>,
) -> Result<Vec<Observation>, ReadError> {
    spectra(name, &tables(name, bytes)?, options)
}

/// Reads the tables that have rows. `file` is for errors.
///
/// # Errors
/// Bytes that are no well-formed VOTable, streams of a kind that is not read, and a document without rows.
pub(super) fn tables(file: &str, bytes: &[u8]) -> Result<Vec<CellTable>, ReadError> {
    let text = encoding::decode(bytes);
    // Documents of version 1.0 name a DTD; entities are expanded within the parser's bounds only.
    let parsing = ParsingOptions { allow_dtd: true, nodes_limit: MOST_NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(&text, parsing)
        .map_err(|error| ReadError::table(file, format!("it is no well-formed VOTable ({error}): fetch it again")))?;
    let refusal = document.descendants().filter(|node| is(node, "INFO")).find_map(|info| refused(&info));
    let mut found = Vec::new();
    for table in document.descendants().filter(|node| is(node, "TABLE")) {
        let cells = of_table(file, table)?;
        if !cells.rows.is_empty() {
            found.push(cells);
        }
    }
    if found.is_empty() {
        let reason = refusal.map_or_else(
            || "it has no table with rows: choose another file".to_owned(),
            |said| format!("it is the answer of a service that failed (`{said}`): ask it again"),
        );
        return Err(ReadError::table(file, reason));
    }
    Ok(found)
}

/// Returns what a service says of its failure (DALI 1.1, section 4.4: an INFO of the query's status).
fn refused(info: &Node<'_, '_>) -> Option<String> {
    let status = info.attribute("name").is_some_and(|name| name.eq_ignore_ascii_case("QUERY_STATUS"));
    let failed = info.attribute("value").is_some_and(|value| value.eq_ignore_ascii_case("ERROR"));
    (status && failed).then(|| text_of(info).chars().take(120).collect())
}

fn of_table(file: &str, table: Node<'_, '_>) -> Result<CellTable, ReadError> {
    let fields: Vec<Field> = table.children().filter(|node| is(node, "FIELD")).map(|node| Field::of(&node)).collect();
    let mut cells = CellTable { columns: fields.iter().map(Field::column).collect(), ..CellTable::default() };
    // Parameters of the table first, then those of the resources around it.
    for parent in table.ancestors() {
        for node in parent.children() {
            match (node.attribute("name").or(node.attribute("ID")), node.attribute("value")) {
                (Some(name), Some(value)) if is(&node, "PARAM") || is(&node, "INFO") => {
                    cells.facts.push((name.to_owned(), value.to_owned()));
                }
                _ if is(&node, "DESCRIPTION") => cells.comments.push(text_of(&node)),
                _ => {}
            }
        }
    }
    let Some(data) = table.children().find(|node| is(node, "DATA")) else { return Ok(cells) };
    for part in data.children().filter(Node::is_element) {
        match part.tag_name().name() {
            "TABLEDATA" => {
                let rows = part.children().filter(|node| is(node, "TR"));
                cells.rows = rows.map(|row| of_row(&fields, row)).collect();
            }
            kind @ ("BINARY" | "BINARY2") => {
                let stream = part.children().find(|node| is(node, "STREAM"));
                let stream = stream.ok_or_else(|| ReadError::table(file, format!("its {kind} holds no stream")))?;
                let bytes = binary::stream(file, &stream)?;
                cells.rows = binary::rows(file, &fields, &bytes, kind == "BINARY2")?;
            }
            "FITS" => {
                let reason = "its rows are in a FITS file of their own: choose that file";
                return Err(ReadError::table(file, reason));
            }
            _ => {}
        }
    }
    Ok(cells)
}

fn of_row(fields: &[Field], row: Node<'_, '_>) -> Vec<Cell> {
    let mut cells = row.children().filter(|node| is(node, "TD"));
    fields.iter().map(|field| field.cell(cells.next().map(|cell| text_of(&cell)).unwrap_or_default().trim())).collect()
}
