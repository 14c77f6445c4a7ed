//! Burn on a graphics processor: what is special to it. A machine without one takes Mesa's software; one without either fails.

use spectrascape::vae::backend::burn::Burn;
use spectrascape::vae::backend::burn::gpu::{self, Gpu};
use spectrascape::vae::backend::cpu::Cpu;
use spectrascape::vae::backend::{Backend, block_on};
use spectrascape::vae::dataset::TrainingSet;
use spectrascape::vae::inference::device;
use spectrascape::vae::learner_state::LearnerState;
use spectrascape::vae::session::{TrainingJob, TrainingSession};
use spectrascape::vae::{Model, VaeConfig};

use crate::vae::model::{random_set, small_config};

/// The adapter of this machine; without one the test fails by a sentence that names the packages to install.
pub fn gpu() -> &'static Gpu {
    gpu::open().unwrap_or_else(|error| panic!("{error}"))
}

fn on_gpu(config: &VaeConfig, state: &LearnerState) -> Burn {
    Burn::on_gpu(config, state, gpu()).unwrap()
}

/// The losses of every epoch: to train, to validate.
fn curve<B: Backend>(config: &VaeConfig, set: TrainingSet, backend: B) -> Vec<[f64; 2]> {
    let mut session = TrainingSession::new(config, TrainingJob::whole("test", set), backend).unwrap();
    block_on(session.finish()).unwrap();
    session.history().iter().map(|report| [report.train.total, report.valid.total]).collect()
}

#[test]
fn a_training_goes_where_that_of_the_fused_step_goes() {
    let config = VaeConfig { max_epochs: 5, ..small_config() };
    let state = LearnerState::new(&config);
    let expected = curve(&config, random_set(96), Cpu::new(&config, state.clone()).unwrap());
    let found = curve(&config, random_set(96), on_gpu(&config, &state));
    assert_eq!(found.len(), 5);
    for (found, expected) in found.iter().flatten().zip(expected.iter().flatten()) {
        assert!((found - expected).abs() < 1e-3 * expected, "{found} {expected}");
    }
}

#[test]
fn a_set_that_stays_on_the_device_gives_the_same_numbers_as_batches_sent_there() {
    let config = VaeConfig { max_epochs: 2, ..small_config() };
    let state = LearnerState::new(&config);
    let sent = on_gpu(&config, &state).with_resident_set(0);
    let resident = on_gpu(&config, &state);
    assert_eq!(curve(&config, random_set(64), resident), curve(&config, random_set(64), sent));
}

#[test]
fn weights_and_moments_come_back_to_the_bit() {
    let config = small_config();
    let mut session = TrainingSession::new(
        &config,
        TrainingJob::whole("test", random_set(64)),
        on_gpu(&config, &LearnerState::new(&config)),
    )
    .unwrap();
    session.run();
    block_on(session.advance(|| 0.0)).unwrap();
    let state = block_on(session.checkpoint()).unwrap().state;
    assert_eq!(state.step, 3, "all steps of the epoch were enqueued before their losses were read");
    assert!(state.first.iter().any(|&moment| moment != 0.0) && state.second.iter().any(|&moment| moment > 0.0));
    let mut here = Burn::new(&config, &state, &device()).unwrap();
    let mut there = on_gpu(&config, &state);
    assert!(block_on(here.state()).unwrap() == state && block_on(there.state()).unwrap() == state);
}

#[test]
fn a_loss_that_is_no_number_ends_the_training() {
    let config = VaeConfig { learning_rate: 1e30, max_epochs: 100, ..small_config() };
    let backend = on_gpu(&config, &LearnerState::new(&config));
    let mut session = TrainingSession::new(&config, TrainingJob::whole("test", random_set(64)), backend).unwrap();
    let error = block_on(session.finish()).expect_err("it is noticed when the losses are read");
    assert!(error.to_string().contains("diverged"), "{error}");
}

#[test]
fn a_model_encodes_and_decodes_there_as_on_the_cpu() {
    let config = small_config();
    let backend = Cpu::new(&config, LearnerState::new(&config)).unwrap();
    let mut session = TrainingSession::new(&config, TrainingJob::whole("test", random_set(40)), backend).unwrap();
    let model = Model::from_file(block_on(session.model(false)).unwrap(), &device());
    assert_eq!(model.card.trained_on, "CPU");
    let there = model.clone().to_device(&gpu().device);
    let (flux, ivar) = random_set(9).rows(0, 9);
    let (expected, found) = (model.encode(&flux, &ivar), there.encode(&flux, &ivar));
    let pairs = found.mean.iter().chain(&found.log_var).zip(expected.mean.iter().chain(&expected.log_var));
    assert!(pairs.clone().all(|(a, b)| (a - b).abs() < 1e-4 * (1.0 + b.abs())), "{:?}", pairs.collect::<Vec<_>>());
    let (expected, found) = (model.decode(&expected.mean), there.decode(&expected.mean));
    assert!(found.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-4 * (1.0 + b.abs())));
}
