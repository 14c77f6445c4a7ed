//! A FITS header: cards of 80 characters, `KEYWORD = value / comment`, up to END (FITS standard 4.0, section 4).

/// Bytes of a FITS block: headers and data fill whole blocks.
pub(super) const BLOCK: usize = 2880;
/// Bytes of a card.
const CARD: usize = 80;

/// The cards that have values, in order.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Header {
    cards: Vec<(String, Value)>,
}

/// A card's value.
#[derive(Debug, Clone, PartialEq)]
enum Value {
    Text(String),
    Number(f64),
    Flag(bool),
    /// What is none of these.
    Other,
}

impl Header {
    /// The header at the start of `bytes` and the bytes that it fills, whole blocks; none where no END comes.
    pub(super) fn parse(bytes: &[u8]) -> Option<(Self, usize)> {
        let mut cards = Vec::new();
        for (i, card) in bytes.chunks_exact(CARD).enumerate() {
            let keyword = String::from_utf8_lossy(&card[..8]).trim_end().to_owned();
            if keyword == "END" {
                return Some((Self { cards }, ((i + 1) * CARD).next_multiple_of(BLOCK)));
            }
            if &card[8..10] == b"= " {
                cards.push((keyword, Value::parse(&String::from_utf8_lossy(&card[10..]))));
            }
        }
        None
    }

    /// A number.
    pub(super) fn number(&self, key: &str) -> Option<f64> {
        match self.value(key)? {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// A whole number that is not negative.
    pub(super) fn count(&self, key: &str) -> Option<usize> {
        let number = self.number(key)?;
        // Above 2^53 a double no longer counts one by one, and no file is that large.
        let counts = number >= 0.0 && number.fract() == 0.0 && number < 9e15;
        counts.then_some(number as usize)
    }

    /// A text, without the spaces that pad it.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        match self.value(key)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether a card says T.
    pub(super) fn is_true(&self, key: &str) -> bool {
        matches!(self.value(key), Some(Value::Flag(true)))
    }

    fn value(&self, key: &str) -> Option<&Value> {
        self.cards.iter().find(|(keyword, _)| keyword == key).map(|(_, value)| value)
    }
}

impl Value {
    fn parse(field: &str) -> Self {
        let field = field.trim_start();
        if let Some(rest) = field.strip_prefix('\'') {
            return Self::quoted(rest);
        }
        let plain = field.split('/').next().unwrap_or("").trim();
        match plain {
            "T" => Value::Flag(true),
            "F" => Value::Flag(false),
            // FORTRAN's doubles have a D for the E.
            _ => match plain.parse().or_else(|_| plain.replace(['D', 'd'], "E").parse()) {
                Ok(number) => Value::Number(number),
                Err(_) => Value::Other,
            },
        }
    }

    /// Up to the closing quote; two quotes in a row stand for one. A quote that never closes ends with the card.
    fn quoted(rest: &str) -> Self {
        let mut text = String::new();
        let mut characters = rest.chars().peekable();
        while let Some(character) = characters.next() {
            if character == '\'' && characters.next_if_eq(&'\'').is_none() {
                break;
            }
            text.push(character);
        }
        Value::Text(text.trim_end().to_owned())
    }
}
