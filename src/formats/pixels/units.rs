//! Units of wavelength and flux.

/// The unit of a wavelength.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::formats) enum WavelengthUnit {
    Angstrom,
    Nanometre,
    Micrometre,
    Metre,
    /// log10 of Angstrom.
    Log,
}

/// The unit of a flux density.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::formats) enum FluxUnit {
    /// Flux per wavelength, in units of this many 1e-17 erg/s/cm^2/Angstrom.
    PerWavelength(f64),
    /// Flux per frequency, in units of this many Jansky (1e-23 erg/s/cm^2/Hz).
    PerFrequency(f64),
    /// A flux density of unknown unit.
    Unknown,
}

/// Speed of light, Angstrom/s.
const LIGHT: f64 = 2.997_924_58e18;

impl WavelengthUnit {
    /// Parses the name of a unit; returns `None` where the text names no unit.
    ///
    /// # Errors
    /// A unit that is not known, as a clause.
    pub(in crate::formats) fn parse(text: &str) -> Result<Option<Self>, String> {
        let lower = text.to_lowercase();
        let parts = lower.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '[' | ']' | '"'));
        let relevant = |part: &&str| !part.is_empty() && !matches!(*part, "air" | "vacuum" | "vac" | "in" | "rest");
        let parts: Vec<&str> = parts.filter(relevant).collect();
        match parts[..] {
            [] => Ok(None),
            ["log" | "log10" | "dex", ..] => Ok(Some(Self::Log)),
            // The Å of Latin-1, read as UTF-8, is the replacement character.
            ["angstrom" | "angstroms" | "ångström" | "ångstrom" | "å" | "aa" | "a" | "ang" | "\u{fffd}"] => {
                Ok(Some(Self::Angstrom))
            }
            ["nm" | "nanometer" | "nanometre" | "nanometers" | "nanometres"] => Ok(Some(Self::Nanometre)),
            ["um" | "µm" | "μm" | "micron" | "microns" | "micrometer" | "micrometre" | "micrometers"] => {
                Ok(Some(Self::Micrometre))
            }
            ["m" | "meter" | "metre"] => Ok(Some(Self::Metre)),
            _ => {
                let unit: String = text.chars().take(40).collect();
                Err(format!("the unit of wavelength `{unit}` is not known: give Angstrom, nm or um"))
            }
        }
    }

    /// Guesses the unit by the smallest and largest wavelength: Angstrom, unless no optical spectrum could have such numbers.
    pub(in crate::formats) fn guess(low: f64, high: f64) -> Self {
        match () {
            () if low > 0.05 && high < 3.0 => Self::Micrometre,
            () if low > 3.0 && high < 4.6 => Self::Log,
            () if low > 100.0 && high < 2500.0 => Self::Nanometre,
            () => Self::Angstrom,
        }
    }

    pub(in crate::formats) fn name(self) -> &'static str {
        match self {
            Self::Angstrom => "Ångström",
            Self::Nanometre => "nanometres",
            Self::Micrometre => "micrometres",
            Self::Metre => "metres",
            Self::Log => "log₁₀ of Ångström",
        }
    }

    pub(in crate::formats) fn to_angstrom(self, value: f64) -> f64 {
        match self {
            Self::Angstrom => value,
            Self::Nanometre => value * 10.0,
            Self::Micrometre => value * 1e4,
            Self::Metre => value * 1e10,
            Self::Log => 10f64.powf(value),
        }
    }
}

impl FluxUnit {
    /// Parses a column's name and its unit.
    pub(in crate::formats) fn parse(name: &str, unit: &str) -> Self {
        let (name, unit) = (name.to_lowercase(), unit.to_lowercase());
        let last = unit.split(|c: char| !c.is_alphanumeric() && c != 'µ' && c != 'μ').next_back().unwrap_or("");
        let jansky = match last {
            "jy" | "jansky" => Some(1.0),
            "mjy" => Some(1e-3),
            "ujy" | "µjy" | "μjy" => Some(1e-6),
            "njy" => Some(1e-9),
            "nanomaggy" | "nanomaggies" => Some(3.631e-6),
            _ => None,
        };
        if let Some(jansky) = jansky {
            return Self::PerFrequency(jansky * leading_factor(&unit));
        }
        if unit.contains("hz") {
            return Self::PerFrequency(1e23 * leading_factor(&unit));
        }
        if unit.contains("erg") {
            return Self::PerWavelength(1e17 * leading_factor(&unit));
        }
        if unit.is_empty() && (name.contains("fnu") || name.contains("f_nu") || name.contains("flux_nu")) {
            return Self::PerFrequency(1.0);
        }
        Self::Unknown
    }

    /// Returns the factor from this unit at a wavelength (Angstrom) to 1e-17 erg/s/cm^2/Angstrom; 1 for an unknown unit.
    pub(in crate::formats) fn factor(self, wavelength: f64) -> f64 {
        match self {
            Self::PerWavelength(factor) => factor,
            Self::PerFrequency(jansky) => jansky * 1e-23 * LIGHT / wavelength.powi(2) * 1e17,
            Self::Unknown => 1.0,
        }
    }
}

/// Parses the number before a unit: 1e-17, 10^-17, 10**-17 or 10-17; 1 where there is none.
fn leading_factor(unit: &str) -> f64 {
    let unit = unit.trim_start_matches(['(', '[', ' ']);
    let end = unit.find(|c: char| !(c.is_ascii_digit() || "+-.e^*()".contains(c))).unwrap_or(unit.len());
    let number = unit[..end].trim_end_matches(['e', '*', '.', '(', ')', '^']).replace(['(', ')'], "");
    let power = number.strip_prefix("10").map(|rest| rest.trim_start_matches(['^', '*']));
    let factor = match power {
        Some(power) if power.starts_with(['-', '+']) => power.parse::<i32>().ok().map(|power| 10f64.powi(power)),
        _ => number.parse::<f64>().ok(),
    };
    factor.filter(|factor| factor.is_normal() && *factor > 0.0).unwrap_or(1.0)
}
