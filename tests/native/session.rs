//! The engine without a browser: commands in, events out.

use std::cell::Cell;

use spectrascape::engine::Session;
use spectrascape::protocol::{Command, Event, Response, TrainingState};
use spectrascape::spectrum::PIXELS;
use spectrascape::vae::VaeConfig;
use spectrascape::vae::inference::device;
use spectrascape::vae::training::{Step, Trainer};
use spectrascape::vae::weights::{self, Precision};

use crate::vae::{random_set, small_config};

const REQUEST: u32 = 7;

/// A clock that ticks a millisecond a look.
fn clock() -> impl Fn() -> f64 {
    let ticks = Cell::new(0.0);
    move || {
        ticks.set(ticks.get() + 1.0);
        ticks.get()
    }
}

fn model_bytes(config: &VaeConfig) -> Vec<u8> {
    let mut trainer = Trainer::new("shipped", config, random_set(40), &device()).unwrap();
    while trainer.step().unwrap() != Step::Finished {}
    weights::to_bytes(&trainer.best(), Precision::F32)
}

/// A session with a model of three latents open.
fn session() -> Session {
    let mut session = Session::new();
    let event = session.open_model("shipped.safetensors", &model_bytes(&small_config()));
    assert!(matches!(event, Event::ModelOpened { card } if card.name == "shipped"));
    session
}

/// Works until there is nothing to do.
fn work(session: &mut Session) -> Vec<Response> {
    let clock = clock();
    let mut responses = Vec::new();
    while session.is_running() {
        responses.extend(session.advance(&clock));
    }
    assert!(responses.iter().all(|response| response.id == REQUEST));
    responses
}

fn decoded(session: &mut Session, latent: &[f32]) -> Vec<f32> {
    match session.answer(Command::Decode { latent: latent.to_vec() }) {
        Event::Decoded { latent: asked, flux } if asked == latent => flux,
        other => panic!("{other:?}"),
    }
}

fn sentence(event: Event) -> String {
    match event {
        Event::Failed { message } => message,
        other => panic!("no failure: {other:?}"),
    }
}

fn state(event: &Event) -> TrainingState {
    match event {
        Event::Training { state } => *state,
        other => panic!("no state: {other:?}"),
    }
}

#[test]
fn nothing_works_before_a_model_is_open_and_all_say_so() {
    let mut session = Session::new();
    let latent = vec![0.0; 3];
    assert!(sentence(session.answer(Command::Decode { latent })).contains("No model"));
    assert!(sentence(session.answer(Command::TrainPause)).contains("Nothing is being trained"));
    assert!(!session.is_running());
}

#[test]
fn decoding_and_encoding_answer_with_what_was_asked() {
    let mut session = session();
    assert_eq!(decoded(&mut session, &[0.1, 0.2, 0.3]).len(), PIXELS);
    let set = random_set(1);
    let (flux, ivar) = (set.rows(0, 1).0, vec![100.0; PIXELS]);
    let Event::Encoded(encoding) = session.answer(Command::Encode { flux, ivar }) else { panic!("not encoded") };
    assert_eq!((encoding.mean.len(), encoding.log_var.len()), (3, 3));
    assert_eq!(encoding.reconstruction, decoded(&mut session, &encoding.mean));
    assert!(encoding.chi2.is_finite() && encoding.chi2 > 0.0);
}

#[test]
fn wrong_sizes_and_wrong_files_are_refused_and_lose_nothing() {
    let mut session = session();
    let before = decoded(&mut session, &[0.1, 0.2, 0.3]);
    assert!(sentence(session.answer(Command::Decode { latent: vec![0.0; 2] })).contains('3'));
    assert!(sentence(session.answer(Command::Decode { latent: vec![f32::NAN; 3] })).contains('3'));
    let (flux, ivar) = (vec![1.0; 10], vec![1.0; 10]);
    assert!(sentence(session.answer(Command::Encode { flux, ivar })).contains("1000"));
    let (name, bytes) = ("cat.jpg".to_owned(), b"not a spectrum".to_vec());
    assert!(sentence(session.answer(Command::EncodeFile { name, bytes, redshift: None })).contains("cat.jpg"));
    assert!(sentence(session.open_model("broken.safetensors", b"broken")).contains("broken.safetensors"));
    assert_eq!(decoded(&mut session, &[0.1, 0.2, 0.3]), before);
}

#[test]
fn training_runs_to_its_end_and_shows_the_latents_after_every_epoch() {
    let mut session = session();
    let shipped = decoded(&mut session, &[0.1, 0.2, 0.3]);
    assert_eq!(state(&session.loading(REQUEST)), TrainingState::Loading);
    assert_eq!(decoded(&mut session, &[0.1, 0.2, 0.3]), shipped, "while loading, the shipped model decodes");
    let config = VaeConfig { seed: 5, ..small_config() };
    let started = session.start_training(REQUEST, &config, random_set(300));
    assert_eq!(state(&started[0].event), TrainingState::Running);
    assert_ne!(decoded(&mut session, &[0.1, 0.2, 0.3]), shipped, "then, the one in training");
    let responses = work(&mut session);
    let epochs = responses.iter().filter_map(|response| match &response.event {
        Event::Epoch { report, latents, ms_per_step, .. } => Some((report.epoch, latents.len(), *ms_per_step)),
        _ => None,
    });
    let epochs: Vec<_> = epochs.collect();
    assert_eq!(epochs, [(1, 900, 1.0), (2, 900, 1.0), (3, 900, 1.0)]);
    assert_eq!(state(&responses.last().unwrap().event), TrainingState::Finished);

    // What is shown last is what the model that decodes from then on makes of the set.
    let Event::Epoch { latents, .. } = &responses[responses.len() - 2].event else { panic!("no epoch") };
    let (flux, ivar) = (random_set(300).rows(299, 300).0, vec![1.0; PIXELS]);
    let Event::Encoded(encoding) = session.answer(Command::Encode { flux, ivar }) else { panic!("not encoded") };
    assert!(encoding.mean.iter().zip(&latents[897..]).all(|(a, b)| (a - b).abs() < 1e-4));

    assert_eq!(state(&session.answer(Command::TrainStop)), TrainingState::Idle);
    assert_eq!(decoded(&mut session, &[0.1, 0.2, 0.3]), shipped);
}

#[test]
fn training_pauses_steps_an_epoch_and_goes_on() {
    let mut session = session();
    session.loading(REQUEST);
    session.start_training(REQUEST, &small_config(), random_set(64));
    let clock = clock();
    assert!(session.advance(&clock).is_empty());
    assert_eq!(state(&session.answer(Command::TrainPause)), TrainingState::Paused);
    assert!(!session.is_running() && session.advance(&clock).is_empty() && session.progress().is_none());

    assert_eq!(state(&session.answer(Command::TrainStep)), TrainingState::Running);
    assert!(matches!(session.progress().unwrap().event, Event::Progress { done: 1, total: 3, .. }));
    let responses = work(&mut session);
    assert!(matches!(&responses[0].event, Event::Epoch { report, .. } if report.epoch == 1));
    assert_eq!((responses.len(), state(&responses[1].event)), (2, TrainingState::Paused));

    assert_eq!(state(&session.answer(Command::TrainResume)), TrainingState::Running);
    let responses = work(&mut session);
    assert_eq!(responses.len(), 3);
    assert_eq!(state(&responses[2].event), TrainingState::Finished);
    assert_eq!(state(&session.answer(Command::TrainResume)), TrainingState::Finished);
}

#[test]
fn a_pause_while_loading_holds_and_a_stop_while_loading_ends_it() {
    let mut session = session();
    session.loading(REQUEST);
    assert_eq!(state(&session.answer(Command::TrainPause)), TrainingState::Paused);
    let started = session.start_training(REQUEST, &small_config(), random_set(64));
    assert_eq!(state(&started[0].event), TrainingState::Paused);
    assert!(!session.is_running());

    session.loading(REQUEST + 1);
    assert!(session.awaits_set(REQUEST + 1) && !session.awaits_set(REQUEST));
    session.answer(Command::TrainStop);
    assert!(!session.awaits_set(REQUEST + 1));
    assert!(session.start_training(REQUEST + 1, &small_config(), random_set(64)).is_empty());
    assert!(!session.is_running());
}

#[test]
fn training_that_cannot_start_says_why_and_ends() {
    let mut session = session();
    session.loading(REQUEST);
    let responses = session.start_training(REQUEST, &small_config(), random_set(1));
    assert!(sentence(responses[0].event.clone()).contains("too few"));
    assert_eq!(state(&responses[1].event), TrainingState::Idle);
    assert_eq!(decoded(&mut session, &[0.1, 0.2, 0.3]).len(), PIXELS);
}
