//! All that a step of training changes, on whichever backend it runs.

use thiserror::Error;

use super::config::VaeConfig;
use super::parameters::{self, Layout};

/// Weights and Adam's moments: with the configuration, a model in training.
#[derive(Debug, Clone, PartialEq)]
pub struct LearnerState {
    /// Weights and biases, as [`Layout`] has them.
    pub parameters: Vec<f32>,
    /// Adam's running mean of each one's gradient.
    pub first: Vec<f32>,
    /// Adam's running mean of each one's squared gradient.
    pub second: Vec<f32>,
    /// Steps done.
    pub step: u32,
}

/// Why a state cannot be trained on.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LearnerError {
    /// A buffer has another length.
    #[error("`{what}` has {found} numbers and the model needs {expected}: it belongs to a model of other sizes")]
    Length {
        /// Name of the buffer.
        what: &'static str,
        /// Length of the buffer.
        found: usize,
        /// Length that it should have.
        expected: usize,
    },
    /// A value cannot be trained on.
    #[error("`{what}` has at {at} a value that no training can go on from: take an earlier state")]
    Value {
        /// Name of the buffer.
        what: &'static str,
        /// Index in the buffer, from 0.
        at: usize,
    },
}

impl LearnerState {
    /// Returns the state before the first step: weights from the configuration's seed, moments of 0.
    pub fn new(config: &VaeConfig) -> Self {
        Self::with_parameters(parameters::initial(config))
    }

    /// Returns the state before the first step with given weights.
    pub fn with_parameters(parameters: Vec<f32>) -> Self {
        let (first, second) = (vec![0.0; parameters.len()], vec![0.0; parameters.len()]);
        Self { parameters, first, second, step: 0 }
    }

    /// Checks the lengths, and that all are numbers and no mean of squares is below 0.
    ///
    /// # Errors
    ///
    /// Names the first buffer that does not fit the configuration.
    pub fn check(&self, config: &VaeConfig) -> Result<(), LearnerError> {
        let buffers = [("parameters", &self.parameters), ("first", &self.first), ("second", &self.second)];
        for (what, buffer) in buffers {
            check_values(what, buffer, config)?;
        }
        match self.second.iter().position(|&square| square < 0.0) {
            Some(at) => Err(LearnerError::Value { what: "second", at }),
            None => Ok(()),
        }
    }
}

/// Checks that a buffer has a number for each of the model's parameters.
pub(super) fn check_values(what: &'static str, values: &[f32], config: &VaeConfig) -> Result<(), LearnerError> {
    let expected = Layout::new(config).len;
    if values.len() != expected {
        return Err(LearnerError::Length { what, found: values.len(), expected });
    }
    match values.iter().position(|value| !value.is_finite()) {
        Some(at) => Err(LearnerError::Value { what, at }),
        None => Ok(()),
    }
}
