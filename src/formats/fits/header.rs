//! A FITS header: cards of 80 characters, `KEYWORD = value / comment`, up to END (FITS standard 4.0, section 4).
//!
//! Only a few of the hundreds of cards of a survey file are needed, so a card is parsed when it is asked for.

use std::borrow::Cow;

/// Bytes of a FITS block: headers and data fill whole blocks.
pub(super) const BLOCK: usize = 2880;
/// Bytes of a card.
const CARD: usize = 80;
/// Bytes of a keyword, padded with spaces.
const KEYWORD: usize = 8;

/// The cards before END, in order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Header<'a> {
    cards: &'a [[u8; CARD]],
}

/// A card's value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value<'a> {
    /// A text, without the spaces that pad it.
    Text(Cow<'a, str>),
    Number(f64),
    Flag(bool),
    /// A value of another type.
    Other,
}

impl<'a> Header<'a> {
    /// Parses the header at the start of `bytes`; returns it and its size in bytes, whole blocks, or `None` where there is no END.
    pub(super) fn parse(bytes: &'a [u8]) -> Option<(Self, usize)> {
        let cards = bytes.as_chunks::<CARD>().0;
        let end = cards.iter().position(|card| card.starts_with(b"END     "))?;
        Some((Self { cards: &cards[..end] }, ((end + 1) * CARD).next_multiple_of(BLOCK)))
    }

    /// Returns the number of a card.
    pub(super) fn number(&self, key: &str) -> Option<f64> {
        match self.value(key)? {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    /// Returns the whole number of a card; `None` where it is negative.
    pub(super) fn count(&self, key: &str) -> Option<usize> {
        let number = self.number(key)?;
        // Above 2^53 a double no longer counts one by one, and no file is that large.
        let counts = number >= 0.0 && number.fract() == 0.0 && number < 9e15;
        counts.then_some(number as usize)
    }

    /// Returns the text of a card, without the spaces that pad it.
    pub(super) fn text(&self, key: &str) -> Option<Cow<'a, str>> {
        match self.value(key)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the logical value of a card.
    pub(super) fn flag(&self, key: &str) -> Option<bool> {
        match self.value(key)? {
            Value::Flag(flag) => Some(flag),
            _ => None,
        }
    }

    /// Returns the first of some cards that has a number.
    pub(super) fn first_number(&self, keys: &[&str]) -> Option<f64> {
        keys.iter().find_map(|key| self.number(key)).filter(|number| number.is_finite())
    }

    /// Returns the first of some cards that has a text which is not empty.
    pub(super) fn first_text(&self, keys: &[&str]) -> Option<String> {
        keys.iter().filter_map(|key| self.text(key)).map(|text| text.trim().to_owned()).find(|text| !text.is_empty())
    }

    /// Returns the texts of the cards COMMENT and HISTORY.
    pub(super) fn comments(&self) -> impl Iterator<Item = String> {
        let free = self.cards.iter().filter(|card| card.starts_with(b"COMMENT ") || card.starts_with(b"HISTORY "));
        free.map(|card| String::from_utf8_lossy(&card[KEYWORD..]).trim().to_owned())
    }

    /// Returns whether the value of a card is T.
    pub(super) fn is_true(&self, key: &str) -> bool {
        self.value(key) == Some(Value::Flag(true))
    }

    /// Returns the cards whose keyword is `root` and a number from 1, as in TFORM12: that number, and the value. In the file's order.
    pub(super) fn numbered(&self, root: &str) -> impl Iterator<Item = (usize, Value<'a>)> {
        self.cards.iter().filter(|card| has_value(card)).filter_map(move |card| {
            let digits = card[..KEYWORD].strip_prefix(root.as_bytes())?.trim_ascii_end();
            let plain = digits.first().is_some_and(|first| (b'1'..=b'9').contains(first));
            let number = std::str::from_utf8(digits).ok().filter(|_| plain)?.parse().ok()?;
            Some((number, Value::of(card)))
        })
    }

    /// Returns the value of the first card with this keyword.
    fn value(&self, key: &str) -> Option<Value<'a>> {
        let mut padded = [b' '; KEYWORD];
        padded.get_mut(..key.len())?.copy_from_slice(key.as_bytes());
        self.cards.iter().find(|card| card.starts_with(&padded) && has_value(card)).map(Value::of)
    }
}

fn has_value(card: &[u8; CARD]) -> bool {
    card[KEYWORD..].starts_with(b"= ")
}

impl<'a> Value<'a> {
    fn of(card: &'a [u8; CARD]) -> Self {
        match String::from_utf8_lossy(&card[KEYWORD + 2..]) {
            Cow::Borrowed(field) => Self::parse(field),
            Cow::Owned(field) => Value::parse(&field).into_owned(),
        }
    }

    fn parse(field: &'a str) -> Self {
        let field = field.trim_start();
        if let Some(rest) = field.strip_prefix('\'') {
            return Value::Text(unquoted(rest));
        }
        let plain = field.split('/').next().unwrap_or("").trim();
        match plain {
            "T" => Value::Flag(true),
            "F" => Value::Flag(false),
            // FORTRAN writes doubles with a D for the E.
            _ => match plain.parse().or_else(|_| plain.replace(['D', 'd'], "E").parse()) {
                Ok(number) => Value::Number(number),
                Err(_) => Value::Other,
            },
        }
    }

    fn into_owned<'b>(self) -> Value<'b> {
        match self {
            Value::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Value::Number(number) => Value::Number(number),
            Value::Flag(flag) => Value::Flag(flag),
            Value::Other => Value::Other,
        }
    }
}

/// Returns the text up to the closing quote; two quotes in a row stand for one. A quote that never closes ends with the card.
fn unquoted(rest: &str) -> Cow<'_, str> {
    let first = rest.find('\'').unwrap_or(rest.len());
    if !rest[first..].starts_with("''") {
        return Cow::Borrowed(rest[..first].trim_end());
    }
    let mut text = String::new();
    let mut characters = rest.chars().peekable();
    while let Some(character) = characters.next() {
        if character == '\'' && characters.next_if_eq(&'\'').is_none() {
            break;
        }
        text.push(character);
    }
    text.truncate(text.trim_end().len());
    Cow::Owned(text)
}
