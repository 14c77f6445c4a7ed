//! The head in plain memory, against Burn's and by hand; and training of every kind of model on the CPU.

use burn::tensor::Device;
use spectrascape::formats::set::Catalogue;
use spectrascape::vae::backend::any_cpu::AnyCpu;
use spectrascape::vae::backend::{Backend, block_on};
use spectrascape::vae::config::{EncoderInput, HeadConfig};
use spectrascape::vae::inference::Model;
use spectrascape::vae::labels::Labels;
use spectrascape::vae::learner_state::LearnerState;
use spectrascape::vae::session::{TrainingJob, TrainingSession};
use spectrascape::vae::{InfoVae, VaeConfig};

use crate::vae::model::{random_set, small_config};

fn head() -> HeadConfig {
    HeadConfig { classes: 2, measurements: vec!["dust".to_owned()], weight: 3.0, labelled_fraction: 1.0 }
}

fn labels() -> Labels {
    let mut catalogue = Catalogue::default();
    catalogue.push_integers("class", (0..64).map(|row| row % 2).collect());
    catalogue.push_floats("dust", (0..64).map(|row| row as f32).collect());
    Labels::new(&catalogue, &head(), 1).unwrap()
}

/// A model whose head is known: latents (a, b, c) give the scores a and b and the measurement c.
fn known_head() -> Model {
    let config = VaeConfig { head: Some(head()), ..small_config() };
    assert_eq!(config.latents, 3);
    let device = Device::flex();
    let mut set = random_set(64);
    set.labels = Some(labels());
    let state = LearnerState::new(&config);
    let vae = InfoVae::from_parameters(&config, &state.parameters, &device);
    let mut layers = vae.to_pytorch();
    let (_, weight, bias) = layers.last_mut().unwrap();
    weight.copy_from_slice(&[1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]);
    bias.copy_from_slice(&[0.0, 0.0, 0.5]);
    let backend = AnyCpu::new(&config, state, 1).unwrap();
    let mut session = TrainingSession::new(&config, TrainingJob::whole("known", set), backend).unwrap();
    let mut file = block_on(session.model(false)).unwrap();
    file.layers = layers;
    Model::from_file(file, &device)
}

#[test]
fn a_head_predicts_what_a_hand_calculation_says() {
    let model = known_head();
    let found = model.head().unwrap().predict(&[2.0, 1.0, -1.0]);
    // Softmax of 2 and 1; 31.5 is the mean of 0 to 63, sqrt((64^2 - 1) / 12) their deviation.
    let expected =
        [1.0 / (1.0 + (-1.0_f64).exp()), 1.0 / (1.0 + 1.0_f64.exp()), 31.5 - 0.5 * (4095.0_f64 / 12.0).sqrt()];
    for (found, expected) in found.iter().zip(expected) {
        assert!((f64::from(*found) - expected).abs() < 1e-5 * expected.abs().max(1.0), "{found} {expected}");
    }
    assert_eq!(model.predict(&[2.0, 1.0, -1.0, 2.0, 1.0, -1.0]).unwrap(), [found.clone(), found].concat());
}

#[test]
fn every_kind_of_model_trains_on_the_cpu() {
    let plain = small_config();
    let with_head = VaeConfig { head: Some(head()), ..small_config() };
    let with_weights = VaeConfig { input: EncoderInput::FluxAndWeight, ..small_config() };
    let both = VaeConfig { head: Some(head()), input: EncoderInput::FluxAndWeight, ..small_config() };
    for config in [plain, with_head, with_weights, both] {
        assert!(AnyCpu::supports(&config));
        let mut set = random_set(64);
        set.labels = config.head.is_some().then(labels);
        let backend = AnyCpu::new(&config, LearnerState::new(&config), 1).unwrap();
        assert_eq!(backend.device(), "CPU");
        let mut session = TrainingSession::new(&config, TrainingJob::whole("any", set), backend).unwrap();
        block_on(session.finish()).unwrap();
        let history = session.history();
        assert!(history.last().unwrap().train.total < history[0].train.total, "{config:?}");
    }
}
