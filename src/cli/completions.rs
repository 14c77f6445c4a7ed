//! `completions` and `man`: what shells and manuals know of the commands.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use clap_complete::Shell;

use super::outcome::Outcome;

#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

#[derive(Debug, Args)]
pub(super) struct Man {
    /// Folder for one page a command; where none is named, the first page goes to stdout.
    #[arg(long)]
    out: Option<PathBuf>,
}

impl Completions {
    pub(super) fn run(&self, mut command: clap::Command) -> Result<Outcome> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command, "spectrascape", &mut script);
        print!("{}", String::from_utf8_lossy(&script));
        Ok(Outcome::Done)
    }
}

impl Man {
    pub(super) fn run(&self, command: clap::Command) -> Result<Outcome> {
        match &self.out {
            Some(folder) => {
                let failed = || format!("{} cannot be written", folder.display());
                std::fs::create_dir_all(folder).with_context(failed)?;
                clap_mangen::generate_to(command, folder).with_context(failed)?;
            }
            None => {
                let mut page = Vec::new();
                clap_mangen::Man::new(command).render(&mut page).context("the page cannot be made")?;
                print!("{}", String::from_utf8_lossy(&page));
            }
        }
        Ok(Outcome::Done)
    }
}
