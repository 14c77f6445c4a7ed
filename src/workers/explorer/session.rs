//! A session: commands in, events out. No browser, no fetching: what must be fetched is handed in as bytes or values.

use std::collections::VecDeque;
use std::rc::Rc;

use burn_tensor::Device;

use super::answers;
use super::job::{Job, Step};
use crate::protocol::{Command, Event, Request, Response};
use crate::vae::inference::{self, Model};

/// One page's engine.
pub struct Session {
    device: Device,
    /// The model of the last file opened.
    opened: Option<Rc<Model>>,
    /// Long work, piece by piece in turn, by the request that asked for it.
    jobs: VecDeque<(u32, Job)>,
}

impl Session {
    /// With no model open.
    pub fn new() -> Self {
        Self { device: inference::device(), opened: None, jobs: VecDeque::new() }
    }

    /// What to tell the page first.
    pub fn ready() -> Event {
        Event::Ready { engine: "CPU (burn-flex, one thread, SIMD)".to_owned() }
    }

    /// Opens a model from its file's bytes. One that cannot be opened leaves the one before in use.
    pub fn open_model(&mut self, name: &str, bytes: &[u8]) -> Event {
        match Model::from_bytes(name, bytes, &self.device) {
            Ok(model) => {
                let card = model.card.clone();
                self.opened = Some(Rc::new(model));
                Event::ModelOpened { card }
            }
            Err(error) => failed(error),
        }
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
            Command::SimulateGalaxy { dials, seed } => {
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
            Command::UseModel { name, bytes } => return self.open_model(&name, &bytes),
            Command::OpenModel { .. } => Err("This engine cannot fetch files here.".to_owned()),
            Command::TrainStart(_)
            | Command::TrainPause
            | Command::RunEpoch
            | Command::RunStep
            | Command::TrainResume
            | Command::TrainStop
            | Command::TrainExport { .. }
            | Command::Measure { .. }
            | Command::ListRuns
            | Command::ForgetRun { .. }
            | Command::ClearStorage => Err("This engine explores; a trainer trains.".to_owned()),
        };
        answer.unwrap_or_else(|message| Event::Failed { message })
    }

    /// Whether there is work between messages.
    pub fn is_running(&self) -> bool {
        !self.jobs.is_empty()
    }

    /// Does one piece of that work, some tens of milliseconds of it: of one job, and the next time of the next.
    pub fn advance(&mut self) -> Option<Response> {
        let (id, job) = self.jobs.pop_front()?;
        let event = match job.advance() {
            Ok(Step::More(job)) => {
                self.jobs.push_back((id, job));
                return None;
            }
            Ok(Step::Done(event)) => *event,
            Err(message) => Event::Failed { message },
        };
        Some(Response { id, event })
    }

    /// How far the job is whose turn it is.
    pub fn progress(&self) -> Option<Response> {
        self.jobs.front().map(|(id, job)| Response { id: *id, event: job.progress() })
    }

    /// The model opened last.
    fn model(&self) -> Result<Rc<Model>, String> {
        let none = || "No model is open yet: wait until it has loaded, or reload the page.".to_owned();
        self.opened.clone().ok_or_else(none)
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
