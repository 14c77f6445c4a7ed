//! The switch between fitted latents and the encoder's own.

use clap::Args;

use crate::vae::encoding::EncodingMethod;

/// Selects the way from spectra to latents.
#[derive(Debug, Clone, Args)]
pub(super) struct MethodChoice {
    /// `plain`: the encoder's latents, as in the paper; `fitted`: those at which the decoded spectrum fits the unmasked pixels best
    #[arg(long, value_name = "METHOD", default_value = "plain", value_parser = ["plain", "fitted"])]
    encoding: String,
}

impl MethodChoice {
    /// Returns the method chosen.
    pub(super) fn method(&self) -> EncodingMethod {
        EncodingMethod::from_name(&self.encoding).unwrap_or_default()
    }
}
