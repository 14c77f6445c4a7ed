//! The columns of a table: which quantity each holds and in which unit.

use super::comments::unit_in_comments;
use super::facts::Facts;
use super::mask::Mask;
use super::names::{is_error, is_flux, is_inverse_variance, is_log, is_mask, is_variance, is_wavelength, tokens};
use super::pixels::{Pixels, Spread};
use super::separator::parse_number;
use super::text::{Row, Text};
use crate::formats::error::ReadError;
use crate::formats::pixels::{
    FluxUnit, MediumStatement, WavelengthUnit, medium_of_keyword, medium_of_name, medium_of_text,
};

/// The columns of a table by their quantities.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Columns {
    pub wavelength: usize,
    pub flux: usize,
    pub spread: Option<(Spread, usize)>,
    pub mask: Option<usize>,
    pub names: Vec<String>,
    pub wavelength_unit: Option<WavelengthUnit>,
    pub flux_unit: FluxUnit,
    /// Unit of the flux as it is written.
    pub flux_unit_text: String,
    /// Statements about the medium of the wavelengths, that of the column first.
    pub said: Vec<MediumStatement>,
    /// Whether wavelengths are in the rest frame.
    pub rest: bool,
}

impl Columns {
    /// Finds the columns by their names, or by their position where they have none.
    pub(super) fn find(file: &str, text: &Text) -> Result<Self, ReadError> {
        let width = text.rows.first().map_or(0, |row| row.fields.len());
        if text.names.is_empty() && !(2..=3).contains(&width) {
            let reason = format!(
                "it has {width} columns without names: name them in a first line, as in `wavelength,flux,error`"
            );
            return Err(ReadError::table(file, reason));
        }
        let named = !text.names.is_empty();
        let by_position = || ["wavelength", "flux", "error"].into_iter().take(width).map(str::to_owned).collect();
        let names: Vec<String> = if named { text.names.clone() } else { by_position() };
        let find = |is: &dyn Fn(&str) -> bool| names.iter().position(|name| is(name));
        let lacks = |what: &str| {
            let listed: Vec<String> = names.iter().take(8).map(|name| format!("`{name}`")).collect();
            ReadError::table(file, format!("no column of {} is {what}", listed.join(", ")))
        };
        let wavelength =
            find(&is_wavelength).ok_or_else(|| lacks("a wavelength: name one `wavelength` or `loglam`"))?;
        let flux = find(&|name| tokens(name) == ["flux"]).or_else(|| find(&is_flux));
        let flux = flux.ok_or_else(|| lacks("a flux: name one `flux`"))?;
        let spread = find(&is_inverse_variance)
            .map(|column| (Spread::InverseVariance, column))
            .or_else(|| Some((Spread::Error, find(&is_error)?)))
            .or_else(|| Some((Spread::Variance, find(&is_variance)?)));
        let unit = |column: usize, is: fn(&str) -> bool| {
            let written = if named { unit_of(text, column) } else { String::new() };
            if written.is_empty() { unit_in_comments(&text.comments, is).unwrap_or_default() } else { written }
        };
        let written = unit(wavelength, is_wavelength);
        let unit_error = |unknown| ReadError::table(file, unknown);
        let wavelength_unit = WavelengthUnit::parse(&written).map_err(unit_error)?;
        let wavelength_unit = wavelength_unit.or_else(|| unit_in_name(&names[wavelength]));
        let is_log = is_log(&names[wavelength]) && !matches!(wavelength_unit, Some(WavelengthUnit::NaturalLog(_)));
        let flux_unit_text = unit(flux, is_flux);
        let keywords = text.facts.iter().map(|(key, value)| format!("{key} = {value}"));
        let said: Vec<String> = keywords.chain(text.comments.iter().cloned()).collect();
        Ok(Self {
            wavelength,
            flux,
            spread,
            mask: find(&|name| tokens(name) == ["mask"]).or_else(|| find(&is_mask)),
            wavelength_unit: match wavelength_unit {
                Some(WavelengthUnit::Length(angstrom)) if is_log => Some(WavelengthUnit::Log(angstrom)),
                Some(WavelengthUnit::Log(angstrom)) => Some(WavelengthUnit::Log(angstrom)),
                _ if is_log => Some(WavelengthUnit::LOG),
                other => other,
            },
            flux_unit: FluxUnit::parse(&names[flux], &flux_unit_text),
            flux_unit_text,
            said: statements(&names[wavelength], &written, text.descriptions.get(wavelength), &said),
            rest: is_rest(&names[wavelength], &said),
            names,
        })
    }

    /// Returns what is known of the pixels before their values are.
    fn no_pixels(&self, text: &Text) -> Pixels {
        Pixels {
            wavelength_unit: self.wavelength_unit,
            flux_unit: self.flux_unit,
            flux_unit_text: self.flux_unit_text.clone(),
            said: self.said.clone(),
            rest: self.rest,
            spread_kind: self.spread.map(|(kind, _)| kind),
            facts: Facts::of_table(text),
            ..Pixels::default()
        }
    }

    /// Takes the values from lists, one for each column; NaN where a value is missing.
    pub(super) fn pixels_of_lists(&self, file: &str, text: &Text, lists: &[Vec<f64>]) -> Result<Pixels, ReadError> {
        let mut pixels = self.no_pixels(text);
        let wavelength = &lists[self.wavelength];
        let start = wavelength.iter().take_while(|value| is_padding(**value)).count();
        let end = wavelength.len() - wavelength[start..].iter().rev().take_while(|value| is_padding(**value)).count();
        pixels.padded = wavelength.len() - (end - start);
        if let Some(at) = (start..end).find(|&at| !wavelength[at].is_finite() || wavelength[at] <= 0.0) {
            let reason =
                format!("wavelength {} is `{}`, no positive number: leave that pixel out", at + 1, wavelength[at]);
            return Err(ReadError::table(file, reason));
        }
        let cut = |column: usize| lists[column][start..end].to_vec();
        pixels.wavelength = cut(self.wavelength);
        pixels.flux = cut(self.flux);
        pixels.spread = self.spread.map_or(Vec::new(), |(_, column)| cut(column));
        pixels.mask = self.mask.map(|column| {
            let mut mask = Mask::named(&self.names[column]);
            cut(column).into_iter().for_each(|value| mask.push(value));
            mask
        });
        Ok(pixels)
    }

    /// Reads the values of the rows.
    pub(super) fn pixels(&self, file: &str, text: &Text) -> Result<Pixels, ReadError> {
        let mut pixels = self.no_pixels(text);
        let mut mask = self.mask.map(|column| Mask::named(&self.names[column]));
        for row in padding_cut(&text.rows, self.wavelength, &mut pixels.padded) {
            let wavelength = self.number(file, row, self.wavelength)?;
            if !wavelength.is_finite() || wavelength <= 0.0 {
                let field = row.fields.get(self.wavelength).map_or("", String::as_str);
                let reason = format!("the wavelength `{field}` is no positive number: correct it or take the row out");
                return Err(ReadError::line(file, row.line, reason));
            }
            pixels.lines.push(row.line);
            pixels.wavelength.push(wavelength);
            pixels.flux.push(self.number(file, row, self.flux)?);
            if let Some((_, column)) = self.spread {
                pixels.spread.push(self.number(file, row, column)?);
            }
            if let (Some(mask), Some(column)) = (&mut mask, self.mask) {
                mask.push_text(row.fields.get(column).map_or("", String::as_str));
            }
        }
        pixels.mask = mask;
        Ok(pixels)
    }

    fn number(&self, file: &str, row: &Row, column: usize) -> Result<f64, ReadError> {
        let field = row.fields.get(column).map_or("", String::as_str);
        if field.is_empty() {
            return Ok(f64::NAN);
        }
        parse_number(field).ok_or_else(|| {
            let field: String = field.chars().take(40).collect();
            let name = self.names.get(column).map_or("", String::as_str);
            let reason = format!("`{field}` in column `{name}` is no number: correct it or write nan");
            ReadError::line(file, row.line, reason)
        })
    }
}

/// Cuts off the rows at both ends whose wavelength marks padding: -1, 0, or one that is said to be missing.
fn padding_cut<'a>(rows: &'a [Row], column: usize, padded: &mut usize) -> &'a [Row] {
    let pads = |row: &Row| {
        let value = row.fields.get(column).filter(|field| !field.is_empty()).and_then(|field| parse_number(field));
        value.is_some_and(is_padding)
    };
    let start = rows.iter().take_while(|row| pads(row)).count();
    let end = rows.len() - rows[start..].iter().rev().take_while(|row| pads(row)).count();
    *padded = rows.len() - (end - start);
    &rows[start..end]
}

/// Returns whether a wavelength stands for a pixel that is not there.
pub(super) fn is_padding(wavelength: f64) -> bool {
    wavelength.is_nan() || wavelength == 0.0 || wavelength == -1.0
}

/// Collects what a table says of the medium: its column's name, unit and description, keywords, then prose.
pub(super) fn statements(
    name: &str,
    unit: &str,
    description: Option<&String>,
    comments: &[String],
) -> Vec<MediumStatement> {
    let quoted = |text: &str| text.trim().chars().take(60).collect::<String>();
    let statement =
        |medium, what: &str, text: &str| MediumStatement { medium, source: format!("{what} `{}`", quoted(text)) };
    let of_name = medium_of_name(name).map(|medium| statement(medium, "the column", name));
    let of_unit = medium_of_name(unit).map(|medium| statement(medium, "the unit", unit));
    let of_description =
        description.and_then(|text| Some(statement(medium_of_text(text)?, "the column's description", text)));
    let mut said: Vec<MediumStatement> = [of_name, of_unit, of_description].into_iter().flatten().collect();
    let (mut keywords, mut prose) = (Vec::new(), Vec::new());
    for comment in super::comments::sentences(comments) {
        let keyword = comment
            .split_once(['=', ':'])
            .and_then(|(key, value)| medium_of_keyword(key, value.split('/').next().unwrap_or(value)));
        match keyword {
            Some(medium) => keywords.push(statement(medium, "the keyword", &comment)),
            None => prose.extend(medium_of_text(&comment).map(|medium| statement(medium, "the comment", &comment))),
        }
    }
    said.extend(keywords);
    said.extend(prose);
    said
}

/// Returns whether wavelengths are in the rest frame: where the name or a comment (`frame = rest`) says so.
pub(super) fn is_rest(name: &str, comments: &[String]) -> bool {
    let said = |comment: &String| {
        let tokens = tokens(comment);
        matches!(tokens.iter().map(String::as_str).collect::<Vec<_>>()[..], ["frame", "rest", ..])
    };
    comments.iter().any(said) || tokens(name).iter().any(|token| token.starts_with("rest"))
}

/// Returns a column's unit from brackets after its name, the header of an ECSV file, or the row below the names.
fn unit_of(text: &Text, column: usize) -> String {
    let name = &text.names[column];
    for (open, close) in [('[', ']'), ('(', ')')] {
        if let (Some(from), Some(to)) = (name.find(open), name.rfind(close))
            && from < to
        {
            return name[from + 1..to].to_owned();
        }
    }
    let yaml = text.comments.join("\n");
    in_yaml(&yaml, name).or_else(|| text.units.get(column).cloned()).unwrap_or_default()
}

/// Returns the unit of a column in the header of an ECSV file: `- {name: wave, unit: Angstrom, datatype: float64}`.
fn in_yaml(yaml: &str, name: &str) -> Option<String> {
    let entries = yaml.split("name:").skip(1);
    let entry = entries.into_iter().find(|entry| scalar(entry) == name)?;
    let at = entry.find("unit:")?;
    Some(scalar(&entry[at + "unit:".len()..]).to_owned())
}

/// Returns the YAML scalar at the start of `text`: up to the next comma, brace or line break, or between quotes.
fn scalar(text: &str) -> &str {
    let text = text.trim_start();
    for quote in ['\'', '"'] {
        if let Some(rest) = text.strip_prefix(quote) {
            return rest.split(quote).next().unwrap_or("");
        }
    }
    text.split([',', '}', '\n', '\r']).next().unwrap_or("").trim()
}

/// Returns the unit that is a token of a name, as in `lambda_nm`.
fn unit_in_name(name: &str) -> Option<WavelengthUnit> {
    tokens(name).iter().skip(1).find_map(|token| WavelengthUnit::parse(token).ok().flatten())
}
