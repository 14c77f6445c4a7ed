//! A training in the page, without the page: shards come, batches are done, states are saved and gone on from.

use std::cell::Cell;

use half::f16;
use half::slice::HalfFloatSliceExt;
use spectrascape::formats::set::writer::MeanSpectrum;
use spectrascape::formats::set::{Catalogue, Shard};
use spectrascape::numerics::pca::Pca;
use spectrascape::preprocess::{InfillBasis, Recipe};
use spectrascape::spectrum::PIXELS;
use spectrascape::vae::backend::cpu::Cpu;
use spectrascape::vae::backend::cpu::Learner;
use spectrascape::vae::backend::{Backend, block_on};
use spectrascape::vae::checkpoint::{Checkpoint, CheckpointError};
use spectrascape::vae::dataset::TrainingSet;
use spectrascape::vae::learner_state::LearnerState;
use spectrascape::vae::model_card::EpochReport;
use spectrascape::vae::model_file::{ModelFile, Precision};
use spectrascape::vae::posterior::Posterior;
use spectrascape::vae::random::{self, Purpose};
use spectrascape::vae::session::{
    EpochLatents, Follow, LinearBaseline, SessionError, SessionEvent, TrainingJob, TrainingSession, TrainingState,
};
use spectrascape::vae::{VaeConfig, initial_weights, parameters};
use spectrascape::workers::trainer::measure;

/// Spectra of the set, in shards of a hundred.
const COUNT: usize = 1300;
const SHARD: usize = 100;

fn config() -> VaeConfig {
    VaeConfig { hidden1: 12, hidden2: 8, latents: 2, max_epochs: 3, batch: 64, ..VaeConfig::paper(2) }
}

/// A clock that ticks a millisecond a look.
fn clock() -> impl Fn() -> f64 {
    let ticks = Cell::new(0.0);
    move || {
        ticks.set(ticks.get() + 1.0);
        ticks.get()
    }
}

fn shard(number: usize) -> Shard {
    let mut generator = random::generator(number as u64, Purpose::Weights);
    let (mut flux, mut ivar) = (Vec::new(), Vec::new());
    for _ in 0..SHARD {
        let dials = random::normal(&mut generator, 3);
        for pixel in 0..PIXELS {
            let at = pixel as f32 / PIXELS as f32 - 0.5;
            let bump = (-(at - 0.1 * dials[2]).powi(2) * 200.0).exp();
            flux.push(f16::from_f32(1.0 + 0.3 * dials[0] * at + 0.5 * dials[1] * bump));
            ivar.push(f16::from_f32(if pixel % 50 == 0 { 0.0 } else { 100.0 }));
        }
    }
    Shard { flux, ivar, catalogue: Catalogue::default() }
}

fn job() -> TrainingJob {
    let infill = InfillBasis { mean: vec![1.0; PIXELS], components: vec![0.0; PIXELS], eigenvalues: vec![0.0] };
    let set = TrainingSet {
        name: "toy".to_owned(),
        manifest_sha256: "0".repeat(64),
        recipe: Recipe::standard(),
        simulated: true,
        split_seed: 1,
        mean: MeanSpectrum { mean: vec![1.0; PIXELS], infill },
        flux: Vec::new(),
        ivar: Vec::new(),
        stored: None,
        labels: None,
    };
    let class_of = (0..COUNT).map(|row| (row % 4) as u8).collect();
    let follow = Follow::Latents { watch: vec![3, 700] };
    TrainingJob { name: "in-page".to_owned(), set, total: COUNT, class_of, follow }
}

fn session(config: &VaeConfig) -> TrainingSession<Cpu> {
    TrainingSession::new(config, job(), Cpu::new(config, LearnerState::new(config)).unwrap()).unwrap()
}

fn load(session: &mut TrainingSession<Cpu>, shards: std::ops::Range<usize>) {
    for number in shards {
        block_on(session.on_shard_loaded(&shard(number))).unwrap();
    }
}

fn whole(config: &VaeConfig) -> TrainingSession<Cpu> {
    let mut session = session(config);
    load(&mut session, 0..COUNT / SHARD);
    session
}

fn work(session: &mut TrainingSession<Cpu>) -> Vec<SessionEvent> {
    let clock = clock();
    let mut events = Vec::new();
    while session.can_work() {
        events.extend(block_on(session.advance(&clock)).unwrap());
    }
    events
}

fn placed(events: &[SessionEvent]) -> Vec<&EpochLatents> {
    events
        .iter()
        .filter_map(|event| match event {
            SessionEvent::Latents(placed) => Some(placed.as_ref()),
            _ => None,
        })
        .collect()
}

fn curve(session: &TrainingSession<Cpu>) -> Vec<EpochReport> {
    session.history().to_vec()
}

/// To bytes and back, as through a disk.
fn through_a_file(session: &mut TrainingSession<Cpu>) -> TrainingSession<Cpu> {
    let bytes = block_on(session.checkpoint()).unwrap().to_bytes();
    let checkpoint = Checkpoint::from_bytes("run-1", &bytes).unwrap();
    let config = checkpoint.snapshot.config.clone();
    let backend = Cpu::new(&config, checkpoint.state.clone()).unwrap();
    TrainingSession::resume(checkpoint, job(), backend).unwrap()
}

#[test]
fn runs_to_its_end_and_shows_every_epoch() {
    let config = config();
    let mut session = whole(&config);
    assert_eq!(session.run(), TrainingState::Running);
    let events = work(&mut session);
    assert_eq!(session.state(), TrainingState::Finished);
    let epochs: Vec<usize> = events
        .iter()
        .filter_map(|e| if let SessionEvent::Epoch { report, .. } = e { Some(report.epoch) } else { None })
        .collect();
    assert_eq!(epochs, [1, 2, 3]);
    let placed = placed(&events);
    assert_eq!(placed.len(), 3);
    for one in &placed {
        assert_eq!((one.latents.len(), one.watched.len(), one.variance.len()), (COUNT * 2, 2 * PIXELS, 2));
    }
    // The last shows the best state: its file encodes to its latents.
    assert!(session.is_finished());
    let bytes = block_on(session.model(true)).unwrap().to_bytes(Precision::F32);
    let file = ModelFile::from_bytes("last", &bytes).unwrap();
    assert_eq!(file.card.epoch, session.history().len());
    let mut learner = Learner::new(&config);
    learner.set_parameters(&parameters::from_pytorch(&config, &file.layers)).unwrap();
    let flux = shard(0).flux[..PIXELS].to_f32_vec();
    let Posterior { mean, log_var } = learner.encode(&flux.iter().map(|flux| flux - 1.0).collect::<Vec<f32>>());
    let near = |a: f32, b: f32| (a - b).abs() <= 1e-5 * (1.0 + b.abs());
    assert!(near(mean[0], placed[2].latents[0]) && near(mean[1], placed[2].latents[1]));
    assert!(log_var.iter().all(|value| value.is_finite()) && placed[2].variance.iter().all(|&v| v > 0.0));
    assert_eq!(session.run(), TrainingState::Finished, "there is nothing to go on with");
}

#[test]
fn going_on_from_a_file_gives_the_curve_of_a_run_that_never_stopped() {
    let config = VaeConfig { max_epochs: 3, ..config() };
    let mut never_stopped = whole(&config);
    never_stopped.run();
    work(&mut never_stopped);

    // Stopped after 1, 5, ... batches, in the middle of epochs, between training and validation, again and again.
    let mut session = whole(&config);
    let clock = clock();
    let mut left = 1;
    session.run();
    while session.state() != TrainingState::Finished {
        for _ in 0..left {
            block_on(session.advance(&clock)).unwrap();
        }
        if session.state() == TrainingState::Finished {
            break;
        }
        session.pause();
        if session.is_due() {
            session = through_a_file(&mut session);
            load(&mut session, 0..COUNT / SHARD);
            left += 4;
        }
        session.run();
    }
    assert_eq!(curve(&session), curve(&never_stopped), "to the bit");
    assert_eq!(session.best(), never_stopped.best());
    let bytes = |session: &mut TrainingSession<Cpu>| block_on(session.model(true)).unwrap();
    assert_eq!(bytes(&mut session), bytes(&mut never_stopped));
}

#[test]
fn starts_on_the_first_shards_and_does_the_same_as_when_all_were_there() {
    let config = VaeConfig { max_epochs: 2, ..config() };
    let mut at_once = whole(&config);
    at_once.run();
    work(&mut at_once);

    let mut streamed = session(&config);
    streamed.run();
    assert!(streamed.waits_for_spectra() && !streamed.can_work());
    let mut steps = Vec::new();
    for number in 0..COUNT / SHARD {
        load(&mut streamed, number..number + 1);
        work(&mut streamed);
        steps.push(streamed.progress().position.step);
    }
    assert!(steps[COUNT / SHARD - 2] > 0, "steps were done before the last shard was there: {steps:?}");
    assert_eq!(curve(&streamed), curve(&at_once));
    assert_eq!(streamed.state(), TrainingState::Finished);
}

#[test]
fn pauses_does_one_batch_and_run_epoch() {
    let mut session = whole(&config());
    session.run();
    block_on(session.advance(clock())).unwrap();
    assert_eq!(session.pause(), TrainingState::Paused);
    assert!(!session.can_work() && session.is_due(), "a pause is saved");
    block_on(session.checkpoint()).unwrap();
    assert!(!session.is_due());

    let step = |session: &TrainingSession<Cpu>| {
        let position = session.progress().position;
        (position.epoch, position.step)
    };
    let before = step(&session);
    assert_eq!(session.run_step(), TrainingState::Running);
    let events = work(&mut session);
    assert_eq!(step(&session), (before.0, before.1 + 1));
    assert!(matches!(events.last(), Some(SessionEvent::State(TrainingState::Paused))));

    session.run_epoch();
    let events = work(&mut session);
    assert_eq!((session.history().len(), session.state()), (1, TrainingState::Paused));
    assert!(matches!(events.last(), Some(SessionEvent::State(TrainingState::Paused))));
    assert_eq!(step(&session), (2, 0));
    session.run();
    work(&mut session);
    assert_eq!(session.state(), TrainingState::Finished);
}

#[test]
fn a_pause_at_the_end_of_an_epoch_shows_it_whole_and_then_nothing_moves() {
    let mut session = whole(&config());
    let clock = clock();
    session.run();
    while session.history().is_empty() {
        block_on(session.advance(&clock)).unwrap();
    }
    block_on(session.checkpoint()).unwrap();
    assert_eq!(session.pause(), TrainingState::Running, "its spectra are being placed");
    let events = work(&mut session);
    assert!(
        matches!(events.as_slice(), [SessionEvent::Latents(_), SessionEvent::State(TrainingState::Paused)]),
        "{events:?}"
    );
    assert!(session.is_due() && !session.can_work(), "a pause is saved, and nothing moves");
    // The epoch asked for then is the next one, not the one that has been shown.
    session.run_epoch();
    let events = work(&mut session);
    assert_eq!((placed(&events).len(), session.history().len(), session.state()), (1, 2, TrainingState::Paused));
    session.run_step();
    work(&mut session);
    assert_eq!((session.history().len(), session.state()), (2, TrainingState::Paused));
}

#[test]
fn an_epoch_asked_for_while_one_waits_for_its_spectra_to_be_shown_is_the_next() {
    let mut session = session(&VaeConfig { most_spectra: 80, batch: 8, ..config() });
    load(&mut session, 0..1);
    session.run_epoch();
    work(&mut session);
    assert_eq!((session.history().len(), session.pause()), (1, TrainingState::Paused), "there is nothing to wait for");
    session.run_epoch();
    load(&mut session, 1..COUNT / SHARD);
    let events = work(&mut session);
    assert_eq!((placed(&events).len(), session.history().len(), session.state()), (2, 2, TrainingState::Paused));
}

#[test]
fn trains_on_the_classes_and_as_many_spectra_as_asked_for() {
    let job = job();
    let rows = job.rows(&VaeConfig { classes: vec![1, 3], most_spectra: 5, ..config() });
    assert_eq!(rows, [1, 3, 5, 7, 9]);
    assert_eq!(job.rows(&config()).len(), COUNT);
    let few = VaeConfig { most_spectra: 80, max_epochs: 1, batch: 8, ..config() };
    let mut session = session(&few);
    load(&mut session, 0..1);
    session.run();
    work(&mut session);
    assert_eq!(session.history().len(), 1, "the first shard is enough for the epoch");
    assert!(session.waits_for_spectra(), "but not to show all spectra");
    load(&mut session, 1..COUNT / SHARD);
    let events = work(&mut session);
    assert_eq!(placed(&events)[0].latents.len(), COUNT * 2);
    let none = VaeConfig { classes: vec![4], ..config() };
    let state = LearnerState::new(&none);
    let error = TrainingSession::new(&none, job, Cpu::new(&none, state).unwrap()).err().unwrap();
    assert!(error.to_string().contains("0 spectra"), "{error}");
}

#[test]
fn added_noise_is_as_large_as_said_and_the_same_however_the_shards_come() {
    let set_of = |shards: std::ops::Range<usize>| {
        let mut set = job().set;
        shards.for_each(|number| set.push(&shard(number)));
        set
    };
    let clean = set_of(0..2);
    let mut at_once = clean.clone();
    at_once.add_noise(0..2 * SHARD, 2.0, 7);
    let mut one_by_one = set_of(0..1);
    one_by_one.add_noise(0..SHARD, 2.0, 7);
    one_by_one.push(&shard(1));
    one_by_one.add_noise(SHARD..2 * SHARD, 2.0, 7);
    assert_eq!(one_by_one, at_once);
    let (mut sum, mut count) = (0.0, 0.0);
    for at in 0..clean.flux.len() {
        let (before, after) = (clean.flux[at].to_f32(), at_once.flux[at].to_f32());
        if clean.ivar[at].to_f32() == 0.0 {
            assert_eq!((before, 0.0), (after, at_once.ivar[at].to_f32()), "masked pixels stay");
            continue;
        }
        assert!((at_once.ivar[at].to_f32() - 100.0 / 5.0).abs() < 0.02);
        sum += f64::from((after - before).powi(2) * 100.0);
        count += 1.0;
    }
    // Variance 4 of each pixel's own; of 196,000 draws it is known to a third of a per cent.
    assert!((sum / count / 4.0 - 1.0).abs() < 0.02, "{}", sum / count);
    let mut other = clean.clone();
    other.add_noise(0..2 * SHARD, 2.0, 8);
    assert_ne!(other, at_once, "another seed");
}

#[test]
fn the_linear_baseline_is_pca_of_the_training_spectra() {
    let mut session = whole(&VaeConfig { max_epochs: 2, ..config() });
    session.run();
    let events = work(&mut session);
    let baselines: Vec<&LinearBaseline> = events
        .iter()
        .filter_map(|e| if let SessionEvent::LinearBaseline(baseline) = e { Some(baseline.as_ref()) } else { None })
        .collect();
    assert_eq!((baselines.len(), baselines[0].components, baselines[0].watched.len()), (1, 2, 2 * PIXELS));
    // By hand: split, plain PCA of the training rows, weighted residuals of the validation rows.
    let config = config();
    let rows: Vec<usize> = (0..COUNT).collect();
    let split = spectrascape::vae::dataset::Split::of(&rows, config.validation_fraction, 1);
    let mut set = job().set;
    (0..COUNT / SHARD).for_each(|number| set.push(&shard(number)));
    let batch = |rows: &[usize]| set.batch(rows, &config);
    let pca = Pca::fit(&batch(&split.train).x, PIXELS, 2);
    let valid = batch(&split.valid);
    let mut sum = 0.0;
    for (x, weight) in valid.x.chunks_exact(PIXELS).zip(valid.weight.chunks_exact(PIXELS)) {
        let guess = pca.reconstruct(&pca.project(x));
        sum += (0..PIXELS).map(|i| f64::from(weight[i] * (x[i] - guess[i]).powi(2)) / 2.0).sum::<f64>();
    }
    let by_hand = sum / split.valid.len() as f64;
    assert!((baselines[0].reconstruction / by_hand - 1.0).abs() < 1e-3, "{} {by_hand}", baselines[0].reconstruction);
}

#[test]
fn weights_from_a_file_are_shown_first_and_trained_on() {
    let config = VaeConfig { max_epochs: 1, ..config() };
    let state = LearnerState { ..LearnerState::new(&VaeConfig { seed: 9, ..config.clone() }) };
    let first = state.parameters.clone();
    let mut session = TrainingSession::new(&config, job(), Cpu::new(&config, state).unwrap()).unwrap();
    session.encode_first();
    load(&mut session, 0..COUNT / SHARD);
    session.run();
    session.pause();
    let events = work(&mut session);
    let placed = placed(&events);
    assert_eq!((placed.len(), placed[0].epoch, session.state()), (1, 0, TrainingState::Paused));
    let bytes = block_on(session.model(false)).unwrap().to_bytes(Precision::F32);
    let file = ModelFile::from_bytes("first", &bytes).unwrap();
    assert_eq!(parameters::from_pytorch(&config, &file.layers), first);
    session.run();
    work(&mut session);
    assert_eq!(session.history().len(), 1);
    // One epoch asked for while they are still being shown is one epoch all the same.
    let state = LearnerState::new(&config);
    let two = VaeConfig { max_epochs: 2, ..config };
    let mut session = TrainingSession::new(&two, job(), Cpu::new(&two, state).unwrap()).unwrap();
    session.encode_first();
    load(&mut session, 0..COUNT / SHARD);
    session.run_epoch();
    work(&mut session);
    assert_eq!((session.history().len(), session.state()), (1, TrainingState::Paused));
}

#[test]
fn a_file_of_another_set_or_a_damaged_one_is_refused() {
    let mut session = whole(&config());
    session.run();
    session.pause();
    let checkpoint = block_on(session.checkpoint()).unwrap();
    let mut other = job();
    other.set.manifest_sha256 = "1".repeat(64);
    let backend = Cpu::new(&config(), checkpoint.state.clone()).unwrap();
    assert!(matches!(TrainingSession::resume(checkpoint.clone(), other, backend), Err(SessionError::OtherSet { .. })));

    let bytes = checkpoint.to_bytes();
    assert_eq!(Checkpoint::from_bytes("run-1", &bytes).unwrap(), checkpoint);
    for cut in [0, 7, 100, bytes.len() / 2, bytes.len() - 1] {
        assert!(Checkpoint::from_bytes("run-1", &bytes[..cut]).is_err());
    }
    let mut infinite = checkpoint.clone();
    infinite.state.parameters[3] = f32::INFINITY;
    let error = Checkpoint::from_bytes("run-1", &infinite.to_bytes()).unwrap_err();
    assert!(matches!(error, CheckpointError::Damaged { .. }), "{error}");
    let model = block_on(session.model(false)).unwrap().to_bytes(Precision::F32);
    assert!(matches!(Checkpoint::from_bytes("m", &model).unwrap_err(), CheckpointError::Version { .. }));
}

#[test]
fn room_for_the_whole_set_is_made_before_it_comes_or_refused_in_words() {
    let config = config();
    let state = LearnerState::new(&config);
    let backend = || Cpu::new(&config, state.clone()).unwrap();
    let mut set = job().set;
    set.reserve(COUNT).unwrap();
    assert_eq!((set.flux.capacity(), set.ivar.capacity()), (COUNT * PIXELS, COUNT * PIXELS));
    let whole = TrainingJob { total: usize::MAX / PIXELS, class_of: Vec::new(), ..job() };
    let few = VaeConfig { most_spectra: 100, ..config.clone() };
    let error = TrainingSession::new(&few, whole, backend()).err().unwrap();
    assert!(matches!(error, SessionError::OutOfMemory { .. }), "{error}");
    assert!(error.to_string().contains("smaller set"), "{error}");
}

#[test]
fn a_loss_that_is_no_number_ends_the_training_in_words() {
    let mut session = whole(&VaeConfig { learning_rate: 1e30, ..config() });
    session.run();
    let clock = clock();
    let error = loop {
        match block_on(session.advance(&clock)) {
            Ok(_) => assert!(session.can_work(), "it cannot go well"),
            Err(error) => break error,
        }
    };
    assert!(error.to_string().contains("learning rate"), "{error}");
}

#[test]
fn a_measurement_times_steps_with_the_clock_it_is_given() {
    let config = config();
    let set = measure::random_set(&config);
    let mut backend = Cpu::new(&config, LearnerState::new(&config)).unwrap();
    block_on(backend.on_rows_loaded(&set, 0..set.len())).unwrap();
    let (step, first) = block_on(measure::steps(&mut backend, &set, &config, 0.0, clock())).unwrap();
    // The clock is looked at after the first step and after the last of ten.
    assert_eq!((step, first), (0.1, 1.0));
}

/// The set of `page-training.checkpoint`, which the page of 2026-11-23 saved in the third epoch, after two steps of training.
fn old_job() -> TrainingJob {
    let infill = InfillBasis { mean: vec![1.0; 16], components: vec![0.0; 16], eigenvalues: vec![0.0] };
    let flux = random::normal(&mut random::generator(11, Purpose::Weights), 96 * 16);
    let set = TrainingSet {
        name: "toy".to_owned(),
        manifest_sha256: "0".repeat(64),
        recipe: Recipe::standard(),
        simulated: true,
        split_seed: 1,
        mean: MeanSpectrum { mean: vec![1.0; 16], infill },
        flux: flux.into_iter().map(f16::from_f32).collect(),
        ivar: vec![f16::from_f32(100.0); 96 * 16],
        stored: None,
        labels: None,
    };
    TrainingJob::whole("in-page", set)
}

#[test]
fn a_training_that_the_first_page_saved_opens_and_goes_on() {
    let bytes = include_bytes!("../../fixtures/vae/page-training.checkpoint");
    let checkpoint = Checkpoint::from_bytes("run-1", bytes).unwrap();
    assert_eq!(Checkpoint::from_bytes("run-1", &checkpoint.to_bytes()).unwrap(), checkpoint);
    assert_eq!(checkpoint.recipe, Recipe::standard(), "it was the only one then");
    let config = checkpoint.snapshot.config.clone();
    let sizes =
        VaeConfig { pixels: 16, hidden1: 6, hidden2: 4, latents: 2, max_epochs: 4, batch: 16, ..config.clone() };
    assert_eq!(config, sizes);
    assert_eq!((checkpoint.set.as_str(), checkpoint.snapshot.history.len()), ("toy", 2));

    let backend = Cpu::new(&config, checkpoint.state.clone()).unwrap();
    let mut gone_on = TrainingSession::resume(checkpoint, old_job(), backend).unwrap();
    assert_eq!((gone_on.progress().position.epoch, gone_on.progress().position.step), (3, 2));
    block_on(gone_on.finish()).unwrap();
    let backend = Cpu::new(&config, LearnerState::new(&config)).unwrap();
    let mut never_stopped = TrainingSession::new(&config, old_job(), backend).unwrap();
    block_on(never_stopped.finish()).unwrap();
    // The step has another exp since, which differs in the last bit: its first epochs are those of the file.
    for (gone_on, never_stopped) in curve(&gone_on).iter().zip(curve(&never_stopped)) {
        let losses = |report: &EpochReport| [report.train.total, report.train.kl, report.valid.total, report.valid.mmd];
        for (found, expected) in losses(gone_on).into_iter().zip(losses(&never_stopped)) {
            assert!((found - expected).abs() < 1e-7 * expected, "{found} {expected}");
        }
    }
    assert_eq!((curve(&gone_on).len(), gone_on.best()), (never_stopped.history().len(), never_stopped.best()));
}

#[cfg(feature = "engine")]
#[test]
fn a_model_with_a_head_goes_on_from_a_file_to_the_same_bits() {
    use spectrascape::vae::backend::burn::Burn;
    use spectrascape::vae::config::{EncoderInput, HeadConfig};
    use spectrascape::vae::inference::device;
    use spectrascape::vae::labels::Labels;

    let head = HeadConfig { classes: 3, measurements: vec!["dust".to_owned()], weight: 2.0, labelled_fraction: 0.5 };
    let config = VaeConfig {
        pixels: 16,
        hidden1: 6,
        hidden2: 4,
        batch: 16,
        max_epochs: 3,
        input: EncoderInput::FluxAndWeight,
        head: Some(head.clone()),
        ..VaeConfig::paper(2)
    };
    let job = || {
        let mut catalogue = Catalogue::default();
        catalogue.push_integers("class", (0..96).map(|row| row % 3).collect());
        catalogue.push_floats("dust", (0..96).map(|row| row as f32).collect());
        let mut job = old_job();
        job.set.labels = Some(Labels::new(&catalogue, &head, 1).unwrap());
        job
    };
    let open = |state: &LearnerState| Burn::new(&config, state, &device()).unwrap();
    let mut never_stopped = TrainingSession::new(&config, job(), open(&LearnerState::new(&config))).unwrap();
    block_on(never_stopped.finish()).unwrap();
    let mut session = TrainingSession::new(&config, job(), open(&LearnerState::new(&config))).unwrap();
    session.run();
    // Into the second epoch, whose steps do not end with a piece.
    for _ in 0..9 {
        block_on(session.advance(|| 0.0)).unwrap();
    }
    let bytes = block_on(session.checkpoint()).unwrap().to_bytes();
    let checkpoint = Checkpoint::from_bytes("head", &bytes).unwrap();
    assert_eq!((checkpoint.snapshot.history.len(), checkpoint.state.step), (1, 7));
    let backend = open(&checkpoint.state);
    let mut gone_on = TrainingSession::resume(checkpoint, job(), backend).unwrap();
    block_on(gone_on.finish()).unwrap();
    assert_eq!(gone_on.history(), never_stopped.history(), "to the bit");
    let bytes = |session: &mut TrainingSession<Burn>| block_on(session.model(true)).unwrap().to_bytes(Precision::F32);
    assert!(bytes(&mut gone_on) == bytes(&mut never_stopped));
}

/// A training whose first hidden layer is narrower than its latents, and other corners of the form: an epoch and a half in one go, and
/// the same through a file in the middle of an epoch.
#[test]
fn corners_of_the_form_train_and_go_on_through_a_file() {
    let corner = |latents, hidden1, hidden2, batch, variational| VaeConfig {
        latents,
        hidden1,
        hidden2,
        batch,
        variational,
        max_epochs: 2,
        most_spectra: 40,
        ..VaeConfig::paper(latents)
    };
    for config in [
        corner(16, 4, 2, 8, true),
        corner(9, 8, 1000, 8, true),
        corner(16, 8, 3, 512, false),
        corner(1, 4, 1000, 9, true),
        corner(1, 2000, 2, 17, false),
    ] {
        let small = || TrainingJob { total: SHARD, ..job() };
        let begin = || {
            let backend = Cpu::new(&config, LearnerState::new(&config)).unwrap();
            let mut session = TrainingSession::new(&config, small(), backend).unwrap();
            load(&mut session, 0..1);
            session
        };
        let mut straight = begin();
        straight.run();
        work(&mut straight);
        assert_eq!((straight.history().len(), straight.state()), (2, TrainingState::Finished), "{config:?}");

        let mut first = begin();
        first.run_step();
        work(&mut first);
        let bytes = block_on(first.checkpoint()).unwrap().to_bytes();
        let checkpoint = Checkpoint::from_bytes("run-1", &bytes).unwrap();
        let backend = Cpu::new(&config, checkpoint.state.clone()).unwrap();
        let mut second = TrainingSession::resume(checkpoint, small(), backend).unwrap();
        load(&mut second, 0..1);
        second.run();
        work(&mut second);
        assert_eq!(curve(&second), curve(&straight), "{config:?}");
        let state = |session: &mut TrainingSession<Cpu>| block_on(session.checkpoint()).unwrap().state;
        assert!(state(&mut second) == state(&mut straight), "{config:?}");
    }
}

#[test]
fn an_autoencoder_of_pytorch_needs_no_log_variances_and_a_pickle_is_refused_in_words() {
    let config = VaeConfig { hidden1: 12, hidden2: 8, ..VaeConfig::paper(3) };
    let layers = parameters::to_pytorch(&config, &parameters::initial(&config));
    let mut tensors: Vec<(String, Vec<usize>, Vec<u8>)> = Vec::new();
    for (shape, weight, bias) in &layers {
        let bytes = |values: &[f32]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
        tensors.push((format!("{}.weight", shape.name), vec![shape.outputs, shape.inputs], bytes(weight)));
        tensors.push((format!("{}.bias", shape.name), vec![shape.outputs], bytes(bias)));
    }
    let file = |keep: &dyn Fn(&str) -> bool| {
        let views = tensors.iter().filter(|(name, ..)| keep(name)).map(|(name, shape, bytes)| {
            let view = safetensors::tensor::TensorView::new(safetensors::Dtype::F32, shape.clone(), bytes).unwrap();
            (name.clone(), view)
        });
        safetensors::serialize(views, None).unwrap()
    };
    let mean = job().set.mean;
    let open = |bytes: &[u8]| initial_weights::open("mine.safetensors", bytes, &config, &mean, None);
    let (whole, all) = open(&file(&|_| true)).unwrap();
    assert!(whole.variational && all == parameters::initial(&config));
    let (plain, some) = open(&file(&|name| !name.starts_with("log_var"))).unwrap();
    assert!(!plain.variational && some.len() == all.len());
    // Its mean is that of the other: the encodings agree.
    let learner = |config: &VaeConfig, parameters: &[f32]| {
        let mut learner = Learner::new(config);
        learner.set_parameters(parameters).unwrap();
        learner.encode(&vec![0.5; PIXELS]).mean
    };
    assert_eq!(learner(&plain, &some), learner(&whole, &all));
    assert!(open(&file(&|name| name != "mean.weight")).is_err());
    for pickle in [&b"PK\x03\x04archive/data.pkl"[..], b"\x80\x02}q\x00"] {
        let refusal = open(pickle).unwrap_err();
        assert!(refusal.contains("safetensors.torch.save_file"), "{refusal}");
    }
}
