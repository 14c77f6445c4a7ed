//! Spectra in JSON: records as SPARCL returns them, SkyServer's rows, and columns as pandas writes them.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::encoding;
use super::names::{is_flux, is_wavelength};
use super::record::{Cell, CellTable, Column, FEWEST, spectra};
use crate::formats::error::ReadError;
use crate::formats::observation::Observation;
use crate::formats::options::ReadOptions;

/// Largest depth of objects and arrays within each other at which records are looked for.
const DEEPEST: usize = 6;

/// Returns whether bytes are JSON: they begin with a brace, or with a bracket before another, a brace or a quote.
pub(in crate::formats) fn recognises(bytes: &[u8], named: bool) -> bool {
    let head = encoding::decode(&bytes[..bytes.len().min(1024)]);
    let mut letters = head.trim_start_matches('\u{feff}').chars().filter(|c| !c.is_whitespace());
    match letters.next() {
        Some('{') => true,
        Some('[') => named || letters.next().is_some_and(|next| "{[\"".contains(next)),
        _ => false,
    }
}

/// Reads the spectra of a JSON file. `name` is the file's, for errors.
///
/// # Errors
/// Bytes that are no JSON, and JSON without lists of wavelengths and fluxes.
pub(in crate::formats) fn read(
    name: &str,
    bytes: &[u8],
    options: &ReadOptions<'_>,
) -> Result<Vec<Observation>, ReadError> {
    let text = encoding::decode(bytes);
    let text = without_nan(&text);
    let mut tables = Vec::new();
    // One document, or one a line.
    for value in serde_json::Deserializer::from_str(&text).into_iter::<Value>() {
        let value = value.map_err(|error| {
            ReadError::table(name, format!("it is no well-formed JSON ({error}): fetch it or save it again"))
        })?;
        collect(&value, &[], DEEPEST, &mut tables);
    }
    if tables.is_empty() {
        let reason = "it holds no lists of wavelengths and fluxes: give each spectrum as an object with the lists `wavelength`, `flux` \
                      and `ivar`, as SPARCL does";
        return Err(ReadError::table(name, reason));
    }
    spectra(name, &tables, options)
}

/// Collects the records of a value. `around` are the scalars of the objects that it lies in.
fn collect(value: &Value, around: &[(String, String)], depth: usize, tables: &mut Vec<CellTable>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    match value {
        Value::Object(object) => {
            let mut table = CellTable { rows: vec![Vec::new()], facts: around.to_vec(), ..CellTable::default() };
            flatten(object, depth, &mut table);
            name_units(&mut table);
            if table.has_lists()
                && table.columns.iter().any(|column| is_flux(&column.name) || is_wavelength(&column.name))
            {
                tables.push(table);
                return;
            }
            if let Some(table) = of_split(object).or_else(|| of_keyed(object)) {
                tables.push(table);
                return;
            }
            let mut facts = around.to_vec();
            facts.extend(object.iter().filter_map(|(name, value)| Some((name.clone(), scalar(value)?))));
            object.values().for_each(|inner| collect(inner, &facts, depth, tables));
        }
        Value::Array(values) => match of_pixels(values) {
            Some(mut table) => {
                table.facts.extend_from_slice(around);
                tables.push(table);
            }
            None => values.iter().for_each(|inner| collect(inner, around, depth, tables)),
        },
        _ => {}
    }
}

/// Adds the members of an object, and of the objects in it, as columns of the only row.
fn flatten(object: &Map<String, Value>, depth: usize, table: &mut CellTable) {
    for (name, value) in object {
        let mut unit = String::new();
        let cell = match value {
            Value::Object(inner) if let Some((numbers, of)) = quantity(inner) => {
                unit = of;
                Cell::List(numbers)
            }
            Value::Object(inner) if depth > 0 => {
                flatten(inner, depth - 1, table);
                continue;
            }
            Value::Array(values) => match numbers(values) {
                Some(numbers) => Cell::List(numbers),
                None => continue,
            },
            other => match scalar(other) {
                Some(text) => Cell::Scalar(text),
                None => continue,
            },
        };
        table.columns.push(Column { name: name.clone(), unit, ..Column::default() });
        table.rows[0].push(cell);
    }
}

/// Returns the numbers and the unit of an object that holds a list as `value`, `values` or `data`; `None` for other objects.
fn quantity(object: &Map<String, Value>) -> Option<(Vec<f64>, String)> {
    let list = ["value", "values", "data"].iter().find_map(|name| object.get(*name)?.as_array())?;
    let unit = ["unit", "units"].iter().find_map(|name| object.get(*name)?.as_str());
    Some((numbers(list).filter(|numbers| numbers.len() >= FEWEST)?, unit.unwrap_or_default().to_owned()))
}

/// Gives columns the units that members such as `wavelength_unit` and `flux_units` state.
fn name_units(table: &mut CellTable) {
    let units: Vec<(String, String)> = table
        .columns
        .iter()
        .zip(&table.rows[0])
        .filter_map(|(column, cell)| {
            let name = column.name.to_lowercase();
            let of = ["_units", "_unit", "units", "unit"].iter().find_map(|end| name.strip_suffix(end))?.to_owned();
            match cell {
                Cell::Scalar(unit) if !of.is_empty() => Some((of, unit.clone())),
                _ => None,
            }
        })
        .collect();
    for column in &mut table.columns {
        let name = column.name.to_lowercase();
        if let Some((_, unit)) = units.iter().find(|(of, _)| *of == name) {
            column.unit.clone_from(unit);
        }
    }
}

/// Returns the table of an array of pixels, each an object of scalars.
fn of_pixels(values: &[Value]) -> Option<CellTable> {
    let first = values.first()?.as_object()?;
    let scalars = first.values().all(|value| scalar(value).is_some() || value.is_null());
    if values.len() < FEWEST || !scalars || !first.keys().any(|name| is_wavelength(name)) {
        return None;
    }
    let columns = first.keys().map(|name| Column { name: name.clone(), ..Column::default() }).collect();
    let row = |value: &Value| {
        let cell = |name: &String| Cell::Scalar(value.get(name).and_then(scalar).unwrap_or_default());
        first.keys().map(cell).collect()
    };
    Some(CellTable { columns, rows: values.iter().map(row).collect(), ..CellTable::default() })
}

/// Returns the table of pandas' `split`: names as `columns`, rows as `data`.
fn of_split(object: &Map<String, Value>) -> Option<CellTable> {
    let names = object.get("columns")?.as_array()?;
    let data = object.get("data")?.as_array()?;
    let names: Vec<&str> = names.iter().map(Value::as_str).collect::<Option<_>>()?;
    names.iter().any(|name| is_wavelength(name)).then_some(())?;
    let cell = |value: Option<&Value>| match value {
        Some(Value::Array(values)) => numbers(values).map_or(Cell::Scalar(String::new()), Cell::List),
        other => Cell::Scalar(other.and_then(scalar).unwrap_or_default()),
    };
    let row = |value: &Value| (0..names.len()).map(|index| cell(value.get(index))).collect();
    let columns = names.iter().map(|&name| Column { name: name.to_owned(), ..Column::default() }).collect();
    Some(CellTable { columns, rows: data.iter().map(row).collect(), ..CellTable::default() })
}

/// Returns the table of pandas' default: an object for each column, of cells by the row's number.
fn of_keyed(object: &Map<String, Value>) -> Option<CellTable> {
    let wavelength = object.iter().find(|(name, value)| is_wavelength(name) && value.is_object())?.1.as_object()?;
    let columns: Vec<(&String, &Map<String, Value>)> =
        object.iter().filter_map(|(name, value)| Some((name, value.as_object()?))).collect();
    let cell = |value: Option<&Value>| match value {
        Some(Value::Array(values)) => numbers(values).map_or(Cell::Scalar(String::new()), Cell::List),
        other => Cell::Scalar(other.and_then(scalar).unwrap_or_default()),
    };
    // A map of JSON is in the order of its keys as text, and pixels are put in order of wavelength later.
    let row = |key: &String| columns.iter().map(|(_, cells)| cell(cells.get(key))).collect();
    let rows = wavelength.keys().map(row).collect();
    let columns = columns.iter().map(|(name, _)| Column { name: (*name).clone(), ..Column::default() }).collect();
    Some(CellTable { columns, rows, ..CellTable::default() })
}

/// Returns an array as numbers, NaN for null; `None` where it holds anything else.
fn numbers(values: &[Value]) -> Option<Vec<f64>> {
    values
        .iter()
        .map(|value| match value {
            Value::Null => Some(f64::NAN),
            Value::Bool(truth) => Some(f64::from(u8::from(*truth))),
            Value::Number(number) => number.as_f64(),
            _ => None,
        })
        .collect()
}

/// Returns a scalar as it is written; `None` for null, arrays and objects.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Writes null for the NaN and Infinity that Python writes and JSON does not know.
fn without_nan(text: &str) -> Cow<'_, str> {
    if !text.contains("NaN") && !text.contains("Infinity") {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len());
    let (mut quoted, mut escaped) = (false, false);
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let word = ["NaN", "Infinity", "-Infinity"].into_iter().find(|word| !quoted && rest.starts_with(word));
        if let Some(word) = word {
            clean.push_str("null");
            rest = &rest[word.len()..];
            continue;
        }
        quoted ^= letter == '"' && !escaped;
        escaped = quoted && letter == '\\' && !escaped;
        clean.push(letter);
        rest = &rest[letter.len_utf8()..];
    }
    Cow::Owned(clean)
}
