//! A session: commands in, events out. No browser, no fetching: what must be fetched is handed in as bytes or values.

use std::collections::VecDeque;
use std::rc::Rc;

use burn_tensor::Device;

use super::answers::{self, Answer};
use super::job::{Job, Step};
use super::training::Training;
use crate::protocol::{Command, Event, Request, Response, TrainingState};
use crate::vae::batch::TrainingSet;
use crate::vae::inference::Model;
use crate::vae::{VaeConfig, inference, weights};

/// One page's engine.
pub struct Session {
    device: Device,
    /// The model of the last file opened.
    opened: Option<Rc<Model>>,
    training: Option<Training>,
    /// Long work, piece by piece in turn, by the request that asked for it.
    jobs: VecDeque<(u32, Job)>,
}

impl Session {
    /// With no model open.
    pub fn new() -> Self {
        Self { device: inference::device(), opened: None, training: None, jobs: VecDeque::new() }
    }

    /// What to tell the page first.
    pub fn ready() -> Event {
        Event::Ready { engine: "CPU (burn-flex, one thread, SIMD)".to_owned() }
    }

    /// Opens a model from its file's bytes. One that cannot be opened leaves the one before in use.
    pub fn open_model(&mut self, name: &str, bytes: &[u8]) -> Event {
        match weights::from_bytes(name, bytes, &self.device) {
            Ok(model) => {
                let card = model.card.clone();
                self.opened = Some(Rc::new(model));
                Event::ModelOpened { card }
            }
            Err(error) => failed(error),
        }
    }

    /// Says that the training set is being fetched; a training that ran is over.
    pub fn loading(&mut self, request: u32) -> Event {
        self.training = Some(Training::loading(request));
        Event::Training { state: TrainingState::Loading }
    }

    /// Whether the training that `request` started still waits for its set: nobody has stopped it or started another.
    pub fn awaits_set(&self, request: u32) -> bool {
        self.training.as_ref().is_some_and(|training| training.awaits_set(request))
    }

    /// Starts training on the set that was fetched, unless a pause was asked for meanwhile.
    pub fn start_training(&mut self, request: u32, config: &VaeConfig, set: TrainingSet) -> Vec<Response> {
        let Some(training) = self.training.as_mut().filter(|training| training.awaits_set(request)) else {
            return Vec::new();
        };
        match training.start(config, set, &self.device) {
            Ok(event) => vec![Response { id: request, event }],
            Err(error) => self.training_failed(request, &error.to_string()),
        }
    }

    /// Ends a training that cannot start or go on; the model opened before is in use again.
    pub fn training_failed(&mut self, request: u32, message: &str) -> Vec<Response> {
        self.training = None;
        let failed = Event::Failed { message: format!("Training did not go on: {message}.").replace("..", ".") };
        [failed, Event::Training { state: TrainingState::Idle }].map(|event| Response { id: request, event }).into()
    }

    /// Takes a request that needs nothing fetched: its answer where that is quick, else nothing yet, and a job for
    /// [`Session::advance`].
    pub fn take(&mut self, request: Request) -> Option<Response> {
        let Request { id, command } = request;
        if !Job::is_long(&command) {
            return Some(Response { id, event: self.answer(command) });
        }
        match Job::new(command, || self.model()) {
            Ok(job) => {
                self.jobs.push_back((id, job));
                None
            }
            Err(message) => Some(Response { id, event: Event::Failed { message } }),
        }
    }

    /// Answers a command that needs nothing fetched, however long it takes.
    pub fn answer(&mut self, command: Command) -> Event {
        let answer = match command {
            Command::Decode { latent } => self.model().and_then(|model| answers::decode(&model, latent)),
            Command::Band { latent, log_var } => self.model().and_then(|model| answers::band(&model, latent, &log_var)),
            Command::Encode { flux, ivar } => {
                self.model().and_then(|model| answers::encode(&model, &flux, &ivar).map(Event::Encoded))
            }
            Command::Explain { flux, ivar, redshift, median_snr } => {
                self.model().and_then(|model| answers::explain(&model, &flux, &ivar, redshift, median_snr))
            }
            Command::EncodeFile { name, bytes, redshift } => {
                self.model().and_then(|model| answers::encode_file(&model, name, &bytes, redshift))
            }
            Command::MakeGalaxy { dials, seed } => {
                self.model().and_then(|model| answers::make_galaxy(&model, &dials, seed))
            }
            Command::Degrade { flux, ivar, snr, seed } => {
                self.model().and_then(|model| answers::degrade(&model, &flux, &ivar, snr, seed))
            }
            Command::DecodeMany { .. }
            | Command::ScanRedshift { .. }
            | Command::NoiseCurve { .. }
            | Command::OutlierFactors { .. } => Job::new(command, || self.model()).and_then(Job::finish),
            Command::Cancel { request } => {
                self.jobs.retain(|(id, _)| *id != request);
                Ok(Event::Cancelled { request })
            }
            Command::TrainPause => self.steer(Training::pause),
            Command::TrainStep => self.steer(Training::one_epoch),
            Command::TrainResume => self.steer(Training::resume),
            Command::TrainStop => {
                self.training = None;
                Ok(Event::Training { state: TrainingState::Idle })
            }
            Command::OpenModel { .. } | Command::TrainStart { .. } => {
                Err("This engine cannot fetch files here.".to_owned())
            }
        };
        answer.unwrap_or_else(|message| Event::Failed { message })
    }

    /// Whether there is work between messages.
    pub fn is_running(&self) -> bool {
        !self.jobs.is_empty() || self.training.as_ref().is_some_and(Training::is_running)
    }

    /// Does one piece of that work, some tens of milliseconds of it: of one job and then the next, else a step of training, or some spectra
    /// encoded after an epoch. `now` is a clock in milliseconds, which only measures.
    pub fn advance(&mut self, now: impl Fn() -> f64) -> Vec<Response> {
        if let Some((id, job)) = self.jobs.pop_front() {
            let event = match job.advance() {
                Ok(Step::More(job)) => {
                    self.jobs.push_back((id, job));
                    return Vec::new();
                }
                Ok(Step::Done(event)) => *event,
                Err(message) => Event::Failed { message },
            };
            return vec![Response { id, event }];
        }
        let Some(training) = &mut self.training else { return Vec::new() };
        let request = training.request();
        match training.advance(now) {
            Ok(events) => events.into_iter().map(|event| Response { id: request, event }).collect(),
            Err(error) => self.training_failed(request, &error.to_string()),
        }
    }

    /// How far the job is whose turn it is, else the epoch in training.
    pub fn progress(&self) -> Option<Response> {
        if let Some((id, job)) = self.jobs.front() {
            return Some(Response { id: *id, event: job.progress() });
        }
        let training = self.training.as_ref()?;
        Some(Response { id: training.request(), event: training.progress()? })
    }

    /// The model in training, else the one opened last.
    fn model(&self) -> Result<Rc<Model>, String> {
        let in_training = self.training.as_ref().and_then(Training::model).map(Rc::new);
        let none = || "No model is open yet: wait until it has loaded, or reload the page.".to_owned();
        in_training.or_else(|| self.opened.clone()).ok_or_else(none)
    }

    fn steer(&mut self, change: impl FnOnce(&mut Training) -> TrainingState) -> Answer {
        match &mut self.training {
            Some(training) => Ok(Event::Training { state: change(training) }),
            None => Err("Nothing is being trained: start a training first.".to_owned()),
        }
    }
}

impl Default for Session {
    fn default() -> Self {
        Self::new()
    }
}

fn failed(error: impl std::error::Error) -> Event {
    Event::Failed { message: error.to_string() }
}
