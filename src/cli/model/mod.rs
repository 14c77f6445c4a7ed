//! The commands that train a model or use one (feature `cli`).

mod checkpoint_file;
mod choice;
mod dataset;
mod decode;
mod device;
mod encode;
mod encoded_set;
mod evaluate;
mod fit;
mod latents;
mod method;
mod noise;
mod outliers;
mod publish;
mod redshift;
mod reproduce;
mod search;
mod shard_files;
mod table;
mod tracks;
mod train;
mod umap;
mod verify;

use anyhow::Result;
use clap::Subcommand;

use super::outcome::Outcome;
pub(super) use publish::find_page;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Train a model on a set.
    Train(train::Train),
    /// Search for hyperparameters as the paper did.
    Search(search::Search),
    /// Measure how well a model reconstructs the validation spectra of a set, class by class.
    Evaluate(evaluate::Evaluate),
    /// The most outlying spectra of a set, with reasons.
    Outliers(outliers::Outliers),
    /// The paper's tracks through latent space.
    Tracks(tracks::Tracks),
    /// Measure the effect of noise on the latents of a spectrum.
    Noise(noise::Noise),
    /// A map of the latents of a set in two dimensions.
    Umap(umap::Umap),
    /// Write the latents of every spectrum of a set as a file for the page.
    Latents(latents::Latents),
    /// The redshift of survey files, by trial.
    Redshift(redshift::Redshift),
    /// Redraw the paper's figures and tables from a set, and say which of its claims hold.
    Reproduce(reproduce::Reproduce),
    /// Write a site that any static host serves: the page with sets and models of yours.
    Publish(publish::Publish),
    /// Print where spectra lie in a model's latent space.
    Encode(encode::Encode),
    /// Print the spectrum at a place in a model's latent space.
    Decode(decode::Decode),
}

impl Command {
    pub(super) fn run(&self) -> Result<Outcome> {
        match self {
            Self::Train(command) => command.run(),
            Self::Search(command) => command.run(),
            Self::Evaluate(command) => command.run(),
            Self::Outliers(command) => command.run(),
            Self::Tracks(command) => command.run(),
            Self::Noise(command) => command.run(),
            Self::Umap(command) => command.run(),
            Self::Latents(command) => command.run(),
            Self::Redshift(command) => command.run(),
            Self::Reproduce(command) => command.run(),
            Self::Publish(command) => command.run(),
            Self::Encode(command) => command.run(),
            Self::Decode(command) => command.run(),
        }
    }
}
