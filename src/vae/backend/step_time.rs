//! The time of a training step, by which a device is chosen and benches are made.

use super::Backend;
use crate::vae::config::VaeConfig;
use crate::vae::dataset::TrainingSet;
use crate::vae::train_error::TrainError;
use crate::vae::training::TrainingLoop;
use crate::vae::training_job::SessionError;

/// A training that is timed and then dropped.
pub struct TimedTraining<'a, B> {
    backend: B,
    set: &'a TrainingSet,
    batches: TrainingLoop,
}

impl<'a, B: Backend> TimedTraining<'a, B> {
    /// Returns a training on a set that is whole, before its first step.
    ///
    /// # Errors
    ///
    /// A configuration that cannot be trained, and too few spectra.
    pub fn new(backend: B, config: &VaeConfig, set: &'a TrainingSet) -> Result<Self, TrainError> {
        let rows: Vec<usize> = (0..set.len()).collect();
        Ok(Self { backend, set, batches: TrainingLoop::new(config, &set.name, &rows, set.split_seed)? })
    }

    /// Does training steps, `most` of the first epoch's at most, and waits for their losses. Returns the milliseconds of each by the clock
    /// `now`; none where no step is left.
    ///
    /// # Errors
    ///
    /// A failure of the backend, and a loss that is no number.
    pub async fn run(&mut self, most: usize, now: impl Fn() -> f64) -> Result<Option<f64>, SessionError> {
        let start = now();
        let mut done = 0;
        while done < most {
            let Some(batch) = self.batches.next_batch().filter(|batch| batch.noise.is_some()) else { break };
            self.backend.enqueue(self.set, batch).await?;
            done += 1;
        }
        for terms in self.backend.losses().await? {
            self.batches.record_losses(terms)?;
        }
        Ok((done > 0).then(|| (now() - start) / done as f64))
    }
}
