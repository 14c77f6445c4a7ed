//! What the page knows changes only as it should: one decode at a time, stale answers dropped, nothing lost.

use spectrascape::formats::set::{Catalogue, ColumnInfo, EncodingMethod, Grid, LatentSet, Manifest};
use spectrascape::page::{AppState, AxisChoice, Engine, Permalink, Source};
use spectrascape::protocol::{ExploreCommand, ExploreEvent, Request, Response};
use spectrascape::spectrum::{Class, ObjectFacts, SourceId};
use spectrascape::vae::config::VaeConfig;
use spectrascape::vae::encoding::Encoding;
use spectrascape::vae::model_card::ModelCard;
use spectrascape::vae::posterior::Posterior;

const COUNT: usize = 5;

fn latents() -> LatentSet {
    LatentSet {
        dims: 2,
        mean: vec![0.0, 0.0, 1.0, 0.5, 2.0, -0.5, 3.0, 1.0, 4.0, -1.0],
        log_var: vec![-2.0; COUNT * 2],
        class: vec![0, 1, 1, 1, 3],
        umap: None,
        chi2: None,
        model: "vae2".to_owned(),
        set: "toy".to_owned(),
        encoding: EncodingMethod::Plain,
    }
}

fn catalogue() -> Catalogue {
    let mut catalogue = Catalogue::default();
    catalogue.push_integers("plate", vec![266; COUNT]);
    catalogue.push_integers("mjd", vec![51602; COUNT]);
    catalogue.push_integers("fiber", (1..=COUNT as i32).collect());
    catalogue.push_floats("redshift", vec![0.1; COUNT]);
    catalogue
}

fn manifest() -> Manifest {
    Manifest {
        format: 1,
        name: "toy".to_owned(),
        title: "Toy".to_owned(),
        simulated: true,
        license: "CC0-1.0".to_owned(),
        provenance: String::new(),
        seed: Some(1),
        grid: Grid::PAPER,
        recipe: spectrascape::preprocess::Recipe::standard(),
        count: COUNT,
        split_seed: 1,
        class_names: Manifest::class_names(),
        survey_names: Vec::new(),
        subclass_names: Vec::new(),
        columns: vec![ColumnInfo::new(&catalogue(), "redshift", "Redshift", "")],
        mean_spectrum: "mean.safetensors".to_owned(),
        catalogue: "catalogue.safetensors".to_owned(),
        shards: Vec::new(),
    }
}

fn card() -> ModelCard {
    ModelCard {
        format: 1,
        name: "vae2".to_owned(),
        config: VaeConfig::paper(2),
        training_set: "toy".to_owned(),
        training_set_sha256: String::new(),
        recipe: spectrascape::preprocess::Recipe::standard(),
        simulated: true,
        epoch: 1,
        history: Vec::new(),
        grid: (3.53, 0.00039, 1000),
        head_scale: Vec::new(),
        trained_on: String::new(),
    }
}

fn encoding(mean: [f32; 2]) -> Encoding {
    Encoding {
        posterior: Posterior { mean: mean.to_vec(), log_var: vec![-3.0; 2] },
        reconstruction: vec![1.0; 1000],
        chi2: 1.0,
        scale: 1.0,
        method: EncodingMethod::Plain,
    }
}

/// A page whose set, model and engine are there; what it has asked so far is taken away.
fn opened(link: &str) -> AppState {
    let (link, problems) = Permalink::parse(link);
    let mut state = AppState::open(link, problems);
    state.reopen_model("http://localhost/models/vae2.safetensors".to_owned());
    state.on_manifest_loaded(manifest());
    state.on_latents_loaded(latents());
    state.on_catalogue_loaded(catalogue());
    state.apply(Response { id: 0, event: ExploreEvent::Ready { engine: "CPU".to_owned() } });
    let asked = state.take_outbox();
    assert!(matches!(&asked[..], [Request { command: ExploreCommand::OpenModel { .. }, .. }]), "{asked:?}");
    state.apply(Response { id: asked[0].id, event: ExploreEvent::ModelOpened { card: card(), head: None } });
    state
}

/// The one decode in the outbox: its id and its place.
fn decode(state: &mut AppState) -> (u32, Vec<f32>) {
    let mut requests = state.take_outbox();
    // How uncertain it is, is asked beside it.
    requests.retain(|request| !matches!(request.command, ExploreCommand::Band { .. }));
    match &requests[..] {
        [Request { id, command: ExploreCommand::Decode { latent } }] => (*id, latent.clone()),
        other => panic!("expected one decode, found {other:?}"),
    }
}

fn decoded(state: &mut AppState, id: u32, latent: &[f32], level: f32) {
    let event = ExploreEvent::Decoded { latent: latent.to_vec(), flux: vec![level; 1000] };
    state.apply(Response { id, event });
}

fn level(state: &AppState) -> Option<f32> {
    state.decoded().map(|decoded| decoded.flux[0])
}

#[test]
fn nothing_is_asked_before_the_worker_listens() {
    let mut state = AppState::open(Permalink::default(), Vec::new());
    state.on_latents_loaded(latents());
    state.set_latent(0, 1.0);
    state.add_file("a.fits".to_owned(), vec![1, 2, 3]);
    assert!(state.take_outbox().is_empty());
}

#[test]
fn a_page_opens_on_the_most_typical_emission_line_galaxy() {
    let mut state = opened("");
    assert_eq!(state.selection().map(|s| s.source), Some(Source::Row(1)));
    assert_eq!(state.selected_id(), Some(SourceId::sdss(266, 51602, 2)));
    assert_eq!(state.selected_class(), Some(Class::EmissionLine));
    assert_eq!(decode(&mut state).1, [1.0, 0.5]);
}

#[test]
fn one_decode_at_a_time_and_then_the_newest_place() {
    let mut state = opened("");
    let (first, place) = decode(&mut state);
    for value in [0.1, 0.2, 0.3] {
        state.set_latent(0, value);
    }
    assert!(state.take_outbox().is_empty(), "one is under way");
    decoded(&mut state, first, &place, 1.0);
    assert_eq!(level(&state), Some(1.0));
    let (second, place) = decode(&mut state);
    assert_eq!(place, [0.3, 0.5]);
    decoded(&mut state, first, &[9.0, 9.0], 9.0);
    assert_eq!(level(&state), Some(1.0), "an answer that nobody waits for is dropped");
    decoded(&mut state, second, &place, 2.0);
    assert_eq!(level(&state), Some(2.0));
    assert!(state.take_outbox().is_empty());
}

#[test]
fn a_failed_decode_does_not_block_the_next() {
    let mut state = opened("");
    let (id, _) = decode(&mut state);
    state.apply(Response { id, event: ExploreEvent::Failed { message: "No.".to_owned() } });
    assert_eq!(state.errors(), ["No."]);
    state.set_latent(0, 2.0);
    assert_eq!(decode(&mut state).1, [2.0, 0.5]);
}

#[test]
fn pixels_of_a_spectrum_that_is_no_longer_selected_are_dropped() {
    let mut state = opened("");
    state.select_row(2);
    state.select_row(3);
    state.on_pixels_loaded(2, vec![1.0; 1000], vec![1.0; 1000]);
    assert_eq!(state.wanted_row(), Some(3));
    state.on_pixels_loaded(3, vec![1.0; 1000], vec![4.0; 1000]);
    assert_eq!(state.wanted_row(), None);
}

#[test]
fn chi2_is_of_what_is_on_screen() {
    let mut state = opened("");
    let (id, place) = decode(&mut state);
    state.on_pixels_loaded(1, vec![1.5; 1000], vec![4.0; 1000]);
    decoded(&mut state, id, &place, 1.0);
    assert_eq!(state.chi2(), Some(1.0));
}

#[test]
fn a_link_restores_its_place_and_selection() {
    let mut state = opened("#z=0.25,-0.75&sel=266-51602-5&axes=l1,l2&color=redshift");
    assert_eq!(state.selection().map(|s| s.source), Some(Source::Row(4)));
    assert_eq!(decode(&mut state).1, [0.25, -0.75]);
    assert!(state.errors().is_empty() && state.moved());
    assert_eq!(
        state.permalink().to_string(),
        "v=1&data=simulated&model=vae6&z=0.25,-0.75&axes=l1,l2&color=redshift&sel=266-51602-5&view=explore"
    );
}

#[test]
fn a_link_that_does_not_fit_the_set_is_reported_and_dropped() {
    let state = opened("#z=1,2,3&axes=1,6&color=nothing&sel=1-2-3");
    assert_eq!(state.errors().len(), 4, "{:?}", state.errors());
    assert_eq!(state.link().color, "class");
    assert_eq!(state.link().axes, (AxisChoice::Vae(1), AxisChoice::Vae(2)));
    assert_eq!(state.permalink().selected, None);
    assert_eq!(state.latent().len(), 2);
}

#[test]
fn files_are_encoded_in_turn_and_selected() {
    let mut state = opened("");
    state.take_outbox();
    state.add_file("a.fits".to_owned(), vec![1]);
    state.add_file("b.fits".to_owned(), vec![2]);
    let mut asked = state.take_outbox();
    asked.retain(|request| matches!(request.command, ExploreCommand::EncodeFile { .. }));
    assert_eq!((asked.len(), state.files_waiting()), (2, 2));
    state.apply(Response { id: asked[0].id, event: ExploreEvent::Failed { message: "a.fits is not one.".to_owned() } });
    let id = SourceId::sdss(685, 52203, 467);
    let event = ExploreEvent::FileEncoded {
        name: "b.fits".to_owned(),
        spectrum_id: id,
        object: ObjectFacts::default(),
        file_redshift: Some(0.041),
        redshift: 0.041,
        redshift_from: "the file".to_owned(),
        median_snr: 14.0,
        notes: Vec::new(),
        class: Class::Quiescent,
        flux: vec![1.0; 1000],
        ivar: vec![1.0; 1000],
        encoding: encoding([0.5, 0.25]),
    };
    state.apply(Response { id: asked[1].id, event });
    assert_eq!((state.files_waiting(), state.files().len(), state.errors().len()), (0, 1, 1));
    assert_eq!(state.selected_id(), Some(id));
    assert_eq!(state.latent(), [0.5, 0.25]);
    assert_eq!(state.permalink().selected, None, "a file of the user's is in no set");
}

#[test]
fn a_dead_worker_is_said_once_and_the_scatter_stays() {
    let mut state = opened("");
    state.explorer_died("The engine does not run.".to_owned());
    state.explorer_died("The engine does not run.".to_owned());
    assert_eq!(state.errors().len(), 1);
    assert!(matches!(state.engine(), Engine::Dead(_)) && state.embedding().is_some());
    state.add_file("a.fits".to_owned(), vec![1]);
    assert_eq!(state.files_waiting(), 0);
    assert!(state.errors()[1].contains("a.fits"));
}

#[test]
fn the_status_is_ready_once_scatter_and_decoded_spectrum_are_on_screen() {
    let mut state = opened("");
    assert_eq!(state.status(), "loading…");
    state.on_scatter_shown();
    assert_eq!(state.status(), "loading…");
    state.on_decoded_shown();
    assert_eq!(state.status(), "ready");
}
