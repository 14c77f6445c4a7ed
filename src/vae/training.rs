//! Training, one batch at a time, so that whoever trains can do something else in between: draw a progress bar, answer a
//! slider, stop.

use burn_tensor::Device;
use rand_chacha::ChaCha8Rng;
use thiserror::Error;

use super::adam::Adam;
use super::batch::{Split, TrainingSet};
use super::card::{EpochReport, LossTerms, ModelCard};
use super::config::VaeConfig;
use super::head::BatchLabels;
use super::inference::Model;
use super::loss::{loss, prior_draws};
use super::model::{InfoVae, matrix, numbers};
use super::random::{self, Purpose};
use super::schedule::Schedule;
use crate::shard::Grid;

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
    config: VaeConfig,
    set: TrainingSet,
    split: Split,
    device: Device,
    vae: InfoVae,
    adam: Adam,
    schedule: Schedule,
    order_generator: ChaCha8Rng,
    noise_generator: ChaCha8Rng,
    prior_generator: ChaCha8Rng,
    /// The same draws of the prior in every validation, so that two epochs differ by their weights alone.
    validation_prior: Vec<f32>,
    /// Training spectra in this epoch's order.
    order: Vec<usize>,
    /// Spectra of this epoch that have been trained on, then validated on.
    trained: usize,
    validated: usize,
    train_sum: LossTerms,
    valid_sum: LossTerms,
    history: Vec<EpochReport>,
    best: (usize, InfoVae),
    finished: bool,
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

/// How far an epoch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The epoch that runs, from 1.
    pub epoch: usize,
    /// Training steps done in it.
    pub step: usize,
    /// Training steps in it.
    pub steps: usize,
}

/// Why training cannot start or go on.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum TrainError {
    /// Too few spectra to split.
    #[error("the set `{set}` has {spectra} spectra, too few to train on and validate with: use a larger set")]
    TooFewSpectra {
        /// The set.
        set: String,
        /// Its spectra.
        spectra: usize,
    },
    /// An impossible configuration.
    #[error("the model cannot be trained: {flaw}")]
    Config {
        /// What is impossible.
        flaw: String,
    },
    /// The set's spectra are not the model's.
    #[error("the model takes {model} pixels and the spectra of `{set}` have {pixels}: use the paper's grid for both")]
    OtherPixels {
        /// The set.
        set: String,
        /// Pixels of its spectra.
        pixels: usize,
        /// Pixels of the model.
        model: usize,
    },
    /// A head without labels.
    #[error(
        "the model has a head, and the set `{set}` has no column `{column}` for it: choose a column of the catalogue"
    )]
    NoLabels {
        /// The set.
        set: String,
        /// The column.
        column: String,
    },
    /// The loss is not a number.
    #[error("training diverged in epoch {epoch}, step {step}: the loss is no longer a number; lower the learning rate")]
    Diverged {
        /// Epoch, from 1.
        epoch: usize,
        /// Step in it, from 1.
        step: usize,
    },
}

impl Trainer {
    /// Before the first step: new weights, split and order, all from seeds (the split's is the set's).
    pub fn new(name: &str, config: &VaeConfig, set: TrainingSet, device: &Device) -> Result<Self, TrainError> {
        if let Some(flaw) = config.flaw() {
            return Err(TrainError::Config { flaw });
        }
        if set.pixels() != config.pixels {
            let (set, pixels) = (set.name.clone(), set.pixels());
            return Err(TrainError::OtherPixels { set, pixels, model: config.pixels });
        }
        if let (Some(head), None) = (&config.head, &set.labels) {
            let column = head.measurements.first().cloned().unwrap_or_else(|| "class".to_owned());
            return Err(TrainError::NoLabels { set: set.name.clone(), column });
        }
        let split = Split::new(set.len(), config.validation_fraction, set.split_seed);
        if split.train.is_empty() || split.valid.is_empty() {
            return Err(TrainError::TooFewSpectra { set: set.name.clone(), spectra: set.len() });
        }
        let vae = InfoVae::new(config, device);
        let generator = |purpose| random::generator(config.seed, purpose);
        let draws = prior_draws(config, config.batch) * config.latents;
        let mut trainer = Self {
            name: name.to_owned(),
            config: config.clone(),
            set,
            split,
            device: device.clone(),
            best: (0, vae.clone()),
            vae,
            adam: Adam::default(),
            schedule: Schedule::new(config),
            order_generator: generator(Purpose::Order),
            noise_generator: generator(Purpose::Noise),
            prior_generator: generator(Purpose::Prior),
            validation_prior: random::normal(&mut generator(Purpose::ValidationPrior), draws),
            order: Vec::new(),
            trained: 0,
            validated: 0,
            train_sum: LossTerms::default(),
            valid_sum: LossTerms::default(),
            history: Vec::new(),
            finished: false,
        };
        trainer.start_epoch();
        Ok(trainer)
    }

    /// Does one batch: of training until the epoch's spectra are through, then of validation.
    pub fn step(&mut self) -> Result<Step, TrainError> {
        if self.finished {
            return Ok(Step::Finished);
        }
        if self.trained < self.order.len() {
            return self.train_batch().map(Step::Batch);
        }
        let terms = self.validate_batch();
        match self.validated < self.split.valid.len() {
            true => Ok(Step::Batch(terms)),
            false => self.end_epoch(),
        }
    }

    /// How far this epoch is.
    pub fn position(&self) -> Position {
        let batch = self.config.batch;
        Position {
            epoch: self.history.len() + 1,
            step: self.trained.div_ceil(batch),
            steps: self.order.len().div_ceil(batch),
        }
    }

    /// What each epoch came to.
    pub fn history(&self) -> &[EpochReport] {
        &self.history
    }

    /// Whether the stopping rule has been met.
    pub fn is_finished(&self) -> bool {
        self.finished
    }

    /// The set trained on.
    pub fn set(&self) -> &TrainingSet {
        &self.set
    }

    /// Which of its spectra train and which validate.
    pub fn split(&self) -> &Split {
        &self.split
    }

    /// The model as it is now.
    pub fn current(&self) -> Model {
        self.model(self.history.len(), self.vae.clone())
    }

    /// The model after the epoch with the lowest validation loss; before the first epoch is over, the untrained one.
    pub fn best(&self) -> Model {
        self.model(self.best.0, self.best.1.clone())
    }

    fn model(&self, epoch: usize, vae: InfoVae) -> Model {
        let grid = Grid::PAPER;
        Model {
            card: ModelCard {
                format: 1,
                name: self.name.clone(),
                config: self.config.clone(),
                training_set: self.set.name.clone(),
                training_set_sha256: self.set.manifest_sha256.clone(),
                simulated: self.set.simulated,
                epoch,
                history: self.history.clone(),
                grid: (grid.coeff0, grid.coeff1, grid.pixels),
                head_scale: self.set.labels.as_ref().map(|labels| labels.scale.clone()).unwrap_or_default(),
            },
            vae,
            input_mean: self.set.mean.mean.clone(),
            infill: self.set.mean.infill.clone(),
        }
    }

    fn start_epoch(&mut self) {
        let order = random::permutation(&mut self.order_generator, self.split.train.len());
        self.order = order.into_iter().map(|at| self.split.train[at]).collect();
        (self.trained, self.validated) = (0, 0);
        (self.train_sum, self.valid_sum) = Default::default();
    }

    fn train_batch(&mut self) -> Result<LossTerms, TrainError> {
        let end = self.order.len().min(self.trained + self.config.batch);
        let rows = &self.order[self.trained..end];
        let batch = self.set.batch(rows, &self.config);
        let labels = self.labels(rows);
        let (spectra, pixels, latents) = (batch.spectra, self.config.pixels, self.config.latents);
        let draws = prior_draws(&self.config, spectra);
        let noise = random::normal(&mut self.noise_generator, spectra * latents);
        let prior = random::normal(&mut self.prior_generator, draws * latents);
        let x = matrix(batch.x, spectra, pixels, &self.device);
        let weight = matrix(batch.weight, spectra, pixels, &self.device);
        let noise = matrix(noise, spectra, latents, &self.device);
        let prior = matrix(prior, draws, latents, &self.device);

        let (terms, gradients) = gradients(&self.vae, |tracked| loss(tracked, x, weight, Some(noise), prior, labels));
        if !terms.total.is_finite() {
            let Position { epoch, step, .. } = self.position();
            return Err(TrainError::Diverged { epoch, step: step + 1 });
        }
        self.adam.step(&mut self.vae, gradients, self.schedule.learning_rate());
        self.train_sum += terms.scaled(spectra as f64);
        self.trained = end;
        Ok(terms)
    }

    fn validate_batch(&mut self) -> LossTerms {
        let end = self.split.valid.len().min(self.validated + self.config.batch);
        let rows = &self.split.valid[self.validated..end];
        let batch = self.set.batch(rows, &self.config);
        let labels = self.labels(rows);
        let (spectra, pixels, latents) = (batch.spectra, self.config.pixels, self.config.latents);
        let draws = prior_draws(&self.config, spectra);
        let prior = matrix(self.validation_prior[..draws * latents].to_vec(), draws, latents, &self.device);
        let x = matrix(batch.x, spectra, pixels, &self.device);
        let weight = matrix(batch.weight, spectra, pixels, &self.device);
        let terms = loss(&self.vae, x, weight, None, prior, labels).read();
        self.valid_sum += terms.scaled(spectra as f64);
        self.validated = end;
        terms
    }

    fn labels(&self, rows: &[usize]) -> Option<BatchLabels> {
        self.config.head.as_ref()?;
        self.set.labels.as_ref().map(|labels| BatchLabels::new(labels.batch(rows), &self.device))
    }

    fn end_epoch(&mut self) -> Result<Step, TrainError> {
        let report = EpochReport {
            epoch: self.history.len() + 1,
            train: self.train_sum.scaled(1.0 / self.order.len() as f64),
            valid: self.valid_sum.scaled(1.0 / self.split.valid.len() as f64),
            learning_rate: self.schedule.learning_rate(),
        };
        let verdict = self.schedule.observe(report.valid.total);
        self.history.push(report);
        if verdict.best {
            self.best = (report.epoch, self.vae.clone());
        }
        self.finished = verdict.stop;
        self.start_epoch();
        Ok(Step::Epoch { report, best: verdict.best })
    }
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
