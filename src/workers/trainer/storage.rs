//! Trainings in the browser's storage: each a checkpoint and a line about it, written by one tab at a time.

use js_sys::Date;

use super::about::{self, About, Attempts};
use crate::browser::store::locks::{self, Lock};
use crate::browser::store::{Store, StoreError};
use crate::browser::stream;
use crate::protocol::{SavedRun, TrainEvent};
use crate::vae::checkpoint::Checkpoint;

/// Trainings kept; the oldest that no tab trains is replaced.
pub const KEPT: usize = 5;

const FOLDER: &str = "runs/";

/// The storage, opened when it is first needed.
#[derive(Default)]
pub struct Saves {
    store: Option<Store>,
}

/// A writer of one training's checkpoints to the browser's disk; without effect in a browser that keeps nothing.
pub struct Saver {
    slot: Option<(String, Option<Lock>)>,
    attempts: Attempts,
    /// Tells whether all of the training, from its seed on, gives the same bits on every machine.
    reproducible: bool,
    /// Why nothing is saved, until it has been said.
    unsaid: Option<String>,
}

impl Saves {
    /// Returns a slot for a new training, which no other has. It is `reproducible` where it begins with a seed.
    pub async fn new_run(&mut self, reproducible: bool) -> Saver {
        let attempts = Attempts::default();
        match self.free().await {
            Ok(slot) => Saver { slot: Some(slot), attempts, reproducible, unsaid: None },
            Err(error) => Saver { slot: None, attempts, reproducible, unsaid: Some(error.to_string()) },
        }
    }

    /// Opens a saved training to go on with. Where another tab trains it, this one goes on with a copy of its own.
    pub async fn open(&mut self, run: &str) -> Result<(Checkpoint, Saver), String> {
        let text = |error: StoreError| error.to_string();
        let lock = locks::try_lock(run).await.unwrap_or(None);
        let bytes = self.store().await.map_err(text)?.read(&checkpoint_of(run)).await.map_err(text)?;
        let bytes = bytes.ok_or_else(|| "the saved training is no longer there: start it again".to_owned())?;
        let checkpoint = match Checkpoint::from_bytes(run, &bytes) {
            Ok(checkpoint) => checkpoint,
            Err(error) => {
                self.set_aside(run).await;
                return Err(error.to_string());
            }
        };
        let reproducible = self.is_noted(&reproducible_at(run)).await;
        let saver = match lock {
            Some(lock) => {
                let attempts = Attempts::after(&self.attempts_of(run).await);
                Saver { slot: Some((run.to_owned(), Some(lock))), attempts, reproducible, unsaid: None }
            }
            None => self.new_run(reproducible).await,
        };
        Ok((checkpoint, saver))
    }

    /// Notes that a training cannot be gone on with, so that it is not offered any more.
    pub async fn set_aside(&mut self, run: &str) {
        if let Ok(store) = self.store().await {
            let _ = store.write(&attempts_at(run), &Attempts::set_aside()).await;
        }
    }

    /// Lists what is kept, for the page.
    pub async fn list(&mut self) -> TrainEvent {
        let runs = self.runs().await.unwrap_or_default();
        let usage = match self.store().await {
            Ok(store) => store.usage().await.unwrap_or_default(),
            Err(_) => Default::default(),
        };
        let shard_bytes = stream::cached_bytes().await;
        TrainEvent::Runs { runs, run_bytes: usage.files, shard_bytes, quota: usage.quota.unwrap_or(0) }
    }

    /// Deletes one, unless a tab trains it.
    pub async fn forget(&mut self, run: &str) {
        if let Ok(Some(_lock)) = locks::try_lock(run).await
            && let Ok(store) = self.store().await
        {
            let _ = store.remove(&about_at(run)).await;
            let _ = store.remove(&checkpoint_of(run)).await;
            let _ = store.remove(&attempts_at(run)).await;
            let _ = store.remove(&reproducible_at(run)).await;
        }
    }

    /// Deletes all trainings but `own`, which runs here, and those that other tabs train; and the spectra kept.
    pub async fn clear(&mut self, own: Option<&str>) -> Result<(), String> {
        for saved in self.runs().await.unwrap_or_default() {
            if own != Some(saved.run.as_str()) {
                self.forget(&saved.run).await;
            }
        }
        stream::clear_cache().await.map_err(|error| error.to_string())
    }

    async fn store(&mut self) -> Result<&Store, StoreError> {
        if self.store.is_none() {
            self.store = Some(Store::open().await?);
        }
        Ok(self.store.get_or_insert_with(Store::default))
    }

    async fn runs(&mut self) -> Result<Vec<SavedRun>, StoreError> {
        let busy = locks::in_use().await.unwrap_or_default();
        let store = self.store().await?;
        let mut runs: Vec<SavedRun> = Vec::new();
        for file in store.list(FOLDER).await? {
            let Some(run) = file.path.strip_prefix(FOLDER).and_then(|path| path.strip_suffix("/about")) else {
                continue;
            };
            let Ok(Some(bytes)) = store.read(&file.path).await else { continue };
            if let Some(about) = About::from_bytes(&bytes) {
                let attempts = store.read(&attempts_at(run)).await.ok().flatten().unwrap_or_default();
                let in_use = busy.iter().any(|name| name == run);
                runs.push(about.saved_run(in_use, about::are_too_many(&attempts)));
            }
        }
        runs.sort_by(|a, b| b.saved_at.total_cmp(&a.saved_at));
        Ok(runs)
    }

    async fn is_noted(&mut self, path: &str) -> bool {
        let Ok(store) = self.store().await else { return false };
        store.read(path).await.ok().flatten().is_some_and(|bytes| !bytes.is_empty())
    }

    async fn attempts_of(&mut self, run: &str) -> Vec<u8> {
        let Ok(store) = self.store().await else { return Vec::new() };
        store.read(&attempts_at(run)).await.ok().flatten().unwrap_or_default()
    }

    /// Returns a name that is not taken, and its lock; deletes the oldest where there are too many.
    async fn free(&mut self) -> Result<(String, Option<Lock>), StoreError> {
        let runs = self.runs().await?;
        for old in runs.iter().rev().filter(|saved| !saved.in_use).take((runs.len() + 1).saturating_sub(KEPT)) {
            self.forget(&old.run).await;
        }
        let busy = locks::in_use().await.unwrap_or_default();
        for number in 1.. {
            let run = format!("run-{number}");
            let taken = runs.iter().any(|saved| saved.run == run) || busy.contains(&run);
            if taken {
                continue;
            }
            match locks::try_lock(&run).await {
                Ok(Some(lock)) => return Ok((run, Some(lock))),
                Ok(None) => {}
                // Without locks other tabs cannot be seen; one tab is the rule.
                Err(_) => return Ok((run, None)),
            }
        }
        unreachable!("numbers do not end")
    }
}

impl Saver {
    /// Returns the training's name in the storage.
    pub fn run(&self) -> Option<String> {
        self.slot.as_ref().map(|(run, _)| run.clone())
    }

    /// Takes in whether the backend gives the same bits on every machine: what it has trained once is reproducible no more if not.
    pub fn continue_with(&mut self, is_portable: bool) {
        self.reproducible &= is_portable;
    }

    /// Returns whether all of the training, from its seed on, gives the same bits on every machine.
    pub fn is_reproducible(&self) -> bool {
        self.reproducible
    }

    /// Returns why nothing is saved, once.
    pub fn complaint(&mut self) -> Option<TrainEvent> {
        let why = self.unsaid.take()?;
        Some(TrainEvent::NotSaved { message: format!("This training is not saved ({why}). It goes on all the same.") })
    }

    /// Writes down that the first step is tried, before it is, and takes that back once `done` says that steps are done, or where
    /// nothing `can_work` for now. What stops the trainer in between is found by the next one.
    pub async fn try_first_step(&mut self, saves: &mut Saves, can_work: bool, done: bool) {
        let Some(run) = self.run() else { return };
        let Some(written) = self.attempts.next(can_work, done) else { return };
        let Ok(store) = saves.store().await else { return };
        let _ = match written.is_empty() {
            true => store.remove(&attempts_at(&run)).await,
            false => store.write(&attempts_at(&run), &written).await,
        };
    }

    /// Saves; training goes on, whatever comes of it.
    pub async fn save(&mut self, saves: &mut Saves, checkpoint: &Checkpoint, paused: bool) -> Option<TrainEvent> {
        let run = self.run()?;
        match self.write(saves, &run, checkpoint, paused).await {
            Ok(bytes) => {
                self.unsaid = None;
                Some(TrainEvent::Saved { run, epochs: checkpoint.snapshot.history.len(), bytes })
            }
            Err(error) => Some(TrainEvent::NotSaved {
                message: format!("This training could not be saved: {error}. It goes on all the same."),
            }),
        }
    }

    async fn write(
        &self,
        saves: &mut Saves,
        run: &str,
        checkpoint: &Checkpoint,
        paused: bool,
    ) -> Result<u64, StoreError> {
        let snapshot = &checkpoint.snapshot;
        let about = About {
            run: run.to_owned(),
            config: snapshot.config.clone(),
            set: checkpoint.set.clone(),
            epochs: snapshot.history.len(),
            finished: snapshot.finished,
            saved_at: Date::now(),
            paused,
        };
        let bytes = checkpoint.to_bytes();
        let store = saves.store().await?;
        // Before the checkpoint, so that one of another backend is never taken for reproducible.
        match self.reproducible {
            true => store.write(&reproducible_at(run), &[1]).await?,
            false => store.remove(&reproducible_at(run)).await?,
        }
        store.write(&checkpoint_of(run), &bytes).await?;
        store.write(&about_at(run), &about.to_bytes()).await?;
        Ok(bytes.len() as u64)
    }
}

fn checkpoint_of(run: &str) -> String {
    format!("{FOLDER}{run}/checkpoint")
}

fn about_at(run: &str) -> String {
    format!("{FOLDER}{run}/about")
}

fn reproducible_at(run: &str) -> String {
    format!("{FOLDER}{run}/reproducible")
}

fn attempts_at(run: &str) -> String {
    format!("{FOLDER}{run}/attempts")
}
