//! Tests what the page says first.

use spectrascape::page::AppState;
use spectrascape::page::view::header::tagline;
use spectrascape::page::view::training::engine_text;

use crate::page::fixture::{loaded, opened};

#[test]
fn the_header_says_what_to_do_until_something_was_clicked() {
    let mut state = opened("");
    assert_eq!(tagline(&state), "Each point is a galaxy’s spectrum. Click one.");
    state.on_clicked();
    assert_eq!(tagline(&state), "The latent space of galaxy spectra");
}

#[test]
fn the_shell_says_the_same_before_the_page_starts() {
    let html = include_str!("../../../www/index.html");
    let shell = &html[html.find("id=\"shell\"").expect("a shell before the page starts")..];
    assert!(shell.contains(tagline(&AppState::default())));
    assert!(!shell.contains("style="), "the policy lets no style in beside the sheet");
    assert!(!shell.contains("data-testid"), "nothing in it is the page's own");
}

#[test]
fn the_engine_is_named_once_it_works() {
    assert_eq!(engine_text(&loaded("")), "starting the engine…");
    assert_eq!(engine_text(&opened("")), "CPU");
    let mut state = opened("");
    state.explorer_died("No.".to_owned());
    assert_eq!(engine_text(&state), "engine not running");
}
