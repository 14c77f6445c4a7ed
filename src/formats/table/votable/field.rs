//! The columns of a VOTable, by what their attributes say.

use roxmltree::Node;

use super::super::names::{is_error, is_flux, is_wavelength};
use super::super::record::{Cell, Column};
use super::element::{is, text_of};

/// A type of a cell's elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Datatype {
    Boolean,
    Bit,
    UnsignedByte,
    Short,
    Int,
    Long,
    Char,
    UnicodeChar,
    Float,
    Double,
    FloatComplex,
    DoubleComplex,
}

/// The number of elements of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ArraySize {
    /// One.
    Scalar,
    /// As many in each row.
    Fixed(usize),
    /// A count before them.
    Variable,
}

/// A FIELD.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Field {
    name: String,
    unit: String,
    description: String,
    ucd: String,
    utype: String,
    /// The number that stands for a missing value.
    null: Option<String>,
    pub datatype: Option<Datatype>,
    pub size: ArraySize,
}

impl Field {
    pub(super) fn of(node: &Node<'_, '_>) -> Self {
        let attribute = |name: &str| node.attribute(name).unwrap_or("").trim().to_owned();
        let description = node.children().find(|child| is(child, "DESCRIPTION")).map(|child| text_of(&child));
        let null = node.children().filter(|child| is(child, "VALUES")).find_map(|values| values.attribute("null"));
        Self {
            name: attribute(if node.has_attribute("name") { "name" } else { "ID" }),
            unit: attribute("unit"),
            description: description.unwrap_or_default().trim().to_owned(),
            ucd: attribute("ucd").to_lowercase(),
            utype: attribute("utype").to_lowercase(),
            null: null.map(|null| null.trim().to_owned()),
            datatype: Datatype::named(&attribute("datatype")),
            size: ArraySize::parse(&attribute("arraysize")),
        }
    }

    /// Returns the column. One whose name does not tell its quantity is named by its UCD or utype (IVOA Spectrum data model 1.1).
    pub(super) fn column(&self) -> Column {
        let named = is_wavelength(&self.name) || is_flux(&self.name) || is_error(&self.name);
        let axis = |part: &str| self.utype.contains(part);
        let name = match () {
            () if named => self.name.clone(),
            () if self.ucd.contains("stat.error") && self.ucd.contains("phot.flux") || axis("fluxaxis.accuracy") => {
                "flux_error".to_owned()
            }
            () if self.ucd.starts_with("em.wl") || axis("spectralaxis.value") => "wavelength".to_owned(),
            () if self.ucd.starts_with("phot.flux") || axis("fluxaxis.value") => "flux".to_owned(),
            () => self.name.clone(),
        };
        // ESO's Science Data Product Standard: `obs.atmos` in the UCD of the wavelengths is air.
        let description = match self.ucd.contains("obs.atmos") {
            true => format!("UCD {}: wavelengths in air. {}", self.ucd, self.description).trim_end().to_owned(),
            false => self.description.clone(),
        };
        Column { name, unit: self.unit.clone(), description }
    }

    /// Returns the cell that the text of a TD is.
    pub(super) fn cell(&self, text: &str) -> Cell {
        if self.is_text() || self.size == ArraySize::Scalar {
            let missing = self.null.as_deref() == Some(text);
            return Cell::Scalar(if missing { String::new() } else { text.to_owned() });
        }
        let number = |word: &str| match word {
            _ if self.null.as_deref() == Some(word) => f64::NAN,
            "T" | "true" | "TRUE" => 1.0,
            "F" | "false" | "FALSE" => 0.0,
            "+Inf" => f64::INFINITY,
            "-Inf" => f64::NEG_INFINITY,
            other => other.parse().unwrap_or(f64::NAN),
        };
        let parts = text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty());
        Cell::List(parts.map(number).collect())
    }

    /// Returns the cell of numbers that were read from a stream.
    pub(super) fn cell_of(&self, numbers: Vec<Number>) -> Cell {
        let is_null = |number: &Number| self.null.is_some() && Some(number.written()) == self.null;
        if self.size == ArraySize::Scalar {
            let number = numbers.first().filter(|number| !is_null(number));
            return Cell::Scalar(number.map(Number::written).unwrap_or_default());
        }
        Cell::List(numbers.iter().map(|number| if is_null(number) { f64::NAN } else { number.value() }).collect())
    }

    pub(super) fn is_text(&self) -> bool {
        matches!(self.datatype, Some(Datatype::Char | Datatype::UnicodeChar) | None)
    }
}

/// A number of a stream.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Number {
    Whole(i64),
    Single(f32),
    Double(f64),
}

impl Number {
    fn value(self) -> f64 {
        match self {
            Self::Whole(value) => value as f64,
            Self::Single(value) => f64::from(value),
            Self::Double(value) => value,
        }
    }

    /// Returns the number as it is written, all digits of a whole one kept; empty where it is NaN.
    fn written(&self) -> String {
        match self {
            Self::Whole(value) => value.to_string(),
            _ if self.value().is_nan() => String::new(),
            Self::Single(value) => value.to_string(),
            Self::Double(value) => value.to_string(),
        }
    }
}

impl Datatype {
    fn named(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "boolean" => Self::Boolean,
            "bit" => Self::Bit,
            "unsignedbyte" => Self::UnsignedByte,
            "short" => Self::Short,
            "int" => Self::Int,
            "long" => Self::Long,
            "char" => Self::Char,
            "unicodechar" => Self::UnicodeChar,
            "float" => Self::Float,
            "double" => Self::Double,
            "floatcomplex" => Self::FloatComplex,
            "doublecomplex" => Self::DoubleComplex,
            _ => return None,
        })
    }

    /// Returns the bytes of an element; a bit's are those of a cell's bits together.
    pub(super) fn width(self) -> usize {
        match self {
            Self::Boolean | Self::Bit | Self::UnsignedByte | Self::Char => 1,
            Self::Short | Self::UnicodeChar => 2,
            Self::Int | Self::Float => 4,
            Self::Long | Self::Double | Self::FloatComplex => 8,
            Self::DoubleComplex => 16,
        }
    }
}

impl ArraySize {
    /// Parses an arraysize: absent or `1`, `12`, `*`, `12*`, or `3x4` of several dimensions.
    fn parse(text: &str) -> Self {
        if text.is_empty() {
            return Self::Scalar;
        }
        if text.ends_with('*') {
            return Self::Variable;
        }
        // A product that overflows is refused by the stream's length.
        let product = text
            .split('x')
            .try_fold(1usize, |product, part| part.trim().parse().ok().map(|n: usize| product.saturating_mul(n)));
        match product {
            Some(1) | None => Self::Scalar,
            Some(count) => Self::Fixed(count),
        }
    }
}
