//! A training in the page, without the page: shards come, batches are done, states are saved and gone on from.

use std::cell::Cell;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use half::f16;
use half::slice::HalfFloatSliceExt;
use spectrascape::formats::set::writer::MeanSpectrum;
use spectrascape::formats::set::{Catalogue, Shard};
use spectrascape::numerics::pca::Pca;
use spectrascape::preprocess::infill::InfillBasis;
use spectrascape::protocol::{EpochLatents, LinearBaseline, TrainEvent, TrainingState};
use spectrascape::spectrum::PIXELS;
use spectrascape::vae::backend::cpu::{Learner, LearnerState};
use spectrascape::vae::backend::{Backend, Cpu};
use spectrascape::vae::checkpoint::{Checkpoint, CheckpointError};
use spectrascape::vae::dataset::TrainingSet;
use spectrascape::vae::model_card::EpochReport;
use spectrascape::vae::model_file::{ModelFile, Precision};
use spectrascape::vae::random::{self, Purpose};
use spectrascape::vae::session::{SessionError, TrainingJob, TrainingSession};
use spectrascape::vae::{VaeConfig, noise_augmentation, parameters};
use spectrascape::workers::trainer::measure;

/// Spectra of the set, in shards of a hundred.
const COUNT: usize = 1300;
const SHARD: usize = 100;

fn config() -> VaeConfig {
    VaeConfig { hidden1: 12, hidden2: 8, latents: 2, max_epochs: 3, batch: 64, ..VaeConfig::paper(2) }
}

/// What the CPU gives never has to wait.
fn now<T>(future: impl Future<Output = T>) -> T {
    let mut context = Context::from_waker(Waker::noop());
    match pin!(future).poll(&mut context) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the CPU waits for nothing"),
    }
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

fn ahead() -> TrainingJob {
    let infill = InfillBasis { mean: vec![1.0; PIXELS], components: vec![0.0; PIXELS], eigenvalues: vec![0.0] };
    let set = TrainingSet {
        name: "toy".to_owned(),
        manifest_sha256: "0".repeat(64),
        recipe: spectrascape::preprocess::Recipe::standard(),
        simulated: true,
        split_seed: 1,
        mean: MeanSpectrum { mean: vec![1.0; PIXELS], infill },
        flux: Vec::new(),
        ivar: Vec::new(),
        labels: None,
    };
    TrainingJob { set, total: COUNT, class_of: (0..COUNT).map(|row| (row % 4) as u8).collect(), watch: vec![3, 700] }
}

fn lab(config: &VaeConfig) -> TrainingSession<Cpu> {
    let state = LearnerState::new(config);
    let first = state.parameters.clone();
    TrainingSession::new(config, ahead(), Cpu::new(config, state).unwrap(), first).unwrap()
}

fn load(lab: &mut TrainingSession<Cpu>, shards: std::ops::Range<usize>) {
    for number in shards {
        now(lab.on_shard_loaded(&shard(number))).unwrap();
    }
}

fn whole(config: &VaeConfig) -> TrainingSession<Cpu> {
    let mut lab = lab(config);
    load(&mut lab, 0..COUNT / SHARD);
    lab
}

fn work(lab: &mut TrainingSession<Cpu>) -> Vec<TrainEvent> {
    let clock = clock();
    let mut events = Vec::new();
    while lab.can_work() {
        events.extend(now(lab.advance(&clock)).unwrap());
    }
    events
}

fn placed(events: &[TrainEvent]) -> Vec<&EpochLatents> {
    events
        .iter()
        .filter_map(|event| match event {
            TrainEvent::EpochLatents(placed) => Some(placed.as_ref()),
            _ => None,
        })
        .collect()
}

fn curve(lab: &TrainingSession<Cpu>) -> Vec<EpochReport> {
    lab.history().to_vec()
}

/// To bytes and back, as through a disk.
fn through_a_file(lab: &mut TrainingSession<Cpu>) -> TrainingSession<Cpu> {
    let bytes = now(lab.checkpoint()).unwrap().to_bytes();
    let checkpoint = Checkpoint::from_bytes("run-1", &bytes).unwrap();
    let config = checkpoint.snapshot.config.clone();
    let backend = Cpu::new(&config, checkpoint.state.clone()).unwrap();
    TrainingSession::resume(checkpoint, ahead(), backend).unwrap()
}

#[test]
fn runs_to_its_end_and_shows_every_epoch() {
    let config = config();
    let mut lab = whole(&config);
    assert_eq!(lab.run(), TrainingState::Running);
    let events = work(&mut lab);
    assert_eq!(lab.state(), TrainingState::Finished);
    let epochs: Vec<usize> = events
        .iter()
        .filter_map(|e| if let TrainEvent::Epoch { report, .. } = e { Some(report.epoch) } else { None })
        .collect();
    assert_eq!(epochs, [1, 2, 3]);
    let placed = placed(&events);
    assert_eq!(placed.len(), 3);
    for one in &placed {
        assert_eq!((one.latents.len(), one.watched.len(), one.variance.len()), (COUNT * 2, 2 * PIXELS, 2));
    }
    // The last shows the best state: its file encodes to the latents that came with it.
    assert!(lab.is_finished());
    let model = now(lab.model(true, Precision::F32)).unwrap();
    let file = ModelFile::from_bytes("last", &model).unwrap();
    assert_eq!(file.card.epoch, lab.history().len());
    let mut learner = Learner::new(&config);
    learner.set_parameters(&parameters::from_pytorch(&config, &file.layers)).unwrap();
    let flux = shard(0).flux[..PIXELS].to_f32_vec();
    let (mean, log_var) = learner.encode(&flux.iter().map(|flux| flux - 1.0).collect::<Vec<f32>>());
    let near = |a: f32, b: f32| (a - b).abs() <= 1e-5 * (1.0 + b.abs());
    assert!(near(mean[0], placed[2].latents[0]) && near(mean[1], placed[2].latents[1]));
    assert!(log_var.iter().all(|value| value.is_finite()) && placed[2].variance.iter().all(|&v| v > 0.0));
    assert_eq!(lab.run(), TrainingState::Finished, "there is nothing to go on with");
}

#[test]
fn going_on_from_a_file_gives_the_curve_of_a_run_that_never_stopped() {
    let config = VaeConfig { max_epochs: 3, ..config() };
    let mut never_stopped = whole(&config);
    never_stopped.run();
    work(&mut never_stopped);

    // Stopped after 1, 5, ... batches, in the middle of epochs, between training and validation, again and again.
    let mut lab = whole(&config);
    let clock = clock();
    let mut left = 1;
    lab.run();
    while lab.state() != TrainingState::Finished {
        for _ in 0..left {
            now(lab.advance(&clock)).unwrap();
        }
        if lab.state() == TrainingState::Finished {
            break;
        }
        lab.pause();
        if lab.is_due() {
            lab = through_a_file(&mut lab);
            load(&mut lab, 0..COUNT / SHARD);
            left += 4;
        }
        lab.run();
    }
    assert_eq!(curve(&lab), curve(&never_stopped), "to the bit");
    assert_eq!(lab.best(), never_stopped.best());
    let bytes = |lab: &mut TrainingSession<Cpu>| now(lab.model(true, Precision::F32)).unwrap();
    assert_eq!(bytes(&mut lab), bytes(&mut never_stopped));
}

#[test]
fn starts_on_the_first_shards_and_does_the_same_as_when_all_were_there() {
    let config = VaeConfig { max_epochs: 2, ..config() };
    let mut at_once = whole(&config);
    at_once.run();
    work(&mut at_once);

    let mut streamed = lab(&config);
    streamed.run();
    assert!(streamed.waits_for_spectra() && !streamed.can_work());
    let mut steps = Vec::new();
    for number in 0..COUNT / SHARD {
        load(&mut streamed, number..number + 1);
        work(&mut streamed);
        if let TrainEvent::StepsDone { step, .. } = streamed.progress() {
            steps.push(step);
        }
    }
    assert!(steps[COUNT / SHARD - 2] > 0, "steps were done before the last shard came: {steps:?}");
    assert_eq!(curve(&streamed), curve(&at_once));
    assert_eq!(streamed.state(), TrainingState::Finished);
}

#[test]
fn pauses_does_one_batch_and_one_epoch() {
    let mut lab = whole(&config());
    lab.run();
    now(lab.advance(clock())).unwrap();
    assert_eq!(lab.pause(), TrainingState::Paused);
    assert!(!lab.can_work() && lab.is_due(), "a pause is saved");
    now(lab.checkpoint()).unwrap();
    assert!(!lab.is_due());

    let step = |lab: &TrainingSession<Cpu>| match lab.progress() {
        TrainEvent::StepsDone { step, epoch, .. } => (epoch, step),
        other => panic!("{other:?}"),
    };
    let before = step(&lab);
    assert_eq!(lab.one_batch(), TrainingState::Running);
    let events = work(&mut lab);
    assert_eq!(step(&lab), (before.0, before.1 + 1));
    assert!(matches!(events.last(), Some(TrainEvent::State { state: TrainingState::Paused })));

    lab.one_epoch();
    let events = work(&mut lab);
    assert_eq!((lab.history().len(), lab.state()), (1, TrainingState::Paused));
    assert!(matches!(events.last(), Some(TrainEvent::State { state: TrainingState::Paused })));
    assert_eq!(step(&lab), (2, 0));
    lab.run();
    work(&mut lab);
    assert_eq!(lab.state(), TrainingState::Finished);
}

#[test]
fn a_pause_at_the_end_of_an_epoch_shows_it_whole_and_then_nothing_moves() {
    let mut lab = whole(&config());
    let clock = clock();
    lab.run();
    while lab.history().is_empty() {
        now(lab.advance(&clock)).unwrap();
    }
    now(lab.checkpoint()).unwrap();
    assert_eq!(lab.pause(), TrainingState::Running, "its spectra are being placed");
    let events = work(&mut lab);
    assert!(
        matches!(events.as_slice(), [TrainEvent::EpochLatents(_), TrainEvent::State { state: TrainingState::Paused }]),
        "{events:?}"
    );
    assert!(lab.is_due() && !lab.can_work(), "a pause is saved, and nothing moves");
    // The epoch asked for then is the next one, not the one that has been shown.
    lab.one_epoch();
    let events = work(&mut lab);
    assert_eq!((placed(&events).len(), lab.history().len(), lab.state()), (1, 2, TrainingState::Paused));
    lab.one_batch();
    work(&mut lab);
    assert_eq!((lab.history().len(), lab.state()), (2, TrainingState::Paused));
}

#[test]
fn an_epoch_asked_for_while_one_waits_for_its_spectra_to_be_shown_is_the_next() {
    let mut lab = lab(&VaeConfig { most_spectra: 80, batch: 8, ..config() });
    load(&mut lab, 0..1);
    lab.one_epoch();
    work(&mut lab);
    assert_eq!((lab.history().len(), lab.pause()), (1, TrainingState::Paused), "there is nothing to wait for");
    lab.one_epoch();
    load(&mut lab, 1..COUNT / SHARD);
    let events = work(&mut lab);
    assert_eq!((placed(&events).len(), lab.history().len(), lab.state()), (2, 2, TrainingState::Paused));
}

#[test]
fn trains_on_the_classes_and_as_many_spectra_as_asked_for() {
    let ahead = ahead();
    let rows = ahead.rows(&VaeConfig { classes: vec![1, 3], most_spectra: 5, ..config() });
    assert_eq!(rows, [1, 3, 5, 7, 9]);
    assert_eq!(ahead.rows(&config()).len(), COUNT);
    let few = VaeConfig { most_spectra: 80, max_epochs: 1, batch: 8, ..config() };
    let mut lab = lab(&few);
    load(&mut lab, 0..1);
    lab.run();
    work(&mut lab);
    assert_eq!(lab.history().len(), 1, "the first shard is enough for the epoch");
    assert!(lab.waits_for_spectra(), "but not to show all spectra");
    load(&mut lab, 1..COUNT / SHARD);
    let events = work(&mut lab);
    assert_eq!(placed(&events)[0].latents.len(), COUNT * 2);
    let none = VaeConfig { classes: vec![4], ..config() };
    let state = LearnerState::new(&none);
    let error =
        TrainingSession::new(&none, ahead, Cpu::new(&none, state.clone()).unwrap(), state.parameters).err().unwrap();
    assert!(error.to_string().contains("0 spectra"), "{error}");
}

#[test]
fn added_noise_is_as_large_as_said_and_the_same_however_the_shards_come() {
    let set_of = |shards: std::ops::Range<usize>| {
        let mut set = ahead().set;
        shards.for_each(|number| set.push(&shard(number)));
        set
    };
    let clean = set_of(0..2);
    let mut at_once = clean.clone();
    noise_augmentation::add(&mut at_once, 0..2 * SHARD, 2.0, 7);
    let mut one_by_one = set_of(0..1);
    noise_augmentation::add(&mut one_by_one, 0..SHARD, 2.0, 7);
    one_by_one.push(&shard(1));
    noise_augmentation::add(&mut one_by_one, SHARD..2 * SHARD, 2.0, 7);
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
    noise_augmentation::add(&mut other, 0..2 * SHARD, 2.0, 8);
    assert_ne!(other, at_once, "another seed");
}

#[test]
fn the_rival_is_pca_of_the_training_spectra() {
    let mut lab = whole(&VaeConfig { max_epochs: 2, ..config() });
    lab.run();
    let events = work(&mut lab);
    let rivals: Vec<&LinearBaseline> = events
        .iter()
        .filter_map(|e| if let TrainEvent::LinearBaseline(rival) = e { Some(rival.as_ref()) } else { None })
        .collect();
    assert_eq!((rivals.len(), rivals[0].components, rivals[0].watched.len()), (1, 2, 2 * PIXELS));
    // By hand: split, plain PCA of the training rows, weighted residuals of the validation rows.
    let config = config();
    let rows: Vec<usize> = (0..COUNT).collect();
    let split = spectrascape::vae::dataset::Split::of(&rows, config.validation_fraction, 1);
    let mut set = ahead().set;
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
    assert!((rivals[0].reconstruction / by_hand - 1.0).abs() < 1e-3, "{} {by_hand}", rivals[0].reconstruction);
}

#[test]
fn weights_from_a_file_are_shown_first_and_trained_on() {
    let config = VaeConfig { max_epochs: 1, ..config() };
    let state = LearnerState { ..LearnerState::new(&VaeConfig { seed: 9, ..config.clone() }) };
    let first = state.parameters.clone();
    let mut lab = TrainingSession::new(&config, ahead(), Cpu::new(&config, state).unwrap(), first.clone()).unwrap();
    lab.place_first();
    load(&mut lab, 0..COUNT / SHARD);
    lab.run();
    lab.pause();
    let events = work(&mut lab);
    let placed = placed(&events);
    assert_eq!((placed.len(), placed[0].epoch, lab.state()), (1, 0, TrainingState::Paused));
    let model = now(lab.model(false, Precision::F32)).unwrap();
    let file = ModelFile::from_bytes("first", &model).unwrap();
    assert_eq!(parameters::from_pytorch(&config, &file.layers), first);
    lab.run();
    work(&mut lab);
    assert_eq!(lab.history().len(), 1);
    // One epoch asked for while they are still being shown is one epoch all the same.
    let state = LearnerState::new(&config);
    let first = state.parameters.clone();
    let two = VaeConfig { max_epochs: 2, ..config };
    let mut lab = TrainingSession::new(&two, ahead(), Cpu::new(&two, state).unwrap(), first).unwrap();
    lab.place_first();
    load(&mut lab, 0..COUNT / SHARD);
    lab.one_epoch();
    work(&mut lab);
    assert_eq!((lab.history().len(), lab.state()), (1, TrainingState::Paused));
}

#[test]
fn a_file_of_another_set_or_a_damaged_one_is_refused() {
    let mut lab = whole(&config());
    lab.run();
    lab.pause();
    let checkpoint = now(lab.checkpoint()).unwrap();
    let mut other = ahead();
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
    let model = now(lab.model(false, Precision::F32)).unwrap();
    assert!(matches!(Checkpoint::from_bytes("m", &model).unwrap_err(), CheckpointError::Version { .. }));
}

#[test]
fn room_for_the_whole_set_is_made_before_it_comes_or_refused_in_words() {
    let config = config();
    let state = LearnerState::new(&config);
    let backend = || Cpu::new(&config, state.clone()).unwrap();
    let mut set = ahead().set;
    set.reserve(COUNT).unwrap();
    assert_eq!((set.flux.capacity(), set.ivar.capacity()), (COUNT * PIXELS, COUNT * PIXELS));
    let whole = TrainingJob { total: usize::MAX / PIXELS, class_of: Vec::new(), ..ahead() };
    let few = VaeConfig { most_spectra: 100, ..config.clone() };
    let error = TrainingSession::new(&few, whole, backend(), state.parameters.clone()).err().unwrap();
    assert!(matches!(error, SessionError::NoRoom { .. }), "{error}");
    assert!(error.to_string().contains("smaller set"), "{error}");
}

#[test]
fn a_loss_that_is_no_number_ends_the_training_in_words() {
    let mut lab = whole(&VaeConfig { learning_rate: 1e30, ..config() });
    lab.run();
    let clock = clock();
    let error = loop {
        match now(lab.advance(&clock)) {
            Ok(_) => assert!(lab.can_work(), "it cannot go well"),
            Err(error) => break error,
        }
    };
    assert!(error.to_string().contains("learning rate"), "{error}");
}

#[test]
fn a_measurement_times_steps_with_the_clock_it_is_given() {
    let config = config();
    let set = measure::made_up(&config);
    let mut backend = Cpu::new(&config, LearnerState::new(&config)).unwrap();
    now(backend.on_rows_loaded(&set, 0..set.len())).unwrap();
    let (step, first) = now(measure::steps(&mut backend, &set, &config, 0.0, clock())).unwrap();
    // The clock is looked at after the first step and after the last of ten.
    assert_eq!((step, first), (0.1, 1.0));
}
