//! The citation file that archives and GitHub read, against the package.

use spectrascape::export::CITATION_BIBTEX;

#[test]
fn the_citation_is_of_this_version() {
    let citation = include_str!("../../../CITATION.cff");
    let value =
        |key: &str| citation.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(": ")).unwrap_or_default();
    assert_eq!(value("version"), env!("CARGO_PKG_VERSION"), "set `version` and `date-released` of CITATION.cff");
    assert_eq!(value("license"), env!("CARGO_PKG_LICENSE"));
    let date: Vec<&str> = value("date-released").trim_matches('"').split('-').collect();
    assert!(date.len() == 3 && date.iter().all(|part| part.parse::<u32>().is_ok()), "{date:?}");
    // The papers that the page asks to cite are among the references.
    let (_, rest) = CITATION_BIBTEX.split_once("doi ").unwrap_or_default();
    let doi = rest.split(['{', '}']).nth(1).unwrap_or_default();
    assert!(!doi.is_empty() && citation.contains(&format!("doi: {doi}")), "{doi}");
}
