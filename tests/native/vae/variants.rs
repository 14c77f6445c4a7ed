//! What goes beyond the paper's model: the search's draws, heads and their labels, weights as input, gaps filled by the model.

use burn::tensor::Device;
use spectrascape::formats::set::Catalogue;
use spectrascape::vae::backend::burn::Burn;
use spectrascape::vae::backend::cpu::Cpu;
use spectrascape::vae::config::{EncoderInput, HeadConfig};
use spectrascape::vae::labels::Labels;
use spectrascape::vae::learner_state::LearnerState;
use spectrascape::vae::model_file::Precision;
use spectrascape::vae::session::{SessionError, TrainingJob, TrainingSession};
use spectrascape::vae::train_error::TrainError;
use spectrascape::vae::{Model, VaeConfig, infill, search};

use crate::vae::model::{self, random_set, small_config};

fn catalogue(count: usize) -> Catalogue {
    let mut catalogue = Catalogue::default();
    catalogue.push_integers("class", (0..count).map(|row| (row % 5) as i32).collect());
    catalogue.push_floats("dust", (0..count).map(|row| if row % 4 == 0 { f32::NAN } else { row as f32 }).collect());
    catalogue
}

fn head(labelled_fraction: f64) -> HeadConfig {
    HeadConfig { classes: 4, measurements: vec!["dust".to_owned()], weight: 5.0, labelled_fraction }
}

fn trained(config: &VaeConfig, labels: Option<Labels>) -> Model {
    let mut set = random_set(64);
    set.labels = labels;
    model::trained("small", config, set)
}

#[test]
fn a_search_draws_from_the_papers_ranges() {
    let base = VaeConfig::paper(6);
    let draws: Vec<VaeConfig> = (0..400).map(|index| search::draw(&base, 7, index)).collect();
    for draw in &draws {
        assert!((1.0..=1e5).contains(&draw.lambda) && (7..=2000).contains(&draw.hidden1));
        assert!((7..=draw.hidden1).contains(&draw.hidden2), "{} of {}", draw.hidden2, draw.hidden1);
    }
    // Log-uniform: the median of ln lambda is half of ln 1e5, that of ln h1 halfway from ln 7 to ln 2000.
    let median = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let lambda = median(draws.iter().map(|draw| f64::from(draw.lambda).ln()).collect());
    let hidden1 = median(draws.iter().map(|draw| (draw.hidden1 as f64).ln()).collect());
    assert!((lambda - 1e5_f64.ln() / 2.0).abs() < 0.8, "{lambda}");
    assert!((hidden1 - (7.0_f64.ln() + 2000.0_f64.ln()) / 2.0).abs() < 0.4, "{hidden1}");
    assert_eq!(search::draw(&base, 7, 123), draws[123], "a draw depends on no other");
    assert_ne!(search::draw(&base, 8, 123).lambda, draws[123].lambda);
    let seeds: std::collections::BTreeSet<u64> = draws.iter().map(|draw| draw.seed).collect();
    assert_eq!(seeds.len(), draws.len(), "each trains with a seed of its own");
}

#[test]
fn labels_are_standardised_and_as_many_as_asked_for() {
    let labels = Labels::new(&catalogue(1000), &head(1.0), 1).unwrap();
    let known: Vec<f64> = (0..1000).filter(|row| row % 4 != 0).map(f64::from).collect();
    let mean = known.iter().sum::<f64>() / 750.0;
    let deviation = (known.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / 750.0).sqrt();
    assert!(
        (f64::from(labels.scale[0].0) - mean).abs() < 1e-2 && (f64::from(labels.scale[0].1) - deviation).abs() < 1e-2
    );
    let batch = labels.batch(&[4, 5, 7]);
    let class = batch.class.unwrap();
    // Rows 4, 5 and 7 have classes 4 (none of the four), 0 and 2.
    assert_eq!(class, [0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0]);
    let (values, known) = batch.values.unwrap();
    assert_eq!((known.as_slice(), values[0]), (&[0.0, 1.0, 1.0][..], 0.0));
    assert!((f64::from(values[1]) - (5.0 - mean) / deviation).abs() < 1e-3);

    let few = Labels::new(&catalogue(4000), &head(0.1), 1).unwrap();
    let rows: Vec<usize> = (0..4000).collect();
    let class = few.batch(&rows).class.unwrap();
    let labelled = class.iter().sum::<f32>() / (4000.0 * 0.8);
    assert!((labelled - 0.1).abs() < 0.02, "{labelled} of those that have a class");
    assert_eq!(Labels::new(&Catalogue::default(), &head(1.0), 1).unwrap_err(), "class");
}

#[test]
fn a_head_is_trained_stored_and_asked() {
    let config = VaeConfig { head: Some(head(1.0)), ..small_config() };
    let labels = Labels::new(&catalogue(64), &head(1.0), 1).unwrap();
    let scale = labels.scale.clone();
    let model = trained(&config, Some(labels));
    let history = &model.card.history;
    assert!(history.last().unwrap().train.head < history[0].train.head, "the head learns");
    let bytes = model.to_bytes(Precision::F32);
    let again = Model::from_bytes("head", &bytes, &Device::flex()).unwrap();
    let outputs = again.predict(&[0.1, -0.2, 0.3, 0.0, 0.0, 0.0]).unwrap();
    assert_eq!(outputs, model.predict(&[0.1, -0.2, 0.3, 0.0, 0.0, 0.0]).unwrap());
    assert_eq!(outputs.len(), 2 * 5);
    for row in outputs.chunks(5) {
        assert!((row[..4].iter().sum::<f32>() - 1.0).abs() < 1e-5, "probabilities");
        assert!((row[4] - scale[0].0).abs() < 5.0 * scale[0].1, "in its own unit");
    }
    assert!(trained(&small_config(), None).predict(&[0.0; 3]).is_none());
    let backend = Burn::new(&config, &LearnerState::new(&config), &Device::flex()).unwrap();
    let refused = TrainingSession::new(&config, TrainingJob::whole("none", random_set(64)), backend).map(|_| ());
    assert!(matches!(refused, Err(SessionError::Train(TrainError::NoLabels { .. }))));
    let plain = Cpu::new(&config, LearnerState::new(&config)).unwrap();
    let refused = TrainingSession::new(&config, TrainingJob::whole("none", random_set(64)), plain).map(|_| ());
    assert_eq!(refused, Err(SessionError::Unsupported));
}

#[test]
fn a_model_that_sees_weights_notices_noise() {
    let model = trained(&VaeConfig { input: EncoderInput::FluxAndWeight, ..small_config() }, None);
    let (flux, ivar) = random_set(1).rows(0, 1);
    let fainter: Vec<f32> = ivar.iter().map(|ivar| ivar / 50.0).collect();
    assert_ne!(model.encode(&flux, &ivar), model.encode(&flux, &fainter));
    let plain = trained(&small_config(), None);
    assert_eq!(plain.encode(&flux, &ivar), plain.encode(&flux, &fainter));
}

#[test]
fn gaps_are_filled_and_nothing_else_is_touched() {
    let model = trained(&small_config(), None);
    let mut set = random_set(8);
    let before = set.clone();
    let change = infill::fill_set(&mut set, &model);
    assert!(change > 0.0);
    let (old, ivar) = before.rows(0, 8);
    let new = set.rows(0, 8).0;
    let decoded = model.decode(&model.encode(&old, &ivar).mean);
    for at in 0..old.len() {
        match ivar[at] > 0.0 {
            true => assert_eq!(new[at], old[at]),
            false => assert!((new[at] - decoded[at]).abs() < 2e-3, "half precision"),
        }
    }
    let filled = infill::fill(&model, &old[..1000], &ivar[..1000], 3);
    assert!((0..1000).all(|at| ivar[at] <= 0.0 || filled[at] == old[at]));
}
