//! The rules by which the learning rate falls and training stops, from the validation loss alone.

use serde::{Deserialize, Serialize};

use super::config::VaeConfig;

/// The schedule of the paper: the learning rate is divided by ten after five epochs without improvement on the validation set,
/// and training stops after ten.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Schedule {
    learning_rate: f64,
    patience: usize,
    stop_after: usize,
    min_improvement: f64,
    max_epochs: usize,
    epochs: usize,
    stalled: usize,
    reference: f64,
    lowest: f64,
}

/// The consequence of a validation loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// The lowest loss so far: these weights are the ones to keep.
    pub best: bool,
    /// Training is over.
    pub stop: bool,
}

impl Schedule {
    /// Returns the schedule before the first epoch.
    pub fn new(config: &VaeConfig) -> Self {
        Self {
            learning_rate: config.learning_rate,
            patience: config.patience,
            stop_after: config.stop_after,
            min_improvement: config.min_improvement,
            max_epochs: config.max_epochs,
            epochs: 0,
            stalled: 0,
            reference: f64::INFINITY,
            lowest: f64::INFINITY,
        }
    }

    /// Returns Adam's step size for the coming epoch.
    pub fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    /// Takes the validation loss of the epoch that is over. A loss that is not a number is no improvement.
    pub fn observe(&mut self, loss: f64) -> Verdict {
        self.epochs += 1;
        let best = loss < self.lowest;
        if best {
            self.lowest = loss;
        }
        // The lowest loss is kept however little lower it is; the smallest improvement counts only for patience.
        let threshold = match self.reference.is_finite() {
            true => self.reference - self.min_improvement * self.reference.abs(),
            false => f64::INFINITY,
        };
        if loss < threshold {
            self.reference = loss;
            self.stalled = 0;
        } else {
            self.stalled += 1;
            if self.patience > 0 && self.stalled.is_multiple_of(self.patience) {
                self.learning_rate /= 10.0;
            }
        }
        Verdict { best, stop: self.stalled >= self.stop_after || self.epochs >= self.max_epochs }
    }
}
