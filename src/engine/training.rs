//! A training in the page, from the fetching of its set to its last epoch, in pieces short enough to answer sliders between.

use burn_tensor::Device;

use crate::protocol::{Event, TrainingState};
use crate::vae::batch::TrainingSet;
use crate::vae::card::EpochReport;
use crate::vae::inference::Model;
use crate::vae::training::{Step, TrainError};
use crate::vae::{Trainer, VaeConfig};

/// One training.
pub struct Training {
    /// The request that started it, which its events answer.
    request: u32,
    state: TrainingState,
    /// Whether to pause when the epoch is over.
    one_epoch: bool,
    /// None while the set is being fetched.
    run: Option<Run>,
}

struct Run {
    trainer: Trainer,
    /// What this epoch's steps of training took, milliseconds.
    busy: f64,
    steps: u32,
    /// After an epoch: the set's latents, as far as they are encoded.
    finale: Option<Finale>,
}

/// An epoch that is over, but for its latents.
struct Finale {
    report: EpochReport,
    best: bool,
    model: Model,
    latents: Vec<f32>,
    encoded: usize,
}

impl Training {
    /// While its set is being fetched.
    pub fn loading(request: u32) -> Self {
        Self { request, state: TrainingState::Loading, one_epoch: false, run: None }
    }

    /// The request that started it.
    pub fn request(&self) -> u32 {
        self.request
    }

    /// Whether this is the training that `request` started, and its set has not come.
    pub fn awaits_set(&self, request: u32) -> bool {
        self.run.is_none() && self.request == request
    }

    /// The set has come. Runs, unless a pause was asked for meanwhile.
    pub fn start(&mut self, config: &VaeConfig, set: TrainingSet, device: &Device) -> Result<Event, TrainError> {
        let trainer = Trainer::new("in-page", config, set, device)?;
        self.run = Some(Run { trainer, busy: 0.0, steps: 0, finale: None });
        if self.state == TrainingState::Loading {
            self.state = TrainingState::Running;
        }
        Ok(Event::Training { state: self.state })
    }

    /// Stops after the step that runs now.
    pub fn pause(&mut self) -> TrainingState {
        if self.state != TrainingState::Finished {
            self.state = TrainingState::Paused;
        }
        self.state
    }

    /// Goes on, or loads on.
    pub fn resume(&mut self) -> TrainingState {
        self.one_epoch = false;
        self.go()
    }

    /// Runs to the end of the epoch, then pauses.
    pub fn one_epoch(&mut self) -> TrainingState {
        self.one_epoch = true;
        self.go()
    }

    /// Whether there is something to do.
    pub fn is_running(&self) -> bool {
        self.run.is_some() && self.state == TrainingState::Running
    }

    /// The model as it is now; once finished, the best one. None while the set is being fetched.
    pub fn model(&self) -> Option<Model> {
        let trainer = &self.run.as_ref()?.trainer;
        Some(if self.state == TrainingState::Finished { trainer.best() } else { trainer.current() })
    }

    /// How far the epoch is.
    pub fn progress(&self) -> Option<Event> {
        let run = self.run.as_ref().filter(|_| self.state == TrainingState::Running)?;
        let position = run.trainer.position();
        Some(Event::Progress {
            what: format!("Epoch {}", position.epoch),
            done: position.step as u64,
            total: position.steps as u64,
            unit: "steps".to_owned(),
        })
    }

    /// Does one piece of work.
    pub fn advance(&mut self, now: impl Fn() -> f64) -> Result<Vec<Event>, TrainError> {
        let Some(run) = self.run.as_mut().filter(|_| self.state == TrainingState::Running) else {
            return Ok(Vec::new());
        };
        if run.finale.is_none() {
            run.step(now)?;
            return Ok(Vec::new());
        }
        let Some(epoch) = run.encode_some() else { return Ok(Vec::new()) };
        let before = self.state;
        if run.trainer.is_finished() {
            self.state = TrainingState::Finished;
        } else if std::mem::take(&mut self.one_epoch) {
            self.state = TrainingState::Paused;
        }
        let mut events = vec![epoch];
        if self.state != before {
            events.push(Event::Training { state: self.state });
        }
        Ok(events)
    }

    fn go(&mut self) -> TrainingState {
        self.state = match (&self.run, self.state) {
            (_, TrainingState::Finished) => TrainingState::Finished,
            (None, _) => TrainingState::Loading,
            (Some(_), _) => TrainingState::Running,
        };
        self.state
    }
}

impl Run {
    fn step(&mut self, now: impl Fn() -> f64) -> Result<(), TrainError> {
        let before = self.trainer.position();
        let start = now();
        let step = self.trainer.step()?;
        // Steps of validation are not counted: they are not what a training step costs.
        if before.step < before.steps {
            self.busy += now() - start;
            self.steps += 1;
        }
        if let Step::Epoch { report, best } = step {
            // After the last epoch it is the best state that decodes, so its latents are the ones to show.
            let model = if self.trainer.is_finished() { self.trainer.best() } else { self.trainer.current() };
            self.finale = Some(Finale { report, best, model, latents: Vec::new(), encoded: 0 });
        }
        Ok(())
    }

    /// Encodes some of the set; the epoch's event once all of it is encoded.
    fn encode_some(&mut self) -> Option<Event> {
        let set = self.trainer.set();
        let finale = self.finale.as_mut()?;
        let end = set.len().min(finale.encoded + Model::BATCH);
        let (flux, ivar) = set.rows(finale.encoded, end);
        finale.latents.append(&mut finale.model.encode(&flux, &ivar).mean);
        finale.encoded = end;
        if end < set.len() {
            return None;
        }
        let Finale { report, best, latents, .. } = self.finale.take()?;
        let ms_per_step = self.busy / f64::from(self.steps.max(1));
        (self.busy, self.steps) = (0.0, 0);
        Some(Event::Epoch { report, best, ms_per_step, latents })
    }
}
