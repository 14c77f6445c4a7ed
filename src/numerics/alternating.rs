//! Alternating least squares, and its acceleration.
//!
//! Plain alternation is safe and slow: near the end each round takes off the same small part of what is left. Anderson's
//! mixing (Walker & Ni 2011, "Anderson acceleration for fixed-point iterations") extrapolates from the last rounds. A step
//! that makes the fit worse is taken back and a plain round done instead, so the error never rises.

use std::collections::VecDeque;
use std::ops::ControlFlow;

use super::least_squares::{least_squares, packed};
use super::weighted_equations::dot;

/// Rounds that an extrapolation looks back on.
const MEMORY: usize = 6;
/// Plain rounds before the first extrapolation: from a random start they gain the most.
const PLAIN: usize = 3;
/// Rounds over which `tolerance` is measured.
const WINDOW: usize = 10;

/// How a factorisation is fitted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FitOptions {
    /// Of the random start.
    pub seed: u64,
    /// Rounds at most.
    pub max_iterations: usize,
    /// The fit has settled when ten rounds lower its error by less than this part of it.
    pub tolerance: f64,
}

impl Default for FitOptions {
    fn default() -> Self {
        Self { seed: 0, max_iterations: 500, tolerance: 1e-4 }
    }
}

/// Where a fit is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FitProgress {
    /// Rounds done.
    pub iteration: usize,
    /// Rounds at most; most fits settle long before.
    pub max_iterations: usize,
    /// The lowest error so far: the mean over rows and pixels of weight x (value - reconstruction)^2.
    pub error: f64,
}

/// One of the two halves of an alternation, and the other.
pub(super) trait Alternation {
    /// What the components `state` are worth: their error, with the best coordinates for them, which are kept.
    fn evaluate(&mut self, state: &[f64]) -> f64;
    /// The best components for the coordinates last found.
    fn update(&mut self) -> Vec<f64>;
    /// Brings an extrapolated state back to where states may be.
    fn constrain(&self, _state: &mut [f64]) {}
}

/// Alternates from `start` until the error settles, the rounds are used up or `progress` breaks off; returns the best
/// state. After it the alternation's coordinates are those of that state.
pub(super) fn alternate(
    alternation: &mut impl Alternation,
    start: Vec<f64>,
    options: &FitOptions,
    mut progress: impl FnMut(FitProgress) -> ControlFlow<()>,
) -> Vec<f64> {
    let mut best = start.clone();
    let mut lowest = f64::INFINITY;
    let mut state = start;
    // What a plain round makes of the best state: where to go on when an extrapolation fails.
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
        let settled = error == 0.0 || before.is_some_and(|before| before - error <= options.tolerance * error);
        let told = progress(FitProgress { iteration, max_iterations: options.max_iterations, error });
        if settled || told.is_break() {
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

/// The last rounds: where each began, and how far it went.
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

    /// The state at which the step should vanish if it were linear in the state: state + step less the combination
    /// of earlier differences whose steps come closest to the last step (Walker & Ni's equation for beta = 1).
    fn extrapolate(&self, wanted: bool) -> Option<Vec<f64>> {
        let differences = self.states.len().saturating_sub(1);
        if !wanted || differences == 0 {
            return None;
        }
        let changes: Vec<Vec<f64>> = (0..differences).map(|i| difference(&self.steps[i + 1], &self.steps[i])).collect();
        let last = self.steps.back()?;
        let mut gram = Vec::with_capacity(packed(differences));
        for (i, left) in changes.iter().enumerate() {
            gram.extend(changes[..=i].iter().map(|right| dot(left, right)));
        }
        let mut mix: Vec<f64> = changes.iter().map(|change| dot(change, last)).collect();
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
