//! Noise on the selected spectrum, figure 17, and how uncertain a place is: nothing is asked twice, nothing stale is shown.

use spectrascape::formats::set::LatentSet;
use spectrascape::page::{AppState, Source};
use spectrascape::protocol::{ExploreCommand, ExploreEvent, Progress, Request, TrainingState};
use spectrascape::vae::config::VaeConfig;

use crate::page::fixture::*;

/// A page with a selected spectrum whose pixels are there and whose uncertainty is known.
fn page() -> AppState {
    let mut state = opened("");
    state.select_row(5);
    fetch(&mut state, 5);
    state.take_outbox();
    state
}

/// Latents of a file without log variances.
fn without_log_variances() -> LatentSet {
    LatentSet { log_var: Vec::new(), ..latents() }
}

#[test]
fn a_click_asks_for_nothing_that_was_downloaded() {
    let mut state = opened("");
    decode(&mut state);
    state.select_row(5);
    let requests = state.take_outbox();
    assert_eq!(names(&requests), ["Decode", "Band"], "what no file says");
    let latent = state.latent.clone();
    let asked_of = |command: &ExploreCommand| matches!(command, ExploreCommand::Band { latent: at, log_var } if *at == latent && *log_var == [-2.0; DIMS]);
    let band = id_of(&requests, asked_of);
    assert_eq!(state.selection.as_ref().unwrap().log_var, Some(vec![-2.0; DIMS]));
    fetch(&mut state, 5);
    assert!(asked(&mut state).is_empty(), "its pixels are drawn as they are");
    answer(&mut state, band, ExploreEvent::Band { latent: latent.clone(), sigma: vec![0.1; PIXELS] });
    decode(&mut state);
    assert!(state.shown_band().is_some());
    // Back again: the decoded spectrum and the band belong to the sliders, which have moved meanwhile.
    state.select_row(6);
    fetch(&mut state, 6);
    decode(&mut state);
    state.select_row(5);
    assert_eq!(asked(&mut state), ["Decode", "Band"]);
}

#[test]
fn a_spectrum_of_ones_own_brings_its_uncertainty() {
    let mut state = opened("");
    decode(&mut state);
    state.add_file("a.fits".to_owned(), vec![1]);
    let id = id_of(&state.take_outbox(), |command| matches!(command, ExploreCommand::EncodeFile { .. }));
    answer(&mut state, id, file_encoded("a.fits", 0.1, &[0.25; DIMS]));
    assert_eq!(asked(&mut state), ["Decode", "Band"]);
    assert_eq!(state.selection.as_ref().unwrap().log_var, Some(vec![-3.0; DIMS]));
}

fn degraded(snr: f32, mean: &[f32]) -> ExploreEvent {
    ExploreEvent::Degraded { snr, flux: vec![snr; PIXELS], ivar: vec![1.0; PIXELS], encoding: encoding(mean) }
}

/// The one draw of noise in the outbox: its id, level and seed.
fn draw(state: &mut AppState) -> (u32, f32, u64) {
    let requests = state.take_outbox();
    let id = id_of(&requests, |command| matches!(command, ExploreCommand::Degrade { .. }));
    match requests.iter().find(|request| request.id == id) {
        Some(Request { command: ExploreCommand::Degrade { snr, seed, .. }, .. }) => (id, *snr, *seed),
        _ => unreachable!(),
    }
}

#[test]
fn one_draw_at_a_time_and_then_the_newest_level() {
    let mut state = page();
    for snr in [50.0, 20.0, 10.0, f32::NAN] {
        state.add_noise(snr);
    }
    let (id, snr, seed) = draw(&mut state);
    assert_eq!((snr, seed), (50.0, 1));
    answer(&mut state, id, degraded(50.0, &[0.1; DIMS]));
    assert_eq!(state.latent, [0.1; DIMS], "the sliders are where it lands");
    assert_eq!(state.shown_pixels().map(|pixels| pixels.flux[0]), Some(50.0));
    let (id, snr, seed) = draw(&mut state);
    assert_eq!((snr, seed), (10.0, 2));
    fails(&mut state, id);
    assert!(!asked(&mut state).contains(&"Degrade".to_owned()), "nothing newer was wanted");
    state.add_noise(5.0);
    let (_, snr, seed) = draw(&mut state);
    assert_eq!((snr, seed, state.errors.len()), (5.0, 3, 1));
    let noise = state.noise.as_ref().unwrap();
    assert_eq!((noise.trail.len(), noise.snr), (1, 5.0));
}

#[test]
fn a_failed_draw_lets_the_level_wanted_meanwhile_through() {
    let mut state = page();
    state.add_noise(50.0);
    state.add_noise(20.0);
    let (id, ..) = draw(&mut state);
    fails(&mut state, id);
    assert_eq!(draw(&mut state).1, 20.0);
}

#[test]
fn the_trail_keeps_the_newest_draws_and_goes_with_the_selection() {
    let mut state = page();
    for number in 0..75 {
        state.add_noise(10.0);
        let (id, ..) = draw(&mut state);
        answer(&mut state, id, degraded(10.0, &[number as f32; DIMS]));
    }
    let trail = &state.noise.as_ref().unwrap().trail;
    assert_eq!((trail.len(), trail[0].mean[0], trail[59].mean[0]), (60, 15.0, 74.0));
    state.return_to_selection();
    assert!(state.noise.is_none() && !state.moved());

    state.add_noise(10.0);
    let (stale, ..) = draw(&mut state);
    state.select_row(5);
    state.add_noise(7.0);
    let (id, ..) = draw(&mut state);
    answer(&mut state, stale, degraded(10.0, &[9.0; DIMS]));
    assert!(state.noise.as_ref().unwrap().trail.is_empty(), "a draw from before the spectrum was selected again");
    state.add_noise(6.0);
    assert!(!asked(&mut state).contains(&"Degrade".to_owned()), "one is under way");
    answer(&mut state, id, degraded(7.0, &[1.0; DIMS]));
    assert_eq!(state.noise.as_ref().unwrap().trail.len(), 1);
    state.explorer_died("Gone.".to_owned());
    assert_eq!(state.noise.as_ref().unwrap().trail.len(), 1, "what was drawn stays");
}

#[test]
fn noise_wanted_before_the_pixels_or_the_model_is_drawn_when_they_come() {
    let mut state = opened("");
    state.select_row(5);
    state.add_noise(9.0);
    assert!(!asked(&mut state).contains(&"Degrade".to_owned()));
    fetch(&mut state, 5);
    assert_eq!(draw(&mut state).1, 9.0);
    // While a training has not ended an epoch, the shipped model is asked.
    let mut state = page();
    state.train_start("http://localhost/data/toy/".to_owned(), VaeConfig::paper(DIMS));
    training(&mut state, 0, TrainingState::Running);
    state.take_outbox();
    state.add_noise(9.0);
    assert_eq!(draw(&mut state).1, 9.0);
}

#[test]
fn figure_17_is_of_the_selected_spectrum_only() {
    let mut state = page();
    let curve = |command: &ExploreCommand| matches!(command, ExploreCommand::NoiseCurve { .. });
    let came =
        || ExploreEvent::NoiseCurve { snr: vec![9.0], variance_ratio: vec![2.0; DIMS], bias_ratio: vec![0.0; DIMS] };
    let progress =
        ExploreEvent::Progress(Progress { what: "Noise".to_owned(), done: 1, total: 2, unit: "levels".to_owned() });
    state.ask_noise_curve();
    state.ask_noise_curve();
    let id = id_of(&state.take_outbox(), curve);
    answer(&mut state, id, progress);
    assert!(state.noise_curve_under_way() && state.progress.is_some());
    state.select_row(6);
    assert!(!state.noise_curve_under_way() && state.progress.is_none());
    assert!(asked(&mut state).contains(&"Cancel".to_owned()));
    answer(&mut state, id, came());
    assert!(state.noise.is_none());

    fetch(&mut state, 6);
    state.ask_noise_curve();
    let id = id_of(&state.take_outbox(), curve);
    fails(&mut state, id);
    assert!(!state.noise_curve_under_way() && state.errors.len() == 1);
    state.ask_noise_curve();
    let id = id_of(&state.take_outbox(), curve);
    answer(&mut state, id, came());
    let ratios = state.noise.as_ref().and_then(|noise| noise.curve.clone()).unwrap();
    assert_eq!((ratios.snr.len(), ratios.variance_ratio.len()), (1, DIMS));
    state.pin();
    assert!(state.pins[0].observed, "no noise is on screen");
}

#[test]
fn uncertainty_is_asked_once_and_the_band_is_of_its_place() {
    let mut state = opened_with("", without_log_variances());
    state.select_row(5);
    assert!(!asked(&mut state).contains(&"Encode".to_owned()), "its pixels are not there");
    fetch(&mut state, 5);
    let encode = |command: &ExploreCommand| matches!(command, ExploreCommand::Encode { .. });
    let id = id_of(&state.take_outbox(), encode);
    state.select_row(6);
    state.select_row(5);
    assert!(!asked(&mut state).contains(&"Encode".to_owned()), "it is under way");
    let place = state.latent.clone();
    answer(&mut state, id, ExploreEvent::Encoded(encoding(&place)));
    assert_eq!(state.selection.as_ref().unwrap().log_var, Some(vec![-3.0; DIMS]));
    let requests = state.take_outbox();
    let band = id_of(&requests, |command| matches!(command, ExploreCommand::Band { latent, .. } if *latent == place));
    answer(&mut state, band, ExploreEvent::Band { latent: place.clone(), sigma: vec![0.1; PIXELS] });
    assert!(state.shown_band().is_none(), "its place is not decoded yet");
    decode(&mut state);
    decode(&mut state);
    assert!(state.shown_band().is_some());
    state.set_latent(0, 3.0);
    decode(&mut state);
    assert!(state.shown_band().is_none(), "it is not this place's");
    state.return_to_selection();
    decode(&mut state);
    assert!(state.shown_band().is_some());

    state.select_row(6);
    fetch(&mut state, 6);
    let id = id_of(&state.take_outbox(), encode);
    state.select_row(7);
    answer(&mut state, id, ExploreEvent::Encoded(encoding(&place)));
    assert_eq!(state.selection.as_ref().unwrap().log_var, None, "of a spectrum not selected any longer");
    assert_eq!(state.selection.as_ref().unwrap().source, Source::Row(7));
}

/// Answers the newest decode, whichever it is.
fn decode(state: &mut AppState) {
    let place = state.latent.clone();
    // Requests count up by one; the one under way is among the last.
    for id in 1..200 {
        answer(state, id, ExploreEvent::Decoded { latent: place.clone(), flux: vec![1.0; PIXELS] });
    }
    state.take_outbox();
}

#[test]
fn what_the_model_before_says_of_a_spectrum_is_not_taken_for_the_new_ones() {
    let mut state = opened_with("", without_log_variances());
    state.select_row(5);
    fetch(&mut state, 5);
    let encode = |command: &ExploreCommand| matches!(command, ExploreCommand::Encode { .. });
    let stale = id_of(&state.take_outbox(), encode);
    state.train_start("http://localhost/data/toy/".to_owned(), VaeConfig::paper(2));
    state.take_outbox();
    epoch(&mut state, 0, 1, vec![0.5; COUNT * 2]);
    let id = id_of(&state.take_outbox(), encode);
    answer(&mut state, stale, ExploreEvent::Encoded(encoding(&[0.0; DIMS])));
    assert_eq!(state.selection.as_ref().unwrap().log_var, None);
    fails(&mut state, stale);
    assert!(state.errors.is_empty(), "nobody waits for it");
    answer(&mut state, id, ExploreEvent::Encoded(encoding(&[0.0; 2])));
    assert_eq!(state.selection.as_ref().unwrap().log_var, Some(vec![-3.0; 2]));
    epoch(&mut state, 0, 2, vec![0.25; COUNT * 2]);
    assert_eq!(state.selection.as_ref().unwrap().log_var, None);
}

#[test]
fn a_training_started_anew_shows_the_shipped_model_until_its_first_epoch() {
    let mut state = opened("");
    state.train_start("http://localhost/data/toy/".to_owned(), VaeConfig::paper(2));
    let first = started(&mut state);
    training(&mut state, first, TrainingState::Running);
    epoch(&mut state, first, 1, vec![0.5; COUNT * 2]);
    assert_eq!(state.latent.len(), 2);
    state.train_start("http://localhost/data/toy/".to_owned(), VaeConfig::paper(3));
    assert_eq!((state.latent.len(), state.cloud.as_ref().unwrap().dims), (DIMS, DIMS));
    epoch(&mut state, first, 2, vec![0.5; COUNT * 2]);
    training(&mut state, first, TrainingState::Finished);
    assert_eq!(state.training.history.len(), 0, "the training before is over");
    assert_eq!(state.training.state, Some(TrainingState::Loading));
}
