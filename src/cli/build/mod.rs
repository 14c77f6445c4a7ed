//! `build`: a recipe, from the query to a site. Each step is a command of this program; one whose settings and inputs are as they
//! were, and whose result is still there, is not done again.

mod record;
mod step;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;

use super::build_recipe::BuildRecipe;
use super::csv_table::CsvTable;
use super::files;
use super::outcome::Outcome;
use super::survey::Lock;
use record::Record;
use step::{Kind, Step};

#[derive(Debug, Args)]
pub(super) struct Build {
    /// The recipe, such as recipes/portillo2020.toml.
    #[arg(value_name = "RECIPE.toml")]
    recipe: PathBuf,
    /// Folder for everything; by default the recipe's name, in the current folder.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Last step to do.
    #[arg(long, value_enum, value_name = "STEP")]
    until: Option<Kind>,
    /// Print the steps as commands and do nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Runs a command, given as on the command line.
type RunStep = fn(&[String]) -> Result<Outcome>;

impl Build {
    pub(super) fn run(&self, run_step: RunStep) -> Result<Outcome> {
        let recipe = BuildRecipe::parse(&self.recipe.display().to_string(), &files::read(&self.recipe)?)?;
        let folder = self.out.clone().unwrap_or_else(|| PathBuf::from(&recipe.name));
        let at = self.recipe.parent().unwrap_or(Path::new(""));
        let steps = step::steps(&recipe, at, &folder);
        let last = self.until.unwrap_or(Kind::Publish);
        let steps: Vec<&Step> = steps.iter().filter(|step| step.kind <= last).collect();
        if self.dry_run {
            for step in steps {
                let state = if is_done(&folder, step) { "done" } else { "to do" };
                println!("# {} ({state})\n{}", step.name, step.line());
            }
            return Ok(Outcome::Done);
        }
        let work = folder.join(".build");
        fs::create_dir_all(&work).with_context(|| format!("{} cannot be written", work.display()))?;
        let _lock = Lock::take(&work, "build.lock", &format!("the folder {}", folder.display()))?;
        for step in steps {
            do_step(&folder, step, run_step)?;
        }
        eprintln!("{} is built up to {}: {}", recipe.name, step_name(last), folder.display());
        Ok(Outcome::Done)
    }
}

/// Returns whether a step was done with the same settings and inputs, and its result is as it was.
fn is_done(folder: &Path, step: &Step) -> bool {
    let Some(Record { inputs, output: Some(output) }) = record::read(folder, step) else { return false };
    record::inputs(step) == Some(inputs) && record::digest(&step.output) == Some(output)
}

fn do_step(folder: &Path, step: &Step, run_step: RunStep) -> Result<()> {
    let name = &step.name;
    if is_done(folder, step) {
        eprintln!("{name}: done before");
        return within_bounds(step);
    }
    let Some(inputs) = record::inputs(step) else {
        let missing = step.inputs.iter().find(|input| record::digest(input).is_none());
        bail!("{name}: {} is missing", missing.map_or(String::new(), place));
    };
    if record::read(folder, step).is_some_and(|begun| begun.inputs != inputs) {
        remove(step.unfinished.as_deref())?;
    }
    let begun = Record { inputs, output: None };
    record::write(folder, step, &begun)?;
    eprintln!("{name}: {}", step.line());
    let outcome = run_step(&step.arguments).with_context(|| format!("{name} failed"))?;
    if outcome == Outcome::SomeRefused && step.refused.is_none() {
        bail!("{name} refused some of its input: mend what the lines above name, then run it again");
    }
    // A download with failures is not done: the next run tries those files again.
    if outcome == Outcome::Done || step.kind != Kind::Download {
        record::write(folder, step, &Record { output: record::digest(&step.output), ..begun })?;
    }
    within_bounds(step)
}

/// Compares the number of refusals with what the recipe allows.
fn within_bounds(step: &Step) -> Result<()> {
    let Some((table, allowed)) = step.refused.as_ref().filter(|(table, _)| table.exists()) else { return Ok(()) };
    let rows = CsvTable::parse(&table.display().to_string(), &files::read(table)?)?.rows.len();
    if rows > *allowed {
        bail!("{}: {rows} failed, and the recipe allows {allowed} (may_fail): {} says why", step.name, table.display());
    }
    Ok(())
}

/// Removes what a step with other settings left behind.
fn remove(left: Option<&Path>) -> Result<()> {
    let Some(path) = left.filter(|path| path.exists()) else { return Ok(()) };
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    removed.with_context(|| format!("{} cannot be removed", path.display()))
}

fn place(thing: &step::Thing) -> String {
    let path = match thing {
        step::Thing::File(path) | step::Thing::Folder(path) => path,
        step::Thing::Listed { list, .. } => list,
    };
    path.display().to_string()
}

fn step_name(kind: Kind) -> String {
    clap::ValueEnum::to_possible_value(&kind).map_or(String::new(), |value| value.get_name().to_owned())
}
