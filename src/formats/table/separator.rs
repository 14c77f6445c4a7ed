//! Separators of fields, and numbers as people write them.

/// The separator of fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Separator {
    /// The character; blanks of any number where it is `None`.
    character: Option<char>,
    /// Whether numbers have a decimal comma, as spreadsheets of many European languages write them.
    decimal_comma: bool,
}

impl Separator {
    /// Blanks of any number.
    pub(super) const BLANKS: Self = Self { character: None, decimal_comma: false };
    const COMMAS: Self = Self { character: Some(','), decimal_comma: false };

    /// Every separator, in the order in which they are tried.
    const ALL: [Self; 7] = [
        Self { character: Some(';'), decimal_comma: true },
        Self::COMMAS,
        Self { character: Some('\t'), decimal_comma: false },
        Self { character: Some('\t'), decimal_comma: true },
        Self { character: Some('|'), decimal_comma: false },
        Self::BLANKS,
        Self { character: None, decimal_comma: true },
    ];

    /// Returns the separator of a line: the first under which all its fields are numbers, else that of its punctuation.
    pub(super) fn of(line: &str) -> Self {
        let numbers = |separator: &&Self| {
            let occurs = separator.character.is_none_or(|character| line.contains(character));
            occurs && is_numbers(&separator.split(line))
        };
        if let Some(separator) = Self::ALL.iter().find(numbers) {
            return *separator;
        }
        let unquoted: String = line.split('"').step_by(2).collect();
        let there = |separator: &&Self| separator.character.is_some_and(|character| unquoted.contains(character));
        Self::ALL.iter().find(there).copied().unwrap_or(Self::BLANKS)
    }

    /// Splits a line into fields, trimmed and unquoted.
    pub(super) fn split(self, line: &str) -> Vec<String> {
        let is_separator = |c: char| self.character.map_or(c.is_whitespace(), |character| c == character);
        let mut fields = vec![String::new()];
        let mut quoted = false;
        // Blanks separate fields only after a field has begun; empty quotes are a field, too.
        let mut begun = false;
        // A tab at an end is an empty field, unless blanks separate.
        let line = if self.character == Some('\t') { line.trim_matches([' ', '\r', '\n']) } else { line.trim() };
        for c in line.chars() {
            if c == '"' {
                quoted = !quoted;
                begun = true;
            } else if !quoted && is_separator(c) {
                if begun || self.character.is_some() {
                    fields.push(String::new());
                }
                begun = false;
            } else {
                fields.last_mut().expect("there is always a field").push(c);
                begun = true;
            }
        }
        fields.into_iter().map(|field| self.clean(field.trim())).collect()
    }

    /// Writes a decimal comma as a point.
    fn clean(self, field: &str) -> String {
        if self.decimal_comma && !field.contains('.') && field.matches(',').count() == 1 {
            let with_point = field.replace(',', ".");
            if parse_number(&with_point).is_some() {
                return with_point;
            }
        }
        field.to_owned()
    }
}

/// Splits a line of names or units into `width` fields, in whichever way gives so many: as the rows are split; by commas; by blanks outside
/// brackets, a bracket belonging to the name before it; by two or more blanks. Returns `None` where none does.
pub(super) fn split_names(line: &str, separator: Separator, width: usize) -> Option<Vec<String>> {
    let wide: Vec<String> = line
        .trim()
        .replace('\t', "  ")
        .split("  ")
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .collect();
    let ways = [separator.split(line), Separator::COMMAS.split(line), with_brackets(line), wide];
    ways.into_iter().find(|fields| fields.len() == width)
}

/// Splits at blanks outside brackets; a field that begins with a bracket belongs to the one before it.
fn with_brackets(line: &str) -> Vec<String> {
    let mut fields: Vec<String> = Vec::new();
    let (mut depth, mut blank) = (0usize, true);
    for c in line.trim().chars() {
        if depth == 0 && c.is_whitespace() {
            blank = true;
            continue;
        }
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let joins = matches!(c, '(' | '[') && depth == 1 && !fields.is_empty();
        if blank && !joins {
            fields.push(String::new());
        } else if blank {
            fields.last_mut().expect("a bracket joins a field").push(' ');
        }
        blank = false;
        if let Some(field) = fields.last_mut() {
            field.push(c);
        }
    }
    fields
}

/// Returns whether fields are two or more numbers, the first two of which are there.
pub(super) fn is_numbers(fields: &[String]) -> bool {
    fields.len() >= 2
        && fields.iter().take(2).any(|field| parse_number(field).is_some_and(f64::is_finite))
        && fields.iter().all(|field| field.is_empty() || parse_number(field).is_some() || is_truth(field))
}

/// Returns whether a field is a truth value.
fn is_truth(field: &str) -> bool {
    ["true", "false", "t", "f"].iter().any(|word| field.eq_ignore_ascii_case(word))
}

/// Parses a number; NaN for the usual marks of a missing one, `None` for any other text.
pub(super) fn parse_number(field: &str) -> Option<f64> {
    let missing = ["nan", "null", "none", "--", "-", "n/a", "na", "masked", "...", "nodata", "<na>", "\"\""];
    if missing.iter().any(|text| field.eq_ignore_ascii_case(text)) {
        return Some(f64::NAN);
    }
    if let Ok(number) = field.parse::<f64>() {
        return Some(number);
    }
    // Fortran writes double precision as 1.0D-17.
    field.contains(['d', 'D']).then(|| field.replace(['d', 'D'], "e").parse().ok())?
}
