//! The page's style sheet has the colours of the palette, and names each of its own once.

use spectrascape::plot::Theme;

const STYLE: &str = include_str!("../../../www/style.css");
const INDEX: &str = include_str!("../../../www/index.html");

/// The value of a variable in the light or the dark block of the style sheet.
fn variable(name: &str, dark: bool) -> &'static str {
    let (light, night) = STYLE.split_once("prefers-color-scheme: dark").expect("a dark block");
    let block = if dark { night } else { light };
    let start = block.find(&format!("--{name}: ")).unwrap_or_else(|| panic!("--{name} is missing, dark: {dark}"));
    let value = &block[start + name.len() + 4..];
    value[..value.find(';').expect("a semicolon")].trim()
}

#[test]
fn the_style_sheet_has_the_palette_s_colours() {
    for theme in [Theme::LIGHT, Theme::DARK] {
        let shared = [
            ("card", theme.background),
            ("ink", theme.ink),
            ("muted", theme.muted),
            ("accent", theme.decoded),
            ("masked", theme.masked),
        ];
        for (name, color) in shared {
            assert_eq!(variable(name, theme.dark), color.css(), "--{name}, dark: {}", theme.dark);
        }
        let page = variable("page", theme.dark);
        assert!(INDEX.contains(&format!("content=\"{page}\"")), "theme-color {page}");
    }
}

#[test]
fn a_colour_stands_in_a_variable_and_nowhere_else() {
    for (number, line) in STYLE.lines().enumerate() {
        let declares = line.trim_start().starts_with("--");
        let hex = line.match_indices('#').any(|(at, _)| {
            let digits = line[at + 1..].chars().take_while(char::is_ascii_hexdigit).count();
            let ends = line[at + 1..].chars().nth(digits).is_none_or(|next| !next.is_alphanumeric() && next != '-');
            [3, 4, 6, 8].contains(&digits) && ends
        });
        let is_mask = line.contains("mask-image");
        assert!(declares || is_mask || !hex, "line {}: {line}", number + 1);
    }
}
