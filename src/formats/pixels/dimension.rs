//! Units by their dimension, and the names of units. Angles and pixels count as numbers: a surface brightness has the shape of a flux.

/// A unit as a multiple of a product of powers of SI base units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Dimension {
    /// Size of the unit in SI units.
    pub scale: f64,
    /// Power of the metre.
    pub metre: i32,
    /// Power of the kilogram.
    pub kilogram: i32,
    /// Power of the second.
    pub second: i32,
    /// Power of the photon.
    pub photon: i32,
}

/// Units with their dimension (scale, metre, kilogram, second, photon), by their symbols, which prefixes may precede.
const SYMBOLS: &[(&str, Dimension)] = &[
    ("m", unit(1.0, 1, 0, 0, 0)),
    ("s", unit(1.0, 0, 0, 1, 0)),
    ("g", unit(1e-3, 0, 1, 0, 0)),
    ("Hz", unit(1.0, 0, 0, -1, 0)),
    ("J", unit(1.0, 2, 1, -2, 0)),
    ("W", unit(1.0, 2, 1, -3, 0)),
    ("Jy", unit(1e-26, 0, 1, -2, 0)),
    ("eV", unit(1.602_176_634e-19, 2, 1, -2, 0)),
    ("mgy", unit(3.631e-23, 0, 1, -2, 0)),
    ("maggy", unit(3.631e-23, 0, 1, -2, 0)),
    ("maggies", unit(3.631e-23, 0, 1, -2, 0)),
    ("erg", unit(1e-7, 2, 1, -2, 0)),
];

/// Units that are written out or have no prefixes, in lower case.
const WORDS: &[(&str, Dimension)] = &[
    ("angstrom", ANGSTROM),
    ("angstroms", ANGSTROM),
    ("ang", ANGSTROM),
    ("angs", ANGSTROM),
    ("angst", ANGSTROM),
    ("angström", ANGSTROM),
    ("ångström", ANGSTROM),
    ("ångstrom", ANGSTROM),
    ("ångströms", ANGSTROM),
    ("å", ANGSTROM),
    ("aa", ANGSTROM),
    ("a", ANGSTROM),
    // The Å of Latin-1, read as UTF-8, is the replacement character.
    ("\u{fffd}", ANGSTROM),
    ("micron", unit(1e-6, 1, 0, 0, 0)),
    ("microns", unit(1e-6, 1, 0, 0, 0)),
    ("nanometer", unit(1e-9, 1, 0, 0, 0)),
    ("nanometers", unit(1e-9, 1, 0, 0, 0)),
    ("nanometre", unit(1e-9, 1, 0, 0, 0)),
    ("nanometres", unit(1e-9, 1, 0, 0, 0)),
    ("micrometer", unit(1e-6, 1, 0, 0, 0)),
    ("micrometers", unit(1e-6, 1, 0, 0, 0)),
    ("micrometre", unit(1e-6, 1, 0, 0, 0)),
    ("micrometres", unit(1e-6, 1, 0, 0, 0)),
    ("millimeter", unit(1e-3, 1, 0, 0, 0)),
    ("centimeter", unit(1e-2, 1, 0, 0, 0)),
    ("meter", unit(1.0, 1, 0, 0, 0)),
    ("meters", unit(1.0, 1, 0, 0, 0)),
    ("metre", unit(1.0, 1, 0, 0, 0)),
    ("metres", unit(1.0, 1, 0, 0, 0)),
    ("sec", unit(1.0, 0, 0, 1, 0)),
    ("second", unit(1.0, 0, 0, 1, 0)),
    ("seconds", unit(1.0, 0, 0, 1, 0)),
    ("hertz", unit(1.0, 0, 0, -1, 0)),
    ("ergs", unit(1e-7, 2, 1, -2, 0)),
    ("joule", unit(1.0, 2, 1, -2, 0)),
    ("watt", unit(1.0, 2, 1, -3, 0)),
    ("watts", unit(1.0, 2, 1, -3, 0)),
    ("jansky", unit(1e-26, 0, 1, -2, 0)),
    ("janskys", unit(1e-26, 0, 1, -2, 0)),
    ("millijansky", unit(1e-29, 0, 1, -2, 0)),
    ("microjansky", unit(1e-32, 0, 1, -2, 0)),
    ("nanojansky", unit(1e-35, 0, 1, -2, 0)),
    ("nanomaggy", unit(3.631e-32, 0, 1, -2, 0)),
    ("nanomaggies", unit(3.631e-32, 0, 1, -2, 0)),
    ("solmass", unit(1.988_41e30, 0, 1, 0, 0)),
    ("sollum", unit(3.828e26, 2, 1, -3, 0)),
    ("lsun", unit(3.828e26, 2, 1, -3, 0)),
    ("lsol", unit(3.828e26, 2, 1, -3, 0)),
    ("photon", unit(1.0, 0, 0, 0, 1)),
    ("photons", unit(1.0, 0, 0, 0, 1)),
    ("phot", unit(1.0, 0, 0, 0, 1)),
    ("ph", unit(1.0, 0, 0, 0, 1)),
    ("sr", NUMBER),
    ("rad", NUMBER),
    ("deg", NUMBER),
    ("arcsec", NUMBER),
    ("arcmin", NUMBER),
    ("sqarcsec", NUMBER),
    ("pix", NUMBER),
    ("pixel", NUMBER),
    ("spaxel", NUMBER),
    ("spaxels", NUMBER),
    ("beam", NUMBER),
    ("fiber", NUMBER),
    ("fibre", NUMBER),
    ("bin", NUMBER),
    ("x", NUMBER),
];

/// Prefixes of the SI, as far as spectra have them.
const PREFIXES: &[(char, f64)] = &[
    ('f', 1e-15),
    ('p', 1e-12),
    ('n', 1e-9),
    ('u', 1e-6),
    ('µ', 1e-6),
    ('μ', 1e-6),
    ('m', 1e-3),
    ('c', 1e-2),
    ('d', 1e-1),
    ('k', 1e3),
    ('M', 1e6),
    ('G', 1e9),
    ('T', 1e12),
    ('P', 1e15),
    ('E', 1e18),
];

/// A pure number.
pub(super) const NUMBER: Dimension = unit(1.0, 0, 0, 0, 0);
const ANGSTROM: Dimension = unit(1e-10, 1, 0, 0, 0);

const fn unit(scale: f64, metre: i32, kilogram: i32, second: i32, photon: i32) -> Dimension {
    Dimension { scale, metre, kilogram, second, photon }
}

impl Dimension {
    /// Returns the powers of metre, kilogram, second and photon.
    pub(super) fn powers(self) -> [i32; 4] {
        [self.metre, self.kilogram, self.second, self.photon]
    }

    /// Returns the product of two units.
    pub(super) fn times(self, other: Self) -> Self {
        Self {
            scale: self.scale * other.scale,
            metre: self.metre.saturating_add(other.metre),
            kilogram: self.kilogram.saturating_add(other.kilogram),
            second: self.second.saturating_add(other.second),
            photon: self.photon.saturating_add(other.photon),
        }
    }

    /// Returns a power of the unit.
    pub(super) fn to_power(self, power: i32) -> Self {
        Self {
            scale: self.scale.powi(power),
            metre: self.metre.saturating_mul(power),
            kilogram: self.kilogram.saturating_mul(power),
            second: self.second.saturating_mul(power),
            photon: self.photon.saturating_mul(power),
        }
    }

    /// Looks up a word: as it is, then with a prefix, then in any case.
    pub(super) fn of_word(word: &str) -> Option<Self> {
        let symbol = |word: &str| SYMBOLS.iter().find(|(name, _)| *name == word).map(|(_, unit)| *unit);
        let prefixed = |word: &str| {
            let prefix = word.chars().next()?;
            let (_, factor) = PREFIXES.iter().find(|(name, _)| *name == prefix)?;
            let unit = symbol(&word[prefix.len_utf8()..])?;
            Some(Self { scale: unit.scale * factor, ..unit })
        };
        let lower = word.to_lowercase();
        let named = WORDS.iter().find(|(name, _)| *name == lower).map(|(_, unit)| *unit);
        let any_case = || {
            let spelt = |name: &&(&str, Self)| lower.ends_with(&name.0.to_lowercase());
            SYMBOLS.iter().filter(spelt).find_map(|(name, unit)| match &lower[..lower.len() - name.len()] {
                "" => Some(*unit),
                rest => {
                    let mut letters = rest.chars();
                    let prefix = letters.next().filter(|_| letters.next().is_none())?;
                    // Of a word in capitals, M is mega as in MJy.
                    let capitals = prefix == 'm' && word.chars().all(char::is_uppercase);
                    let prefix = if capitals { 'M' } else { prefix };
                    let find = |letter| PREFIXES.iter().find(|(name, _)| *name == letter);
                    let (_, factor) = find(prefix).or_else(|| find(prefix.to_ascii_uppercase()))?;
                    Some(Self { scale: unit.scale * factor, ..*unit })
                }
            })
        };
        named.or_else(|| symbol(word)).or_else(|| prefixed(word)).or_else(any_case)
    }
}
