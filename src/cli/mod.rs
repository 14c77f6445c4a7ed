//! The command line: results on stdout, progress and errors on stderr; exit 0 when done, 1 after a failure, 2 for invalid usage.
//!
//! A command is a file with its arguments and `run`, and its lines in an enum: here if it makes sets (feature `sets`), in
//! `model` if it needs a model (feature `cli`).

mod address_list;
#[cfg(feature = "archives")]
mod archive_file;
#[cfg(feature = "cli")]
mod build;
pub mod build_recipe;
#[cfg(feature = "cli")]
mod completions;
mod csv_table;
mod download;
mod files;
mod hats;
mod http;
mod library;
#[cfg(feature = "cli")]
mod model;
mod observations;
mod outcome;
mod parallel;
mod path_list;
mod preprocess;
mod progress;
mod sample;
mod simulate;
mod survey;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use outcome::Outcome;

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
    /// List the addresses of a catalogue's spectra; for the paper's sample, print its query.
    Sample(sample::Sample),
    /// Fetch the files of a list politely; killed, it goes on.
    Download(download::Download),
    /// Make a set from survey files (FITS, Parquet, HDF5, npz, tables), or folders of them.
    Preprocess(preprocess::Preprocess),
    /// Join the parts that `preprocess --part` made into a set.
    Merge(preprocess::Merge),
    /// Go from a recipe to a site: sample, download, preprocess, train, publish, each where something changed.
    #[cfg(feature = "cli")]
    Build(build::Build),
    /// Write the library.json of a folder that holds sets and models as a site does.
    Library(library::LibraryOf),
    #[cfg(feature = "cli")]
    #[command(flatten)]
    Model(model::Command),
    /// Print the completions of a shell.
    #[cfg(feature = "cli")]
    Completions(completions::Completions),
    /// Print or write the manual.
    #[cfg(feature = "cli")]
    Man(completions::Man),
}

impl Command {
    fn run(&self) -> Result<Outcome> {
        match self {
            Self::Simulate(command) => command.run(),
            Self::Sample(command) => command.run(),
            Self::Download(command) => command.run(),
            Self::Preprocess(command) => command.run(),
            Self::Merge(command) => command.run(),
            Self::Library(command) => command.run(),
            #[cfg(feature = "cli")]
            Self::Build(command) => command.run(run_step),
            #[cfg(feature = "cli")]
            Self::Model(command) => command.run(),
            #[cfg(feature = "cli")]
            Self::Completions(command) => command.run(<Arguments as clap::CommandFactory>::command()),
            #[cfg(feature = "cli")]
            Self::Man(command) => command.run(<Arguments as clap::CommandFactory>::command()),
        }
    }
}

/// Runs a command of a recipe, given as on the command line.
#[cfg(feature = "cli")]
fn run_step(arguments: &[String]) -> Result<Outcome> {
    let named = std::iter::once("spectrascape").chain(arguments.iter().map(String::as_str));
    let parsed = Arguments::try_parse_from(named).map_err(|error| {
        let said = error.to_string();
        anyhow::anyhow!("{}", said.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned())
    })?;
    parsed.command.run()
}

/// Parses the process's arguments and runs the command that they name.
pub fn run() -> ExitCode {
    match Arguments::parse().command.run() {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::SomeRefused) => ExitCode::from(1),
        Err(error) => {
            eprintln!("spectrascape: {error:#}");
            ExitCode::from(1)
        }
    }
}
