//! The hash of a model's weights, by which two trainings are compared to the last bit.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::parameters::Layer;

/// The SHA-256 of weights: of every layer in the order of [`super::parameters::shapes`], its weight `[outputs, inputs]` and its bias
/// `[outputs]` as 32-bit floats, little-endian.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeightsHash([u8; 32]);

impl WeightsHash {
    /// Computes the hash of all layers of a model.
    pub fn of(layers: &[Layer]) -> Self {
        let mut hash = Sha256::new();
        for (_, weight, bias) in layers {
            weight.iter().chain(bias).for_each(|value| hash.update(value.to_le_bytes()));
        }
        Self(hash.finalize().into())
    }

    /// Returns the first eight digits, which tell two hashes apart at a glance.
    pub fn short(&self) -> String {
        self.to_string()[..8].to_owned()
    }
}

impl fmt::Display for WeightsHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for WeightsHash {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WRONG: &str = "a SHA-256 has 64 digits from 0 to f";
        if text.len() != 64 {
            return Err(WRONG);
        }
        let mut bytes = [0; 32];
        for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let digits = digits.iter().map(|&digit| char::from(digit).to_digit(16));
            *byte = digits.into_iter().try_fold(0, |sum, digit| Some(16 * sum + digit?)).ok_or(WRONG)? as u8;
        }
        Ok(Self(bytes))
    }
}
