//! The number of steps in a submission.
//!
//! WebGPU has no backpressure, and a submission that runs for seconds makes the whole screen stutter or the system take the
//! device away. So a submission is kept near a tenth of a second, whatever the adapter: many steps of a fast one, one of a slow one.

use super::steps::MOST_STEPS;

/// Duration that a submission should have, milliseconds.
const WANTED: f64 = 100.0;

/// Steps a submission, found by measuring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    steps: usize,
}

impl Default for Pace {
    fn default() -> Self {
        Self { steps: 1 }
    }
}

impl Pace {
    /// Steps to submit next.
    pub fn steps(self) -> usize {
        self.steps
    }

    /// Learns from a submission of `steps` that took `milliseconds`: halves or doubles at most.
    pub fn observe(&mut self, steps: usize, milliseconds: f64) {
        if steps == 0 || !milliseconds.is_finite() {
            return;
        }
        let wanted = WANTED / (milliseconds.max(0.01) / steps as f64);
        let wanted = wanted.clamp(self.steps as f64 / 2.0, self.steps as f64 * 2.0);
        self.steps = (wanted as usize).clamp(1, MOST_STEPS);
    }
}
