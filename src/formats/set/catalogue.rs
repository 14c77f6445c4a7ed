//! The catalogue: the properties of each spectrum apart from its pixels, column by column.

use super::tensors::{FormatError, NumberKind, TensorFile, TensorWriter};
use crate::spectrum::{SkyPosition, SourceId, Survey};

/// The values of a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Whole numbers: survey, class, oddity.
    Int(Vec<i32>),
    /// Long whole numbers: parts of identifiers.
    Long(Vec<i64>),
    /// Measurements; NaN where one is missing.
    Float(Vec<f32>),
    /// Measurements of double precision, as positions; NaN where one is missing.
    Double(Vec<f64>),
}

/// A named column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Name: `redshift`, `class`, `truth_age`...
    pub name: String,
    /// One value per spectrum.
    pub values: Values,
}

/// Columns of one length: the tensors of a catalogue file, and those of a shard other than `flux` and `ivar`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Catalogue {
    /// Columns, in the order in which they were added.
    pub columns: Vec<Column>,
}

impl Catalogue {
    /// Returns the number of spectra.
    pub fn len(&self) -> usize {
        self.columns.first().map_or(0, |column| column.values.len())
    }

    /// Returns whether there are no spectra.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds a column of measurements.
    pub fn push_floats(&mut self, name: &str, values: Vec<f32>) {
        self.push(name, Values::Float(values));
    }

    /// Adds a column of whole numbers.
    pub fn push_integers(&mut self, name: &str, values: Vec<i32>) {
        self.push(name, Values::Int(values));
    }

    /// Adds a column of long whole numbers.
    pub fn push_longs(&mut self, name: &str, values: Vec<i64>) {
        self.push(name, Values::Long(values));
    }

    /// Adds a column of measurements of double precision.
    pub fn push_doubles(&mut self, name: &str, values: Vec<f64>) {
        self.push(name, Values::Double(values));
    }

    /// Returns the identifier of a row: from `survey`, `id_a`, `id_b` and `id_c`, or in a catalogue of version 1 from `plate`, `mjd` and
    /// `fiber`. `None` where the catalogue has neither, and beyond the last row.
    pub fn source_id(&self, row: usize) -> Option<SourceId> {
        if let Some(survey) = self.integers("survey") {
            let part = |name: &str| self.longs(name)?.get(row).copied();
            let parts = [part("id_a")?, part("id_b")?, part("id_c")?];
            return Some(SourceId { survey: Survey::from_code(*survey.get(row)?), parts });
        }
        let part = |name: &str| self.integers(name)?.get(row).copied();
        Some(SourceId::sdss(part("plate")?, part("mjd")?, part("fiber")?))
    }

    /// Returns the position of a row on the sky; `None` where it has none.
    pub fn position(&self, row: usize) -> Option<SkyPosition> {
        let angle = |name: &str| self.doubles(name)?.get(row).copied();
        SkyPosition::new(angle("ra")?, angle("dec")?)
    }

    /// Returns a column by name.
    pub fn column(&self, name: &str) -> Option<&Values> {
        self.columns.iter().find(|column| column.name == name).map(|column| &column.values)
    }

    /// Returns a column of whole numbers by name.
    pub fn integers(&self, name: &str) -> Option<&[i32]> {
        match self.column(name)? {
            Values::Int(values) => Some(values),
            _ => None,
        }
    }

    /// Returns a column of long whole numbers by name.
    pub fn longs(&self, name: &str) -> Option<&[i64]> {
        match self.column(name)? {
            Values::Long(values) => Some(values),
            _ => None,
        }
    }

    /// Returns a column of measurements of double precision by name.
    pub fn doubles(&self, name: &str) -> Option<&[f64]> {
        match self.column(name)? {
            Values::Double(values) => Some(values),
            _ => None,
        }
    }

    /// Returns a column of measurements by name.
    pub fn floats(&self, name: &str) -> Option<&[f32]> {
        match self.column(name)? {
            Values::Float(values) => Some(values),
            _ => None,
        }
    }

    /// Returns rows `start..end` of every column.
    pub fn rows(&self, start: usize, end: usize) -> Self {
        let columns = self.columns.iter().map(|column| Column {
            name: column.name.clone(),
            values: match &column.values {
                Values::Int(values) => Values::Int(values[start..end].to_vec()),
                Values::Long(values) => Values::Long(values[start..end].to_vec()),
                Values::Double(values) => Values::Double(values[start..end].to_vec()),
                Values::Float(values) => Values::Float(values[start..end].to_vec()),
            },
        });
        Self { columns: columns.collect() }
    }

    /// Appends the rows of `other`, which has the same columns.
    ///
    /// # Errors
    /// A column that `other` lacks or has of another type.
    pub fn append(&mut self, other: &Self) -> Result<(), FormatError> {
        if self.columns.is_empty() {
            self.columns.clone_from(&other.columns);
            return Ok(());
        }
        for column in &mut self.columns {
            match (&mut column.values, other.column(&column.name)) {
                (Values::Int(values), Some(Values::Int(more))) => values.extend_from_slice(more),
                (Values::Long(values), Some(Values::Long(more))) => values.extend_from_slice(more),
                (Values::Double(values), Some(Values::Double(more))) => values.extend_from_slice(more),
                (Values::Float(values), Some(Values::Float(more))) => values.extend_from_slice(more),
                _ => {
                    return Err(FormatError::MissingTensor { file: "a shard".to_owned(), tensor: column.name.clone() });
                }
            }
        }
        Ok(())
    }

    /// Writes a safetensors file with one tensor per column.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut writer = TensorWriter::default();
        self.write(&mut writer);
        writer.finish()
    }

    /// Reads a safetensors file; `name` is for errors.
    ///
    /// # Errors
    /// Bytes that are no safetensors file, and columns of different lengths.
    pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<Self, FormatError> {
        Self::read(&TensorFile::parse(name, bytes)?, &[])
    }

    /// Adds every column to a file that also holds other tensors.
    pub fn write(&self, writer: &mut TensorWriter) {
        for column in &self.columns {
            match &column.values {
                Values::Int(values) => writer.integers(&column.name, &[values.len()], values),
                Values::Long(values) => writer.longs(&column.name, &[values.len()], values),
                Values::Double(values) => writer.doubles(&column.name, &[values.len()], values),
                Values::Float(values) => writer.floats(&column.name, &[values.len()], values),
            };
        }
    }

    pub(super) fn read(file: &TensorFile<'_>, except: &[&str]) -> Result<Self, FormatError> {
        let mut catalogue = Self::default();
        let mut count = 0;
        for name in file.names().iter().filter(|name| !except.contains(&name.as_str())) {
            let values = match file.kind(name)? {
                NumberKind::Int => Values::Int(file.integers(name, &[count])?),
                NumberKind::Long => Values::Long(file.longs(name, &[count])?),
                NumberKind::Double => Values::Double(file.doubles(name, &[count])?),
                NumberKind::Float => Values::Float(file.floats(name, &[count])?),
            };
            catalogue.push(name, values);
            count = catalogue.len();
        }
        Ok(catalogue)
    }

    fn push(&mut self, name: &str, values: Values) {
        debug_assert!(self.columns.is_empty() || values.len() == self.len(), "column `{name}` has another length");
        self.columns.push(Column { name: name.to_owned(), values });
    }
}

impl Values {
    /// Returns the number of rows.
    pub fn len(&self) -> usize {
        match self {
            Values::Int(values) => values.len(),
            Values::Long(values) => values.len(),
            Values::Double(values) => values.len(),
            Values::Float(values) => values.len(),
        }
    }

    /// Returns whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the value of a row as f32; `None` beyond the last row.
    pub fn get(&self, row: usize) -> Option<f32> {
        match self {
            Values::Int(values) => values.get(row).map(|&value| value as f32),
            Values::Long(values) => values.get(row).map(|&value| value as f32),
            Values::Double(values) => values.get(row).map(|&value| value as f32),
            Values::Float(values) => values.get(row).copied(),
        }
    }
}
