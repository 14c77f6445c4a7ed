//! The start of a training: from random weights, a file of weights or a saved training.

use std::rc::Rc;

use super::current::Current;
use super::inbox::{Inbox, stream};
use super::measure;
use super::storage::{Saver, Saves};
use crate::browser::fetch;
use crate::browser::messages::{now, post};
use crate::formats::set::writer::MeanSpectrum;
use crate::formats::set::{Catalogue, Manifest, sha256_hex};
use crate::protocol::{Origin, TrainEvent, TrainingPlan, TrainingState};
use crate::vae::backend::Backend;
use crate::vae::checkpoint::Checkpoint;
use crate::vae::config::VaeConfig;
use crate::vae::dataset::TrainingSet;
use crate::vae::initial_weights;
use crate::vae::labels::Labels;
use crate::vae::learner_state::LearnerState;
use crate::vae::session::{Follow, SessionError, TrainingJob, TrainingSession};

/// The name that a model trained in the page has in its file.
const NAME: &str = "in-page";

/// Fetches what a plan names, opens the backend, and starts streaming the set's shards.
pub(super) async fn begin<B: Backend>(
    inbox: &Rc<Inbox>,
    saves: &mut Saves,
    id: u32,
    plan: TrainingPlan,
) -> Result<Current<B>, String> {
    let text = |error: &dyn std::error::Error| error.to_string();
    let address = |name: &str| format!("{}/{name}", plan.set_url.trim_end_matches('/'));
    let bytes = fetch::get(&address("manifest.json")).await.map_err(|error| text(&error))?;
    let manifest = Manifest::from_json("manifest.json", &bytes).map_err(|error| text(&error))?;
    let mean = fetch::get(&address(&manifest.mean_spectrum)).await.map_err(|error| text(&error))?;
    let mean = MeanSpectrum::from_bytes(&manifest.mean_spectrum, &mean).map_err(|error| text(&error))?;
    let set = TrainingSet::new(&manifest, &sha256_hex(&bytes), mean.clone());
    let watch = plan.watch.iter().map(|&row| row as usize).collect();
    let (name, class_of, follow) = (NAME.to_owned(), plan.class_of, Follow::Latents { watch });
    let mut job = TrainingJob { name, set, total: manifest.count, class_of, follow };

    let (mut session, mut saver) = match plan.from {
        Origin::Scratch => {
            plan.config.validate().map_err(|error| text(&error))?;
            job.set.labels = labels(&plan.config, &manifest, &address).await?;
            let state = LearnerState::new(&plan.config);
            let backend = open::<B>(&plan.config, state, &job).await?;
            let session = TrainingSession::new(&plan.config, job, backend).map_err(|error| text(&error))?;
            (session, saves.new_run(true).await)
        }
        Origin::Weights { name, bytes } => {
            let set = Some((job.set.name.as_str(), job.set.recipe));
            let (config, parameters) = initial_weights::open(&name, &bytes, &plan.config, &mean, set)?;
            job.set.labels = labels(&config, &manifest, &address).await?;
            let state = LearnerState::with_parameters(parameters);
            let backend = open::<B>(&config, state, &job).await?;
            let mut session = TrainingSession::new(&config, job, backend).map_err(|error| text(&error))?;
            session.encode_first();
            (session, saves.new_run(false).await)
        }
        Origin::Run { run } => {
            let (checkpoint, saver): (Checkpoint, Saver) = saves.open(&run).await?;
            let config = checkpoint.snapshot.config.clone();
            job.set.labels = labels(&config, &manifest, &address).await?;
            let backend = open::<B>(&config, checkpoint.state.clone(), &job).await?;
            match TrainingSession::resume(checkpoint, job, backend) {
                Ok(session) => (session, saver),
                Err(error) => {
                    saves.set_aside(&run).await;
                    return Err(text(&error));
                }
            }
        }
    };
    saver.continue_with(session.is_portable());
    post(
        id,
        TrainEvent::Begun {
            run: saver.run(),
            config: session.config().clone(),
            history: session.history().to_vec(),
            best: session.best(),
        },
    );
    if let Some(complaint) = saver.complaint() {
        post(id, complaint);
    }
    let state = session.run();
    let state = if plan.paused && state == TrainingState::Running { session.pause() } else { state };
    let cancel = Some(stream(inbox, id, &plan.set_url, &manifest, 0));
    post(id, TrainEvent::State { state });
    let began = session.progress().position;
    Ok(Current { request: id, session, saver, began, cancel, set_url: plan.set_url, manifest })
}

/// Opens the backend for a training on `job`'s set.
async fn open<B: Backend>(config: &VaeConfig, state: LearnerState, job: &TrainingJob) -> Result<B, String> {
    if !B::supports(config) {
        return Err(SessionError::Unsupported.to_string());
    }
    B::open(config, state, job).await.map_err(|error| error.to_string())
}

/// Fetches the set's catalogue and reads the labels that a model with a head is trained on; none for a model without.
async fn labels(
    config: &VaeConfig,
    manifest: &Manifest,
    address: impl Fn(&str) -> String,
) -> Result<Option<Labels>, String> {
    let Some(head) = &config.head else { return Ok(None) };
    let bytes = fetch::get(&address(&manifest.catalogue)).await.map_err(|error| error.to_string())?;
    let catalogue = Catalogue::from_bytes(&manifest.catalogue, &bytes).map_err(|error| error.to_string())?;
    let missing = |column| format!("the set `{}` has no column `{column}` to learn from", manifest.name);
    Labels::new(&catalogue, head, config.seed).map(Some).map_err(missing)
}

/// Measures how long a step takes with random spectra: the first one apart, which compiles what a GPU runs.
pub(super) async fn measure<B: Backend>(config: &VaeConfig) -> TrainEvent {
    let timed = async {
        let job = TrainingJob::whole(NAME, measure::random_set(config));
        let start = now();
        let mut backend = B::open(config, LearnerState::new(config), &job).await?;
        backend.on_rows_loaded(&job.set, 0..job.total).await?;
        measure::steps(&mut backend, &job.set, config, start, now).await
    };
    match timed.await {
        Ok((ms_per_step, first)) => TrainEvent::Measured { ms_per_step, first },
        Err(error) => TrainEvent::Failed { message: format!("This engine cannot train here: {error}.") },
    }
}
