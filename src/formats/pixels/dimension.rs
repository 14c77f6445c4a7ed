//! A unit by its dimension: the grammar of VOUnit and FITS, and the ways in which people write units beside it.
//!
//! Read are products, quotients and powers (`erg.s-1.cm-2.Angstrom-1`, `10^-17 erg s^-1 cm^-2 Å^-1`, `1E-17 erg/cm**2/s/Ang`, `W m⁻² um⁻¹`),
//! factors anywhere (`0.1nm`, `10-17erg/s/cm2/0.1nm`), and the prefixes of the SI. Angles and pixels count as numbers: a surface brightness
//! has the shape of a flux.

use std::iter::Peekable;
use std::str::Chars;

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

/// Largest power that is read, and largest depth of brackets.
const MOST: i32 = 12;

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

const NUMBER: Dimension = unit(1.0, 0, 0, 0, 0);
const ANGSTROM: Dimension = unit(1e-10, 1, 0, 0, 0);

const fn unit(scale: f64, metre: i32, kilogram: i32, second: i32, photon: i32) -> Dimension {
    Dimension { scale, metre, kilogram, second, photon }
}

impl Dimension {
    /// Parses a unit; returns `None` where a part of it is not known.
    pub(super) fn parse(text: &str) -> Option<Self> {
        Parser::of(text, false).whole().filter(|unit| unit.scale.is_normal() && unit.scale > 0.0)
    }

    /// Parses a unit whose first slash divides by all that follows, as in `erg/s cm2 A`.
    pub(super) fn parse_one_slash(text: &str) -> Option<Self> {
        Parser::of(text, true).whole().filter(|unit| unit.scale.is_normal() && unit.scale > 0.0)
    }

    /// Returns the powers of metre, kilogram, second and photon.
    pub(super) fn powers(self) -> [i32; 4] {
        [self.metre, self.kilogram, self.second, self.photon]
    }

    fn times(self, other: Self) -> Self {
        Self {
            scale: self.scale * other.scale,
            metre: self.metre.saturating_add(other.metre),
            kilogram: self.kilogram.saturating_add(other.kilogram),
            second: self.second.saturating_add(other.second),
            photon: self.photon.saturating_add(other.photon),
        }
    }

    fn to_power(self, power: i32) -> Self {
        Self {
            scale: self.scale.powi(power),
            metre: self.metre.saturating_mul(power),
            kilogram: self.kilogram.saturating_mul(power),
            second: self.second.saturating_mul(power),
            photon: self.photon.saturating_mul(power),
        }
    }

    /// Looks up a word: as it is, then with a prefix, then in any case.
    fn of_word(word: &str) -> Option<Self> {
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

/// A reader of one unit, character by character.
struct Parser {
    text: String,
    at: usize,
    depth: i32,
    /// Whether the first slash divides by all that follows.
    one_slash: bool,
}

impl Parser {
    fn of(text: &str, one_slash: bool) -> Self {
        let text = text.trim().trim_matches(['"', '\'', '$', '`']).replace(['\\', '$'], "").replace("**", "^");
        let text = text.replace(" per ", " / ").replace('{', "(").replace(['}', ']'], ")").replace('[', "(");
        Self { text: plain_powers(&text), at: 0, depth: 0, one_slash }
    }

    fn whole(mut self) -> Option<Dimension> {
        let unit = self.product()?;
        self.blanks();
        (self.at == self.text.len() && !self.text.is_empty()).then_some(unit)
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn take(&mut self, wanted: char) -> bool {
        let there = self.peek() == Some(wanted);
        if there {
            self.at += wanted.len_utf8();
        }
        there
    }

    fn blanks(&mut self) {
        while let Some(c) = self.peek().filter(|c| c.is_whitespace() || matches!(c, '_' | '~')) {
            self.at += c.len_utf8();
        }
    }

    fn product(&mut self) -> Option<Dimension> {
        let mut product = NUMBER;
        let mut below = false;
        let mut any = false;
        loop {
            self.blanks();
            match self.peek() {
                None | Some(')') => return any.then_some(product),
                Some('*' | '.' | '·' | '×' | ',') if any => self.at += self.peek()?.len_utf8(),
                Some('/') => {
                    self.at += 1;
                    below = true;
                }
                Some(_) => {
                    let factor = self.factor()?;
                    product = product.times(factor.to_power(if below { -1 } else { 1 }));
                    below = below && self.one_slash;
                    any = true;
                }
            }
        }
    }

    /// Reads a number, a word or a bracket, with its power.
    fn factor(&mut self) -> Option<Dimension> {
        if self.take('(') {
            self.depth += 1;
            if self.depth > MOST {
                return None;
            }
            let inner = self.product()?;
            self.depth -= 1;
            let power = if self.take(')') { self.power()? } else { return None };
            return Some(inner.to_power(power));
        }
        if self.peek()?.is_ascii_digit() {
            return self.number();
        }
        let end = self.rest().find(|c: char| !c.is_alphabetic() && c != '\u{fffd}').unwrap_or(self.rest().len());
        let word = &self.text[self.at..self.at + end];
        let unit = Dimension::of_word(word);
        // `ergs^-1` is erg per second with its blank lost.
        let ergs = word.eq_ignore_ascii_case("ergs");
        self.at += end;
        let power = self.power()?;
        if ergs && power < 0 {
            return Some(unit?.times(Dimension::of_word("s")?.to_power(power)));
        }
        Some(unit?.to_power(power))
    }

    /// Reads a power: `^-2`, `(-2)`, `^(-2)`, `-2`, `2`, or none, which is 1.
    fn power(&mut self) -> Option<i32> {
        let start = self.at;
        let marked = self.take('^');
        let bracket = self.take('(');
        let negative = self.take('-');
        let signed = negative || self.take('+');
        let digits = self.rest().find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest().len());
        let number = self.rest()[..digits].parse::<i32>().ok().filter(|power| *power <= 400);
        self.at += digits;
        if number.is_some() && bracket {
            // A whole power may be written as 1.0.
            if self.rest().starts_with(".0") {
                self.at += 2;
            }
        }
        let closed = !bracket || self.take(')');
        match number {
            Some(number) if closed => Some(if negative { -number } else { number }),
            _ if marked || signed => None,
            _ => {
                self.at = start;
                Some(1)
            }
        }
    }

    /// Reads a factor: `1e-17`, `10^-17`, `10(-17)`, `10-17`, `0.1`.
    fn number(&mut self) -> Option<Dimension> {
        let rest = self.rest();
        let mut end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let whole = &rest[..end] == "10";
        if whole && rest[end..].starts_with(['^', '-', '+', '(']) {
            self.at += end;
            let power = self.power()?;
            return Some(Dimension { scale: 10f64.powi(power), ..NUMBER });
        }
        if rest[end..].starts_with('.') && rest[end + 1..].starts_with(|c: char| c.is_ascii_digit()) {
            end += 1;
            end += rest[end..].find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len() - end);
        } else if rest[end..].starts_with('.') && rest[end + 1..].starts_with(['e', 'E']) {
            end += 1;
        }
        end += exponent(&rest[end..]);
        let value: f64 = rest[..end].replace(['d', 'D'], "e").parse().ok()?;
        self.at += end;
        let power = if self.peek() == Some('^') { self.power()? } else { 1 };
        Some(Dimension { scale: value.powi(power), ..NUMBER })
    }
}

/// Returns the length of an exponent such as `e-17` at the start of `text`; 0 where there is none.
fn exponent(text: &str) -> usize {
    let Some(rest) = text.strip_prefix(['e', 'E', 'd', 'D']) else { return 0 };
    let digits = rest.strip_prefix(['-', '+']).unwrap_or(rest);
    let count = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    if count == 0 { 0 } else { text.len() - digits.len() + count }
}

/// Writes superscripts as `^` and digits.
fn plain_powers(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters: Peekable<Chars<'_>> = text.chars().peekable();
    let mut raised = false;
    while let Some(letter) = letters.next() {
        let digit = "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().position(|power| power == letter);
        match (letter, digit) {
            ('⁻', _) => plain.push_str(if raised { "-" } else { "^-" }),
            (_, Some(digit)) => {
                if !raised {
                    plain.push('^');
                }
                plain.push_str(&digit.to_string());
            }
            ('−' | '–', _) => plain.push('-'),
            ('\u{212b}', _) => plain.push('Å'),
            // A letter A with a ring above as two characters.
            ('A', _) if letters.peek() == Some(&'\u{30a}') => {
                letters.next();
                plain.push('Å');
            }
            _ => plain.push(letter),
        }
        raised = digit.is_some() || letter == '⁻';
    }
    plain
}
