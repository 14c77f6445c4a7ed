//! Training, one batch at a time, so that whoever trains can do something else in between: draw a progress bar, stop.

use burn_tensor::Device;

use super::adam::Adam;
use super::head::BatchLabels;
use super::loss::loss;
use super::model::{InfoVae, matrix, numbers};
use crate::vae::backend::cpu::Learner;
use crate::vae::config::VaeConfig;
use crate::vae::dataset::{Batch, Split, TrainingSet};
use crate::vae::inference::Model;
use crate::vae::model_card::{EpochReport, LossTerms, ModelCard};
use crate::vae::parameters;
use crate::vae::training::{BatchPlan, Outcome, TrainingLoop};
pub use crate::vae::training::{Position, TrainError};

/// A model in training. The same configuration on the same set makes the same weights, bit for bit, on one machine.
///
/// ```ignore
/// let mut trainer = Trainer::new("vae6", &VaeConfig::paper(6), set, &inference::device())?;
/// loop {
///     match trainer.step()? {
///         Step::Batch(terms) => progress(terms),
///         Step::Epoch { report, best } => println!("{report:?} {best}"),
///         Step::Finished => break,
///     }
/// }
/// std::fs::write("vae6.safetensors", weights::to_bytes(&trainer.best(), Precision::F16))?;
/// ```
pub struct Trainer {
    name: String,
    set: TrainingSet,
    training_loop: TrainingLoop,
    device: Device,
    network: Network,
}

/// What is trained, and by which arithmetic.
enum Network {
    /// The paper's network: the gradient by hand, two to three times as fast.
    Plain { learner: Box<Learner>, batch: Batch, best: Vec<f32> },
    /// Whatever else the configuration asks for: Burn with its automatic derivatives.
    Burn { vae: Box<InfoVae>, adam: Adam, best: Box<InfoVae> },
}

/// What a call of [`Trainer::step`] did.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Step {
    /// One batch of training or, at the end of an epoch, of validation; its loss.
    Batch(LossTerms),
    /// The batch that ended an epoch.
    Epoch {
        /// The epoch's losses.
        report: EpochReport,
        /// Whether this is the best state on validation so far.
        best: bool,
    },
    /// Nothing: the stopping rule was met before.
    Finished,
}

impl Trainer {
    /// Before the first step: new weights, split and order, all from seeds (the split's is the set's).
    pub fn new(name: &str, config: &VaeConfig, set: TrainingSet, device: &Device) -> Result<Self, TrainError> {
        if set.pixels() != config.pixels {
            let (set, pixels) = (set.name.clone(), set.pixels());
            return Err(TrainError::OtherPixels { set, pixels, model: config.pixels });
        }
        if let (Some(head), None) = (&config.head, &set.labels) {
            let column = head.measurements.first().cloned().unwrap_or_else(|| "class".to_owned());
            return Err(TrainError::NoLabels { set: set.name.clone(), column });
        }
        let rows: Vec<usize> = (0..set.len()).collect();
        let training_loop = TrainingLoop::new(config, &set.name, &rows, set.split_seed)?;
        let network = Network::new(config, device);
        Ok(Self { name: name.to_owned(), set, training_loop, device: device.clone(), network })
    }

    /// Does one batch: of training until the epoch's spectra are through, then of validation.
    pub fn step(&mut self) -> Result<Step, TrainError> {
        let Self { training_loop, set, device, network, .. } = self;
        let config = training_loop.config().clone();
        let Some(work) = training_loop.next_batch() else { return Ok(Step::Finished) };
        let terms = network.batch(work, &config, set, device);
        Ok(match training_loop.count(terms)? {
            Outcome::Batch(terms) => Step::Batch(terms),
            Outcome::Epoch { report, best } => {
                if best {
                    network.keep();
                }
                Step::Epoch { report, best }
            }
        })
    }

    /// How far this epoch is.
    pub fn position(&self) -> Position {
        self.training_loop.position()
    }

    /// What each epoch came to.
    pub fn history(&self) -> &[EpochReport] {
        self.training_loop.history()
    }

    /// Whether the stopping rule has been met.
    pub fn is_finished(&self) -> bool {
        self.training_loop.is_finished()
    }

    /// The set trained on.
    pub fn set(&self) -> &TrainingSet {
        &self.set
    }

    /// Which of its spectra train and which validate.
    pub fn split(&self) -> &Split {
        self.training_loop.split()
    }

    /// The model as it is now.
    pub fn current(&self) -> Model {
        self.model(self.history().len(), self.network.current(self.training_loop.config(), &self.device))
    }

    /// The model after the epoch with the lowest validation loss; before the first epoch is over, the untrained one.
    pub fn best(&self) -> Model {
        self.model(self.training_loop.best(), self.network.best(self.training_loop.config(), &self.device))
    }

    fn model(&self, epoch: usize, vae: InfoVae) -> Model {
        Model {
            card: ModelCard::of_training(&self.name, &self.training_loop, &self.set, epoch),
            vae,
            input_mean: self.set.mean.mean.clone(),
            infill: self.set.mean.infill.clone(),
        }
    }
}

impl Network {
    fn new(config: &VaeConfig, device: &Device) -> Self {
        if parameters::is_plain(config) {
            let mut learner = Box::new(Learner::new(config));
            learner.use_threads(threads());
            let best = learner.parameters().to_vec();
            return Self::Plain { learner, batch: Batch::default(), best };
        }
        let vae = Box::new(InfoVae::new(config, device));
        Self::Burn { best: vae.clone(), vae, adam: Adam::default() }
    }

    fn batch(&mut self, work: BatchPlan<'_>, config: &VaeConfig, set: &TrainingSet, device: &Device) -> LossTerms {
        match self {
            Self::Plain { learner, batch, .. } => {
                set.batch_into(work.rows, config, batch);
                match work.noise {
                    Some(noise) => learner.train(&batch.x, &batch.weight, noise, work.prior, work.learning_rate),
                    None => learner.evaluate(&batch.x, &batch.weight, work.prior),
                }
            }
            Self::Burn { vae, adam, .. } => by_burn(work, config, set, device, vae, adam),
        }
    }

    /// Keeps the weights as the best so far.
    fn keep(&mut self) {
        match self {
            Self::Plain { learner, best, .. } => best.copy_from_slice(learner.parameters()),
            Self::Burn { vae, best, .. } => best.clone_from(vae),
        }
    }

    fn current(&self, config: &VaeConfig, device: &Device) -> InfoVae {
        match self {
            Self::Plain { learner, .. } => from_flat(config, learner.parameters(), device),
            Self::Burn { vae, .. } => (**vae).clone(),
        }
    }

    fn best(&self, config: &VaeConfig, device: &Device) -> InfoVae {
        match self {
            Self::Plain { best, .. } => from_flat(config, best, device),
            Self::Burn { best, .. } => (**best).clone(),
        }
    }
}

/// Those of the pool that this is called in.
fn threads() -> usize {
    #[cfg(feature = "cli")]
    return rayon::current_num_threads();
    #[cfg(not(feature = "cli"))]
    1
}

fn from_flat(config: &VaeConfig, parameters: &[f32], device: &Device) -> InfoVae {
    let mut layers = parameters::to_pytorch(config, parameters).into_iter();
    InfoVae::from_pytorch(config, device, |_| {
        layers.next().map(|(_, weight, bias)| (weight, bias)).expect("as many layers as shapes")
    })
}

/// One batch on whatever backend the device is of, derivatives by Burn.
fn by_burn(
    work: BatchPlan<'_>,
    config: &VaeConfig,
    set: &TrainingSet,
    device: &Device,
    vae: &mut InfoVae,
    adam: &mut Adam,
) -> LossTerms {
    let BatchPlan { rows, noise, prior, learning_rate } = work;
    let batch = set.batch(rows, config);
    let (spectra, pixels, latents) = (batch.spectra, config.pixels, config.latents);
    let labels = config.head.as_ref().and(set.labels.as_ref());
    let labels = labels.map(|labels| BatchLabels::new(labels.batch(rows), device));
    let x = matrix(batch.x, spectra, pixels, device);
    let weight = matrix(batch.weight, spectra, pixels, device);
    let prior = matrix(prior.to_vec(), prior.len() / latents, latents, device);
    let Some(noise) = noise else {
        return loss(vae, x, weight, None, prior, labels).read();
    };
    let noise = matrix(noise.to_vec(), spectra, latents, device);
    let (terms, gradients) = gradients(vae, |tracked| loss(tracked, x, weight, Some(noise), prior, labels));
    if terms.total.is_finite() {
        adam.step(vae, gradients, learning_rate);
    }
    terms
}

/// A loss and its derivatives: layer by layer, weight before bias, in the weights' own layout; none where the loss does
/// not depend on them.
pub fn gradients(
    vae: &InfoVae,
    loss: impl FnOnce(&InfoVae) -> super::loss::Loss,
) -> (LossTerms, Vec<Option<Vec<f32>>>) {
    let tracked = vae.tracked();
    let loss = loss(&tracked);
    let terms = loss.read();
    let mut gradients = loss.total.backward();
    let mut all = Vec::with_capacity(14);
    for layer in tracked.layers() {
        all.push(layer.weight.grad_remove(&mut gradients).map(numbers));
        all.push(layer.bias.grad_remove(&mut gradients).map(numbers));
    }
    (terms, all)
}
