//! The model that a command uses.

use std::path::{Path, PathBuf};

use anyhow::{Context, Error, Result};
use clap::Args;

use crate::cli::files;
use crate::vae::inference::{self, Model};

/// Path of the shipped model in a checkout.
const SHIPPED: &str = "public/models/vae6.safetensors";

#[derive(Debug, Args)]
pub(super) struct ModelChoice {
    /// The model's file; the shipped VAE-6 where none is named.
    #[arg(long)]
    model: Option<PathBuf>,
}

impl ModelChoice {
    /// Reads the model.
    pub(super) fn load(&self) -> Result<Model> {
        let path = match &self.model {
            Some(path) => path.clone(),
            None => shipped()?,
        };
        let bytes = files::read(&path)?;
        Model::from_bytes(&path.display().to_string(), &bytes, &inference::device()).map_err(Error::from)
    }
}

/// Finds the shipped model: in the working directory, next to the program, or in the checkout it was built from.
fn shipped() -> Result<PathBuf> {
    let program = std::env::current_exe().ok();
    let next_to_program = program.as_deref().and_then(Path::parent).map(|folder| folder.join("vae6.safetensors"));
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).join(SHIPPED);
    [Some(PathBuf::from(SHIPPED)), next_to_program, Some(checkout)]
        .into_iter()
        .flatten()
        .find(|path| path.is_file())
        .with_context(|| format!("the shipped model {SHIPPED} is not here: name one with --model FILE"))
}
