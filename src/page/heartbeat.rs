//! Finds out whether a worker still answers: it is asked every few seconds, and answers between two pieces of its work.

/// Milliseconds between two looks.
pub const INTERVAL: f64 = 3000.0;

/// The signs of life of one worker.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Heartbeat {
    /// Time of the last look, milliseconds.
    looked: Option<f64>,
    /// Milliseconds for which an answer has been waited for; `None` where none is.
    waited: Option<f64>,
}

/// Tells what follows from a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beat {
    /// It is to be asked.
    Ask,
    /// Its answer is waited for.
    Wait,
    /// It has been silent for too long.
    Silent,
}

impl Heartbeat {
    /// Looks at the worker at a time, in milliseconds; it may be silent for `patience` of them. A look that comes late counts as if it
    /// had come in time: a browser slows the timers of hidden pages down, and stops them while the machine sleeps.
    pub fn look(&mut self, now: f64, patience: f64) -> Beat {
        let since = self.looked.replace(now).map_or(0.0, |looked| (now - looked).clamp(0.0, INTERVAL));
        let Some(waited) = &mut self.waited else {
            self.waited = Some(0.0);
            return Beat::Ask;
        };
        *waited += since;
        if *waited < patience {
            return Beat::Wait;
        }
        // It is said once.
        *waited = f64::NEG_INFINITY;
        Beat::Silent
    }

    /// Takes in that the worker has sent something.
    pub fn on_heard(&mut self) {
        self.waited = None;
    }
}
