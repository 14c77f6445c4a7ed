//! Positions on the sky as text: decimal degrees, sexagesimal angles, and the names that carry a position (`J123456.7+123456`).

use super::object::SkyPosition;

/// A position that was typed, and how far off the text may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TypedPosition {
    /// Position, ICRS.
    pub position: SkyPosition,
    /// Largest distance from the position that is meant, degrees: names cut angles off instead of rounding them. 0 for angles.
    pub tolerance: f64,
}

/// A number in a text.
#[derive(Debug, Clone, PartialEq)]
struct Number {
    value: f64,
    negative: bool,
    /// The character that follows, as `h` in `12h`.
    unit: Option<char>,
}

impl SkyPosition {
    /// Returns right ascension and declination in decimal degrees, to 0.004 arcsec.
    pub fn degrees(self) -> (String, String) {
        (format!("{:.6}", self.ra), format!("{:+.6}", self.dec))
    }

    /// Returns right ascension in hours, minutes and seconds to 0.01 s, and declination in degrees, minutes and seconds to 0.1 arcsec,
    /// with a separator after each part: `[":", ":", ""]` gives `12:34:56.70` and `+12:34:56.0`.
    pub fn sexagesimal(self, after_ra: [&str; 3], after_dec: [&str; 3]) -> (String, String) {
        // Rounded as a whole, so that no part reads 60.
        let ra = (self.ra / 15.0 * 360_000.0).round() as i64 % (24 * 360_000);
        let dec = (self.dec.abs() * 36_000.0).round() as i64;
        let sign = if self.dec < 0.0 && dec > 0 { '-' } else { '+' };
        let [h, m, s] = after_ra;
        let hours = format!("{:02}{h}{:02}{m}{:02}.{:02}{s}", ra / 360_000, ra / 6_000 % 60, ra / 100 % 60, ra % 100);
        let [d, m, s] = after_dec;
        let degrees =
            format!("{sign}{:02}{d}{:02}{m}{:02}.{}{s}", dec / 36_000, dec / 600 % 60, dec / 10 % 60, dec % 10);
        (hours, degrees)
    }
}

impl TypedPosition {
    /// Reads a position: two angles in decimal degrees, two sexagesimal angles with the right ascension in hours, or a name such as
    /// `SDSS J123456.7+123456`. `None` for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().replace('\u{2212}', "-");
        if let Some(named) = named_position(&text) {
            return Some(named);
        }
        let numbers = numbers(&text)?;
        let (ra, dec) = match numbers.as_slice() {
            [ra, dec] => (single(ra, 15.0)?, single(dec, 1.0)?),
            [h, m, d, dm] => (sexagesimal(&[h, m])? * hours(h), sexagesimal(&[d, dm])?),
            [h, m, s, d, dm, ds] => (sexagesimal(&[h, m, s])? * hours(h), sexagesimal(&[d, dm, ds])?),
            _ => return None,
        };
        Some(Self { position: SkyPosition::new(ra, dec)?, tolerance: 0.0 })
    }
}

/// Reads the position in a name: `J`, six digits of right ascension, a sign and six digits of declination, each with decimals or not.
fn named_position(text: &str) -> Option<TypedPosition> {
    let (before, digits) = text.rsplit_once(['J', 'j'])?;
    if !before.chars().all(|c| c.is_ascii_alphanumeric() || c.is_whitespace() || c == '-') {
        return None;
    }
    let at = digits.find(['+', '-'])?;
    let negative = digits[at..].starts_with('-');
    let (ra, ra_step) = packed(&digits[..at])?;
    let (dec, dec_step) = packed(&digits[at + 1..])?;
    // The digits are cut off, so what is meant lies half a step further on average.
    let (ra, dec) = (15.0 * (ra + ra_step / 2.0), dec + dec_step / 2.0);
    let dec = if negative { -dec } else { dec };
    let half = (15.0 * ra_step / 2.0 * dec.to_radians().cos(), dec_step / 2.0);
    Some(TypedPosition { position: SkyPosition::new(ra, dec)?, tolerance: half.0.hypot(half.1) })
}

/// Reads six digits `xxyyzz` with decimals or not as an angle; returns it, and what its last digit counts.
fn packed(text: &str) -> Option<(f64, f64)> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let are_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() != 6 || !are_digits(whole) || !are_digits(decimals) || decimals.len() > 6 {
        return None;
    }
    let part = |from: usize| whole[from..from + 2].parse::<f64>().ok();
    let seconds = format!("{}.{decimals}0", &whole[4..]).parse::<f64>().ok()?;
    let minutes = part(2)?;
    if minutes >= 60.0 || seconds >= 60.0 {
        return None;
    }
    let step = 10f64.powi(-(decimals.len() as i32)) / 3600.0;
    Some((part(0)? + minutes / 60.0 + seconds / 3600.0, step))
}

/// Returns the numbers of a text in which nothing else is but separators, units of angles, and the words RA and Dec.
fn numbers(text: &str) -> Option<Vec<Number>> {
    let lower = text.to_ascii_lowercase();
    let bare = ["icrs", "j2000", "dec", "de", "ra"].iter().fold(lower, |text, word| text.replace(word, " "));
    let mut numbers: Vec<Number> = Vec::new();
    let mut rest = bare.as_str();
    // Units stand right behind their number: `M31` is no minute.
    let mut after_number = false;
    while let Some(first) = rest.chars().next() {
        let begins = |text: &str| text.starts_with(|c: char| c.is_ascii_digit() || c == '.');
        let signed = (first == '+' || first == '-') && begins(&rest[1..]);
        if signed || begins(rest) {
            let body = &rest[usize::from(signed)..];
            let end = body.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(body.len());
            let unit = body[end..].chars().next();
            numbers.push(Number { value: body[..end].parse().ok()?, negative: signed && first == '-', unit });
            rest = &body[end..];
            after_number = true;
            continue;
        }
        let separates = first.is_whitespace() || ",;:=()".contains(first);
        let is_unit = after_number && "hmsd°º'\"′″".contains(first);
        if !(separates || is_unit) || numbers.len() > 6 {
            return None;
        }
        after_number = false;
        rest = &rest[first.len_utf8()..];
    }
    Some(numbers)
}

/// Returns an angle of one number, in degrees unless it is in hours.
fn single(number: &Number, of_hour: f64) -> Option<f64> {
    let value = if number.negative { -number.value } else { number.value };
    match number.unit {
        Some('h') if of_hour > 1.0 => Some(value * of_hour),
        Some('h' | 'm' | 's') => None,
        _ => Some(value),
    }
}

/// Returns the degrees of a unit of the right ascension that begins so.
fn hours(first: &Number) -> f64 {
    if matches!(first.unit, Some('d' | '°' | 'º')) { 1.0 } else { 15.0 }
}

/// Returns an angle of two or three parts in the unit of the first.
fn sexagesimal(parts: &[&Number]) -> Option<f64> {
    let valid = parts[1..].iter().all(|part| !part.negative && part.value < 60.0);
    let sum = parts.iter().rev().fold(0.0, |sum, part| sum / 60.0 + part.value);
    valid.then_some(if parts[0].negative { -sum } else { sum })
}
