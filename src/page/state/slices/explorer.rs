//! The conversation with the explorer: what it runs, what it was asked, and which answers are still waited for.

use std::collections::HashMap;
use std::sync::Arc;

use super::asked::Asked;
use super::opened_files::{FileChange, OpenedFiles};
use super::seen::Seen;
use crate::formats::Medium;
use crate::protocol::{ExploreCommand, Progress, RedrockFile, Request};
use crate::vae::encoding::EncodingMethod;
use crate::vae::linear_head::LinearHead;
use crate::vae::model_card::ModelCard;

/// What runs in a worker.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Engine {
    /// It has not reported yet.
    #[default]
    Starting,
    /// It works; the name of its backend.
    Ready(String),
    /// It has stopped; why.
    Dead(String),
}

/// Times in a row that an explorer that stopped is started again.
const RESTARTS: u32 = 2;

/// The address of a model file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ModelAddress {
    /// Absolute address.
    pub url: String,
    /// SHA-256 that it must have, where it comes from another site.
    pub sha256: Option<String>,
}

impl From<String> for ModelAddress {
    fn from(url: String) -> Self {
        Self { url, sha256: None }
    }
}

/// The explorer, as the page knows it.
#[derive(Debug, Clone, Default)]
pub struct Explorer {
    engine: Engine,
    /// Counts the workers, so that the page knows when another is wanted.
    generation: u32,
    /// Workers in a row that have stopped before they decoded anything.
    restarts: u32,
    card: Option<Arc<ModelCard>>,
    head: Option<Arc<LinearHead>>,
    model_file: ModelAddress,
    model_open: bool,
    model_asked: bool,
    asked: HashMap<u32, Asked>,
    outbox: Vec<Request<ExploreCommand>>,
    last_id: u32,
    progress: Option<(u32, Progress)>,
    files: OpenedFiles,
    method: EncodingMethod,
}

impl Explorer {
    /// Returns what runs.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Returns the card of the model in use.
    pub fn card(&self) -> Option<&Arc<ModelCard>> {
        self.card.as_ref()
    }

    /// Returns the head of the model in use, which predicts class and measurements from latents; `None` for a model without.
    pub fn head(&self) -> Option<&Arc<LinearHead>> {
        self.head.as_ref()
    }

    /// Returns the long job in progress: its request and how far it is.
    pub fn progress(&self) -> Option<&(u32, Progress)> {
        self.progress.as_ref()
    }

    /// Returns the way in which it is asked to encode the user's own spectra.
    pub fn method(&self) -> EncodingMethod {
        self.method
    }

    /// Chooses the way in which it is asked to encode the user's own spectra, from the next request on.
    pub fn set_method(&mut self, method: EncodingMethod) {
        self.method = method;
    }

    /// Returns whether it works.
    pub fn is_ready(&self) -> bool {
        matches!(self.engine, Engine::Ready(_))
    }

    /// Returns whether the model on screen is open.
    pub fn model_is_open(&self) -> bool {
        self.model_open
    }

    /// Returns whether the model on screen can be asked something.
    pub fn can_ask(&self) -> bool {
        self.model_open && self.is_ready()
    }

    /// Returns the number of the worker.
    pub fn generation(&self) -> u32 {
        self.generation
    }

    /// Returns the requests to send since this was last called; none while the worker starts.
    pub fn take_outbox(&mut self) -> Vec<Request<ExploreCommand>> {
        if self.engine == Engine::Starting { Vec::new() } else { std::mem::take(&mut self.outbox) }
    }

    /// Returns the epoch whose model the explorer was asked to use.
    pub fn asked_epoch(&self) -> Option<&Seen> {
        self.asked.values().find_map(|asked| match asked {
            Asked::EpochLatents { seen, .. } => Some(seen.as_ref()),
            _ => None,
        })
    }

    /// Wants another worker in place of one that has stopped; returns whether it may be started.
    pub fn start_again(&mut self) -> bool {
        self.restarts += 1;
        let may_start = self.restarts <= RESTARTS;
        if may_start {
            self.generation += 1;
            self.engine = Engine::Starting;
            self.model_asked = false;
        }
        may_start
    }

    /// Takes in that the worker has decoded something: it works.
    pub fn on_decoded(&mut self) {
        self.restarts = 0;
    }

    /// Sends a command and returns its request.
    pub fn send(&mut self, command: ExploreCommand) -> u32 {
        self.last_id += 1;
        self.outbox.push(Request { id: self.last_id, command });
        self.last_id
    }

    /// Sends a command whose answer is waited for, and returns its request.
    pub fn ask(&mut self, command: ExploreCommand, asked: Asked) -> u32 {
        let id = self.send(command);
        self.asked.insert(id, asked);
        id
    }

    /// Asks something about a file, which the explorer is sent first where it does not have it.
    pub fn ask_of_file(&mut self, file: u32, command: ExploreCommand, asked: Asked) -> u32 {
        if let Some(open) = self.files.open(file) {
            self.send(open);
        }
        self.ask(command, asked)
    }

    /// Keeps a file's bytes and returns its number: the same for the same file.
    pub fn keep_file(&mut self, name: String, bytes: Vec<u8>) -> u32 {
        self.files.keep(name, bytes)
    }

    /// Returns what the device is to be told of the user's files, once.
    pub fn take_file_changes(&mut self) -> Vec<FileChange> {
        self.files.take_changes()
    }

    /// Keeps a redrock file. Returns the file of its coadd, if that is open, which is opened again with it when next asked about.
    pub fn keep_redrock(&mut self, coadd: String, redrock: RedrockFile) -> Option<u32> {
        self.files.keep_redrock(coadd, redrock)
    }

    /// Returns the redrock files whose coadd is not open, once: their names, and those of the coadds.
    pub fn lone_redrocks(&mut self) -> Vec<(String, String)> {
        self.files.lone_redrocks()
    }

    /// Returns the medium that the user chose for the wavelengths of a file.
    pub fn medium(&self, file: u32) -> Option<Medium> {
        self.files.medium(file)
    }

    /// Chooses the medium of a file's wavelengths; the file is opened again when next asked about.
    pub fn set_medium(&mut self, file: u32, medium: Option<Medium>) {
        self.files.set_medium(file, medium);
    }

    /// Returns a file's name.
    pub fn file_name(&self, file: u32) -> &str {
        self.files.name(file)
    }

    /// Forgets a file, here and in the explorer.
    pub fn close_file(&mut self, file: u32) {
        if let Some(close) = self.files.close(file) {
            self.send(close);
        }
    }

    /// Returns whether an answer of a kind is waited for.
    pub fn waits_for(&self, kind: impl Fn(&Asked) -> bool) -> bool {
        self.asked.values().any(kind)
    }

    /// Returns how many answers of a kind are waited for.
    pub fn count(&self, kind: impl Fn(&Asked) -> bool) -> usize {
        self.asked.values().filter(|asked| kind(asked)).count()
    }

    /// Returns what a request asked, which is answered or failed now; `None` where nobody waits for it any longer.
    pub fn answered(&mut self, id: u32) -> Option<Asked> {
        self.progress.take_if(|(request, _)| *request == id);
        self.asked.remove(&id)
    }

    /// Stops waiting for the answers of a kind, and leaves the requests alone.
    pub fn ignore(&mut self, kind: impl Fn(&Asked) -> bool) {
        self.asked.retain(|_, asked| !kind(asked));
    }

    /// Stops waiting for the answers of a kind, as [`ignore`](Self::ignore) does, and returns what `kind` returns of each, in the order
    /// asked.
    pub fn withdraw<T>(&mut self, kind: impl Fn(&Asked) -> Option<T>) -> Vec<T> {
        let mut withdrawn: Vec<(u32, T)> =
            self.asked.iter().filter_map(|(id, asked)| Some((*id, kind(asked)?))).collect();
        withdrawn.sort_by_key(|(id, _)| *id);
        withdrawn
            .into_iter()
            .map(|(id, value)| {
                self.ignore_request(id);
                value
            })
            .collect()
    }

    /// Stops waiting for an answer.
    pub fn ignore_request(&mut self, id: u32) {
        self.asked.remove(&id);
    }

    /// Stops waiting for the answers of a kind, and cancels the long jobs among them. Returns the serials of noise whose draws are
    /// among them.
    pub fn forget(&mut self, kind: impl Fn(&Asked) -> bool) -> Vec<u32> {
        let gone: Vec<u32> = self.asked.iter().filter(|(_, asked)| kind(asked)).map(|(id, _)| *id).collect();
        gone.into_iter().filter_map(|id| self.forget_request(id)).collect()
    }

    /// Stops waiting for an answer, and cancels the job if it is a long one. Returns the serial of the noise whose draw it was.
    pub fn forget_request(&mut self, id: u32) -> Option<u32> {
        let asked = self.answered(id)?;
        if asked.is_long() {
            self.send(ExploreCommand::Cancel { request: id });
        }
        match asked {
            Asked::Noisy(serial) => Some(serial),
            _ => None,
        }
    }

    /// Takes in that the explorer works, maybe a new one, which has no file.
    pub fn on_ready(&mut self, engine: String) {
        self.engine = Engine::Ready(engine);
        self.files.on_explorer_lost();
    }

    /// Takes in how far a job is.
    pub fn on_progress(&mut self, id: u32, progress: Progress) {
        if self.asked.contains_key(&id) {
            self.progress = Some((id, progress));
        }
    }

    /// Takes in that the model on screen is open.
    pub fn on_model_opened(&mut self, card: ModelCard, head: Option<LinearHead>) {
        self.model_open = true;
        self.on_trained_model_opened(card, head);
    }

    /// Takes in the card and the head of a model of the training, which is not on screen yet.
    pub fn on_trained_model_opened(&mut self, card: ModelCard, head: Option<LinearHead>) {
        (self.card, self.head) = (Some(Arc::new(card)), head.map(Arc::new));
    }

    /// Takes in that the model of the newest epoch is on screen.
    pub fn use_trained_model(&mut self) {
        self.model_open = true;
    }

    /// Takes in that an overtaken request has opened its model: the one wanted is opened again.
    pub fn on_overtaken_model(&mut self) {
        if std::mem::take(&mut self.model_open) {
            self.model_asked = false;
            self.open_model();
        }
    }

    /// Asks for the model file to be opened, once.
    pub fn open_model(&mut self) {
        if !self.model_asked && !self.model_file.url.is_empty() {
            self.model_asked = true;
            let ModelAddress { url, sha256 } = self.model_file.clone();
            self.ask(ExploreCommand::OpenModel { url, sha256 }, Asked::Model);
        }
    }

    /// Takes the model out of use, for good.
    pub fn refuse_model(&mut self) {
        self.model_open = false;
        (self.card, self.head) = (None, None);
    }

    /// Sets the address of the model file.
    pub fn set_model_file(&mut self, file: ModelAddress) {
        self.model_file = file;
    }

    /// Takes the model out of use until it is opened again.
    pub fn close_model(&mut self) {
        self.model_open = false;
        self.model_asked = false;
    }

    /// Takes in that the worker has stopped. Returns whether that is news.
    pub fn on_died(&mut self, sentence: String) -> bool {
        if matches!(self.engine, Engine::Dead(_)) {
            return false;
        }
        self.engine = Engine::Dead(sentence);
        self.model_open = false;
        self.asked.clear();
        self.outbox.clear();
        self.progress = None;
        self.files.on_explorer_lost();
        true
    }
}
