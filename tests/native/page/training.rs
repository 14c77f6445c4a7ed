//! Training as the page sees it: what is shown when, and what becomes of it when a worker dies.

use spectrascape::formats::set::writer::MeanSpectrum;
use spectrascape::page::training_form;
use spectrascape::page::variant_form;
use spectrascape::page::view::training::curves::{curve_text, with_curve};
use spectrascape::page::view::training::reproduced::{Comparison, reproduced};
use spectrascape::page::view::training::storage::{open_text, run_text};
use spectrascape::page::view::training::{newest_text, state_text};
use spectrascape::page::{AppState, AxisChoice, Engine, TrainerKind, View};
use spectrascape::preprocess::{InfillBasis, Normalization, Recipe};
use spectrascape::protocol::{
    ExploreCommand, ExploreEvent, Origin, Progress, Request, SavedRun, TrainCommand, TrainEvent, TrainingState,
    WeightsHash,
};
use spectrascape::spectrum::PIXELS;
use spectrascape::vae::backend::wgsl::Probe;
use spectrascape::vae::model_card::{EpochReport, ModelCard};
use spectrascape::vae::model_file::{ModelFile, Precision};
use spectrascape::vae::objective::LossTerms;
use spectrascape::vae::{VaeConfig, parameters};

use crate::page::fixture::*;

const SET: &str = "http://localhost/data/toy/";

fn running(state: &mut AppState, latents: usize) -> u32 {
    state.train_start(SET.to_owned(), VaeConfig::paper(latents));
    let request = started(state);
    let (config, history) = (VaeConfig::paper(latents), Vec::new());
    trainer(state, request, TrainEvent::Begun { run: Some("run-1".to_owned()), config, history, best: 0 });
    training(state, request, TrainingState::Running);
    request
}

fn saved(state: &mut AppState, request: u32, epochs: usize) {
    trainer(state, request, TrainEvent::Saved { run: "run-1".to_owned(), epochs, bytes: 1000 });
}

/// What a trainer that listens is told.
fn told(state: &mut AppState) -> Vec<Request<TrainCommand>> {
    trainer(state, 0, TrainEvent::Ready { engine: "CPU".to_owned() });
    state.take_trainer_outbox()
}

fn origin(requests: &[Request<TrainCommand>]) -> Origin {
    match &requests.last().expect("something is asked").command {
        TrainCommand::Start(plan) => plan.from.clone(),
        other => panic!("{other:?}"),
    }
}

fn saved_run(run: &str, finished: bool, in_use: bool) -> SavedRun {
    let (run, config, set) = (run.to_owned(), VaeConfig::paper(6), "toy".to_owned());
    SavedRun { run, config, set, epochs: 3, finished, saved_at: 1.0, in_use, paused: false, set_aside: false }
}

fn runs(list: Vec<SavedRun>) -> TrainEvent {
    TrainEvent::Runs { runs: list, run_bytes: 1, shard_bytes: 2, quota: 3 }
}

/// What the lab says beside its buttons.
fn problem(state: &AppState) -> &str {
    state.training().problem.as_deref().expect("a sentence")
}

fn steps_done(state: &mut AppState, request: u32, step: usize, total: f64) {
    let terms = LossTerms { total, ..LossTerms::default() };
    trainer(state, request, TrainEvent::StepsDone { epoch: 1, step, steps: 20, terms, ms_per_step: 1.0 });
}

#[test]
fn nothing_is_sent_before_the_trainer_listens() {
    let mut state = opened("");
    assert_eq!(state.trainer_wanted(), None, "no worker before it is needed");
    state.train_start(SET.to_owned(), VaeConfig::paper(2));
    assert_eq!(state.trainer_wanted(), Some((TrainerKind::Cpu, 1)));
    assert!(state.take_trainer_outbox().is_empty());
    assert_eq!(told(&mut state).len(), 1);
    assert_eq!(state.link().view, View::Train);
}

#[test]
fn an_epoch_is_shown_once_the_explorer_decodes_with_its_model() {
    let mut state = opened("");
    let request = running(&mut state, 2);
    assert_eq!(state.embedding().unwrap().dims, DIMS, "the shipped model until then");
    trainer(&mut state, request, placed(1, vec![0.5; COUNT * 2]));
    assert_eq!(state.embedding().unwrap().dims, DIMS);
    let id = id_of(&state.take_outbox(), |command| matches!(command, ExploreCommand::UseTrainedModel { .. }));
    // Two more come before the explorer is ready: only the newest is handed over.
    trainer(&mut state, request, placed(2, vec![0.25; COUNT * 2]));
    trainer(&mut state, request, placed(3, (0..COUNT * 2).map(|at| at as f32).collect()));
    assert!(asked(&mut state).is_empty());
    answer(&mut state, id, ExploreEvent::ModelOpened { card: card(2), head: None });
    assert_eq!((state.embedding().unwrap().dims, state.whose_latents().as_str()), (2, "of your model, epoch 1"));
    let id = id_of(&state.take_outbox(), |command| matches!(command, ExploreCommand::UseTrainedModel { .. }));
    answer(&mut state, id, ExploreEvent::ModelOpened { card: card(2), head: None });
    assert_eq!(state.training().seen.as_ref().unwrap().epoch, 3);
    assert_eq!(state.permalink().latent, None, "a model of this page's own cannot be linked to");
    assert!(state.permalink().to_string().contains("train=kind:vae,latents:2"), "but its settings can");

    back_to_shipped(&mut state);
    assert_eq!((state.embedding().unwrap().dims, state.whose_latents().as_str()), (DIMS, "of vae6"));
}

#[test]
fn latents_of_another_set_are_refused() {
    let mut state = opened("");
    let request = running(&mut state, 2);
    trainer(&mut state, request, placed(1, vec![0.0; 7]));
    assert_eq!((state.errors().len(), state.embedding().unwrap().dims), (1, DIMS));
}

#[test]
fn what_a_training_before_says_is_dropped() {
    let mut state = opened("");
    let first = running(&mut state, 2);
    let second = running(&mut state, 3);
    assert!(second > first);
    epoch(&mut state, first, 5, vec![0.5; COUNT * 2]);
    assert!(state.training().history.is_empty() && state.embedding().unwrap().dims == DIMS);
    epoch(&mut state, second, 1, vec![0.5; COUNT * 3]);
    assert_eq!((state.training().history.len(), state.training().best, state.latent().len()), (1, Some(1), 3));
}

#[test]
fn a_trainer_that_dies_is_started_again_and_goes_on_from_the_disk() {
    let mut state = opened("");
    let request = running(&mut state, 2);
    epoch(&mut state, request, 1, vec![0.5; COUNT * 2]);
    saved(&mut state, request, 1);
    state.trainer_died("The trainer has stopped.".to_owned());
    assert_eq!(state.trainer_wanted(), Some((TrainerKind::Cpu, 2)), "another worker");
    assert!(problem(&state).contains("after epoch 1"), "{}", problem(&state));
    assert_eq!(origin(&told(&mut state)), Origin::Run { run: "run-1".to_owned() });
    assert_eq!(state.embedding().unwrap().dims, 2, "what is on screen stays");
    // Again and again: at some point it is given up, in words.
    for _ in 0..5 {
        state.trainer_died("The trainer has stopped.".to_owned());
    }
    assert_eq!(state.training().state, Some(TrainingState::Idle));
    assert!(matches!(state.trainer().engine(), Some(Engine::Dead(_))));
}

#[test]
fn an_unsaved_training_ends_with_its_worker() {
    let mut state = opened("");
    state.train_start(SET.to_owned(), VaeConfig::paper(2));
    started(&mut state);
    state.trainer_died("The trainer has stopped.".to_owned());
    assert_eq!((state.training().state, problem(&state)), (Some(TrainingState::Idle), "The trainer has stopped."));
    assert!(matches!(state.engine(), Engine::Ready(_)), "the explorer goes on");
}

#[test]
fn a_lost_gpu_goes_on_on_the_cpu() {
    let mut state = opened("");
    state.use_trainer(TrainerKind::Gpu);
    let request = running(&mut state, 2);
    saved(&mut state, request, 4);
    let (run, message) = (Some("run-1".to_owned()), "The GPU is gone (destroyed).".to_owned());
    trainer(&mut state, request, TrainEvent::DeviceLost { run, message });
    assert_eq!(state.trainer().kind(), TrainerKind::Cpu);
    assert_eq!(origin(&told(&mut state)), Origin::Run { run: "run-1".to_owned() });
    assert!(problem(&state).contains("on the CPU"), "{}", problem(&state));
}

#[test]
fn changing_the_engine_saves_first_and_goes_on() {
    let mut state = opened("");
    let request = running(&mut state, 2);
    saved(&mut state, request, 0);
    state.use_trainer(TrainerKind::Gpu);
    assert_eq!(state.trainer().kind(), TrainerKind::Cpu, "until it is saved");
    assert!(matches!(state.take_trainer_outbox()[0].command, TrainCommand::Pause));
    training(&mut state, request, TrainingState::Paused);
    saved(&mut state, request, 0);
    assert_eq!(state.trainer_wanted(), Some((TrainerKind::Gpu, 2)));
    let requests = told(&mut state);
    let TrainCommand::Start(plan) = &requests[0].command else { panic!("{requests:?}") };
    assert!(!plan.paused && plan.from == Origin::Run { run: "run-1".to_owned() });
}

#[test]
fn a_real_gpu_is_measured_against_the_cpu_once() {
    let mut state = opened("");
    state.on_gpu_probed(Probe { available: true, description: "a GPU".to_owned(), ..Probe::default() });
    state.edit_plan(|plan| *plan = VaeConfig::paper(2));
    state.train(SET.to_owned());
    assert!(matches!(told(&mut state)[0].command, TrainCommand::Measure { .. }));
    trainer(&mut state, 0, TrainEvent::Measured { ms_per_step: 20.0, first: 30.0 });
    assert_eq!(state.trainer_wanted(), Some((TrainerKind::Gpu, 2)));
    assert!(matches!(told(&mut state)[0].command, TrainCommand::Measure { .. }));
    trainer(&mut state, 0, TrainEvent::Measured { ms_per_step: 2.0, first: 500.0 });
    assert_eq!(state.trainer().kind(), TrainerKind::Gpu);
    assert!(matches!(state.take_trainer_outbox()[0].command, TrainCommand::Start(_)));
    assert!(
        state.trainer().why().contains("20.0 ms") && state.trainer().why().contains("2.0 ms"),
        "{}",
        state.trainer().why()
    );
    // A software adapter is not even tried.
    let mut state = opened("");
    state.on_gpu_probed(Probe { available: true, fallback: true, ..Probe::default() });
    state.train(SET.to_owned());
    assert!(matches!(told(&mut state)[0].command, TrainCommand::Start(_)));
}

#[test]
fn a_model_that_predicts_trains_on_the_cpu_and_the_gpu_takes_the_next_plain_one() {
    let mut state = opened("");
    state.on_gpu_probed(Probe { available: true, description: "a GPU".to_owned(), ..Probe::default() });
    state.edit_plan(variant_form::toggle_class_prediction);
    state.train(SET.to_owned());
    let requests = told(&mut state);
    let TrainCommand::Start(plan) = &requests[0].command else { panic!("nothing is measured: {requests:?}") };
    assert_eq!(plan.config.head.as_ref().map(|head| head.classes), Some(4));
    assert!(state.trainer().why().contains("paper’s kind of model alone"), "{}", state.trainer().why());

    // Not by choice either, and the sentence goes with the model.
    state.use_trainer(TrainerKind::Gpu);
    assert_eq!(state.trainer().kind(), TrainerKind::Cpu);
    let request = requests[0].id;
    training(&mut state, request, TrainingState::Idle);
    state.edit_plan(variant_form::toggle_class_prediction);
    state.use_trainer(TrainerKind::Gpu);
    assert_eq!((state.trainer().kind(), state.trainer().why()), (TrainerKind::Gpu, "Your choice: a GPU."));
    state.edit_plan(|plan| variant_form::toggle_prediction(plan, "width"));
    state.train(SET.to_owned());
    assert_eq!(state.trainer().kind(), TrainerKind::Cpu);
    state.edit_plan(|plan| variant_form::toggle_prediction(plan, "width"));
    state.train(SET.to_owned());
    assert_eq!(state.trainer().kind(), TrainerKind::Gpu);
}

#[test]
fn what_the_browser_says_of_its_gpu_is_told_in_rows() {
    let probe = Probe {
        available: true,
        vendor: "apple".to_owned(),
        architecture: "metal-3".to_owned(),
        features: ["shader-f16", "subgroups", "timestamp-query"].map(str::to_owned).to_vec(),
        timestamp_query: true,
        shader_f16: true,
        max_buffer: 4_294_967_296.0,
        max_storage_binding: 134_217_728.0,
        ..Probe::default()
    };
    let facts = probe.facts();
    let value = |name: &str| facts.iter().find(|(key, _)| key.starts_with(name)).unwrap().1.as_str();
    assert_eq!((value("adapter"), value("imitated"), value("timestamp-query")), ("apple metal-3", "no", "yes"));
    assert_eq!((value("largest"), value("of which"), value("other")), ("4295 MB", "134 MB", "subgroups"));
    assert!(probe.is_real() && !Probe { fallback: true, ..probe }.is_real());
    let none = Probe { reason: "it has no WebGPU".to_owned(), ..Probe::default() };
    assert_eq!(none.facts(), [("adapter", "none: it has no WebGPU".to_owned())]);
}

#[test]
fn a_gpu_engine_that_does_not_start_leaves_the_cpu() {
    let mut state = opened("");
    state.on_gpu_probed(Probe { available: true, description: "a GPU".to_owned(), ..Probe::default() });
    state.train(SET.to_owned());
    told(&mut state);
    trainer(&mut state, 0, TrainEvent::Measured { ms_per_step: 20.0, first: 30.0 });
    state.trainer_died("It could not be loaded.".to_owned());
    assert_eq!(state.trainer().kind(), TrainerKind::Cpu);
    assert!(matches!(told(&mut state)[0].command, TrainCommand::Start(_)));
}

#[test]
fn a_visitor_who_comes_back_is_offered_what_was_not_finished() {
    let mut state = opened("");
    state.list_runs();
    assert!(matches!(told(&mut state)[0].command, TrainCommand::ListRuns));
    let aside = SavedRun { set_aside: true, ..saved_run("run-4", false, false) };
    let list = vec![saved_run("run-3", false, true), aside, saved_run("run-2", true, false)];
    trainer(&mut state, 0, runs(list));
    let offered = state.offered_run().cloned().expect("the finished one, for the others are in use or set aside");
    assert_eq!((offered.run.as_str(), open_text(&offered)), ("run-2", "Show it"));
    assert!(run_text(&offered).contains("finished after epoch 3"), "{}", run_text(&offered));
    state.train_from_run(SET.to_owned(), offered);
    assert_eq!(origin(&told(&mut state)), Origin::Run { run: "run-2".to_owned() });
    assert!(state.offered_run().is_none(), "it is on");
    training(&mut state, 0, TrainingState::Idle);
    assert!(state.offered_run().is_some());
    state.decline_runs();
    assert!(state.offered_run().is_none(), "not on this visit");
}

#[test]
fn a_paused_training_is_opened_as_it_was_left_and_an_interrupted_one_goes_on() {
    for paused in [true, false] {
        let mut state = opened("");
        let saved = SavedRun { paused, ..saved_run("run-1", false, false) };
        assert_eq!(open_text(&saved), if paused { "Open it" } else { "Go on with it" });
        state.train_from_run(SET.to_owned(), saved);
        let requests = told(&mut state);
        let TrainCommand::Start(plan) = &requests[0].command else { panic!("{requests:?}") };
        assert_eq!(plan.paused, paused);
    }
}

#[test]
fn a_training_that_stops_its_trainer_before_a_batch_is_given_up_in_words() {
    let mut state = opened("");
    let request = running(&mut state, 2);
    saved(&mut state, request, 0);
    state.trainer_died("The trainer has stopped.".to_owned());
    assert_eq!(origin(&told(&mut state)), Origin::Run { run: "run-1".to_owned() }, "once more");
    state.trainer_died("The trainer has stopped.".to_owned());
    assert!(told(&mut state).is_empty() && state.training().state == Some(TrainingState::Idle));
    assert!(problem(&state).contains("set aside"), "{}", problem(&state));
    assert_eq!(state_text(&state), "stopped: the shipped model is in use");
    // The next one begins without a word of it.
    running(&mut state, 3);
    assert_eq!(state.training().problem, None);
}

#[test]
fn a_run_that_goes_wrong_keeps_its_curve_and_says_why_in_the_lab() {
    let mut state = opened("");
    let request = running(&mut state, 2);
    (1..=3).for_each(|step| steps_done(&mut state, request, step * 5, 10_f64.powi(step as i32)));
    let message = "Training did not go on: training diverged in epoch 1, step 16.".to_owned();
    trainer(&mut state, request, TrainEvent::Failed { message: message.clone() });
    training(&mut state, request, TrainingState::Idle);
    assert_eq!((problem(&state), state.errors().len()), (message.as_str(), 0));
    assert_eq!(state.training().steps, [(0.25, 10.0), (0.5, 100.0), (0.75, 1000.0)]);
    assert!(curve_text(&state).contains("1000"), "{}", curve_text(&state));
    with_curve(&state, |curve| assert_eq!(curve.steps.len(), 3));
}

#[test]
fn what_interrupts_a_training_is_forgotten_once_it_goes_on() {
    let mut state = opened("");
    let request = running(&mut state, 2);
    let fails = |state: &mut AppState| {
        trainer(state, request, TrainEvent::Failed { message: "Training waits: shard-3 is damaged.".to_owned() });
        training(state, request, TrainingState::Paused);
        assert_eq!(problem(state), "Training waits: shard-3 is damaged.");
    };
    fails(&mut state);
    training(&mut state, request, TrainingState::Running);
    assert_eq!(state.training().problem, None, "it was resumed");
    fails(&mut state);
    epoch(&mut state, request, 1, vec![0.5; COUNT * 2]);
    assert_eq!(state.training().problem, None);
}

#[test]
fn a_training_that_waits_for_spectra_says_so_with_a_count() {
    let mut state = opened("");
    let request = running(&mut state, 2);
    steps_done(&mut state, request, 5, 1.0);
    trainer(&mut state, request, TrainEvent::WaitsForSpectra { loaded: 11_264, total: 48_000 });
    let text = state_text(&state);
    assert!(text.starts_with("waiting for spectra: 11") && text.contains("48"), "{text}");
    let (what, unit) = ("Connection lost, trying again in 8 s".to_owned(), "spectra".to_owned());
    let lost = Progress { what, done: 11_264, total: 48_000, unit };
    trainer(&mut state, request, TrainEvent::Progress(lost.clone()));
    assert_eq!(state.training().progress, Some(lost), "the bar shows what is waited for");
    steps_done(&mut state, request, 6, 1.0);
    assert_eq!((state.training().waiting, state_text(&state)), (None, "training".to_owned()));
}

#[test]
fn losses_of_steps_are_thinned_and_those_gone_over_again_count_once() {
    let mut state = opened("");
    let request = running(&mut state, 2);
    (1..=2000).for_each(|step| {
        let terms = LossTerms { total: step as f64, ..LossTerms::default() };
        let event = TrainEvent::StepsDone { epoch: 1, step, steps: 2000, terms, ms_per_step: 1.0 };
        trainer(&mut state, request, event);
    });
    let steps = &state.training().steps;
    assert!((100..=600).contains(&steps.len()) && steps.is_sorted_by(|a, b| a.0 < b.0), "{}", steps.len());
    steps_done(&mut state, request, 10, 7.0);
    assert_eq!(state.training().steps.last(), Some(&(0.5, 7.0)));
}

#[test]
fn a_page_loaded_again_while_it_trained_goes_on_by_itself() {
    let mut state = opened("");
    state.go_on_after_reload(SET.to_owned(), "run-1".to_owned());
    told(&mut state);
    trainer(&mut state, 0, runs(vec![saved_run("run-1", false, true)]));
    assert_eq!(origin(&told(&mut state)), Origin::Run { run: "run-1".to_owned() });
    // One that is not there any more is not asked for.
    let mut state = opened("");
    state.go_on_after_reload(SET.to_owned(), "run-7".to_owned());
    told(&mut state);
    trainer(&mut state, 0, runs(vec![saved_run("run-1", false, false)]));
    assert!(told(&mut state).is_empty() && !state.training().is_on());
}

#[test]
fn a_run_is_kept_beside_the_next() {
    let mut state = opened("");
    state.keep_run();
    assert!(state.kept().is_empty(), "there is nothing to keep");
    for number in 1..=6 {
        let request = running(&mut state, 2);
        epoch(&mut state, request, 1, vec![number as f32; COUNT * 2]);
        state.keep_run();
    }
    let names: Vec<&str> = state.kept().iter().map(|kept| kept.name.as_str()).collect();
    assert_eq!(names, ["Run 3", "Run 4", "Run 5", "Run 6"], "the newest four");
    assert!(state.kept()[0].seen.is_some());
    state.drop_kept(1);
    state.drop_kept(9);
    assert_eq!(state.kept().len(), 3);
}

#[test]
fn what_cannot_be_saved_is_said_and_training_goes_on() {
    let mut state = opened("");
    let request = running(&mut state, 2);
    trainer(&mut state, request, TrainEvent::NotSaved { message: "The disk is full.".to_owned() });
    assert_eq!(state.training().not_saved.as_deref(), Some("The disk is full."));
    assert!(state.errors().is_empty() && state.training().state == Some(TrainingState::Running));
    saved(&mut state, request, 2);
    assert_eq!((state.training().not_saved.clone(), state.training().saved), (None, Some((2, 1000))));
}

#[test]
fn points_keep_their_places_when_axes_change_names_or_sides() {
    let mut state = opened("");
    let request = running(&mut state, 2);
    // Two latents of unequal spread; in the next epoch the first shrinks below the second and the second changes its sign.
    let at = |row: usize| ((row * 37 % 101) as f32 - 50.0, (row * 53 % 97) as f32 - 48.0);
    let first: Vec<f32> = (0..COUNT).flat_map(|row| [at(row).0 * 2.0, at(row).1]).collect();
    let second: Vec<f32> = (0..COUNT).flat_map(|row| [at(row).0 * 0.5, -at(row).1]).collect();
    epoch(&mut state, request, 1, first);
    let before = state.embedding().cloned().unwrap();
    epoch(&mut state, request, 2, second);
    let after = state.embedding().cloned().unwrap();
    for axis in 0..2 {
        let product: f32 = (0..COUNT).map(|row| before.along[row * 2 + axis] * after.along[row * 2 + axis]).sum();
        let sizes = |along: &[f32]| (0..COUNT).map(|row| along[row * 2 + axis].powi(2)).sum::<f32>().sqrt();
        let correlation = product / sizes(&before.along) / sizes(&after.along);
        assert!(correlation > 0.95, "axis {axis}: {correlation}");
    }
}

#[test]
fn the_form_is_what_is_trained_and_then_what_will_be() {
    let mut state = opened("#view=train");
    let request = running(&mut state, 2);
    assert_eq!(state.plan().latents, 2);
    let config = VaeConfig { seed: 7, ..VaeConfig::paper(4) };
    trainer(
        &mut state,
        request,
        TrainEvent::Begun { run: Some("run-1".to_owned()), config: config.clone(), history: Vec::new(), best: 0 },
    );
    assert_eq!(*state.plan(), config, "a run that goes on brings its own settings");
    training(&mut state, request, TrainingState::Finished);
    state.edit_plan(|plan| plan.seed = 8);
    assert!(state.permalink().to_string().contains("seed:8"), "{}", state.permalink());
}

#[test]
fn a_file_that_cannot_be_opened_takes_nothing_away() {
    let mut state = opened("#view=train");
    running(&mut state, 2);
    state.train_from_file(SET.to_owned(), "notes.txt".to_owned(), b"no weights".to_vec());
    assert!(told(&mut state).is_empty(), "the trainer hears nothing of it");
    assert_eq!(state.training().state, Some(TrainingState::Running));
    let refused = state.refused().cloned().unwrap();
    assert!(refused.contains("notes.txt") && refused.contains("untouched"), "{refused}");
}

#[test]
fn a_kept_run_is_compared_with_another_and_not_with_itself() {
    let mut state = opened("");
    let request = running(&mut state, 2);
    let report = |epoch: usize, total: f64| EpochReport {
        epoch,
        train: LossTerms { total, ..LossTerms::default() },
        valid: LossTerms { total, ..LossTerms::default() },
        learning_rate: 1e-3,
    };
    trainer(&mut state, request, TrainEvent::Epoch { report: report(1, 5.0), best: true, ms_per_step: 1.0 });
    state.keep_run();
    assert!(!state.can_compare(0));
    let request = running(&mut state, 2);
    assert!(!state.can_compare(0), "there is no epoch yet");
    trainer(&mut state, request, TrainEvent::Epoch { report: report(1, 4.0), best: true, ms_per_step: 1.0 });
    assert!(state.can_compare(0));
    state.keep_run();
    assert!(state.can_compare(0) && !state.can_compare(1), "the first is still another than the newest");
}

#[test]
fn the_list_of_what_is_kept_follows_a_training_while_it_is_open() {
    let lists = |state: &mut AppState| {
        told(state).iter().filter(|request| matches!(request.command, TrainCommand::ListRuns)).count()
    };
    let mut state = opened("");
    let request = running(&mut state, 2);
    saved(&mut state, request, 1);
    assert_eq!(lists(&mut state), 0, "nobody looks");
    state.show_storage(true);
    saved(&mut state, request, 2);
    assert_eq!(lists(&mut state), 2);
    state.show_storage(false);
    saved(&mut state, request, 3);
    assert_eq!(lists(&mut state), 0);
}

#[test]
fn a_trainer_that_dies_before_it_says_what_is_saved_leaves_the_page_free_to_train() {
    let mut state = opened("");
    state.go_on_after_reload(SET.to_owned(), "run-1".to_owned());
    assert!(state.is_coming_back());
    state.trainer_died("The trainer stopped.".to_owned());
    assert!(!state.is_coming_back());
}

#[test]
fn weights_from_a_file_are_untrained_until_a_batch_or_an_epoch_too_short_to_report_one() {
    let config = VaeConfig { hidden1: 12, hidden2: 8, ..VaeConfig::paper(3) };
    let layers = parameters::to_pytorch(&config, &parameters::initial(&config));
    let infill = InfillBasis { mean: vec![0.0; PIXELS], components: vec![0.0; PIXELS], eigenvalues: vec![0.0] };
    let mean = MeanSpectrum { mean: vec![1.0; PIXELS], infill };
    let file = ModelFile { card: ModelCard { config, ..card(3) }, layers, mean }.to_bytes(Precision::F16);
    let report =
        EpochReport { epoch: 1, train: LossTerms::default(), valid: LossTerms::default(), learning_rate: 1e-3 };
    let step = |step| TrainEvent::StepsDone { epoch: 1, step, steps: 9, terms: LossTerms::default(), ms_per_step: 1.0 };
    for first in [step(1), TrainEvent::Epoch { report, best: true, ms_per_step: 1.0 }] {
        let mut state = opened("#view=train");
        state.train_from_file(SET.to_owned(), "mine.safetensors".to_owned(), file.clone());
        assert_eq!((state.plan().latents, state.plan().hidden1, state.refused().cloned()), (3, 12, None));
        let request = started(&mut state);
        trainer(&mut state, request, step(0));
        assert!(state.training().opened && state.training().step.is_none());
        trainer(&mut state, request, first);
        assert!(!state.training().opened);
    }
}

#[test]
fn weights_of_another_recipe_than_the_sets_are_refused() {
    let config = VaeConfig { hidden1: 12, hidden2: 8, ..VaeConfig::paper(3) };
    let layers = parameters::to_pytorch(&config, &parameters::initial(&config));
    let infill = InfillBasis { mean: vec![0.0; PIXELS], components: vec![0.0; PIXELS], eigenvalues: vec![0.0] };
    let mean = MeanSpectrum { mean: vec![1.0; PIXELS], infill };
    let recipe = Recipe { normalization: Normalization::Total, ..Recipe::standard() };
    let file = ModelFile { card: ModelCard { config, recipe, ..card(3) }, layers, mean }.to_bytes(Precision::F16);
    let mut state = opened("#view=train");
    state.train_from_file(SET.to_owned(), "mine.safetensors".to_owned(), file);
    let refusal = state.refused().cloned().expect("a sentence");
    assert!(refusal.contains("total normalisation") && refusal.contains("rms normalisation"), "{refusal}");
    assert!(!state.training().is_on() && state.errors().last() == Some(&refusal));
}

#[test]
fn a_model_with_one_latent_is_shown_against_a_column_and_the_axes_come_back() {
    let mut state = opened("#axes=1,2");
    let before = state.link().axes.clone();
    let request = running(&mut state, 1);
    trainer(&mut state, request, placed(1, (0..COUNT).map(|row| row as f32).collect()));
    let id = id_of(&state.take_outbox(), |command| matches!(command, ExploreCommand::UseTrainedModel { .. }));
    answer(&mut state, id, ExploreEvent::ModelOpened { card: card(1), head: None });
    assert_eq!(state.link().axes.0, AxisChoice::Vae(1));
    assert!(matches!(state.link().axes.1, AxisChoice::Column(_)), "{:?}", state.link().axes);
    training(&mut state, request, TrainingState::Idle);
    assert_eq!(state.link().axes, before);
}

#[test]
fn a_training_that_is_left_gives_its_worker_back() {
    let mut state = opened("");
    running(&mut state, 2);
    state.train_stop();
    assert!(matches!(state.take_trainer_outbox()[0].command, TrainCommand::Stop));
    training(&mut state, 0, TrainingState::Idle);
    assert_eq!(state.trainer_wanted(), None);
    // The next one gets a worker of its own.
    state.train_start(SET.to_owned(), VaeConfig::paper(3));
    assert_eq!(state.trainer_wanted(), Some((TrainerKind::Cpu, 2)));
    assert!(state.take_trainer_outbox().is_empty(), "not before it listens");
}

#[test]
fn a_worker_that_has_yet_to_answer_is_not_let_go_of() {
    let mut state = opened("");
    running(&mut state, 2);
    state.train_stop();
    state.clear_storage();
    let asked = state.take_trainer_outbox();
    assert!(matches!(asked[1].command, TrainCommand::ClearStorage));
    training(&mut state, 0, TrainingState::Idle);
    assert!(state.trainer_wanted().is_some(), "the storage is not cleared yet");
    trainer(&mut state, asked[1].id, runs(Vec::new()));
    assert_eq!(state.trainer_wanted(), None, "now nothing is left to do");
}

#[test]
fn the_newest_batch_gives_way_to_the_epoch_that_is_over() {
    let mut state = opened("");
    let request = running(&mut state, 2);
    assert_eq!(newest_text(&state), None);
    steps_done(&mut state, request, 3, 12.0);
    assert_eq!(newest_text(&state).unwrap(), "Epoch 1, batch 3: loss 12.0");
    let train = LossTerms { total: 8.0, ..LossTerms::default() };
    let report = EpochReport { epoch: 1, train, valid: train, learning_rate: 1e-3 };
    trainer(&mut state, request, TrainEvent::Epoch { report, best: true, ms_per_step: 1.0 });
    training(&mut state, request, TrainingState::Paused);
    assert_eq!(newest_text(&state).unwrap(), "Epoch 1 is over: mean loss 8.000");
    training(&mut state, request, TrainingState::Finished);
    assert_eq!(newest_text(&state), None);
}

#[test]
fn the_link_to_a_training_is_its_own_whatever_the_form_becomes() {
    let mut state = opened("#view=train");
    let request = running(&mut state, 2);
    training(&mut state, request, TrainingState::Finished);
    state.edit_plan(|plan| plan.seed = 99);
    let seed = |state: &AppState| state.run_permalink().plan.map(|plan| plan.seed);
    assert_eq!(seed(&state), Some(1));
    training(&mut state, request, TrainingState::Idle);
    assert_eq!(seed(&state), Some(99), "of the form, where none is on");
}

#[test]
fn a_gpu_engine_that_cannot_be_had_is_said_beside_the_buttons() {
    let mut state = opened("");
    state.use_trainer(TrainerKind::Gpu);
    state.train_start(SET.to_owned(), VaeConfig::paper(2));
    state.trainer_died("It could not be loaded.".to_owned());
    assert_eq!((state.trainer().kind(), state.training().state), (TrainerKind::Cpu, Some(TrainingState::Idle)));
    assert!(problem(&state).contains("press Train again"), "{}", problem(&state));
}

#[test]
fn the_weights_at_the_end_are_held_against_the_link() {
    let (mine, other): (WeightsHash, WeightsHash) =
        ("ab".repeat(32).parse().unwrap(), "cd".repeat(32).parse().unwrap());
    let plan = training_form::to_text(&VaeConfig::paper(2));
    let end = |link: &str, ended: Option<WeightsHash>| {
        let mut state = opened(link);
        let request = running(&mut state, 2);
        let before = reproduced(&state);
        if let Some(weights) = ended {
            trainer(&mut state, request, TrainEvent::Reproducible { weights });
        }
        training(&mut state, request, TrainingState::Finished);
        (before, reproduced(&state), state)
    };
    let promise = format!("#view=train&train={plan}&ends={mine}");
    let (before, after, state) = end(&promise, Some(mine));
    assert!(before.is_some_and(|(outcome, text)| outcome == Comparison::Open && text.contains("abababab")));
    assert!(
        after.is_some_and(|(outcome, text)| outcome == Comparison::Same && text.contains("Reproduced, bit for bit"))
    );
    assert_eq!(state.run_permalink().ends, Some(mine), "the link to it goes on promising");
    let (_, after, _) = end(&promise, Some(other));
    let (outcome, text) = after.unwrap();
    assert!(outcome == Comparison::Different && text.contains("abababab") && text.contains("cdcdcdcd"), "{text}");
    // Of a GPU, or of weights from a file.
    let (_, after, state) = end(&promise, None);
    assert!(after.is_some_and(|(outcome, text)| outcome == Comparison::Different && text.contains("on the CPU")));
    assert_eq!(state.run_permalink().ends, None);
    // Nothing is promised, or of other settings.
    let (before, after, state) = end("#view=train", Some(mine));
    assert_eq!((before, state.run_permalink().ends), (None, Some(mine)));
    assert!(after.is_some_and(|(outcome, text)| outcome == Comparison::Open && text.contains("abababab")));
    let (before, after, _) = end(&promise.replace("seed:1", "seed:2"), Some(other));
    assert_eq!(before, None);
    assert!(after.is_some_and(|(outcome, text)| outcome == Comparison::Open && text.contains("cdcdcdcd")));
}

#[test]
fn a_new_training_has_no_weights_at_its_end_yet() {
    let mut state = opened("");
    let request = running(&mut state, 2);
    trainer(&mut state, request, TrainEvent::Reproducible { weights: "ab".repeat(32).parse().unwrap() });
    training(&mut state, request, TrainingState::Finished);
    assert!(state.training().reproducible.is_some());
    running(&mut state, 2);
    assert_eq!(state.training().reproducible, None);
}
