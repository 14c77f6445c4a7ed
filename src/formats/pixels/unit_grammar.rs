//! The grammar of units: that of VOUnit and FITS, and the ways in which people write units.
//!
//! Read are products, quotients and powers (`erg.s-1.cm-2.Angstrom-1`, `10^-17 erg s^-1 cm^-2 Å^-1`, `1E-17 erg/cm**2/s/Ang`, `W m⁻² um⁻¹`),
//! factors anywhere (`0.1nm`, `10-17erg/s/cm2/0.1nm`), and the prefixes of the SI.

use std::iter::Peekable;
use std::str::Chars;

use super::dimension::{Dimension, NUMBER};

/// Largest depth of brackets.
const DEEPEST: i32 = 12;

/// Parses a unit; returns `None` where a part of it is not known.
pub(super) fn parse(text: &str) -> Option<Dimension> {
    Parser::of(text, false).whole().filter(|unit| unit.scale.is_normal() && unit.scale > 0.0)
}

/// Parses a unit whose first slash divides by all that follows, as in `erg/s cm2 A`.
pub(super) fn parse_one_slash(text: &str) -> Option<Dimension> {
    Parser::of(text, true).whole().filter(|unit| unit.scale.is_normal() && unit.scale > 0.0)
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
            if self.depth > DEEPEST {
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
