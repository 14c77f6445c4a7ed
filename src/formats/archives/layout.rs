//! Finds which column of a file holds what.

use crate::formats::pixels::{MediumStatement, WavelengthUnit, medium_of_keyword, medium_of_name};
use crate::formats::table::{Facts, names};

/// Names what a column of lists holds, a number a pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Flux,
    Ivar,
    Variance,
    Error,
    Wavelength,
    Mask,
}

/// A column of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    /// Names of the groups that it is in, and its own.
    pub path: Vec<String>,
    /// Content of a cell.
    pub kind: ColumnKind,
    /// Unit as the file has it; empty where it has none.
    pub unit: String,
}

/// Content of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ColumnKind {
    /// A list of numbers.
    List,
    /// A number or a text.
    Single,
    /// Anything else.
    Other,
}

/// The columns that are read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Layout {
    /// Indices of the columns of lists.
    pub lists: Vec<(Role, usize)>,
    /// Indices of the columns of single values, with their keys: lower-case words joined by `_`.
    pub texts: Vec<(String, usize)>,
    /// Unit of the wavelengths; `None` where nothing says it.
    pub unit: Option<WavelengthUnit>,
    /// Unit of the flux as the file has it.
    pub flux_unit: String,
    /// Name of the flux's column.
    pub flux_name: String,
    /// Statements about the medium of the wavelengths.
    pub said: Vec<MediumStatement>,
}

/// Keys of the coefficients of SDSS's grid: log10 wavelength of pixel i is `coeff0 + coeff1 i`.
pub(super) const COEFFICIENTS: [&str; 2] = ["coeff0", "coeff1"];
/// Keys of an object's identifier where no survey's own is there.
pub(super) const OBJECT: [&str; 3] = ["object_id", "objectid", "id"];

/// Names of the groups that Parquet's lists bring into a column's path.
const LIST_GROUPS: [&str; 6] = ["list", "element", "item", "array", "bag", "array_element"];
/// Begins the names of a spectrum's columns where they are in no group.
const PREFIXES: [&str; 2] = ["spectrum_", "spec_"];
/// Most columns that an error names.
const NAMED: usize = 12;

/// A column of lists by the group that it is in and its own name.
struct InGroup {
    group: String,
    name: String,
    index: usize,
}

impl Layout {
    /// Finds the columns; `statements` is what the file says of itself, as keys and values.
    ///
    /// # Errors
    /// A file without lists of fluxes and wavelengths, as a clause that names its columns.
    pub(super) fn find(columns: &[Column], statements: &[(String, String)]) -> Result<Self, String> {
        let texts = texts(columns);
        let on_coefficients = COEFFICIENTS.iter().all(|key| texts.iter().any(|(of, _)| of == key));
        let in_groups: Vec<InGroup> = columns.iter().enumerate().filter_map(in_group).collect();
        for flux in in_groups.iter().filter(|column| names::is_flux(&column.name)) {
            let of_spectrum = |column: &&InGroup| column.group == flux.group;
            let find = |is: &dyn Fn(&str) -> bool| in_groups.iter().filter(of_spectrum).find(|column| is(&column.name));
            let wavelength = find(&names::is_wavelength)
                .or_else(|| in_groups.iter().find(|column| names::is_wavelength(&column.name)));
            if wavelength.is_none() && !on_coefficients {
                continue;
            }
            let ivar = find(&names::is_inverse_variance);
            let variance = find(&|name| names::is_variance(name) && !names::is_inverse_variance(name));
            let error = find(&names::is_error);
            let mask = find(&|name| name == "mask").or_else(|| find(&is_mask));
            let roles = [
                (Role::Flux, Some(flux)),
                (Role::Wavelength, wavelength),
                (Role::Ivar, ivar),
                (Role::Variance, variance.filter(|_| ivar.is_none())),
                (Role::Error, error.filter(|_| ivar.or(variance).is_none())),
                (Role::Mask, mask),
            ];
            let (said, unit) = wavelength.map_or((Vec::new(), Some(WavelengthUnit::LOG)), |wavelength| {
                (said(wavelength, columns, statements), unit(wavelength, columns))
            });
            return Ok(Self {
                lists: roles.into_iter().filter_map(|(role, column)| Some((role, column?.index))).collect(),
                texts,
                unit,
                flux_unit: columns[flux.index].unit.clone(),
                flux_name: flux.name.clone(),
                said,
            });
        }
        Err(missing(columns))
    }

    /// Returns the index of the column of lists with a role.
    pub(super) fn index(&self, role: Role) -> Option<usize> {
        self.lists.iter().find(|(of, _)| *of == role).map(|(_, index)| *index)
    }
}

fn missing(columns: &[Column]) -> String {
    let mut named: Vec<String> = columns.iter().map(|column| own_path(&column.path).join(".")).collect();
    let more = named.len().saturating_sub(NAMED);
    named.truncate(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let named: String = named.join(", ").chars().take(400).collect();
    format!(
        "it has no columns with a list of flux and one of lambda or loglam in each row (nor coeff0 and coeff1 beside the flux), only: \
         {named}{more}"
    )
}

/// Returns the columns of single values that are about an object, by key.
fn texts(columns: &[Column]) -> Vec<(String, usize)> {
    let mut texts: Vec<(String, usize)> = Vec::new();
    for (index, column) in columns.iter().enumerate().filter(|(_, column)| column.kind == ColumnKind::Single) {
        let key = own_path(&column.path).last().map(|name| names::tokens(name).join("_")).unwrap_or_default();
        let other = COEFFICIENTS.contains(&key.as_str()) || OBJECT.contains(&key.as_str());
        if (other || Facts::has_key(&key)) && !texts.iter().any(|(of, _)| *of == key) {
            texts.push((key, index));
        }
    }
    texts
}

/// Returns a column's path in lower case, without the groups of lists.
fn own_path(path: &[String]) -> Vec<String> {
    let lower = path.iter().map(|part| part.to_lowercase());
    lower.filter(|part| !LIST_GROUPS.contains(&part.as_str())).collect()
}

fn in_group((index, column): (usize, &Column)) -> Option<InGroup> {
    if column.kind != ColumnKind::List {
        return None;
    }
    let (group, name) = group_and_name(&column.path)?;
    Some(InGroup { group, name, index })
}

/// Returns the group of a column and its name in it.
fn group_and_name(path: &[String]) -> Option<(String, String)> {
    let path = own_path(path);
    let (name, groups) = path.split_last()?;
    let prefix = PREFIXES.iter().find(|prefix| groups.is_empty() && name.starts_with(**prefix));
    Some(match prefix {
        Some(prefix) => ((*prefix).to_owned(), name[prefix.len()..].to_owned()),
        None => (groups.join("."), name.clone()),
    })
}

/// Returns whether a column's name is one of fluxes.
pub(super) fn is_flux(path: &[String]) -> bool {
    group_and_name(path).is_some_and(|(_, name)| names::is_flux(&name))
}

/// Returns whether a column's name is one of wavelengths.
pub(super) fn is_wavelength(path: &[String]) -> bool {
    group_and_name(path).is_some_and(|(_, name)| names::is_wavelength(&name))
}

/// Returns whether a column says of each pixel whether it is bad; SDSS's `and_mask` and `or_mask` say much else.
fn is_mask(name: &str) -> bool {
    names::is_mask(name) && !names::is_bit_mask(name)
}

fn said(wavelength: &InGroup, columns: &[Column], statements: &[(String, String)]) -> Vec<MediumStatement> {
    let by_name = medium_of_name(&wavelength.name);
    let by_unit = medium_of_name(&columns[wavelength.index].unit);
    let of_column = by_name.or(by_unit).map(|medium| MediumStatement {
        medium,
        source: format!("the column `{}`", columns[wavelength.index].path.join(".")),
    });
    let of_file = statements.iter().filter_map(|(key, value)| {
        let medium = medium_of_keyword(key, value)?;
        Some(MediumStatement { medium, source: format!("`{key}` in its metadata") })
    });
    of_column.into_iter().chain(of_file).collect()
}

/// Returns the unit of wavelengths by the column's unit or the words of its name.
fn unit(wavelength: &InGroup, columns: &[Column]) -> Option<WavelengthUnit> {
    if names::is_log(&wavelength.name) {
        return Some(WavelengthUnit::LOG);
    }
    let unit_words = ["angstrom", "angstroms", "aa", "nm", "um", "micron", "microns", "m"];
    let words = names::tokens(&wavelength.name);
    let in_name = words.iter().skip(1).find(|word| unit_words.contains(&word.as_str()));
    let of_column = WavelengthUnit::parse(&columns[wavelength.index].unit).ok().flatten();
    of_column.or_else(|| WavelengthUnit::parse(in_name?).ok().flatten())
}
