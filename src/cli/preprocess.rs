//! `preprocess`: a set from survey files, whole or in parts; `merge`: a set from the parts.

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};

use super::outcome::Outcome;
use super::survey::{self, Inputs, Part, Plan};
use super::{observations, path_list};
use crate::formats::set::Manifest;
use crate::preprocess::{Normalization, Steps};

#[derive(Debug, Args)]
pub(super) struct Preprocess {
    /// Files of spectra: FITS, Parquet, HDF5, npz, tables of text; or folders of them, such as HATS catalogues.
    #[arg(required_unless_present = "list")]
    files: Vec<PathBuf>,
    /// A file that names more of them: a path a line, or a CSV with the column path, such as the list of `download`. Paths are
    /// relative to the list's folder.
    #[arg(long, value_name = "FILE")]
    list: Option<PathBuf>,
    /// Folder to which the list's paths are relative, such as that of the downloads.
    #[arg(long, value_name = "DIR", requires = "list")]
    root: Option<PathBuf>,
    /// Folder for the set.
    #[arg(long)]
    out: PathBuf,
    /// Only part i of n, as in 3/16, for many jobs at once on one list and one OUT; `merge` then writes the set.
    #[arg(long, value_name = "I/N")]
    part: Option<Part>,
    /// Files a chunk: what is lost at most, a core, when it is killed.
    #[arg(long, default_value_t = 128, value_parser = clap::value_parser!(u32).range(1..))]
    chunk: u32,
    /// The set's name, as in links.
    #[arg(long, default_value = "spectra")]
    name: String,
    /// Say that no real object is in the set, as in one made from files of `simulate --fits`.
    #[arg(long)]
    simulated: bool,
    /// One line that says what the set is.
    #[arg(long)]
    title: Option<String>,
    /// Licence of the spectra.
    #[arg(long, default_value = "unstated")]
    license: String,
    /// Where the spectra come from.
    #[arg(long, default_value = "unstated")]
    provenance: String,
    /// Steps as corrected here, or exactly as astroML 1.0.2 has them.
    #[arg(long, value_enum, default_value_t = StepsChoice::Standard)]
    steps: StepsChoice,
    /// Divide flux by its root mean square (the code) or by its sum (the paper).
    #[arg(long, value_enum, default_value_t = NormChoice::Rms)]
    norm: NormChoice,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum StepsChoice {
    Standard,
    Astroml,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum NormChoice {
    Rms,
    Total,
}

impl From<StepsChoice> for Steps {
    fn from(choice: StepsChoice) -> Self {
        match choice {
            StepsChoice::Standard => Steps::Standard,
            StepsChoice::Astroml => Steps::Astroml,
        }
    }
}

impl From<NormChoice> for Normalization {
    fn from(choice: NormChoice) -> Self {
        match choice {
            NormChoice::Rms => Normalization::Rms,
            NormChoice::Total => Normalization::Total,
        }
    }
}

/// Joins parts. Files and options are those of the parts.
#[derive(Debug, Args)]
pub(super) struct Merge {
    /// The folder of the parts, where the set will be.
    #[arg(long)]
    out: PathBuf,
}

impl Preprocess {
    pub(super) fn run(&self) -> Result<Outcome> {
        let inputs = Inputs::new(self.paths()?, self.chunk as usize);
        let plan = self.plan(&inputs);
        plan.begin(&survey::work_folder(&self.out))?;
        let tally = survey::run(&plan, &inputs, &self.out, self.part.unwrap_or(Part::WHOLE))?;
        let Some(part) = self.part else {
            drop(inputs);
            return survey::merge(&self.out, &plan);
        };
        eprintln!("Part {part}: {} spectra, {} refused; `merge` writes the set", tally.spectra, tally.refused);
        Ok(if tally.refused > 0 { Outcome::SomeRefused } else { Outcome::Done })
    }

    fn paths(&self) -> Result<Vec<PathBuf>> {
        let mut named = self.files.clone();
        if let Some(list) = &self.list {
            named.extend(path_list::read(list, self.root.as_deref())?);
        }
        observations::files(&named, "preprocess")
    }

    fn plan(&self, inputs: &Inputs) -> Plan {
        Plan {
            program: concat!("spectrascape ", env!("CARGO_PKG_VERSION")).to_owned(),
            format: Manifest::NEWEST_FORMAT,
            files: inputs.paths.len(),
            list: inputs.fingerprint(),
            chunk: self.chunk as usize,
            chunks: inputs.chunks(),
            steps: self.steps.into(),
            norm: self.norm.into(),
            name: self.name.clone(),
            simulated: self.simulated,
            title: self.title.clone(),
            license: self.license.clone(),
            provenance: self.provenance.clone(),
        }
    }
}

impl Merge {
    pub(super) fn run(&self) -> Result<Outcome> {
        let work = survey::work_folder(&self.out);
        if !work.join("plan.json").exists() {
            bail!("{} holds no parts to merge: run `preprocess --part` first", self.out.display());
        }
        survey::merge(&self.out, &Plan::load(&work)?)
    }
}
