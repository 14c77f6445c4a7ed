//! A session: commands in, events out. No browser, no fetching: what must be fetched is handed in as bytes or values.

use std::collections::VecDeque;

use super::file::{self, FileOptions, Files};
use super::model::{HandedOver, Handover, OpenedModel};
use super::reply::{Answer, Job, Reply, now};
use super::{band, decode, encode, explain, noise, outliers, pca, redshift, simulate};
use crate::protocol::{ExploreCommand, ExploreEvent, Request, Response, TrainedModel};

/// One page's explorer.
pub struct Session {
    model: OpenedModel,
    handed_over: HandedOver,
    files: Files,
    /// Long work, piece by piece in turn, by the request that asked for it.
    jobs: VecDeque<(u32, Box<dyn Job>)>,
}

impl Session {
    /// Returns a session with no model open.
    pub fn new() -> Self {
        let (handed_over, files) = (HandedOver::default(), Files::default());
        Self { model: OpenedModel::none(), handed_over, files, jobs: VecDeque::new() }
    }

    /// Returns what to tell the page first.
    pub fn ready() -> ExploreEvent {
        ExploreEvent::Ready { engine: "CPU (burn-flex, one thread, SIMD)".to_owned() }
    }

    /// Opens a model from its file's bytes. One that cannot be opened leaves the one before in use.
    pub fn open_model(&mut self, name: &str, bytes: &[u8]) -> ExploreEvent {
        self.model.open(name, bytes)
    }

    /// Takes in a model that was handed over. Returns the answer to a request that waits for it.
    pub fn on_trained_model(&mut self, model: TrainedModel) -> Option<Response<ExploreEvent>> {
        let handover = self.handed_over.on_arrived(model);
        self.follow(handover)
    }

    /// Another worker hands models over from now on. Returns the answer to a request that waits for one of the worker before.
    pub fn on_connected(&mut self) -> Option<Response<ExploreEvent>> {
        let handover = self.handed_over.on_connected();
        self.follow(handover)
    }

    /// Takes a request that needs nothing fetched. Returns its answer where that is quick; else [`Session::advance`] gives it later.
    pub fn take(&mut self, request: Request<ExploreCommand>) -> Option<Response<ExploreEvent>> {
        let Request { id, command } = request;
        let answer = match command {
            ExploreCommand::UseTrainedModel { training, epoch } => {
                let handover = self.handed_over.ask(id, training, epoch);
                return self.follow(handover);
            }
            command => self.reply(command),
        };
        let event = match answer {
            Ok(Reply::Now(event)) => *event,
            Ok(Reply::Later(job)) => {
                self.jobs.push_back((id, job));
                return None;
            }
            Ok(Reply::Nothing) => return None,
            Err(message) => ExploreEvent::Failed { message },
        };
        Some(Response { id, event })
    }

    /// Returns whether there is work between messages.
    pub fn is_running(&self) -> bool {
        !self.jobs.is_empty()
    }

    /// Does one piece of that work, some tens of milliseconds of it: of one job, and the next time of the next.
    pub fn advance(&mut self) -> Option<Response<ExploreEvent>> {
        let (id, mut job) = self.jobs.remove(self.next_job())?;
        match job.advance() {
            Ok(None) => {
                self.jobs.push_back((id, job));
                None
            }
            Ok(Some(event)) => Some(Response { id, event }),
            Err(message) => Some(Response { id, event: ExploreEvent::Failed { message } }),
        }
    }

    /// Returns how far the job is whose turn it is.
    pub fn progress(&self) -> Option<Response<ExploreEvent>> {
        self.jobs
            .get(self.next_job())
            .map(|(id, job)| Response { id: *id, event: ExploreEvent::Progress(job.progress()) })
    }

    /// Returns the index of the job whose turn it is: the first one, but jobs in the background are last.
    fn next_job(&self) -> usize {
        self.jobs.iter().position(|(_, job)| !job.is_background()).unwrap_or(0)
    }

    /// Dispatches a command.
    fn reply(&mut self, command: ExploreCommand) -> Answer {
        let (model, files) = (&self.model, &mut self.files);
        match command {
            ExploreCommand::Decode { latent } => decode::one(&*model.get()?, latent),
            ExploreCommand::DecodeMany { latents } => decode::many(model.get()?, latents),
            ExploreCommand::Band { latent, log_var } => band::band(&*model.get()?, latent, &log_var),
            ExploreCommand::Encode { flux, ivar, method } => {
                now(ExploreEvent::Encoded(encode::encode(&*model.get()?, &flux, &ivar, method)?))
            }
            ExploreCommand::OutlierFactors { latents, dims } => outliers::factors(&latents, dims),
            ExploreCommand::Explain { flux, ivar, redshift, median_snr, method } => {
                explain::explain(&*model.get()?, &flux, &ivar, redshift, median_snr, method)
            }
            ExploreCommand::OpenFile { file, name, bytes, medium, redrock } => {
                files.open(file, name, &bytes, &FileOptions { medium, redrock: redrock.as_ref() });
                Ok(Reply::Nothing)
            }
            ExploreCommand::CloseFile { file } => {
                files.close(file);
                Ok(Reply::Nothing)
            }
            ExploreCommand::EncodeFile { file, row, redshift, method } => {
                file::encode_file(&*model.get()?, files.get(file)?, row, redshift, method)
            }
            ExploreCommand::ScanRedshift { file, row, background } => {
                redshift::scan(model.get()?, files.get(file)?, row, background)
            }
            ExploreCommand::SimulateGalaxy { dials, seed, method } => {
                simulate::simulate(&*model.get()?, &dials, seed, method)
            }
            ExploreCommand::Degrade { flux, ivar, snr, seed, method } => {
                noise::degrade(&*model.get()?, &flux, &ivar, snr, seed, method)
            }
            ExploreCommand::NoiseCurve { flux, ivar, seed } => noise::curve(model.get()?, &flux, &ivar, seed),
            ExploreCommand::FitPca { flux, components } => pca::fit(flux, components),
            ExploreCommand::Cancel { request } => {
                self.jobs.retain(|(id, _)| *id != request);
                now(ExploreEvent::Cancelled { request })
            }
            ExploreCommand::OpenModel { .. } | ExploreCommand::UseTrainedModel { .. } => {
                Err("A model can be opened only where its file is: reload the page.".to_owned())
            }
        }
    }

    fn follow(&mut self, handover: Handover) -> Option<Response<ExploreEvent>> {
        match handover {
            Handover::Use { request, model } => {
                Some(Response { id: request, event: self.model.open("the model in training", &model.bytes) })
            }
            Handover::Gone { request } => {
                let message = "The model of this epoch is gone: wait for the next epoch.".to_owned();
                Some(Response { id: request, event: ExploreEvent::Failed { message } })
            }
            Handover::Wait => None,
        }
    }
}

impl Default for Session {
    fn default() -> Self {
        Self::new()
    }
}
