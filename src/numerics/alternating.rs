//! Alternating least squares, and its acceleration.
//!
//! Plain alternation is safe and slow: near the end each round removes the same small part of the remaining error. Anderson's mixing
//! (Walker & Ni 2011, "Anderson acceleration for fixed-point iterations") extrapolates from the last rounds. A step that makes the
//! fit worse is undone and a plain round done instead, so the error never rises.

use std::collections::VecDeque;
use std::ops::ControlFlow;

use super::least_squares::{least_squares, packed};
use super::products::dot_f64;

/// Earlier rounds that an extrapolation uses.
const MEMORY: usize = 6;
/// Plain rounds before the first extrapolation: from a random start they reduce the error most.
const PLAIN: usize = 3;
/// Rounds over which `tolerance` is measured.
const WINDOW: usize = 10;

/// Options of an iterative fit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FitOptions {
    /// Seed of the random start.
    pub seed: u64,
    /// Largest number of rounds.
    pub max_iterations: usize,
    /// The fit has converged when ten rounds lower its error by less than this part of it.
    pub tolerance: f64,
}

impl Default for FitOptions {
    fn default() -> Self {
        Self { seed: 0, max_iterations: 500, tolerance: 1e-4 }
    }
}

/// The progress of a fit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FitProgress {
    /// Rounds done.
    pub iteration: usize,
    /// Largest number of rounds; most fits converge long before.
    pub max_iterations: usize,
    /// The lowest error so far: the mean over rows and pixels of weight x (value - reconstruction)^2.
    pub error: f64,
}

/// The two half-steps of an alternation: coordinates for given components, and components for given coordinates.
pub(super) trait Alternation {
    /// Finds and keeps the best coordinates for the components `state`, and returns their error.
    fn evaluate(&mut self, state: &[f64]) -> f64;
    /// Returns the best components for the coordinates last found.
    fn update(&mut self) -> Vec<f64>;
    /// Projects an extrapolated state onto the allowed states.
    fn constrain(&self, _state: &mut [f64]) {}
}

/// Alternates from `start` until the error converges, the rounds are used up or `progress` breaks; returns the best state. Afterwards
/// the alternation holds the coordinates of that state.
pub(super) fn alternate(
    alternation: &mut impl Alternation,
    start: Vec<f64>,
    options: &FitOptions,
    mut progress: impl FnMut(FitProgress) -> ControlFlow<()>,
) -> Vec<f64> {
    let mut best = start.clone();
    let mut lowest = f64::INFINITY;
    let mut state = start;
    // The result of a plain round from the best state, to continue from when an extrapolation fails.
    let mut plain: Option<Vec<f64>> = None;
    let mut history = History::default();
    let mut errors: VecDeque<f64> = VecDeque::new();
    for iteration in 1..=options.max_iterations {
        let error = alternation.evaluate(&state);
        if error.is_nan() || error > lowest {
            let Some(fallback) = plain.take() else { break };
            history = History::default();
            state = fallback;
            continue;
        }
        lowest = error;
        best.clone_from(&state);
        errors.push_back(error);
        let before = if errors.len() > WINDOW { errors.pop_front() } else { None };
        let converged = error == 0.0 || before.is_some_and(|before| before - error <= options.tolerance * error);
        let flow = progress(FitProgress { iteration, max_iterations: options.max_iterations, error });
        if converged || flow.is_break() {
            return best;
        }
        let next = alternation.update();
        history.push(&state, &next);
        state = match history.extrapolate(iteration > PLAIN) {
            Some(mut further) => {
                alternation.constrain(&mut further);
                plain = Some(next);
                further
            }
            None => {
                plain = None;
                next
            }
        };
    }
    alternation.evaluate(&best);
    best
}

/// The state at which each of the last rounds began, and the step it took.
#[derive(Default)]
struct History {
    states: VecDeque<Vec<f64>>,
    steps: VecDeque<Vec<f64>>,
}

impl History {
    fn push(&mut self, state: &[f64], next: &[f64]) {
        if self.states.len() > MEMORY {
            self.states.pop_front();
            self.steps.pop_front();
        }
        self.states.push_back(state.to_vec());
        self.steps.push_back(next.iter().zip(state).map(|(next, state)| next - state).collect());
    }

    /// Returns the state at which the step would vanish if it were linear in the state: state + step minus the combination of earlier
    /// differences whose steps come closest to the last step (Walker & Ni's equation for beta = 1). `None` where there is nothing to
    /// extrapolate from, or the result is not finite.
    fn extrapolate(&self, wanted: bool) -> Option<Vec<f64>> {
        let differences = self.states.len().saturating_sub(1);
        if !wanted || differences == 0 {
            return None;
        }
        let changes: Vec<Vec<f64>> = (0..differences).map(|i| difference(&self.steps[i + 1], &self.steps[i])).collect();
        let last = self.steps.back()?;
        let mut gram = Vec::with_capacity(packed(differences));
        for (i, left) in changes.iter().enumerate() {
            gram.extend(changes[..=i].iter().map(|right| dot_f64(left, right)));
        }
        let mut mix: Vec<f64> = changes.iter().map(|change| dot_f64(change, last)).collect();
        least_squares(&gram, &mut mix, &mut Vec::new());
        let mut state: Vec<f64> = self.states.back()?.iter().zip(last).map(|(state, step)| state + step).collect();
        for (i, factor) in mix.iter().enumerate() {
            let moved = self.states[i + 1].iter().zip(&self.states[i]);
            for ((value, (after, before)), change) in state.iter_mut().zip(moved).zip(&changes[i]) {
                *value -= factor * (after - before + change);
            }
        }
        state.iter().all(|value| value.is_finite()).then_some(state)
    }
}

fn difference(left: &[f64], right: &[f64]) -> Vec<f64> {
    left.iter().zip(right).map(|(left, right)| left - right).collect()
}
