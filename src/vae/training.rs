//! The loop over epochs without its arithmetic: which spectra come next, with which noise, prior draws and step size, when to stop, and
//! which epoch is best. A backend asks for batches, does them, and hands the losses back in order.

use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use super::config::VaeConfig;
use super::dataset::Split;
use super::model_card::EpochReport;
use super::objective::{LossTerms, MmdTerm};
use super::random::{self, Purpose};
use super::schedule::Schedule;
use super::train_error::TrainError;

/// A training without its weights. The same configuration on the same rows gives the same batches, everywhere.
#[derive(Debug, Clone)]
pub struct TrainingLoop {
    config: VaeConfig,
    split: Split,
    schedule: Schedule,
    order_generator: ChaCha8Rng,
    noise_generator: ChaCha8Rng,
    prior_generator: ChaCha8Rng,
    /// The same draws of the prior in every validation, so that two epochs differ by their weights alone.
    validation_prior: Vec<f32>,
    /// Position of the generator before it drew `order`.
    order_word: u64,
    /// Training spectra in this epoch's order.
    order: Vec<usize>,
    noise: Vec<f32>,
    prior: Vec<f32>,
    /// Spectra of this epoch handed out, to train on and to validate with, and those whose losses have come back.
    handed: Passed,
    counted: Passed,
    train_sum: LossTerms,
    valid_sum: LossTerms,
    history: Vec<EpochReport>,
    best: usize,
    finished: bool,
}

/// Spectra of an epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Passed {
    train: usize,
    valid: usize,
}

/// A batch to train on or to validate with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BatchPlan<'a> {
    /// Rows of the set, n.
    pub rows: &'a [usize],
    /// `[n * d]` draws from the standard normal distribution; none for a batch of validation, whose latents are the means.
    pub noise: Option<&'a [f32]>,
    /// `[m * d]` draws of the prior.
    pub prior: &'a [f32],
    /// Adam's step size.
    pub learning_rate: f64,
}

/// The consequence of a batch's losses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Outcome {
    /// The epoch goes on.
    Batch(LossTerms),
    /// The end of the epoch.
    Epoch {
        /// The epoch's losses.
        report: EpochReport,
        /// Whether this is the best state on validation so far.
        best: bool,
    },
}

/// The progress of an epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The epoch that runs, from 1.
    pub epoch: usize,
    /// Training steps done in it.
    pub step: usize,
    /// Training steps in it.
    pub steps: usize,
}

/// All that is needed to go on besides the weights and the rows: plain data for a checkpoint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The model and its training.
    pub config: VaeConfig,
    /// The report of each epoch.
    pub history: Vec<EpochReport>,
    /// The best epoch on validation, from 1; 0 before the first is over.
    pub best: usize,
    /// Whether the stopping rule has been met.
    pub finished: bool,
    schedule: Schedule,
    /// Positions of the generators; that of the order before it drew this epoch's.
    word_positions: [u64; 3],
    counted: Passed,
    train_sum: LossTerms,
    valid_sum: LossTerms,
}

/// Number of neighbours in the set among which the first epoch shuffles spectra, instead of among all, so that training can begin when
/// the first of them have arrived, and does the same as where all were there.
pub const FIRST_BLOCK: usize = 1024;

impl TrainingLoop {
    /// Returns the loop before its first step. `rows` of the set, ascending, are trained on or validated with, split by the set's `split_seed`;
    /// `set` is its name, for errors.
    pub fn new(config: &VaeConfig, set: &str, rows: &[usize], split_seed: u64) -> Result<Self, TrainError> {
        config.validate()?;
        let split = Split::of(rows, config.validation_fraction, split_seed);
        if split.train.is_empty() || split.valid.is_empty() {
            return Err(TrainError::TooFewSpectra { set: set.to_owned(), spectra: rows.len() });
        }
        let generator = |purpose| random::generator(config.seed, purpose);
        let draws = MmdTerm::new(config, config.batch).draws * config.latents;
        let mut training_loop = Self {
            config: config.clone(),
            split,
            schedule: Schedule::new(config),
            order_generator: generator(Purpose::Order),
            noise_generator: generator(Purpose::Noise),
            prior_generator: generator(Purpose::Prior),
            validation_prior: random::normal(&mut generator(Purpose::ValidationPrior), draws),
            order_word: 0,
            order: Vec::new(),
            noise: Vec::new(),
            prior: Vec::new(),
            handed: Passed::default(),
            counted: Passed::default(),
            train_sum: LossTerms::default(),
            valid_sum: LossTerms::default(),
            history: Vec::new(),
            best: 0,
            finished: false,
        };
        training_loop.start_epoch();
        Ok(training_loop)
    }

    /// Returns the loop that a snapshot was taken of, on the same rows of the same set.
    pub fn resume(snapshot: &Snapshot, set: &str, rows: &[usize], split_seed: u64) -> Result<Self, TrainError> {
        let mut training_loop = Self::new(&snapshot.config, set, rows, split_seed)?;
        let [order, noise, prior] = snapshot.word_positions;
        training_loop.order_generator.set_word_pos(u128::from(order));
        training_loop.schedule = snapshot.schedule.clone();
        training_loop.history = snapshot.history.clone();
        training_loop.start_epoch();
        training_loop.noise_generator.set_word_pos(u128::from(noise));
        training_loop.prior_generator.set_word_pos(u128::from(prior));
        let within = Passed {
            train: snapshot.counted.train.min(training_loop.order.len()),
            valid: snapshot.counted.valid.min(training_loop.split.valid.len()),
        };
        (training_loop.handed, training_loop.counted) = (within, within);
        (training_loop.train_sum, training_loop.valid_sum) = (snapshot.train_sum, snapshot.valid_sum);
        (training_loop.best, training_loop.finished) = (snapshot.best, snapshot.finished);
        Ok(training_loop)
    }

    /// Returns all that is needed to go on. Only while nothing handed out is still to be counted does it belong to the learner's weights.
    pub fn snapshot(&self) -> Snapshot {
        let word = |generator: &ChaCha8Rng| generator.get_word_pos() as u64;
        Snapshot {
            config: self.config.clone(),
            history: self.history.clone(),
            best: self.best,
            finished: self.finished,
            schedule: self.schedule.clone(),
            word_positions: [self.order_word, word(&self.noise_generator), word(&self.prior_generator)],
            counted: self.counted,
            train_sum: self.train_sum,
            valid_sum: self.valid_sum,
        }
    }

    /// Returns the next batch: of training until the epoch's spectra are through, then of validation. None once the stopping rule has been
    /// met, or while an epoch's last losses are not back.
    pub fn next_batch(&mut self) -> Option<BatchPlan<'_>> {
        let (batch, latents) = (self.config.batch, self.config.latents);
        if self.finished {
            return None;
        }
        let start = self.handed.train;
        if start < self.order.len() {
            let end = self.order.len().min(start + batch);
            self.handed.train = end;
            let draws = MmdTerm::new(&self.config, end - start).draws;
            random::fill_normal(&mut self.noise_generator, &mut self.noise, (end - start) * latents);
            random::fill_normal(&mut self.prior_generator, &mut self.prior, draws * latents);
            return Some(BatchPlan {
                rows: &self.order[start..end],
                noise: Some(&self.noise),
                prior: &self.prior,
                learning_rate: self.schedule.learning_rate(),
            });
        }
        let start = self.handed.valid;
        let end = self.split.valid.len().min(start + batch);
        if start == end {
            return None;
        }
        self.handed.valid = end;
        let draws = MmdTerm::new(&self.config, end - start).draws * latents;
        Some(BatchPlan {
            rows: &self.split.valid[start..end],
            noise: None,
            prior: &self.validation_prior[..draws],
            learning_rate: self.schedule.learning_rate(),
        })
    }

    /// Returns the highest row of the set that the next batch needs.
    pub fn needs(&self) -> Option<usize> {
        let batch = self.config.batch;
        let (rows, start) = match self.handed.train < self.order.len() {
            true => (&self.order, self.handed.train),
            false => (&self.split.valid, self.handed.valid),
        };
        rows[start..rows.len().min(start + batch)].iter().copied().max()
    }

    /// Records the losses of the oldest batch handed out whose losses have not been recorded.
    ///
    /// # Errors
    ///
    /// A training loss that is no number.
    pub fn record_losses(&mut self, terms: LossTerms) -> Result<Outcome, TrainError> {
        let batch = self.config.batch;
        if self.counted.train < self.order.len() {
            let spectra = batch.min(self.order.len() - self.counted.train);
            if !terms.total.is_finite() {
                let Position { epoch, step, .. } = self.position();
                return Err(TrainError::Diverged { epoch, step: step + 1 });
            }
            self.train_sum += terms.scaled(spectra as f64);
            self.counted.train += spectra;
            return Ok(Outcome::Batch(terms));
        }
        let spectra = batch.min(self.split.valid.len() - self.counted.valid);
        self.valid_sum += terms.scaled(spectra as f64);
        self.counted.valid += spectra;
        match self.counted.valid < self.split.valid.len() {
            true => Ok(Outcome::Batch(terms)),
            false => Ok(self.end_epoch()),
        }
    }

    /// Returns how many batches are handed out whose losses are not recorded.
    pub fn outstanding(&self) -> usize {
        let batches = |handed: usize, counted: usize| (handed - counted).div_ceil(self.config.batch);
        batches(self.handed.train, self.counted.train) + batches(self.handed.valid, self.counted.valid)
    }

    /// Returns how far this epoch is.
    pub fn position(&self) -> Position {
        let batch = self.config.batch;
        Position {
            epoch: self.history.len() + 1,
            step: self.counted.train.div_ceil(batch),
            steps: self.order.len().div_ceil(batch),
        }
    }

    /// Returns its configuration.
    pub fn config(&self) -> &VaeConfig {
        &self.config
    }

    /// Returns the report of each epoch.
    pub fn history(&self) -> &[EpochReport] {
        &self.history
    }

    /// The best epoch on validation, from 1; 0 before the first is over.
    pub fn best(&self) -> usize {
        self.best
    }

    /// Returns whether the stopping rule has been met.
    pub fn is_finished(&self) -> bool {
        self.finished
    }

    /// Returns which rows train and which validate.
    pub fn split(&self) -> &Split {
        &self.split
    }

    fn start_epoch(&mut self) {
        self.order_word = self.order_generator.get_word_pos() as u64;
        let train = &self.split.train;
        self.order.clear();
        let blocks: Vec<&[usize]> = match self.history.is_empty() {
            true => train.chunk_by(|a, b| a / FIRST_BLOCK == b / FIRST_BLOCK).collect(),
            false => vec![train],
        };
        for block in blocks {
            let order = random::permutation(&mut self.order_generator, block.len());
            self.order.extend(order.into_iter().map(|at| block[at]));
        }
        (self.handed, self.counted) = Default::default();
        (self.train_sum, self.valid_sum) = Default::default();
    }

    fn end_epoch(&mut self) -> Outcome {
        let report = EpochReport {
            epoch: self.history.len() + 1,
            train: self.train_sum.scaled(1.0 / self.order.len() as f64),
            valid: self.valid_sum.scaled(1.0 / self.split.valid.len() as f64),
            learning_rate: self.schedule.learning_rate(),
        };
        let verdict = self.schedule.observe(report.valid.total);
        self.history.push(report);
        if verdict.best {
            self.best = report.epoch;
        }
        self.finished = verdict.stop;
        self.start_epoch();
        Outcome::Epoch { report, best: verdict.best }
    }
}
