//! The palette is the only place of colours: style sheet, page and manifest are held against it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use spectrascape::plot::Theme;

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Returns the style sheet without its comments.
fn style() -> String {
    let mut text = read("www/style.css");
    while let Some(from) = text.find("/*") {
        let to = text[from..].find("*/").expect("every comment ends") + from + 2;
        text.replace_range(from..to, "");
    }
    text
}

/// Returns the colours written as `#` (or `%23`, in an address) and hexadecimal digits.
fn hex_colors(text: &str) -> Vec<String> {
    let text = text.replace("%23", "#");
    let mut found = Vec::new();
    for (at, _) in text.match_indices('#') {
        let digits: String = text[at + 1..].chars().take_while(char::is_ascii_hexdigit).collect();
        let ends = !text[at + 1 + digits.len()..].starts_with(|next: char| next.is_alphanumeric() || next == '-');
        if [3, 6, 8].contains(&digits.len()) && ends {
            found.push(format!("#{}", digits.to_lowercase()));
        }
    }
    found
}

/// Returns the colour that a theme gives a custom property.
fn variable(theme: &Theme, name: &str) -> String {
    theme.css_variables().into_iter().find(|(other, _)| *other == name).unwrap_or_else(|| panic!("no {name}")).1.css()
}

/// Returns the declared value of a custom property in a block of the style sheet.
fn declared<'a>(block: &'a str, name: &str) -> &'a str {
    let from = block.find(&format!("{name}:")).unwrap_or_else(|| panic!("{name} is not declared")) + name.len() + 1;
    block[from..].split(';').next().unwrap_or_default().trim()
}

#[test]
fn the_style_sheet_names_only_the_colors_that_show_before_the_page_starts() {
    let css = style();
    let (light, rest) = css.split_once("@media (prefers-color-scheme: dark)").expect("a dark scheme");
    let dark = rest.split("}\n}").next().expect("its block");
    for (block, theme) in [(light, Theme::LIGHT), (dark, Theme::DARK)] {
        for name in ["--page", "--ink"] {
            assert_eq!(declared(block, name), variable(&theme, name), "{name}, dark: {}", theme.dark);
        }
    }
    assert_eq!(hex_colors(&css).len(), 4, "{:?}", hex_colors(&css));
    for function in ["rgb(", "rgba(", "hsl(", "oklch(", "lab("] {
        assert!(!css.contains(function), "{function} names a colour that the palette does not have");
    }
}

#[test]
fn every_custom_property_in_use_is_written_by_the_palette_or_declared() {
    let css = style();
    let written: BTreeSet<&str> = Theme::LIGHT.css_variables().into_iter().map(|(name, _)| name).collect();
    assert_eq!(written, Theme::DARK.css_variables().into_iter().map(|(name, _)| name).collect());
    let uses: BTreeSet<&str> =
        css.match_indices("var(").map(|(at, _)| css[at + 4..].split([')', ',']).next().unwrap_or_default()).collect();
    for name in &uses {
        assert!(written.contains(name) || css.contains(&format!("{name}:")), "{name} has no value");
    }
    for name in &written {
        assert!(uses.contains(name), "{name} is written and nothing uses it");
    }
}

#[test]
fn page_and_manifest_agree_with_the_palette() {
    let html = read("www/index.html");
    let metas: Vec<&str> = html.lines().filter(|line| line.contains("theme-color")).collect();
    assert_eq!(metas.len(), 2);
    for (scheme, theme) in [("light", Theme::LIGHT), ("dark", Theme::DARK)] {
        let meta = metas.iter().find(|meta| meta.contains(scheme)).expect(scheme);
        assert_eq!(hex_colors(meta), [variable(&theme, "--page")]);
    }
    let icon = html.lines().find(|line| line.contains("rel=\"icon\"")).expect("an icon");
    assert_eq!(hex_colors(icon), [variable(&Theme::LIGHT, "--accent"), "#fff".to_owned()]);
    let manifest = hex_colors(&read("www/manifest.webmanifest"));
    assert_eq!(manifest, [variable(&Theme::LIGHT, "--page"), variable(&Theme::LIGHT, "--accent")]);
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => sources(&path, found),
            false if path.extension().is_some_and(|ending| ending == "rs") => found.push(path),
            false => {}
        }
    }
}

#[test]
fn nothing_under_page_names_a_color() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/page"), &mut files);
    assert!(files.len() > 50);
    for path in files {
        let text = std::fs::read_to_string(&path).expect("a source");
        assert!(!text.contains("Rgb("), "{} makes a colour", path.display());
        assert_eq!(hex_colors(&text), Vec::<String>::new(), "{}", path.display());
    }
}
