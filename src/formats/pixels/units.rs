//! Units of wavelength and flux, by their dimension.

use super::dimension::Dimension;
use super::unit_grammar::{parse, parse_one_slash};

/// The unit of a wavelength, or of a quantity that stands for one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::formats) enum WavelengthUnit {
    /// A length of this many Angstrom.
    Length(f64),
    /// log10 of a length in units of this many Angstrom.
    Log(f64),
    /// ln of a length in units of this many Angstrom.
    NaturalLog(f64),
    /// A quantity that is inverse to the wavelength (frequency, wavenumber, energy); at 1 the wavelength is this many Angstrom.
    Inverse(f64),
}

/// The unit of a flux density.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::formats) enum FluxUnit {
    /// Flux per wavelength, in units of this many 1e-17 erg/s/cm^2/Angstrom.
    PerWavelength(f64),
    /// Flux per frequency, in units of this many Jansky (1e-23 erg/s/cm^2/Hz).
    PerFrequency(f64),
    /// Flux per wavelength times wavelength, in units of this many 1e-17 erg/s/cm^2.
    PerLogWavelength(f64),
    /// Photons per wavelength, in units of this many photons/s/cm^2/Angstrom.
    Photons(f64),
    /// A flux density of unknown unit.
    Unknown,
}

/// Speed of light, Angstrom/s.
const LIGHT: f64 = 2.997_924_58e18;
/// Planck's constant times the speed of light, 1e-17 erg Angstrom and Joule metre.
const PLANCK_LIGHT: f64 = 1.986_445_857e9;
const PLANCK_LIGHT_SI: f64 = 1.986_445_857e-25;

impl WavelengthUnit {
    /// Angstrom.
    pub(in crate::formats) const ANGSTROM: Self = Self::Length(1.0);
    /// log10 of Angstrom.
    pub(in crate::formats) const LOG: Self = Self::Log(1.0);

    /// Parses the name of a unit; returns `None` where the text names no unit.
    ///
    /// # Errors
    /// A unit that is not known, as a clause.
    pub(in crate::formats) fn parse(text: &str) -> Result<Option<Self>, String> {
        let unit = without_frame(text);
        if unit.is_empty() {
            return Ok(None);
        }
        if let Some(log) = logarithm(&unit) {
            return Ok(Some(log));
        }
        let known = parse(&unit).and_then(|unit| match unit.powers() {
            [1, 0, 0, 0] => Some(Self::Length(rounded(unit.scale * 1e10))),
            [-1, 0, 0, 0] => Some(Self::Inverse(1e10 / unit.scale)),
            [0, 0, -1, 0] => Some(Self::Inverse(LIGHT / unit.scale)),
            [2, 1, -2, 0] => Some(Self::Inverse(PLANCK_LIGHT_SI / unit.scale * 1e10)),
            _ => None,
        });
        known.map(Some).ok_or_else(|| {
            let unit: String = text.chars().take(40).collect();
            format!("the unit of wavelength `{unit}` is not known: give Angstrom, nm or um")
        })
    }

    /// Guesses the unit by the smallest and largest wavelength, and returns it with its name: Angstrom (without a name), unless no optical
    /// spectrum could have such numbers.
    fn guess(low: f64, high: f64) -> (Self, Option<&'static str>) {
        match () {
            () if low > 1e-7 && high < 3e-6 => (Self::Length(1e10), Some("metres")),
            () if low > 0.05 && high < 3.0 => (Self::Length(1e4), Some("micrometres")),
            () if low > 3.0 && high < 4.6 => (Self::LOG, Some("log₁₀ of Ångström")),
            () if low > 100.0 && high < 2500.0 => (Self::Length(10.0), Some("nanometres")),
            () => (Self::ANGSTROM, None),
        }
    }

    /// Returns the unit of wavelengths, guessed by their size where it is `None`, with a note where the guess is not Angstrom.
    pub(in crate::formats) fn or_guessed(unit: Option<Self>, wavelengths: &[f64]) -> (Self, Option<String>) {
        if let Some(unit) = unit {
            return (unit, None);
        }
        let positive = || wavelengths.iter().copied().filter(|value| value.is_finite() && *value > 0.0);
        let (unit, name) = Self::guess(positive().fold(f64::INFINITY, f64::min), positive().fold(0.0, f64::max));
        (unit, name.map(|name| format!("Its wavelengths have no unit; by their size they are taken as {name}.")))
    }

    /// Converts a value to Angstrom.
    pub(in crate::formats) fn to_angstrom(self, value: f64) -> f64 {
        match self {
            Self::Length(angstrom) => value * angstrom,
            Self::Log(angstrom) => 10f64.powf(value) * angstrom,
            Self::NaturalLog(angstrom) => value.exp() * angstrom,
            Self::Inverse(angstrom) => angstrom / value,
        }
    }
}

impl FluxUnit {
    /// Parses a unit; where there is none, the column's name decides between a flux per frequency (`fnu`) and one that is not known.
    pub(in crate::formats) fn parse(name: &str, unit: &str) -> Self {
        if unit.trim().is_empty() {
            let name = name.to_lowercase();
            let per_frequency = ["fnu", "f_nu", "flux_nu", "fluxnu"].iter().any(|word| name.contains(word));
            return if per_frequency { Self::PerFrequency(1.0) } else { Self::Unknown };
        }
        let strict = parse(unit).map_or(Self::Unknown, Self::of);
        if strict != Self::Unknown {
            return strict;
        }
        parse_one_slash(unit).map_or(Self::Unknown, Self::of)
    }

    fn of(unit: Dimension) -> Self {
        match unit.powers() {
            // W/m^3 is 1e-7 erg/s/cm^2/Angstrom.
            [-1, 1, -3, 0] => Self::PerWavelength(rounded(unit.scale * 1e10)),
            [0, 1, -2, 0] => Self::PerFrequency(rounded(unit.scale * 1e26)),
            [0, 1, -3, 0] => Self::PerLogWavelength(rounded(unit.scale * 1e20)),
            [-3, 0, -1, 1] => Self::Photons(rounded(unit.scale * 1e-14)),
            // Of luminosities only the shape counts.
            [1, 1, -3, 0] => Self::PerWavelength(unit.scale * 1e-3),
            _ => Self::Unknown,
        }
    }

    /// Returns the factor from this unit at a wavelength (Angstrom) to 1e-17 erg/s/cm^2/Angstrom; 1 for an unknown unit.
    pub(in crate::formats) fn factor(self, wavelength: f64) -> f64 {
        match self {
            Self::PerWavelength(factor) => factor,
            Self::PerFrequency(jansky) => jansky * 1e-23 * LIGHT / wavelength.powi(2) * 1e17,
            Self::PerLogWavelength(factor) => factor / wavelength,
            Self::Photons(factor) => factor * PLANCK_LIGHT / wavelength,
            Self::Unknown => 1.0,
        }
    }

    /// Returns the note on a unit that is not known; `None` where it is known, or where there is none.
    pub(in crate::formats) fn note(self, unit: &str) -> Option<String> {
        let unit: String = unit.trim().chars().take(40).collect();
        (self == Self::Unknown && !unit.is_empty())
            .then(|| format!("The unit of flux `{unit}` is not known: it is taken as a flux per wavelength."))
    }
}

/// Takes the words out of a unit that say in which frame and medium it is.
fn without_frame(text: &str) -> String {
    let mut text = text.to_owned();
    for words in ["(air)", "(vacuum)", "(vac)", "[air]", "[vacuum]", "[vac]"] {
        // Lower-case ASCII has the same length.
        while let Some(at) = text.to_ascii_lowercase().find(words) {
            text.replace_range(at..at + words.len(), " ");
        }
    }
    let frame = |word: &&str| {
        let word = word.trim_matches(|c: char| matches!(c, ',' | ';' | '(' | ')' | '[' | ']' | '"' | '\'' | ':'));
        let words = ["", "air", "vacuum", "vac", "in", "rest", "restframe", "rest-frame", "observed", "obs", "frame"];
        words.contains(&word.to_lowercase().as_str())
    };
    let kept: Vec<&str> = text.split([' ', '\t', ',', ';']).filter(|word| !frame(word)).collect();
    let unit = kept.join(" ");
    let unit = unit.trim().trim_matches(['"', '\'']);
    let bracketed = |open, close| unit.strip_prefix(open).and_then(|rest: &str| rest.strip_suffix(close));
    bracketed('[', ']').or_else(|| bracketed('(', ')')).unwrap_or(unit).trim().to_owned()
}

/// Returns the unit of a logarithm, as in `log(Angstrom)`, `dex(nm)` or `log10 lambda/Å`; Angstrom where it names none.
fn logarithm(unit: &str) -> Option<WavelengthUnit> {
    let lower = unit.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !(c.is_alphanumeric() || c == '.')).filter(|w| !w.is_empty()).collect();
    let (first, rest) = words.split_first()?;
    let length = |word: &&str| {
        let unit = parse(word)?;
        (unit.powers() == [1, 0, 0, 0]).then(|| rounded(unit.scale * 1e10))
    };
    let angstrom = rest.iter().find_map(length).unwrap_or(1.0);
    match *first {
        "log" | "log10" | "lg" | "dex" => Some(WavelengthUnit::Log(angstrom)),
        "ln" | "loge" => Some(WavelengthUnit::NaturalLog(angstrom)),
        _ => None,
    }
}

/// Rounds away the last bits, so that the Angstrom of every spelling is exactly 1.
fn rounded(scale: f64) -> f64 {
    format!("{scale:.13e}").parse().unwrap_or(scale)
}
