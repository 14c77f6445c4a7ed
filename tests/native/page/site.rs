//! Which set and model a page opens, how a reader chooses another, and what another site needs first.

use spectrascape::formats::set::Library;
use spectrascape::page::view::choosers::{Choice, models, sets};
use spectrascape::page::{AppState, Named, Permalink, SetAddress, allowed_origins};
use spectrascape::protocol::{ExploreCommand, ExploreEvent, Response};

use super::fixture::{latents, manifest};
use crate::formats::library::library;

const POLICY: &str = "default-src 'none'; img-src 'self'; connect-src 'self' https://data.example.org http://127.0.0.1:8765; \
     worker-src 'self'";

fn at(link: &str) -> AppState {
    let (parsed, problems) = Permalink::parse(link);
    let mut state = AppState::open(parsed, problems);
    state.open_site(Named::parse(link), &allowed_origins(POLICY));
    state
}

fn opened(link: &str, library: Library) -> AppState {
    let mut state = at(link);
    state.on_library_loaded(library);
    state
}

fn open(state: &AppState) -> (&str, &str) {
    (&state.link().data, &state.link().model)
}

#[test]
fn what_a_link_does_not_name_the_site_chooses() {
    for (link, want) in [
        ("", ("desi", "vae6")),
        ("#v=1&color=class", ("desi", "vae6")),
        ("#v=1&data=sdss", ("sdss", "vae6")),
        ("#v=1&data=sdss&model=vae2", ("sdss", "vae2")),
        ("#v=1&model=vae2", ("sdss", "vae2")),
        ("#v=1&model=vae6", ("desi", "vae6")),
    ] {
        let state = opened(link, library());
        assert_eq!(open(&state), want, "{link}");
        assert_eq!(state.errors(), Vec::<String>::new(), "{link}");
    }
}

#[test]
fn what_the_site_does_not_have_is_named_and_what_comes_first_opens() {
    for (link, want, about) in [
        ("#v=1&data=nowhere", ("desi", "vae6"), "no set “nowhere”: desi was opened"),
        ("#v=1&model=nothing", ("desi", "vae6"), "no model “nothing”: vae6 was opened"),
        ("#v=1&data=desi&model=vae2", ("desi", "vae6"), "vae2 does not go with the set desi"),
    ] {
        let state = opened(link, library());
        assert_eq!(open(&state), want, "{link}");
        assert!(state.errors().len() == 1 && state.errors()[0].contains(about), "{link}: {:?}", state.errors());
    }
}

#[test]
fn a_set_that_fails_gives_way_to_the_first_and_that_to_none() {
    let mut state = opened("#v=1&data=sdss&model=vae2", library());
    assert!(state.on_set_failed("It cannot be had.".to_owned()));
    assert_eq!(open(&state), ("desi", "vae6"));
    assert!(!state.on_set_failed("Nor can this.".to_owned()));
    assert_eq!(state.status(), "not loaded");
    let mut state = at("");
    assert!(!state.on_library_failed("There is no library.".to_owned()));
    assert_eq!(state.status(), "not loaded");
}

#[test]
fn the_choosers_list_what_there_is_to_choose() {
    let state = opened("#v=1&data=sdss", library());
    let names = |choices: Vec<Choice>| choices.into_iter().map(|c| (c.name, c.chosen)).collect::<Vec<_>>();
    assert_eq!(names(sets(&state)), [("sdss".to_owned(), true), ("desi".to_owned(), false)]);
    assert_eq!(names(models(&state)), [("vae2".to_owned(), false), ("vae6".to_owned(), true)]);
    assert_eq!(sets(&state)[0].about, "10 spectra, 1.0 MB");
    // One model is no choice, and before the library is there, nothing is.
    assert_eq!(models(&opened("", library())), []);
    assert_eq!((sets(&at("")), models(&at(""))), (vec![], vec![]));
}

#[test]
fn another_set_is_a_link_with_a_model_of_its_own() {
    let state = opened("#v=1&data=sdss&model=vae2&z=1,2&axes=l1,l2&sel=1-2-3", library());
    assert_eq!(state.link_to_set("desi").to_string(), "v=1&data=desi&model=vae6&axes=1,2&color=class&view=explore");
    let state = opened("#v=1&data=desi", library());
    assert_eq!((state.link_to_set("sdss").data, state.link_to_set("sdss").model), ("sdss".into(), "vae6".into()));
}

#[test]
fn another_model_of_the_set_is_chosen_and_one_of_another_set_is_not() {
    let mut state = opened("#v=1&data=sdss&model=vae2", library());
    state.on_manifest_loaded(manifest());
    state.on_latents_loaded(latents());
    state.choose_model("vae6");
    assert_eq!(state.wanted_model(), Some("vae6"));
    state.model_chosen("vae6".to_owned(), "http://localhost/models/vae6.safetensors".to_owned(), latents());
    assert_eq!(state.permalink().model, "vae6");
    state.choose_model("vae10");
    assert_eq!(state.wanted_model(), None);
    assert!(state.errors()[0].contains("no model vae10 for the set sdss: it has vae2, vae6"), "{:?}", state.errors());
}

#[test]
fn addresses_of_other_sites_are_parsed() {
    let parse = |text: &str| SetAddress::parse(text);
    let of = |site: &str, origin: &str, set: Option<&str>| {
        Ok(SetAddress::Elsewhere { site: site.into(), origin: origin.into(), set: set.map(str::to_owned) })
    };
    assert_eq!(parse("simulated"), Ok(SetAddress::Here("simulated".into())));
    assert_eq!(parse("https://a.org"), of("https://a.org/", "https://a.org", None));
    assert_eq!(parse("https://A.org:8443/~me/map"), of("https://a.org:8443/~me/map/", "https://a.org:8443", None));
    assert_eq!(parse("https://a.org/x/data/desi/"), of("https://a.org/x/", "https://a.org", Some("desi")));
    assert_eq!(
        parse("http://127.0.0.1:8765/data/desi"),
        of("http://127.0.0.1:8765/", "http://127.0.0.1:8765", Some("desi"))
    );
    for text in ["https://a.org/x/data/desi/", "https://a.org/", "simulated"] {
        assert_eq!(parse(text).unwrap().to_string(), text);
    }
    for text in [
        "http://a.org/",
        "ftp://a.org/",
        "javascript://a",
        "https://",
        "https:///x",
        "https://user@a.org/",
        "https://a.org/../x",
        "https://a.org/%2e%2e/",
        "https://a.org/?q",
        "https://a.org/x y",
        "https://a..org/",
        "https://-a.org/",
        "https://a.org:99999/",
        "https://[::1]/",
        "../../secrets",
        "data:text/html,x",
        "//a.org/",
        "https://a.org\\x",
        "https://a.org/\u{7}",
    ] {
        let refused = parse(text).unwrap_err();
        assert!(refused.split(' ').count() > 3 && !refused.ends_with('.'), "{text}: {refused}");
    }
}

#[test]
fn another_site_opens_only_once_the_reader_agrees() {
    let link = "#v=1&data=https://data.example.org/map/data/sdss/&model=vae2";
    let mut state = at(link);
    assert_eq!(
        (state.asked_host(), state.other_site()),
        (Some("data.example.org"), Some("https://data.example.org/map/"))
    );
    state.agree_to_host();
    assert_eq!(state.asked_host(), None);
    state.on_library_loaded(library());
    assert_eq!(open(&state), ("https://data.example.org/map/data/sdss/", "vae2"));
    assert_eq!(state.set_name(), "sdss");
    assert_eq!(state.link_to_set("desi").data, "https://data.example.org/map/data/desi/");
    assert_eq!(state.errors(), Vec::<String>::new());

    // An address without a set opens what that site opens first, and the link then names it.
    let mut state = at("#v=1&data=https://data.example.org/map/");
    state.agree_to_host();
    state.on_library_loaded(library());
    assert_eq!(open(&state), ("https://data.example.org/map/data/desi/", "vae6"));
}

#[test]
fn who_does_not_agree_stays_here() {
    let mut state = at("#v=1&data=https://data.example.org/map/&model=vae2&color=redshift");
    state.stay_here();
    assert_eq!((state.asked_host(), state.other_site()), (None, None));
    state.on_library_loaded(library());
    assert_eq!(open(&state), ("desi", "vae6"));
    assert_eq!(state.errors(), Vec::<String>::new());
}

#[test]
fn a_host_that_the_page_may_not_ask_is_one_sentence() {
    for link in ["#v=1&data=https://other.example/x/", "#v=1&data=https://data.example.org:444/x/"] {
        let mut state = at(link);
        assert_eq!(state.asked_host(), None, "{link}");
        assert!(state.errors().len() == 1 && state.errors()[0].contains("--allow-data-from"), "{:?}", state.errors());
        state.on_library_loaded(library());
        assert_eq!(open(&state), ("desi", "vae6"));
    }
    assert_eq!(allowed_origins("default-src 'none'; connect-src 'self'; img-src https://x.org"), Vec::<String>::new());
}

#[test]
fn another_site_that_fails_gives_way_to_this_one() {
    let mut state = at("#v=1&data=https://data.example.org/map/");
    state.agree_to_host();
    assert!(state.on_library_failed("Its library is hostile.".to_owned()));
    assert_eq!(state.other_site(), None);
    state.on_library_loaded(library());
    assert_eq!(open(&state), ("desi", "vae6"));

    let mut state = at("#v=1&data=https://data.example.org/map/");
    state.agree_to_host();
    state.on_library_loaded(library());
    assert!(state.on_set_failed("Its manifest is damaged.".to_owned()));
    assert!(state.library().is_none() && state.other_site().is_none());
}

#[test]
fn the_explorer_is_told_what_another_sites_model_must_be() {
    let mut state = opened("", library());
    let file = spectrascape::page::ModelAddress {
        url: "https://data.example.org/models/vae6.safetensors".into(),
        sha256: Some("ab".into()),
    };
    state.reopen_model(file);
    state.apply(Response { id: 0, event: ExploreEvent::Ready { engine: "CPU".to_owned() } });
    let asked = state.take_outbox();
    assert!(
        matches!(&asked[0].command, ExploreCommand::OpenModel { sha256: Some(sha256), .. } if sha256 == "ab"),
        "{asked:?}"
    );
}
