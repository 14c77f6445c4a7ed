//! The trainer as a Web Worker. One task owns the training; messages and shards wait in queues until it looks at them, between two
//! pieces of work.

use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;

use super::current::Current;
use super::inbox::{Inbox, stream};
use super::model_channel::ModelChannel;
use super::report::{progress, translate};
use super::start::{begin, measure};
use super::storage::Saves;
use crate::browser::messages::{self, REPORT, SLICE, Turn, now, post};
use crate::protocol::{Request, TrainCommand, TrainEvent, TrainedModel, TrainingState, WeightsHash};
use crate::vae::backend::{Backend, BackendError};
use crate::vae::model_file::Precision;
use crate::vae::session::{SessionError, SessionEvent};

/// Listens with one kind of backend, says so, and never ends.
pub fn run<B: Backend>() {
    let inbox = Rc::new(Inbox::default());
    let received = inbox.clone();
    let ready = TrainEvent::Ready { engine: B::name().to_owned() };
    let models = Rc::new(ModelChannel::default());
    spawn_local(live::<B>(inbox, models.clone()));
    let receive = move |request| {
        received.requests.borrow_mut().push_back(request);
        received.wake();
    };
    messages::listen(ready, receive, move |port| models.connect(port));
}

async fn live<B: Backend>(inbox: Rc<Inbox>, models: Rc<ModelChannel>) {
    let turn = Turn::new();
    let mut saves = Saves::default();
    let mut current: Option<Current<B>> = None;
    let mut reported = now();
    loop {
        let start = now();
        loop {
            let request = inbox.requests.borrow_mut().pop_front();
            let Some(request) = request else { break };
            answer(&inbox, &mut saves, &mut current, request).await;
        }
        let shard = inbox.shards.borrow_mut().pop_front();
        if let Some((of, shard)) = shard {
            if let Some(training) = current.as_mut().filter(|training| training.request == of) {
                let outcome = match shard {
                    Ok(shard) => training.session.on_shard_loaded(&shard).await.map_err(Stopped::Session),
                    Err(message) => Err(Stopped::Shards(message)),
                };
                if let Err(why) = outcome {
                    stopped(&mut current, why);
                }
            }
            continue;
        }
        if let Some(training) = &mut current {
            let Current { session, saver, began, .. } = training;
            let done = session.is_finished() || session.progress().position != *began;
            saver.try_first_step(&mut saves, session.can_work(), done).await;
        }
        let ready = |training: &&mut Current<B>| training.session.can_work() && !training.session.is_due();
        while let Some(training) = current.as_mut().filter(ready)
            && now() - start < SLICE
        {
            if let Err(error) = work(training, &models).await {
                stopped(&mut current, Stopped::Session(error));
                break;
            }
        }
        if let Some(training) = &mut current {
            if training.session.is_due() {
                save(training, &mut saves).await;
            }
            if training.session.can_work() && now() - reported >= REPORT {
                reported = now();
                post(training.request, progress(&training.session.progress()));
            }
            if training.session.waits_for_spectra() {
                let (loaded, total) = training.session.loaded();
                post(training.request, TrainEvent::WaitsForSpectra { loaded, total });
            }
        }
        match current.as_ref().is_some_and(|training| training.session.can_work()) {
            true => turn.take().await,
            false => inbox.something().await,
        }
    }
}

/// Why a training does not go on.
enum Stopped {
    Session(SessionError),
    /// The download of its spectra failed: the training waits, and a resume asks for them again.
    Shards(String),
}

fn stopped<B: Backend>(current: &mut Option<Current<B>>, why: Stopped) {
    let Some(training) = current else { return };
    let request = training.request;
    post(request, progress(&training.session.progress()));
    match why {
        Stopped::Shards(message) => {
            training.cancel = None;
            let state = training.session.pause();
            post(request, TrainEvent::Failed { message: format!("Training waits: {message}. Press Resume to go on.") });
            post(request, TrainEvent::State { state });
        }
        Stopped::Session(SessionError::Backend(BackendError::Lost { reason })) => {
            let run = training.saver.run();
            *current = None;
            post(request, TrainEvent::DeviceLost { run, message: format!("The GPU is gone ({reason}).") });
        }
        Stopped::Session(error) => {
            *current = None;
            post(request, TrainEvent::Failed { message: format!("Training did not go on: {error}.") });
            post(request, TrainEvent::State { state: TrainingState::Idle });
        }
    }
}

/// One piece of work, and what to say of it.
async fn work<B: Backend>(training: &mut Current<B>, models: &ModelChannel) -> Result<(), SessionError> {
    for event in training.session.advance(now).await? {
        if let SessionEvent::Latents(latents) = &event {
            // First the model, so that the explorer has it when the page asks for it. The best one, once training is over.
            let best = training.session.is_finished();
            let model = training.session.model(best).await?;
            if best && training.saver.is_reproducible() {
                post(training.request, TrainEvent::Reproducible { weights: WeightsHash::of(&model.layers) });
            }
            let bytes = model.to_bytes(Precision::F32);
            models.send(TrainedModel { training: training.request, epoch: latents.epoch, bytes });
        }
        if let SessionEvent::State(_) = event {
            post(training.request, progress(&training.session.progress()));
        }
        post(training.request, translate(event));
    }
    Ok(())
}

async fn save<B: Backend>(training: &mut Current<B>, saves: &mut Saves) {
    let Current { session, saver, request, .. } = training;
    if saver.run().is_none() {
        return session.saved();
    }
    let checkpoint = match session.checkpoint().await {
        Ok(checkpoint) => checkpoint,
        // The next piece of work says it.
        Err(_) => return,
    };
    let paused = session.state() == TrainingState::Paused;
    if let Some(event) = saver.save(saves, &checkpoint, paused).await {
        post(*request, event);
    }
}

async fn answer<B: Backend>(
    inbox: &Rc<Inbox>,
    saves: &mut Saves,
    current: &mut Option<Current<B>>,
    request: Request<TrainCommand>,
) {
    let Request { id, command } = request;
    match command {
        TrainCommand::Start(plan) => {
            // Its lock and its memory are given back first.
            *current = None;
            post(id, TrainEvent::State { state: TrainingState::Loading });
            match begin(inbox, saves, id, *plan).await {
                Ok(begun) => *current = Some(begun),
                Err(message) => {
                    post(id, TrainEvent::Failed { message: format!("Training did not start: {message}.") });
                    post(id, TrainEvent::State { state: TrainingState::Idle });
                }
            }
        }
        TrainCommand::Stop => {
            *current = None;
            post(id, TrainEvent::State { state: TrainingState::Idle });
        }
        TrainCommand::Measure { config } => post(id, measure::<B>(&config).await),
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
            let session = &mut training.session;
            let state = match steer {
                TrainCommand::Pause => session.pause(),
                TrainCommand::Resume => session.run(),
                TrainCommand::RunEpoch => session.run_epoch(),
                TrainCommand::RunStep => session.run_step(),
                TrainCommand::Export { best, half } => {
                    let precision = if half { Precision::F16 } else { Precision::F32 };
                    let kind = if session.config().variational { "vae" } else { "ae" };
                    let (latents, epoch) = (session.config().latents, session.history().len());
                    let name = format!("{kind}{latents}-epoch{epoch}.safetensors");
                    let event = match session.model(best).await {
                        Ok(file) => TrainEvent::ModelFile { name, bytes: file.to_bytes(precision) },
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
            if state == TrainingState::Running && training.cancel.is_none() && session.loaded().0 < session.loaded().1 {
                training.cancel =
                    Some(stream(inbox, training.request, &training.set_url, &training.manifest, session.loaded().0));
            }
            post(id, TrainEvent::State { state });
        }
    }
}
