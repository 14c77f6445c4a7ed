//! Workers that stop or fall silent: when that is noticed, and what the page does then.

use spectrascape::page::heartbeat::{Beat, Heartbeat, INTERVAL};
use spectrascape::page::{AppState, Engine};
use spectrascape::protocol::{ExploreCommand, ExploreEvent, TrainEvent, TrainingState};
use spectrascape::vae::VaeConfig;

use crate::page::fixture::*;

const PATIENCE: f64 = 10.0 * INTERVAL;

/// Looks `count` times, `apart` milliseconds each, and returns the last outcome.
fn looks(heart: &mut Heartbeat, now: &mut f64, count: usize, apart: f64) -> Beat {
    let mut beat = Beat::Wait;
    for _ in 0..count {
        *now += apart;
        beat = heart.look(*now, PATIENCE);
    }
    beat
}

#[test]
fn a_worker_is_asked_and_is_silent_only_after_the_time_that_it_may_take() {
    let (mut heart, mut now) = (Heartbeat::default(), 1e6);
    assert_eq!(looks(&mut heart, &mut now, 1, INTERVAL), Beat::Ask);
    assert_eq!(looks(&mut heart, &mut now, 9, INTERVAL), Beat::Wait);
    heart.on_heard();
    assert_eq!(looks(&mut heart, &mut now, 1, INTERVAL), Beat::Ask, "it answered in time");
    assert_eq!(looks(&mut heart, &mut now, 9, INTERVAL), Beat::Wait);
    assert_eq!(looks(&mut heart, &mut now, 1, INTERVAL), Beat::Silent);
    assert_eq!(looks(&mut heart, &mut now, 50, INTERVAL), Beat::Wait, "that is said once");
}

#[test]
fn slow_timers_of_a_hidden_page_and_a_machine_that_slept_accuse_nobody() {
    let (mut heart, mut now) = (Heartbeat::default(), 0.0);
    looks(&mut heart, &mut now, 1, INTERVAL);
    // Once a minute, and once after a night: each late look counts as one in time.
    assert_eq!(looks(&mut heart, &mut now, 5, 60_000.0), Beat::Wait);
    assert_eq!(looks(&mut heart, &mut now, 1, 3e7), Beat::Wait);
    assert_eq!(looks(&mut heart, &mut now, 3, INTERVAL), Beat::Wait);
    assert_eq!(looks(&mut heart, &mut now, 1, INTERVAL), Beat::Silent);
}

fn ready(state: &mut AppState) {
    answer(state, 0, ExploreEvent::Ready { engine: "CPU".to_owned() });
}

#[test]
fn an_explorer_that_stops_is_started_again_and_opens_the_same_model() {
    let mut state = opened("");
    let before = state.explorer_wanted();
    state.set_latent(0, 1.0);
    state.take_outbox();
    state.explorer_stopped("It stopped.".to_owned());
    assert_eq!(state.explorer_wanted(), before + 1);
    assert_eq!((state.engine(), state.errors().len()), (&Engine::Starting, 1));
    assert!(state.errors()[0].contains("started again"), "{:?}", state.errors());
    state.set_latent(0, 2.0);
    assert!(state.take_outbox().is_empty(), "nothing is sent before it listens");
    ready(&mut state);
    let requests = state.take_outbox();
    let id = id_of(
        &requests,
        |command| matches!(command, ExploreCommand::OpenModel { url, .. } if url.ends_with("vae6.safetensors")),
    );
    answer(&mut state, id, ExploreEvent::ModelOpened { card: card(DIMS), head: None });
    let decodes = |command: &ExploreCommand| matches!(command, ExploreCommand::Decode { latent } if latent[0] == 2.0);
    id_of(&state.take_outbox(), decodes);
}

#[test]
fn an_explorer_that_stops_again_and_again_is_given_up_in_words() {
    let mut state = opened("");
    for _ in 0..2 {
        state.explorer_stopped("It stopped: reload the page.".to_owned());
        ready(&mut state);
    }
    let last = state.explorer_wanted();
    state.explorer_stopped("It stopped: reload the page.".to_owned());
    assert_eq!((state.explorer_wanted(), matches!(state.engine(), Engine::Dead(_))), (last, true));
    assert_eq!(state.errors().last().map(String::as_str), Some("It stopped: reload the page."));
    // One that decodes in between has worked.
    let mut state = opened("");
    for _ in 0..5 {
        state.explorer_stopped("It stopped.".to_owned());
        ready(&mut state);
        answer(&mut state, 0, ExploreEvent::Decoded { latent: vec![0.0; DIMS], flux: vec![1.0; PIXELS] });
    }
    assert!(matches!(state.engine(), Engine::Ready(_)));
}

#[test]
fn an_explorer_started_again_uses_the_model_in_training() {
    let mut state = opened("");
    state.train_start("http://localhost/data/toy/".to_owned(), VaeConfig::paper(2));
    let request = started(&mut state);
    let (config, history) = (VaeConfig::paper(2), Vec::new());
    trainer(&mut state, request, TrainEvent::Begun { run: Some("run-1".to_owned()), config, history, best: 0 });
    training(&mut state, request, TrainingState::Running);
    epoch(&mut state, request, 1, vec![0.5; COUNT * 2]);
    // It stops while it opens the model of the next epoch.
    trainer(&mut state, request, placed(2, vec![0.25; COUNT * 2]));
    let connected = state.workers_to_connect();
    state.explorer_stopped("It stopped.".to_owned());
    ready(&mut state);
    assert_ne!(state.workers_to_connect(), connected, "another channel is wanted");
    let wants = |command: &ExploreCommand| matches!(command, ExploreCommand::UseTrainedModel { training, epoch: 2 } if *training == request);
    let requests = state.take_outbox();
    let id = id_of(&requests, wants);
    assert!(!names(&requests).contains(&"OpenModel".to_owned()), "not the shipped one");
    answer(&mut state, id, ExploreEvent::ModelOpened { card: card(2), head: None });
    assert_eq!(state.training().seen.as_ref().map(|seen| seen.epoch), Some(2));
    assert_eq!(state.embedding().map(|embedding| embedding.dims), Some(2));
}

#[test]
fn an_idle_trainer_that_falls_silent_is_nobodys_concern() {
    let mut state = opened("");
    state.list_runs();
    trainer(&mut state, 0, TrainEvent::Ready { engine: "CPU".to_owned() });
    state.take_trainer_outbox();
    state.trainer_died("The trainer did not answer.".to_owned());
    assert_eq!((state.training().problem.clone(), state.errors().len()), (None, 0));
    // The next act starts another.
    let before = state.trainer_wanted();
    state.list_runs();
    assert_ne!(state.trainer_wanted(), before);
}
