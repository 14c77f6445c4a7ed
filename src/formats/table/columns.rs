//! The columns of a table: which quantity each holds, in which unit, and the values of a row.

use super::names::{
    is_error, is_flux, is_inverse_variance, is_log, is_variance, is_wavelength, medium, medium_in, tokens,
};
use super::text::{Row, Text, parse_number};
use crate::formats::error::ReadError;
use crate::formats::pixels::{FluxUnit, WavelengthUnit, air_to_vacuum};
use crate::numerics::statistics;

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sample {
    /// Line in the file, from 1.
    pub line: usize,
    /// Wavelength as in the table; in vacuum Angstrom after [`Columns::wavelengths`].
    pub wavelength: f64,
    /// Flux density; NaN where bad.
    pub flux: f64,
    /// Standard error; 0 where bad.
    pub error: f64,
}

/// The column that holds the uncertainty of the flux, by its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spread {
    Error(usize),
    Variance(usize),
    InverseVariance(usize),
}

/// The frame of the wavelengths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Frame {
    Observed,
    Rest,
}

/// The columns of a table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Columns {
    wavelength: usize,
    flux: usize,
    spread: Option<Spread>,
    mask: Option<usize>,
    names: Vec<String>,
    wavelength_unit: Option<WavelengthUnit>,
    flux_unit: FluxUnit,
    /// Whether wavelengths are in air (true) or vacuum (false); `None` where the table does not say.
    air: Option<bool>,
}

impl Columns {
    /// Finds the columns by their names, or by their position where they have none.
    pub(super) fn find(file: &str, text: &Text) -> Result<Self, ReadError> {
        let width = text.rows.first().map_or(0, |row| row.fields.len());
        if text.names.is_empty() {
            return Self::by_position(file, width, &text.comments);
        }
        let find = |is: &dyn Fn(&str) -> bool| text.names.iter().position(|name| is(name));
        let listed = || {
            let names: Vec<String> = text.names.iter().take(8).map(|name| format!("`{name}`")).collect();
            names.join(", ")
        };
        let Some(wavelength) = find(&is_wavelength) else {
            let reason = format!("no column of {} is a wavelength: name one `wavelength` or `loglam`", listed());
            return Err(ReadError::table(file, reason));
        };
        let Some(flux) = find(&is_flux) else {
            return Err(ReadError::table(file, format!("no column of {} is a flux: name one `flux`", listed())));
        };
        let spread = find(&is_inverse_variance)
            .map(Spread::InverseVariance)
            .or_else(|| find(&is_error).map(Spread::Error))
            .or_else(|| find(&is_variance).map(Spread::Variance));
        let mask = find(&|name| tokens(name) == ["mask"])
            .or_else(|| find(&|name| matches!(tokens(name).concat().as_str(), "andmask" | "badmask")))
            .or_else(|| find(&|name| matches!(tokens(name).concat().as_str(), "flag" | "flags" | "quality" | "dq")));
        let unit = |column: usize| unit_of(text, column);
        let in_name = wavelength_unit_in(&text.names[wavelength]);
        let written = unit(wavelength);
        let wavelength_unit =
            WavelengthUnit::parse(&written).map_err(|unknown| ReadError::table(file, unknown))?.or(in_name);
        let air = [&text.names[wavelength], &written].into_iter().find_map(|text| medium(text));
        Ok(Self {
            wavelength,
            flux,
            spread,
            mask,
            names: text.names.clone(),
            wavelength_unit: if is_log(&text.names[wavelength]) { Some(WavelengthUnit::Log) } else { wavelength_unit },
            flux_unit: FluxUnit::parse(&text.names[flux], &unit(flux)),
            air: air.or_else(|| medium_in(&text.comments)),
        })
    }

    fn by_position(file: &str, width: usize, comments: &[String]) -> Result<Self, ReadError> {
        if !(2..=3).contains(&width) {
            let reason = format!(
                "it has {width} columns without names: name them in a first line, as in `wavelength,flux,error`"
            );
            return Err(ReadError::table(file, reason));
        }
        Ok(Self {
            wavelength: 0,
            flux: 1,
            spread: (width == 3).then_some(Spread::Error(2)),
            mask: None,
            names: ["wavelength", "flux", "error"].into_iter().take(width).map(str::to_owned).collect(),
            wavelength_unit: None,
            flux_unit: FluxUnit::Unknown,
            air: medium_in(comments),
        })
    }

    pub(super) fn has_errors(&self) -> bool {
        self.spread.is_some()
    }

    /// Returns the frame of the wavelengths: that at rest where the name or a comment (`frame = rest`) says so, else the observed one.
    pub(super) fn frame(&self, comments: &[String]) -> Frame {
        let name = tokens(&self.names[self.wavelength]);
        let said = comments.iter().any(|comment| {
            let tokens = tokens(comment);
            matches!(tokens.iter().map(String::as_str).collect::<Vec<_>>()[..], ["frame", "rest", ..])
        });
        let rest = said || name.iter().any(|token| token.starts_with("rest"));
        if rest { Frame::Rest } else { Frame::Observed }
    }

    /// Reads a row.
    pub(super) fn sample(&self, file: &str, row: &Row) -> Result<Sample, ReadError> {
        let number = |column: usize| -> Result<f64, ReadError> {
            let field = row.fields.get(column).map_or("", String::as_str);
            if field.is_empty() {
                return Ok(f64::NAN);
            }
            parse_number(field).ok_or_else(|| {
                let field: String = field.chars().take(40).collect();
                let name = self.names.get(column).map_or("", String::as_str);
                ReadError::line(
                    file,
                    row.line,
                    format!("`{field}` in column `{name}` is no number: correct it or write nan"),
                )
            })
        };
        let wavelength = number(self.wavelength)?;
        if !wavelength.is_finite() || wavelength <= 0.0 {
            let field = row.fields.get(self.wavelength).map_or("", String::as_str);
            let reason = format!("the wavelength `{field}` is no positive number: correct it or take the row out");
            return Err(ReadError::line(file, row.line, reason));
        }
        let masked = self.mask.is_some_and(|column| is_set(row.fields.get(column).map_or("", String::as_str)));
        let flux = number(self.flux)?;
        let flux = if masked || !flux.is_finite() { f64::NAN } else { flux };
        let error = match self.spread {
            // Estimated from the scatter later; bad pixels stay bad by their flux.
            None => 0.0,
            Some(Spread::Error(column)) => number(column)?,
            Some(Spread::Variance(column)) => number(column)?.sqrt(),
            Some(Spread::InverseVariance(column)) => number(column)?.sqrt().recip(),
        };
        let error = if error.is_finite() && error > 0.0 && flux.is_finite() { error } else { 0.0 };
        Ok(Sample { line: row.line, wavelength, flux, error })
    }

    /// Converts wavelengths to vacuum Angstrom.
    pub(super) fn wavelengths(
        &self,
        file: &str,
        samples: &mut [Sample],
        notes: &mut Vec<String>,
    ) -> Result<(), ReadError> {
        let unit = self.wavelength_unit.unwrap_or_else(|| {
            let values = || samples.iter().map(|sample| sample.wavelength);
            let unit = WavelengthUnit::guess(values().fold(f64::INFINITY, f64::min), values().fold(0.0, f64::max));
            if unit != WavelengthUnit::Angstrom {
                notes.push(format!("Its wavelengths have no unit; by their size they are taken as {}.", unit.name()));
            }
            unit
        });
        for sample in samples.iter_mut() {
            let vacuum_or_air = unit.to_angstrom(sample.wavelength);
            sample.wavelength = if self.air == Some(true) { air_to_vacuum(vacuum_or_air) } else { vacuum_or_air };
            if !(1.0..1e9).contains(&sample.wavelength) {
                let reason = format!("{} Å is no wavelength of light that can be used: check the unit", vacuum_or_air);
                return Err(ReadError::line(file, sample.line, reason));
            }
        }
        notes.push(match self.air {
            Some(true) => "Its wavelengths are in air and were converted to vacuum (Morton 1991).".to_owned(),
            Some(false) => return Ok(()),
            None => "Nothing says whether its wavelengths are in air or vacuum: vacuum is assumed.".to_owned(),
        });
        Ok(())
    }

    /// Converts flux to 1e-17 erg/s/cm^2/Angstrom where its unit is known; very large or small numbers are scaled by a power of ten.
    pub(super) fn fluxes(&self, samples: &mut [Sample], notes: &mut Vec<String>) {
        for sample in samples.iter_mut() {
            let factor = self.flux_unit.factor(sample.wavelength);
            sample.flux *= factor;
            sample.error *= factor;
        }
        let sizes = samples.iter().map(|s| s.flux.abs()).filter(|size| size.is_normal());
        let Some(typical) = statistics::upper_median(&mut sizes.collect::<Vec<f64>>()) else { return };
        if !(1e-6..1e6).contains(&typical) {
            // In two steps, since the factor itself may be outside the range of f64.
            let half = 10f64.powf(-typical.log10().floor() / 2.0);
            for sample in samples.iter_mut() {
                sample.flux *= half * half;
                sample.error *= half * half;
            }
            notes.push("Its flux was scaled by a power of ten: only the shape counts.".to_owned());
        }
    }
}

/// Returns the first number that a comment gives to one of `keys`, as in `redshift = 0.1`, `z: 0.1` or `{redshift: 0.1}`.
pub(super) fn number_in(comments: &[String], keys: &[&str]) -> Option<f64> {
    keys.iter().find_map(|key| comments.iter().find_map(|comment| number_after(comment, key)))
}

fn number_after(comment: &str, key: &str) -> Option<f64> {
    let lower = comment.to_ascii_lowercase();
    lower.match_indices(key).find_map(|(at, _)| {
        let part_of_word = lower[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_');
        if part_of_word {
            return None;
        }
        let value = lower[at + key.len()..].trim_start_matches(['"', '\'']).trim_start();
        let value = value.strip_prefix([':', '='])?.trim_start().trim_start_matches(['"', '\'']);
        let end = value.find(|c: char| !(c.is_ascii_digit() || "+-.e".contains(c))).unwrap_or(value.len());
        value[..end].parse().ok().filter(|number: &f64| number.is_finite())
    })
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
fn wavelength_unit_in(name: &str) -> Option<WavelengthUnit> {
    tokens(name).iter().skip(1).find_map(|token| WavelengthUnit::parse(token).ok().flatten())
}

fn is_set(field: &str) -> bool {
    match parse_number(field) {
        Some(number) => number != 0.0,
        None => matches!(field.to_ascii_lowercase().as_str(), "t" | "true" | "yes" | "bad"),
    }
}
