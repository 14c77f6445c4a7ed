//! A session: commands in, events out. No browser, no fetching: what must be fetched is handed in as bytes or values.

use burn_tensor::Device;

use super::training::Training;
use crate::protocol::{Command, Encoding, Event, Response, TrainingState};
use crate::spectrum::fits;
use crate::spectrum::normalize::Normalization;
use crate::spectrum::pipeline::{self, PipelineOptions};
use crate::vae::batch::TrainingSet;
use crate::vae::inference::Model;
use crate::vae::{VaeConfig, chi2, inference, weights};

/// One page's engine.
pub struct Session {
    device: Device,
    /// The model of the last file opened.
    opened: Option<Model>,
    training: Option<Training>,
}

impl Session {
    /// With no model open.
    pub fn new() -> Self {
        Self { device: inference::device(), opened: None, training: None }
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
                self.opened = Some(model);
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

    /// Answers a command that needs nothing fetched.
    pub fn answer(&mut self, command: Command) -> Event {
        match command {
            Command::Decode { latent } => self.using_model(|model| decode(model, latent)),
            Command::Encode { flux, ivar } => self.using_model(|model| encode(model, &flux, &ivar).map(Event::Encoded)),
            Command::EncodeFile { name, bytes, redshift } => {
                self.using_model(|model| encode_file(model, name, &bytes, redshift))
            }
            Command::TrainPause => self.steer(Training::pause),
            Command::TrainStep => self.steer(Training::one_epoch),
            Command::TrainResume => self.steer(Training::resume),
            Command::TrainStop => {
                self.training = None;
                Event::Training { state: TrainingState::Idle }
            }
            Command::DecodeMany { .. }
            | Command::Band { .. }
            | Command::OutlierFactors { .. }
            | Command::Explain { .. }
            | Command::ScanRedshift { .. }
            | Command::MakeGalaxy { .. }
            | Command::Degrade { .. }
            | Command::NoiseCurve { .. }
            | Command::Cancel { .. } => Event::Failed { message: "This engine cannot do that yet.".to_owned() },
            Command::OpenModel { .. } | Command::TrainStart { .. } => {
                Event::Failed { message: "This engine cannot fetch files here.".to_owned() }
            }
        }
    }

    /// Whether there is work between messages.
    pub fn is_running(&self) -> bool {
        self.training.as_ref().is_some_and(Training::is_running)
    }

    /// Does one piece of that work, some tens of milliseconds of it: a step of training, or some spectra encoded after an
    /// epoch. `now` is a clock in milliseconds, which only measures.
    pub fn advance(&mut self, now: impl Fn() -> f64) -> Vec<Response> {
        let Some(training) = &mut self.training else { return Vec::new() };
        let request = training.request();
        match training.advance(now) {
            Ok(events) => events.into_iter().map(|event| Response { id: request, event }).collect(),
            Err(error) => self.training_failed(request, &error.to_string()),
        }
    }

    /// How far the epoch in training is.
    pub fn progress(&self) -> Option<Response> {
        let training = self.training.as_ref()?;
        Some(Response { id: training.request(), event: training.progress()? })
    }

    /// Asks the model in training, else the one opened last.
    fn using_model(&self, ask: impl FnOnce(&Model) -> Result<Event, String>) -> Event {
        let in_training = self.training.as_ref().and_then(Training::model);
        let answer = match in_training.as_ref().or(self.opened.as_ref()) {
            Some(model) => ask(model),
            None => Err("No model is open yet: wait until it has loaded, or reload the page.".to_owned()),
        };
        answer.unwrap_or_else(|message| Event::Failed { message })
    }

    fn steer(&mut self, change: impl FnOnce(&mut Training) -> TrainingState) -> Event {
        match &mut self.training {
            Some(training) => Event::Training { state: change(training) },
            None => Event::Failed { message: "Nothing is being trained: start a training first.".to_owned() },
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

fn decode(model: &Model, latent: Vec<f32>) -> Result<Event, String> {
    if latent.len() != model.latents() || latent.iter().any(|value| !value.is_finite()) {
        let (found, wanted) = (latent.len(), model.latents());
        return Err(format!("A place in this latent space is {wanted} numbers; {found} were given, or one is none."));
    }
    let flux = model.decode(&latent);
    Ok(Event::Decoded { latent, flux })
}

fn encode(model: &Model, flux: &[f32], ivar: &[f32]) -> Result<Encoding, String> {
    let pixels = model.pixels();
    if flux.len() != pixels || ivar.len() != pixels {
        return Err(format!("A spectrum for this model has {pixels} pixels, this one has {}.", flux.len()));
    }
    let encoded = model.encode(flux, ivar);
    let reconstruction = model.decode(&encoded.mean);
    let chi2 = chi2(flux, ivar, &reconstruction);
    Ok(Encoding { mean: encoded.mean, log_var: encoded.log_var, reconstruction, chi2 })
}

fn encode_file(model: &Model, name: String, bytes: &[u8], told: Option<f64>) -> Result<Event, String> {
    let observed = fits::read(&name, bytes).map_err(|error| error.to_string())?;
    let named = |error: crate::spectrum::SpectrumError| format!("{name}: {error}");
    let Some(redshift) = told.or(observed.redshift) else {
        return Ok(Event::RedshiftWanted { name });
    };
    let rest_frame = pipeline::to_rest_frame(&observed, redshift, &PipelineOptions::standard()).map_err(named)?;
    let spectrum = pipeline::finish(&rest_frame, &model.infill, Normalization::Rms);
    let encoding = encode(model, &spectrum.flux, &spectrum.ivar)?;
    Ok(Event::FileEncoded {
        name,
        spectrum_id: observed.id,
        redshift,
        redshift_from: if told.is_some() { "you" } else { "the file" }.to_owned(),
        median_snr: observed.median_snr(),
        notes: Vec::new(),
        class: observed.class,
        flux: spectrum.flux,
        ivar: spectrum.ivar,
        encoding,
    })
}
