//! Spectra that stay where they are stored.

use std::sync::Mutex;

use half::f16;
use spectrascape::formats::set::writer::MeanSpectrum;
use spectrascape::preprocess::{InfillBasis, Recipe};
use spectrascape::vae::VaeConfig;
use spectrascape::vae::backend::cpu::Cpu;
use spectrascape::vae::backend::{Backend, block_on};
use spectrascape::vae::dataset::{Batch, TrainingSet};
use spectrascape::vae::learner_state::LearnerState;
use spectrascape::vae::random::{self, Purpose};
use spectrascape::vae::session::{TrainingJob, TrainingSession};
use spectrascape::vae::stored_spectra::{SpectrumStore, StoredSpectra};

const PIXELS: usize = 40;
const COUNT: usize = 160;

/// A store in memory, one spectrum of which cannot be read.
#[derive(Debug)]
struct Store {
    flux: Vec<f16>,
    ivar: Vec<f16>,
    broken: Option<usize>,
    failure: Mutex<Option<String>>,
}

impl SpectrumStore for Store {
    fn count(&self) -> usize {
        self.flux.len() / PIXELS
    }

    fn read(&self, row: usize, flux: &mut [f16], ivar: &mut [f16]) {
        if self.broken == Some(row) {
            ivar.fill(f16::ZERO);
            *self.failure.lock().unwrap() = Some(format!("spectrum {row} is gone"));
            return;
        }
        flux.copy_from_slice(&self.flux[row * PIXELS..(row + 1) * PIXELS]);
        ivar.copy_from_slice(&self.ivar[row * PIXELS..(row + 1) * PIXELS]);
    }

    fn failure(&self) -> Option<String> {
        self.failure.lock().unwrap().clone()
    }
}

fn in_memory() -> TrainingSet {
    let flux = random::normal(&mut random::generator(3, Purpose::Noise), COUNT * PIXELS);
    let masked = |at: usize| if at.is_multiple_of(7) { 0.0 } else { 50.0 };
    TrainingSet {
        name: "stored".to_owned(),
        manifest_sha256: String::new(),
        recipe: Recipe::standard(),
        simulated: true,
        split_seed: 1,
        mean: MeanSpectrum {
            mean: vec![0.5; PIXELS],
            infill: InfillBasis { mean: vec![0.5; PIXELS], components: Vec::new(), eigenvalues: Vec::new() },
        },
        flux: flux.into_iter().map(f16::from_f32).collect(),
        ivar: (0..COUNT * PIXELS).map(|at| f16::from_f32(masked(at))).collect(),
        stored: None,
        labels: None,
    }
}

fn stored(broken: Option<usize>) -> TrainingSet {
    let TrainingSet { flux, ivar, .. } = in_memory();
    let store = Store { flux, ivar, broken, failure: Mutex::default() };
    TrainingSet { flux: Vec::new(), ivar: Vec::new(), stored: Some(StoredSpectra::new(store)), ..in_memory() }
}

fn config() -> VaeConfig {
    VaeConfig {
        pixels: PIXELS,
        hidden1: 12,
        hidden2: 6,
        batch: 16,
        max_epochs: 3,
        added_noise: 0.7,
        ..VaeConfig::paper(2)
    }
}

fn weights(set: TrainingSet) -> (Vec<f32>, Option<String>) {
    let config = config();
    let backend = Cpu::new(&config, LearnerState::new(&config)).unwrap();
    let mut session = TrainingSession::new(&config, TrainingJob::whole("stored", set), backend).unwrap();
    block_on(session.finish()).unwrap();
    let model = block_on(session.model(true)).unwrap();
    (model.layers.into_iter().flat_map(|(_, weight, bias)| [weight, bias].concat()).collect(), session.unread())
}

#[test]
fn a_training_is_the_same_to_the_bit_wherever_its_spectra_are() {
    assert_eq!(weights(stored(None)), weights(in_memory()));
    assert!(Cpu::supports(&config()));
}

#[test]
fn rows_and_the_first_spectra_come_from_where_they_are_stored() {
    let (here, there) = (in_memory(), stored(None));
    assert_eq!((here.len(), there.len(), there.is_empty()), (COUNT, COUNT, false));
    assert_eq!(here.rows(5, 9), there.rows(5, 9));
    assert_eq!(here.first(20), there.first(20));
    let mut loaded = there.clone();
    loaded.load();
    assert_eq!(loaded, here);
}

#[test]
fn a_spectrum_that_cannot_be_read_is_masked_and_said() {
    let set = stored(Some(3));
    assert_eq!(set.failure(), None, "nobody has looked yet");
    let Batch { weight, .. } = set.batch(&[2, 3], &VaeConfig { added_noise: 0.0, ..config() });
    assert!(weight[..PIXELS].iter().any(|w| *w > 0.0) && weight[PIXELS..].iter().all(|w| *w == 0.0));
    assert_eq!(set.failure().as_deref(), Some("spectrum 3 is gone"));
    assert_eq!(weights(stored(Some(3))).1.as_deref(), Some("spectrum 3 is gone"));
}
