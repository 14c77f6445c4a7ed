//! Objects on the sky: name, position, links, pictures, the map, and finding a spectrum.

use spectrascape::page::view::coloring::Coloring;
use spectrascape::page::view::facts::facts_of;
use spectrascape::page::view::object::{object_of, warnings, with_error};
use spectrascape::page::view::own_points::own_points;
use spectrascape::page::view::own_table::{Against, OwnTable};
use spectrascape::page::view::scatter_layers::{OwnPoint, Plane, markers};
use spectrascape::page::view::sky_links::{PictureHost, links};
use spectrascape::page::{AppState, AxisChoice, Columns, Source};
use spectrascape::plot::Theme;
use spectrascape::protocol::{ExploreCommand, ExploreEvent};
use spectrascape::spectrum::{SkyPosition, SourceId};

use crate::page::fixture::*;

fn selected(state: &AppState) -> Option<Source> {
    state.selection().map(|selection| selection.source)
}

fn finds(state: &mut AppState, text: &str) -> String {
    state.find_object(text, 5.0);
    state.found().expect("it was searched").sentence.clone()
}

#[test]
fn an_object_says_its_name_position_and_what_its_survey_knows() {
    let mut state = opened_on_sky("");
    state.select_row(1);
    let object = object_of(&state).expect("it is selected");
    assert_eq!(object.id, "266-51602-2");
    let position = object.position.expect("it has a position");
    assert_eq!(
        (position.degrees.as_str(), position.copied.as_str()),
        ("150.100000 +2.000000", "10:00:24.00 +02:00:00.0")
    );
    assert_eq!(position.shown, "10h 00m 24.00s, +02° 00′ 00.0″");
    assert_eq!(
        object.facts,
        [("Redshift", "0.00050 ± 0.00012".to_owned()), ("Warnings on the redshift", "none".to_owned())]
    );
    let (host, address) = object.picture.expect("there is a place to look at");
    assert_eq!(host, PictureHost::SkyServer);
    assert!(
        address.starts_with("https://skyserver.sdss.org/") && address.contains("ra=150.100000&dec=2.000000"),
        "{address}"
    );

    state.select_row(COUNT - 1);
    let object = object_of(&state).expect("it is selected");
    assert_eq!(
        (object.id.as_str(), object.picture.map(|picture| picture.0)),
        ("desi:39627835576420141", Some(PictureHost::Cds))
    );
    assert!(object.links.iter().any(|link| link.href.ends_with("targetid39627835576420141")));
    state.select_row(7);
    let object = object_of(&state).expect("it has a name");
    assert_eq!((object.position, object.picture), (None, None), "row 7 has no position");
}

#[test]
fn a_subclass_is_named() {
    let (mut manifest, mut catalogue) = (manifest_on_sky(), catalogue_on_sky());
    manifest.subclass_names = vec!["STARBURST".to_owned()];
    catalogue.push_integers("subclass", (0..COUNT).map(|row| if row == 1 { 0 } else { -1 }).collect());
    let mut state = opened_on_sky("");
    state.on_manifest_loaded(manifest);
    state.on_catalogue_loaded(catalogue);
    let mut named = |row: usize| {
        state.select_row(row);
        let facts = object_of(&state).expect("it is selected").facts;
        facts.into_iter().find(|fact| fact.0.starts_with("Subclass")).map(|fact| fact.1)
    };
    assert_eq!((named(1).as_deref(), named(2)), (Some("STARBURST"), None));
}

#[test]
fn simulated_spectra_are_of_no_object_and_embeds_show_no_picture() {
    let mut state = opened("");
    state.select_row(1);
    assert_eq!(object_of(&state), None);
    let mut state = opened_on_sky("embed=1");
    state.select_row(1);
    assert_eq!(object_of(&state).expect("it has a name").picture, None);
}

#[test]
fn links_go_by_the_identifier_where_the_archive_knows_it() {
    let there = SkyPosition::new(188.73625, -12.5).expect("it is on the sky");
    let found = |id, position| links(id, position).into_iter().map(|link| link.href).collect::<Vec<_>>();
    let all = found(SourceId::sdss(266, 51602, 1), Some(there));
    assert_eq!(all.len(), 4);
    assert_eq!(all[0], "https://skyserver.sdss.org/dr18/VisualTools/explore/summary?plate=266&mjd=51602&fiber=1");
    assert_eq!(all[1], "https://www.legacysurvey.org/viewer?ra=188.736250&dec=-12.500000&zoom=16");
    assert!(
        all[2].starts_with("https://simbad.cds.unistra.fr/simbad/sim-coo?Coord=188.736250d-12.500000d&"),
        "{}",
        all[2]
    );
    assert!(all[3].contains("coordinates=188.736250d%20-12.500000d&radius=0.1"), "{}", all[3]);
    let north = SkyPosition::new(1.0, 2.0).expect("it is on the sky");
    let desi = found(SourceId::desi(5), Some(north));
    assert!(desi[0].ends_with("summary?ra=1.000000&dec=2.000000"), "{}", desi[0]);
    assert_eq!(desi[1], "https://www.legacysurvey.org/viewer/desi-spectrum/dr1/targetid5");
    assert!(desi[3].contains("Coord=1.000000d%2B2.000000d"), "{}", desi[3]);
    assert_eq!(found(SourceId::NONE, None), Vec::<String>::new());
    assert_eq!(found(SourceId::lamost(3), None), Vec::<String>::new());
}

#[test]
fn errors_have_two_digits_and_warnings_words() {
    assert_eq!(
        (with_error(0.123456, 0.000012), with_error(-0.0008, 0.0013)),
        ("0.123456 ± 0.000012".into(), "−0.0008 ± 0.0013".to_owned())
    );
    assert_eq!((warnings(0).as_str(), warnings(4).as_str()), ("none", "another redshift fits nearly as well"));
    assert_eq!(warnings(1 | 1 << 20), "sky fibre, bit 20");
}

#[test]
fn pictures_are_fetched_from_servers_that_the_reader_agrees_to() {
    let mut state = opened_on_sky("");
    assert!(!state.pictures().may_fetch(PictureHost::SkyServer));
    state.agree_to_pictures(PictureHost::SkyServer);
    assert!(state.pictures().may_fetch(PictureHost::SkyServer) && !state.pictures().may_fetch(PictureHost::Cds));
    let kept = state.pictures().to_text();
    state.picture_failed("https://x".to_owned());
    assert!(state.pictures().has_failed("https://x"));
    state.withdraw_pictures();
    assert!(!state.pictures().may_fetch(PictureHost::SkyServer) && state.pictures().to_text().is_empty());
    state.remember_pictures(&format!("{kept},evil.example"));
    assert_eq!(state.pictures().to_text(), "skyserver.sdss.org");
    // The page's policy names the servers, and no others.
    let page = std::fs::read_to_string("www/index.html").expect("the page is there");
    let policy = page.split("img-src").nth(1).and_then(|rest| rest.split(';').next()).expect("it has a policy");
    let named: Vec<&str> = policy.split_whitespace().filter_map(|word| word.strip_prefix("https://")).collect();
    assert_eq!(named, PictureHost::ALL.map(PictureHost::name));
}

#[test]
fn a_spectrum_is_found_by_any_name_and_by_its_position() {
    let mut state = opened_on_sky("");
    assert_eq!(finds(&mut state, "spec-0266-51602-0004.fits"), "266-51602-4 is selected.");
    assert_eq!(selected(&state), Some(Source::Row(3)));
    finds(&mut state, "39627835576420141");
    assert_eq!(selected(&state), Some(Source::Row(COUNT - 1)));
    assert_eq!(finds(&mut state, "150.1 2.0005"), "266-51602-2 is selected, 1.8″ from that position.");
    assert_eq!(selected(&state), Some(Source::Row(1)));
    assert!(finds(&mut state, "J100024.0+020000").starts_with("266-51602-2 is selected"));
    let far = finds(&mut state, "10:00:24.0 +02:01:00");
    assert_eq!(far, "No spectrum lies within 5.0″ of that position: the nearest, 266-51602-2, is 60.0″ away.");
    assert!(!state.found().expect("it was searched").found);
    state.find_object("10:00:24.0 +02:01:00", 61.0);
    assert!(state.found().expect("it was searched").found);
    assert_eq!(finds(&mut state, "1-2-3"), "The set has no spectrum 1-2-3.");
    assert!(finds(&mut state, "M31").contains("neither a name"));
    assert!(finds(&mut state, " ").starts_with("Type"));

    let mut plain = opened("");
    assert_eq!(finds(&mut plain, "266 51602 5"), "266-51602-5 is selected.");
    assert!(finds(&mut plain, "150.1 2.0").starts_with("This set says no positions"));
}

#[test]
fn links_select_spectra_of_any_survey() {
    let state = opened_on_sky("sel=desi:39627835576420141");
    assert_eq!(selected(&state), Some(Source::Row(COUNT - 1)));
    assert!(state.permalink().to_string().contains("&sel=desi:39627835576420141"));
    assert_eq!(selected(&opened_on_sky("sel=266-51602-3")), Some(Source::Row(2)), "old links keep working");
}

#[test]
fn a_map_of_the_sky_takes_both_axes_and_gives_them_back() {
    let mut state = opened_on_sky("axes=2,3");
    state.set_axis(false, AxisChoice::Sky);
    assert!(state.permalink().to_string().contains("&axes=sky&"));
    assert_eq!(state.axis_titles(), ("right ascension".to_owned(), "declination".to_owned()));
    state.set_axis(true, AxisChoice::Vae(5));
    assert_eq!(state.link().axes, (AxisChoice::Vae(2), AxisChoice::Vae(5)));

    let state = opened_on_sky("axes=sky");
    assert_eq!(state.errors(), Vec::<String>::new());
    let (cloud, catalogue) = (state.embedding().expect("it is there").clone(), catalogue_on_sky());
    let columns =
        Columns::along(&cloud, state.link().axes.clone(), Some(&catalogue), None).expect("there are positions");
    let map = columns.sky.expect("it is a map");
    let place = map.project(catalogue.position(1).expect("it has one"));
    assert!((f64::from(columns.x[1]) - place.0).abs() < 1e-4 && (f64::from(columns.y[1]) - place.1).abs() < 1e-4);
    assert!(columns.x[7].is_nan());

    let plain = opened("axes=sky");
    assert_eq!(plain.link().axes, (AxisChoice::Vae(1), AxisChoice::Vae(2)));
    assert!(plain.errors()[0].contains("no positions"), "{:?}", plain.errors());
}

/// A page whose set has positions, and whose engine is there.
fn ready_on_sky(link: &str) -> AppState {
    let mut state = opened_on_sky(link);
    answer(&mut state, 0, ExploreEvent::Ready { engine: "CPU".to_owned() });
    let id = id_of(&state.take_outbox(), |command| matches!(command, ExploreCommand::OpenModel { .. }));
    answer(&mut state, id, ExploreEvent::ModelOpened { card: card(DIMS), head: None });
    state.stop_trials(true);
    state
}

/// Opens a file whose header has this position.
fn with_own(state: &mut AppState, name: &str, at: Option<SkyPosition>) {
    state.take_outbox();
    state.add_file(name.to_owned(), name.as_bytes().to_vec());
    let id = id_of(&state.take_outbox(), |command| matches!(command, ExploreCommand::EncodeFile { .. }));
    let ExploreEvent::FileEncoded { mut object, .. } = file_encoded(name, 0.1, &[0.5; DIMS]) else { unreachable!() };
    (object.position, object.redshift_error) = (at, Some(0.0003));
    let mut event = file_encoded(name, 0.1, &[0.5; DIMS]);
    if let ExploreEvent::FileEncoded { object: own, spectrum_id, .. } = &mut event {
        (*own, *spectrum_id) = (object, SourceId::desi(77));
    }
    answer(state, id, event);
}

#[test]
fn own_spectra_lie_on_the_sky_where_their_files_say() {
    let mut state = ready_on_sky("axes=sky");
    let there = SkyPosition::new(151.5, 3.25).expect("it is on the sky");
    with_own(&mut state, "nowhere.fits", None);
    with_own(&mut state, "there.fits", Some(there));
    let (cloud, catalogue) = (state.embedding().expect("it is there").clone(), catalogue_on_sky());
    let columns =
        |axes: (AxisChoice, AxisChoice)| Columns::along(&cloud, axes, Some(&catalogue), None).expect("they are there");
    let sky = columns(state.link().axes.clone());
    let plane = Plane::of(&state, &sky, None).expect("it is of this embedding");
    let place = sky.sky.expect("it is a map").project(there);
    let place = (place.0 as f32, place.1 as f32);
    let points = |plane: &Plane<'_>| -> Vec<OwnPoint> {
        let rows = OwnTable::default().rows(state.files(), Against { cloud: Some(&cloud), ..Against::default() });
        let coloring = Coloring::new(&cloud, None, None, "class", None);
        own_points(state.files(), &rows.0, plane, &coloring, None, &Theme::LIGHT)
    };
    let places = |plane: &Plane<'_>| points(plane).iter().map(|point| point.at).collect::<Vec<_>>();
    assert_eq!(places(&plane), [None, Some(place)]);
    let drawn: Vec<_> = markers(&state, &plane, &points(&plane))
        .iter()
        .map(|marker| (marker.x, marker.y, marker.label.clone()))
        .collect();
    assert_eq!(drawn, [(place.0, place.1, state.files()[1].title())]);
    // Along latents both are shown.
    let latents = columns((AxisChoice::Latent(1), AxisChoice::Latent(2)));
    let plane = Plane::of(&state, &latents, None).expect("it is of this embedding");
    assert_eq!(places(&plane), [Some((0.5, 0.5)); 2]);

    let object = object_of(&state).expect("it has a position");
    assert_eq!(object.id, "desi:77");
    assert_eq!(object.position.expect("it has one").degrees, "151.500000 +3.250000");
    assert!(object.picture.is_some() && object.links.iter().any(|link| link.label == "SIMBAD"));
}

#[test]
fn a_redshift_is_said_once() {
    let said = |state: &AppState| {
        let card = object_of(state).map(|object| object.facts).unwrap_or_default();
        let facts = facts_of(state).into_iter().map(|fact| (fact.0, fact.1));
        let all = card.into_iter().map(|(name, value)| (name.to_owned(), value)).chain(facts);
        all.filter(|fact| fact.0.starts_with("Redshift")).collect::<Vec<_>>()
    };
    let mut state = ready_on_sky("");
    state.select_row(1);
    assert_eq!(said(&state), [("Redshift".to_owned(), "0.00050 ± 0.00012".to_owned())]);
    with_own(&mut state, "a.fits", SkyPosition::new(1.0, 2.0));
    assert_eq!(said(&state), [("Redshift".to_owned(), "0.1000 ± 0.0003, from the file".to_owned())]);
    let named = |name: &str| facts_of(&state).iter().any(|fact| fact.0 == name);
    assert!(!named("Identifier") && !named("Right ascension, declination"), "the card says them");
    let mut plain = opened("");
    plain.select_row(1);
    assert_eq!(said(&plain).len(), 1, "a set without errors says it among the facts");
}
