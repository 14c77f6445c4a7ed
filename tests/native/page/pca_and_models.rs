//! PCA beside the model, places drawn at random, and changing the model while the page is open.

use spectrascape::formats::set::{LatentSet, Manifest};
use spectrascape::numerics::pca::Pca;
use spectrascape::page::view::draws::draw_counts;
use spectrascape::page::{AppState, DRAWN, DrawnFrom, Sample};
use spectrascape::preprocess::{Normalization, Recipe};
use spectrascape::protocol::{ExploreCommand, ExploreEvent};

use crate::page::fixture::{COUNT, DIMS, PIXELS, answer, card, fails, fetch, id_of, latents, loaded, names, opened};

/// Spectra that are sums of three shapes, row by row.
fn flux(count: usize) -> Vec<f32> {
    let shape = |pixel: usize, k: usize| ((pixel as f32 + 1.0) * (k as f32 + 1.0) / 211.0).sin();
    let amount = |row: usize, k: usize| ((row * (k + 3) * 7919 % 101) as f32 / 50.0 - 1.0) / (1 << k) as f32;
    let value = |row: usize, pixel: usize| 3.0 + (0..3).map(|k| amount(row, k) * shape(pixel, k)).sum::<f32>();
    (0..count * PIXELS).map(|at| value(at / PIXELS, at % PIXELS)).collect()
}

fn sample() -> Sample {
    Sample::new(flux(40), vec![4.0; 40 * PIXELS], Pca::fit(&flux(40), PIXELS, 10)).expect("forty spectra")
}

fn decoded_many(state: &mut AppState, make: impl Fn(&[f32]) -> Vec<f32>) {
    let requests = state.take_outbox();
    let id = id_of(&requests, |command| matches!(command, ExploreCommand::DecodeMany { .. }));
    let asked = requests.into_iter().find(|request| request.id == id).map(|request| request.command);
    let Some(ExploreCommand::DecodeMany { latents }) = asked else { panic!("just found") };
    answer(state, id, ExploreEvent::DecodedMany { flux: make(&latents) });
}

#[test]
fn pixels_and_components_that_do_not_belong_together_are_no_sample() {
    let pca = Pca::fit(&flux(40), PIXELS, 3);
    assert_eq!(Sample::new(flux(40), vec![1.0; 40 * PIXELS], pca.clone()).map(|sample| sample.len()), Some(40));
    assert!(Sample::new(flux(2), vec![1.0; PIXELS], pca.clone()).is_none(), "too few weights");
    let narrow = Pca { mean: vec![0.0; 10], ..pca };
    assert!(Sample::new(flux(40), vec![1.0; 40 * PIXELS], narrow).is_none(), "other pixels");
}

#[test]
fn the_explorer_fits_the_components() {
    let mut state = opened("");
    state.take_outbox();
    state.open_pca();
    state.on_sample_fetched(flux(40), vec![4.0; 40 * PIXELS]);
    assert!(!state.sample_wanted() && state.pca().sample().is_none(), "it is on its way");
    let requests = state.take_outbox();
    let id = id_of(&requests, |command| matches!(command, ExploreCommand::FitPca { components: 10, .. }));
    let Pca { mean, components, eigenvalues } = Pca::fit(&flux(40), PIXELS, 10);
    answer(&mut state, id, ExploreEvent::PcaFitted { mean, components, eigenvalues });
    assert_eq!(state.pca().sample().map(|sample| sample.as_ref()), Some(&sample()));
    assert_eq!(names(&state.take_outbox()), ["DecodeMany"], "the model is compared with it");
}

#[test]
fn a_fit_that_fails_or_dies_can_be_asked_for_again() {
    for dies in [false, true] {
        let mut state = opened("");
        state.take_outbox();
        state.open_pca();
        state.on_sample_fetched(flux(40), vec![4.0; 40 * PIXELS]);
        let id = id_of(&state.take_outbox(), |command| matches!(command, ExploreCommand::FitPca { .. }));
        match dies {
            true => state.explorer_died("Gone.".to_owned()),
            false => fails(&mut state, id),
        }
        assert_eq!((state.pca().wanted(), state.errors().len()), (false, 1));
        state.open_pca();
        assert!(state.sample_wanted());
        state.on_sample_fetched(flux(40), vec![4.0; 40 * PIXELS]);
        assert_eq!(state.pca().wanted(), !dies, "without the explorer it says so");
    }
}

#[test]
fn three_shapes_take_three_components() {
    let sample = sample();
    let row = &flux(40)[5 * PIXELS..6 * PIXELS];
    let worst = |components: usize| {
        let made = sample.reconstruct(row, components);
        row.iter().zip(&made).map(|(a, b)| (a - b).abs()).fold(0.0f32, f32::max)
    };
    assert!(worst(3) < 1e-3 && worst(1) > 1e-2, "{} with three, {} with one", worst(3), worst(1));
    // With a standard error of 0.5 everywhere, chi2 is four times the mean square of the miss.
    let made = sample.reconstruct(row, 1);
    let square = row.iter().zip(&made).map(|(a, b)| (a - b).powi(2)).sum::<f32>() / PIXELS as f32;
    assert!((sample.chi2(1)[5] - 4.0 * square).abs() < 1e-4);
}

#[test]
fn what_no_spectrum_is_like_is_far_from_the_sample() {
    let sample = sample();
    let row = &sample.flux[3 * PIXELS..4 * PIXELS];
    assert!(sample.distance(row) < 1e-2, "{}", sample.distance(row));
    let mut spiked = row.to_vec();
    spiked[500] += 10.0;
    // One pixel of a thousand is off by ten: a root mean square of 10 / sqrt(1000).
    assert!((sample.distance(&spiked) - 0.316).abs() < 0.01, "{}", sample.distance(&spiked));
}

#[test]
fn the_tab_sets_the_model_beside_as_many_components() {
    let mut state = opened("");
    state.take_outbox();
    assert!(!state.sample_wanted());
    state.open_pca();
    assert!(state.sample_wanted());
    state.on_sample_loaded(sample());
    assert!(!state.sample_wanted());
    let truth = flux(40);
    decoded_many(&mut state, |latents| {
        assert_eq!(latents.len(), 40 * DIMS);
        // The first 30 spectra a little off, the others by far.
        truth.iter().enumerate().map(|(at, x)| x + if at < 30 * PIXELS { 1e-7 } else { 1.0 }).collect()
    });
    let scores = state.pca().scores().cloned().expect("compared");
    assert_eq!((scores.latents, scores.spectra), (DIMS, 40));
    assert!(scores.won <= 30, "{scores:?}");
    state.set_components(99);
    assert_eq!(state.pca().components(), 10);
    fetch(&mut state, 0);
    state.select_row(0);
    let (made, chi2) = state.reconstructed_by_pca().expect("a reconstruction");
    assert_eq!(made.len(), PIXELS);
    assert!(chi2.is_some());
}

#[test]
fn draws_are_of_the_prior_and_of_the_models_own_gaussian() {
    let mut state = opened("");
    state.take_outbox();
    state.draw_latents();
    decoded_many(&mut state, |latents| {
        let flux = sample().flux[..PIXELS].to_vec();
        let spoilt = |at: usize| if at < 10 { vec![-5.0; PIXELS] } else { flux.clone() };
        (0..latents.len() / DIMS).flat_map(spoilt).collect()
    });
    assert_eq!((state.draws().rounds(), state.draws().shown()), (1, "vae6"));
    let of = |state: &AppState, model: &str, from| state.draws().of(model, from).expect("drawn").clone();
    let (first, fitted) = (of(&state, "vae6", DrawnFrom::Prior), of(&state, "vae6", DrawnFrom::Fitted));
    assert_eq!((first.alike(), first.negative(), fitted.negative()), (None, 10, 0));
    state.on_sample_loaded(sample());
    let alike = |from| of(&state, "vae6", from).alike();
    assert_eq!(DrawnFrom::ALL.map(alike), [Some(DRAWN - 10), Some(DRAWN)]);
    let rows = draw_counts(state.draws());
    assert_eq!(
        (rows.len(), rows[0].alike.clone(), rows[0].negative.clone()),
        (1, ["54", "64"].map(str::to_owned), ["10", "0"].map(str::to_owned))
    );
    let all: Vec<f32> = first.latents.concat();
    let mean = all.iter().sum::<f32>() / all.len() as f32;
    let variance = all.iter().map(|x| (x - mean).powi(2)).sum::<f32>() / all.len() as f32;
    assert!(mean.abs() < 0.15 && (variance - 1.0).abs() < 0.2, "mean {mean}, variance {variance}");

    state.take_outbox();
    switch(&mut state, "ae6", latents());
    state.take_outbox();
    state.draw_latents();
    decoded_many(&mut state, |latents| vec![1.0; latents.len() / DIMS * PIXELS]);
    assert_eq!(of(&state, "ae6", DrawnFrom::Prior).latents, first.latents, "the same numbers for another model");
    state.draw_latents();
    decoded_many(&mut state, |latents| vec![1.0; latents.len() / DIMS * PIXELS]);
    assert_ne!(of(&state, "ae6", DrawnFrom::Prior).latents, first.latents, "others when asked again");
    assert_eq!(state.draws().newest().len(), 4);
}

fn switch(state: &mut AppState, name: &str, latents: LatentSet) {
    state.choose_model(name);
    assert_eq!(state.wanted_model(), Some(name));
    state.model_chosen(name.to_owned(), format!("http://localhost/models/{name}.safetensors"), latents);
    let requests = state.take_outbox();
    assert!(!state.has_model(name), "not before the engine has opened it");
    assert!(!names(&requests).contains(&"Decode".to_owned()), "nothing is asked of it before it is open");
    let id = id_of(
        &requests,
        |command| matches!(command, ExploreCommand::OpenModel { url, .. } if url.ends_with(&format!("{name}.safetensors"))),
    );
    let dims = state.embedding().expect("a cloud").dims;
    let card = spectrascape::vae::model_card::ModelCard { name: name.to_owned(), ..card(dims) };
    answer(state, id, ExploreEvent::ModelOpened { card, head: None });
    assert!(state.has_model(name));
}

#[test]
fn another_model_opens_in_the_open_page() {
    let mut state = opened("");
    state.select_row(9);
    state.take_outbox();
    let two = LatentSet {
        dims: 2,
        mean: latents().mean.chunks(DIMS).flat_map(|row| [row[0], row[1]]).collect(),
        log_var: vec![-2.0; 2 * COUNT],
        umap: None,
        ..latents()
    };
    switch(&mut state, "vae2", two);
    assert_eq!(*state.latent(), latents().mean[9 * DIMS..9 * DIMS + 2], "the selected spectrum's place there");
    assert_eq!(names(&state.take_outbox()).first().map(String::as_str), Some("Decode"));
    assert!(state.permalink().to_string().contains("model=vae2"));
    assert_eq!(state.whose_latents(), "of vae2");
    state.choose_model("vae2");
    assert_eq!(state.wanted_model(), None, "it is open already");
}

#[test]
fn a_model_of_another_set_is_refused_and_the_one_in_use_stays() {
    let mut state = opened("");
    state.take_outbox();
    state.choose_model("other");
    let short = LatentSet { mean: vec![0.0; DIMS], class: vec![0], umap: None, ..latents() };
    state.model_chosen("other".to_owned(), "http://localhost/other.safetensors".to_owned(), short);
    assert_eq!(state.errors().len(), 1);
    assert!(state.has_model("vae6") && state.take_outbox().is_empty());
    state.choose_model("gone");
    state.model_failed("gone", "gone could not be loaded.".to_owned());
    assert!(state.has_model("vae6") && state.errors().len() == 2);
}

#[test]
fn only_the_model_wanted_last_is_opened() {
    let mut state = opened("");
    state.take_outbox();
    state.choose_model("ae6");
    state.choose_model("vae2");
    state.model_chosen("ae6".to_owned(), "http://localhost/ae6.safetensors".to_owned(), latents());
    assert!(state.take_outbox().is_empty(), "ae6 is not wanted any longer");
    assert_eq!(state.wanted_model(), Some("vae2"));
}

/// A model of another recipe than the set's is refused in a sentence, whichever of the two comes first, and nothing is asked of it.
#[test]
fn a_model_of_another_recipe_is_refused() {
    let total = Recipe { normalization: Normalization::Total, ..Recipe::standard() };
    let other = || spectrascape::vae::model_card::ModelCard { recipe: total, ..card(DIMS) };
    let refused = |state: &mut AppState| {
        let sentence = state.errors().last().expect("a sentence").clone();
        assert!(sentence.contains("total normalisation") && sentence.contains("rms normalisation"), "{sentence}");
        assert!(sentence.starts_with("The model `") && sentence.ends_with('.'), "{sentence}");
        assert!(!state.has_model("vae6") && state.card().is_none());
        let asked = state.take_outbox();
        assert!(names(&asked).iter().all(|name| name == "OpenModel"), "{:?}", names(&asked));
    };
    let mut state = loaded("");
    answer(&mut state, 0, ExploreEvent::Ready { engine: "CPU".to_owned() });
    let id = id_of(&state.take_outbox(), |command| matches!(command, ExploreCommand::OpenModel { .. }));
    answer(&mut state, id, ExploreEvent::ModelOpened { card: other(), head: None });
    refused(&mut state);

    let mut state = opened("");
    assert!(state.has_model("vae6") && state.errors().is_empty());
    state.take_outbox();
    state.on_manifest_loaded(Manifest { recipe: total, ..Manifest::clone(state.manifest().unwrap()) });
    refused(&mut state);
}
