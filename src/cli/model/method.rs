//! The switch between fitted latents and the encoder's own.

use clap::Args;

use crate::vae::encoding::EncodingMethod;

/// How spectra are encoded.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct MethodChoice {
    /// Take the encoder's latents as they are, as in the paper. Without this they are fitted to the unmasked pixels, from the encoder's on.
    #[arg(long)]
    plain: bool,
}

impl MethodChoice {
    /// Returns the method chosen.
    pub(super) fn method(self) -> EncodingMethod {
        if self.plain { EncodingMethod::Plain } else { EncodingMethod::default() }
    }
}
