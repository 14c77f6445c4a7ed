//! The trainer as a Web Worker. One task owns the training; messages and shards wait in queues until it looks at them, between two
//! pieces of work.

use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;

use super::inbox::{Inbox, stream};
use super::measure;
use super::model_channel::ModelChannel;
use super::storage::{Saver, Saves};
use crate::browser::fetch;
use crate::browser::messages::{self, REPORT, SLICE, Turn, now, post};
use crate::browser::stream::Cancel;
use crate::formats::set::writer::MeanSpectrum;
use crate::formats::set::{Manifest, sha256_hex};
use crate::protocol::{Origin, Request, TrainCommand, TrainEvent, TrainedModel, TrainingPlan, TrainingState};
use crate::vae::backend::cpu::LearnerState;
use crate::vae::backend::{Backend, BackendError, Cpu};
use crate::vae::checkpoint::Checkpoint;
use crate::vae::config::VaeConfig;
use crate::vae::dataset::TrainingSet;
use crate::vae::initial_weights::opened;
use crate::vae::model_file::Precision;
use crate::vae::session::{SessionError, TrainingJob, TrainingSession};

/// Makes backends of one kind.
#[expect(async_fn_in_trait, reason = "a worker has one thread: nothing here is sent to another")]
pub trait Maker: 'static {
    /// The kind.
    type Backend: Backend;

    /// In words, for the page.
    fn name(&self) -> String;

    /// One with a state, for a set that will have `total` spectra.
    async fn make(
        &self,
        config: &VaeConfig,
        state: LearnerState,
        ahead: &TrainingJob,
    ) -> Result<Self::Backend, BackendError>;
}

/// Makes backends on one thread of the CPU.
pub struct CpuMaker;

impl Maker for CpuMaker {
    type Backend = Cpu;

    fn name(&self) -> String {
        "CPU (one thread, SIMD)".to_owned()
    }

    async fn make(&self, config: &VaeConfig, state: LearnerState, _: &TrainingJob) -> Result<Cpu, BackendError> {
        Cpu::new(config, state)
    }
}

/// The training of one request.
struct Current<B> {
    request: u32,
    lab: TrainingSession<B>,
    saver: Saver,
    /// Stops the stream of its shards.
    cancel: Option<Cancel>,
    /// Where its set is, and why shards stopped coming, until they are asked for again.
    set_url: String,
    manifest: Manifest,
}

/// Listens, says so, and never ends.
pub fn run<M: Maker>(maker: M) {
    let inbox = Rc::new(Inbox::default());
    let received = inbox.clone();
    let ready = TrainEvent::Ready { engine: maker.name() };
    let models = Rc::new(ModelChannel::default());
    spawn_local(live(maker, inbox, models.clone()));
    let receive = move |request| {
        received.requests.borrow_mut().push_back(request);
        received.wake();
    };
    messages::listen(ready, receive, move |port| models.connect(port));
}

async fn live<M: Maker>(maker: M, inbox: Rc<Inbox>, models: Rc<ModelChannel>) {
    let turn = Turn::new();
    let mut saves = Saves::default();
    let mut current: Option<Current<M::Backend>> = None;
    let mut reported = now();
    loop {
        let start = now();
        loop {
            let request = inbox.requests.borrow_mut().pop_front();
            let Some(request) = request else { break };
            answer(&maker, &inbox, &mut saves, &mut current, request).await;
        }
        let shard = inbox.shards.borrow_mut().pop_front();
        if let Some((of, shard)) = shard {
            if let Some(training) = current.as_mut().filter(|training| training.request == of) {
                let outcome = match shard {
                    Ok(shard) => training.lab.on_shard_loaded(&shard).await.map_err(Stopped::TrainingSession),
                    Err(message) => Err(Stopped::Shards(message)),
                };
                if let Err(why) = outcome {
                    stopped(&mut current, why);
                }
            }
            continue;
        }
        let ready = |training: &&mut Current<M::Backend>| training.lab.can_work() && !training.lab.is_due();
        while let Some(training) = current.as_mut().filter(ready)
            && now() - start < SLICE
        {
            if let Err(error) = work(training, &models).await {
                stopped(&mut current, Stopped::TrainingSession(error));
                break;
            }
        }
        if let Some(training) = &mut current {
            if training.lab.is_due() {
                save(training, &mut saves).await;
            }
            if training.lab.can_work() && now() - reported >= REPORT {
                reported = now();
                post(training.request, training.lab.progress());
            }
        }
        match current.as_ref().is_some_and(|training| training.lab.can_work()) {
            true => turn.take().await,
            false => inbox.something().await,
        }
    }
}

/// Why a training does not go on.
enum Stopped {
    TrainingSession(SessionError),
    /// Its spectra stopped coming: it waits, and a resume asks for them again.
    Shards(String),
}

fn stopped<B: Backend>(current: &mut Option<Current<B>>, why: Stopped) {
    let Some(training) = current else { return };
    let request = training.request;
    match why {
        Stopped::Shards(message) => {
            training.cancel = None;
            let state = training.lab.pause();
            post(request, TrainEvent::Failed { message: format!("Training waits: {message}. Press Resume to go on.") });
            post(request, TrainEvent::State { state });
        }
        Stopped::TrainingSession(SessionError::Backend(BackendError::Lost { reason })) => {
            let run = training.saver.run();
            *current = None;
            post(request, TrainEvent::DeviceLost { run, message: format!("The GPU is gone ({reason}).") });
        }
        Stopped::TrainingSession(error) => {
            *current = None;
            post(request, TrainEvent::Failed { message: format!("Training did not go on: {error}.") });
            post(request, TrainEvent::State { state: TrainingState::Idle });
        }
    }
}

/// One piece of work, and what to say of it.
async fn work<B: Backend>(training: &mut Current<B>, models: &ModelChannel) -> Result<(), SessionError> {
    for event in training.lab.advance(now).await? {
        if let TrainEvent::EpochLatents(latents) = &event {
            // First the model, so that the explorer has it when the page asks for it. The best one, once training is over.
            let bytes = training.lab.model(training.lab.is_finished(), Precision::F32).await?;
            models.send(TrainedModel { training: training.request, epoch: latents.epoch, bytes });
        }
        post(training.request, event);
    }
    Ok(())
}

async fn save<B: Backend>(training: &mut Current<B>, saves: &mut Saves) {
    let Current { lab, saver, request, .. } = training;
    if saver.run().is_none() {
        return lab.saved();
    }
    let checkpoint = match lab.checkpoint().await {
        Ok(checkpoint) => checkpoint,
        // The next piece of work says it.
        Err(_) => return,
    };
    if let Some(event) = saver.save(saves, &checkpoint).await {
        post(*request, event);
    }
}

async fn answer<M: Maker>(
    maker: &M,
    inbox: &Rc<Inbox>,
    saves: &mut Saves,
    current: &mut Option<Current<M::Backend>>,
    request: Request<TrainCommand>,
) {
    let Request { id, command } = request;
    match command {
        TrainCommand::Start(plan) => {
            // Its lock and its memory are given back first.
            *current = None;
            post(id, TrainEvent::State { state: TrainingState::Loading });
            match begin(maker, inbox, saves, id, *plan).await {
                Ok(begun) => *current = Some(begun),
                Err(message) => {
                    post(
                        id,
                        TrainEvent::Failed {
                            message: format!("Training did not start: {message}.").replace("..", "."),
                        },
                    );
                    post(id, TrainEvent::State { state: TrainingState::Idle });
                }
            }
        }
        TrainCommand::Stop => {
            *current = None;
            post(id, TrainEvent::State { state: TrainingState::Idle });
        }
        TrainCommand::Measure { config } => post(id, measure(maker, &config).await),
        TrainCommand::ListRuns => post(id, saves.list().await),
        TrainCommand::ForgetRun { run } => {
            saves.forget(&run).await;
            post(id, saves.list().await);
        }
        TrainCommand::ClearStorage => {
            let own = current.as_ref().and_then(|training| training.saver.run());
            if let Err(message) = saves.clear(own.as_deref()).await {
                post(id, TrainEvent::Failed { message });
            }
            post(id, saves.list().await);
        }
        steer => {
            let Some(training) = current else {
                let message = "Nothing is being trained: start a training first.".to_owned();
                return post(id, TrainEvent::Failed { message });
            };
            let lab = &mut training.lab;
            let state = match steer {
                TrainCommand::Pause => lab.pause(),
                TrainCommand::Resume => lab.run(),
                TrainCommand::RunEpoch => lab.one_epoch(),
                TrainCommand::RunStep => lab.one_batch(),
                TrainCommand::Export { best, half } => {
                    let precision = if half { Precision::F16 } else { Precision::F32 };
                    let name = format!("vae{}-epoch{}.safetensors", lab.config().latents, lab.history().len());
                    let event = match lab.model(best, precision).await {
                        Ok(bytes) => TrainEvent::ModelFile { name, bytes },
                        Err(error) => TrainEvent::Failed { message: format!("The model could not be read: {error}.") },
                    };
                    return post(id, event);
                }
                // Answered above.
                TrainCommand::Start(_)
                | TrainCommand::Stop
                | TrainCommand::Measure { .. }
                | TrainCommand::ListRuns
                | TrainCommand::ForgetRun { .. }
                | TrainCommand::ClearStorage => return,
            };
            if state == TrainingState::Running && training.cancel.is_none() && lab.loaded().0 < lab.loaded().1 {
                training.cancel =
                    Some(stream(inbox, training.request, &training.set_url, &training.manifest, lab.loaded().0));
            }
            post(id, TrainEvent::State { state });
        }
    }
}

async fn begin<M: Maker>(
    maker: &M,
    inbox: &Rc<Inbox>,
    saves: &mut Saves,
    id: u32,
    plan: TrainingPlan,
) -> Result<Current<M::Backend>, String> {
    let words = |error: &dyn std::error::Error| error.to_string();
    let address = |name: &str| format!("{}/{name}", plan.set_url.trim_end_matches('/'));
    let bytes = fetch::get(&address("manifest.json")).await.map_err(|error| words(&error))?;
    let manifest = Manifest::from_json("manifest.json", &bytes).map_err(|error| words(&error))?;
    let mean = fetch::get(&address(&manifest.mean_spectrum)).await.map_err(|error| words(&error))?;
    let mean = MeanSpectrum::from_bytes(&manifest.mean_spectrum, &mean).map_err(|error| words(&error))?;
    let set = TrainingSet::new(&manifest, &sha256_hex(&bytes), mean.clone());
    let watch = plan.watch.iter().map(|&row| row as usize).collect();
    let ahead = TrainingJob { set, total: manifest.count, class_of: plan.class_of, watch };

    let (mut lab, mut saver) = match plan.from {
        Origin::Scratch => {
            let state = LearnerState::new(&plan.config);
            let first = state.parameters.clone();
            if let Some(flaw) = plan.config.flaw() {
                return Err(flaw);
            }
            let backend = maker.make(&plan.config, state, &ahead).await.map_err(|error| words(&error))?;
            let lab = TrainingSession::new(&plan.config, ahead, backend, first).map_err(|error| words(&error))?;
            (lab, saves.new_run().await)
        }
        Origin::Weights { name, bytes } => {
            let set = Some((ahead.set.name.as_str(), ahead.set.recipe));
            let (config, first) = opened(&name, &bytes, &plan.config, &mean, set)?;
            let zeros = vec![0.0; first.len()];
            let state = LearnerState { first: zeros.clone(), second: zeros, parameters: first.clone(), step: 0 };
            let backend = maker.make(&config, state, &ahead).await.map_err(|error| words(&error))?;
            let mut lab = TrainingSession::new(&config, ahead, backend, first).map_err(|error| words(&error))?;
            lab.place_first();
            (lab, saves.new_run().await)
        }
        Origin::Run { run } => {
            let (checkpoint, saver): (Checkpoint, Saver) = saves.open(&run).await?;
            let config = checkpoint.snapshot.config.clone();
            let backend = maker.make(&config, checkpoint.state.clone(), &ahead).await.map_err(|error| words(&error))?;
            let lab = TrainingSession::resume(checkpoint, ahead, backend).map_err(|error| words(&error))?;
            (lab, saver)
        }
    };
    post(
        id,
        TrainEvent::Begun {
            run: saver.run(),
            config: lab.config().clone(),
            history: lab.history().to_vec(),
            best: lab.best(),
        },
    );
    if let Some(complaint) = saver.complaint() {
        post(id, complaint);
    }
    let state = lab.run();
    let state = if plan.paused && state == TrainingState::Running { lab.pause() } else { state };
    let cancel = Some(stream(inbox, id, &plan.set_url, &manifest, 0));
    post(id, TrainEvent::State { state });
    Ok(Current { request: id, lab, saver, cancel, set_url: plan.set_url, manifest })
}

impl<B> Drop for Current<B> {
    fn drop(&mut self) {
        if let Some(cancel) = &self.cancel {
            cancel.now();
        }
    }
}

/// How long a step takes with made-up spectra: the first one apart, which compiles what a GPU runs.
async fn measure<M: Maker>(maker: &M, config: &VaeConfig) -> TrainEvent {
    let timed = async {
        let set = measure::made_up(config);
        let total = set.len();
        let ahead = TrainingJob { set, total, class_of: Vec::new(), watch: Vec::new() };
        let start = now();
        let mut backend = maker.make(config, LearnerState::new(config), &ahead).await?;
        backend.on_rows_loaded(&ahead.set, 0..total).await?;
        measure::steps(&mut backend, &ahead.set, config, start, now).await
    };
    match timed.await {
        Ok((ms_per_step, first)) => TrainEvent::Measured { ms_per_step, first },
        Err(error) => TrainEvent::Failed { message: format!("This engine cannot train here: {error}.") },
    }
}
