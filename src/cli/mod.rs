//! The native commands: results to stdout, progress and errors to stderr; exit 0 done, 1 something failed, 2 usage.

#[cfg(feature = "cli")]
mod checkpoint_file;
mod csv;
#[cfg(feature = "cli")]
mod dataset;
#[cfg(feature = "cli")]
mod decode;
#[cfg(feature = "cli")]
mod encode;
mod files;
#[cfg(feature = "cli")]
mod fit;
#[cfg(feature = "cli")]
mod latents;
#[cfg(feature = "cli")]
mod model;
mod observations;
mod parallel;
mod preprocess;
mod progress;
#[cfg(feature = "cli")]
mod redshift;
#[cfg(feature = "cli")]
mod reproduce;
#[cfg(feature = "cli")]
mod search;
mod simulate;
#[cfg(feature = "cli")]
mod study;
mod survey;
#[cfg(feature = "cli")]
mod table;
#[cfg(feature = "cli")]
mod train;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Explore, train and share the latent space of galaxy spectra.
#[derive(Debug, Parser)]
#[command(name = "spectrascape", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Simulate a set of galaxy spectra from a seed.
    Simulate(simulate::Simulate),
    /// Make a set from SDSS FITS files, folders of them, or npz files.
    Preprocess(preprocess::Preprocess),
    /// Join the parts that `preprocess --part` made into a set.
    Merge(preprocess::Merge),
    /// Train a model on a set.
    #[cfg(feature = "cli")]
    Train(train::Train),
    /// Search for hyperparameters as the paper did.
    #[cfg(feature = "cli")]
    Search(search::Search),
    /// How well a model reconstructs the validation spectra of a set, class by class.
    #[cfg(feature = "cli")]
    Evaluate(study::Evaluate),
    /// The most outlying spectra of a set, with reasons.
    #[cfg(feature = "cli")]
    Outliers(study::Outliers),
    /// The paper's tracks through latent space.
    #[cfg(feature = "cli")]
    Tracks(study::Tracks),
    /// What noise does to the latents of a spectrum.
    #[cfg(feature = "cli")]
    Noise(study::Noise),
    /// A map of the latents of a set in two dimensions.
    #[cfg(feature = "cli")]
    Umap(study::Umap),
    /// Where a model puts every spectrum of a set, as a file for the page.
    #[cfg(feature = "cli")]
    Latents(latents::Latents),
    /// The redshift of survey files, by trial.
    #[cfg(feature = "cli")]
    Redshift(redshift::Redshift),
    /// Redraw the paper's figures and tables from a set, and say which of its claims hold.
    #[cfg(feature = "cli")]
    Reproduce(reproduce::Reproduce),
    /// Print where spectra lie in a model's latent space.
    #[cfg(feature = "cli")]
    Encode(encode::Encode),
    /// Print the spectrum at a place in a model's latent space.
    #[cfg(feature = "cli")]
    Decode(decode::Decode),
}

/// How a command ended, when it did not fail as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// All done.
    Done,
    /// Some inputs were refused, each with its line on stderr; the others went through.
    SomeRefused,
}

/// Parses the process's arguments and does what they say.
pub fn run() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Simulate(command) => command.run(),
        Command::Preprocess(command) => command.run(),
        Command::Merge(command) => command.run(),
        #[cfg(feature = "cli")]
        Command::Train(command) => command.run(),
        #[cfg(feature = "cli")]
        Command::Search(command) => command.run(),
        #[cfg(feature = "cli")]
        Command::Evaluate(command) => command.run(),
        #[cfg(feature = "cli")]
        Command::Outliers(command) => command.run(),
        #[cfg(feature = "cli")]
        Command::Tracks(command) => command.run(),
        #[cfg(feature = "cli")]
        Command::Noise(command) => command.run(),
        #[cfg(feature = "cli")]
        Command::Umap(command) => command.run(),
        #[cfg(feature = "cli")]
        Command::Latents(command) => command.run(),
        #[cfg(feature = "cli")]
        Command::Redshift(command) => command.run(),
        #[cfg(feature = "cli")]
        Command::Reproduce(command) => command.run(),
        #[cfg(feature = "cli")]
        Command::Encode(command) => command.run(),
        #[cfg(feature = "cli")]
        Command::Decode(command) => command.run(),
    };
    match outcome {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::SomeRefused) => ExitCode::from(1),
        Err(message) => {
            eprintln!("spectrascape: {message}");
            ExitCode::from(1)
        }
    }
}
