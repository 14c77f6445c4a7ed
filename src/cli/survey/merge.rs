//! Pass 2: from chunks to a set.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};

use super::chunk::{self, ChunkFile};
use super::lock::Lock;
use super::pass::Part;
use super::plan::Plan;
use super::work;
use crate::cli::outcome::Outcome;
use crate::cli::simulate::INFILL;
use crate::cli::{files, parallel, progress};
use crate::export::CsvWriter;
use crate::formats::set::Catalogue;
use crate::formats::set::writer::{SetFacts, SetWriter};
use crate::preprocess::{InfillBasis, Recipe};
use crate::spectrum::{GridSpectrum, RestFrameSpectrum, SourceId};

/// Chunks in memory at a time.
const BATCH: usize = 16;

/// Writes the set of all chunks, then removes them.
///
/// # Errors
/// Missing chunks, with the parts to run; no spectrum at all; files that cannot be read or written.
pub(in crate::cli) fn merge(out: &Path, plan: &Plan) -> Result<Outcome> {
    let work = work::folder(out);
    let lock = Lock::take(&work, "merge.lock", &format!("the set {}", out.display()))?;
    let chunks = open(&work, plan)?;
    let refused = write_refused(out, &chunks)?;
    let count = chunks.iter().map(|chunk| chunk.count).sum();
    if count == 0 {
        bail!("no spectrum went through: {} says why", out.join("refused.csv").display());
    }
    // The folder is not a whole set from here on, until the manifest is written again.
    let manifest = out.join("manifest.json");
    if manifest.exists() {
        fs::remove_file(&manifest).with_context(|| format!("{} cannot be removed", manifest.display()))?;
    }
    let basis = fit(&chunks, count)?;
    let subclasses: Vec<String> =
        chunks.iter().flat_map(|chunk| &chunk.subclasses).collect::<BTreeSet<_>>().into_iter().cloned().collect();
    let mut writer = SetWriter::new(facts(plan, count, &subclasses), basis.clone());
    let mut ids = Vec::with_capacity(count);
    let bar = progress::files("Writing the set", count);
    for batch in chunks.chunks(BATCH) {
        let finished = parallel::map(batch.len(), |k| finish(&batch[k], &basis, plan.recipe(), &subclasses), |_| {});
        for result in finished {
            let (spectra, rows) = result?;
            ids.extend(ids_of(&rows));
            bar.inc(spectra.len() as u64);
            for (name, bytes) in writer.push(&spectra, &rows)? {
                files::write(&out.join(name), &bytes)?;
            }
        }
    }
    let (manifest, last) = writer.finish();
    for (name, bytes) in &last {
        files::write(&out.join(name), bytes)?;
    }
    bar.finish();
    drop(lock);
    work::remove(&work)?;
    report_duplicates(ids);
    let files = plan.files;
    eprintln!("{count} spectra of {files} files in {} shards: {}", manifest.shards.len(), out.display());
    if refused == 0 {
        return Ok(Outcome::Done);
    }
    eprintln!("{refused} refused: {}", out.join("refused.csv").display());
    Ok(Outcome::SomeRefused)
}

/// Opens every chunk. The error names the missing ones and the command to run.
fn open(work: &Path, plan: &Plan) -> Result<Vec<ChunkFile>> {
    let id = plan.id();
    let found = parallel::map(plan.chunks, |number| ChunkFile::open(&chunk::path(work, number), &id), |_| {});
    let missing: Vec<usize> = (0..plan.chunks).filter(|&number| found[number].is_none()).collect();
    if missing.is_empty() {
        return Ok(found.into_iter().flatten().collect());
    }
    let splits: BTreeSet<usize> =
        lock_names(work).iter().filter_map(|name| Part::from_file(name)).map(|p| p.of).collect();
    let split = splits.into_iter().filter(|&of| of > 1).collect::<Vec<_>>();
    let chunks = format!("{} of {} chunks are missing in {}", missing.len(), plan.chunks, work.display());
    Err(match split[..] {
        [of] => {
            let lacks = |number: &usize| {
                let share = Part { number: *number, of }.share(plan.chunks);
                missing.iter().any(|chunk| share.contains(chunk))
            };
            let parts = ranges(&(1..=of).filter(lacks).collect::<Vec<_>>());
            anyhow!(
                "{chunks}: run `preprocess` with the same files and options and `--part i/{of}` for i = {parts}, then \
                 `merge` again"
            )
        }
        _ => anyhow!("{chunks}: run `preprocess` with the same files and options again, it does those and merges"),
    })
}

fn lock_names(work: &Path) -> Vec<String> {
    let entries = fs::read_dir(work).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

/// Returns increasing numbers as text: `2, 5-9`.
fn ranges(numbers: &[usize]) -> String {
    let runs = numbers.chunk_by(|a, b| a + 1 == *b);
    let texts = runs.map(|run| match run {
        [one] => one.to_string(),
        run => format!("{}-{}", run[0], run[run.len() - 1]),
    });
    texts.collect::<Vec<_>>().join(", ")
}

/// Writes `refused.csv` where anything was refused. Returns the number of refusals.
fn write_refused(out: &Path, chunks: &[ChunkFile]) -> Result<usize> {
    let path = out.join("refused.csv");
    let all = || chunks.iter().flat_map(|chunk| &chunk.refused);
    let count = all().count();
    if count > 0 {
        let mut csv = CsvWriter::new();
        csv.record(["file", "reason"]);
        all().for_each(|refused| csv.record([&refused.file, &refused.reason]));
        files::write(&path, csv.finish().as_bytes())?;
    } else if path.exists() {
        fs::remove_file(&path).with_context(|| format!("{} cannot be removed", path.display()))?;
    }
    Ok(count)
}

/// Fits the infill's basis to spectra spread evenly over the set; the choice depends only on their number.
fn fit(chunks: &[ChunkFile], count: usize) -> Result<InfillBasis> {
    let mut wanted = vec![Vec::new(); chunks.len()];
    let (mut chunk, mut start) = (0, 0);
    for index in InfillBasis::sample(count) {
        while index >= start + chunks[chunk].count {
            start += chunks[chunk].count;
            chunk += 1;
        }
        wanted[chunk].push(index - start);
    }
    let read = parallel::map(chunks.len(), |number| chunks[number].rows(&wanted[number]), |_| {});
    let mut sample: Vec<RestFrameSpectrum> = Vec::with_capacity(count.min(InfillBasis::SAMPLE));
    for rows in read {
        sample.extend(rows?);
    }
    let bar = progress::bar("Fitting the infill", INFILL.1);
    let basis = InfillBasis::fit(&sample, INFILL.0, INFILL.1, |done, _| bar.set_position(done as u64));
    bar.finish();
    Ok(basis)
}

/// Returns a chunk's spectra and catalogue rows as the set has them.
fn finish(
    chunk: &ChunkFile,
    basis: &InfillBasis,
    recipe: Recipe,
    subclasses: &[String],
) -> Result<(Vec<GridSpectrum>, Catalogue)> {
    let (rest, known) = chunk.read(subclasses)?;
    let spectra: Vec<_> = rest.iter().map(|rest| recipe.finish(rest, basis)).collect();
    let mut rows = Catalogue::default();
    rows.push_floats("norm", spectra.iter().map(|spectrum| spectrum.norm).collect());
    rows.columns.extend(known.columns);
    Ok((spectra, rows))
}

fn facts(plan: &Plan, count: usize, subclasses: &[String]) -> SetFacts {
    SetFacts {
        name: plan.name.clone(),
        title: plan.title.clone().unwrap_or_else(|| format!("{count} spectra")),
        simulated: plan.simulated,
        license: plan.license.clone(),
        provenance: plan.provenance.clone(),
        seed: None,
        recipe: plan.recipe(),
        columns: Vec::new(),
        subclass_names: subclasses.to_vec(),
    }
}

fn ids_of(rows: &Catalogue) -> Vec<SourceId> {
    (0..rows.len()).filter_map(|row| rows.source_id(row)).collect()
}

/// Reports spectra that occur more than once. Two files can hold one spectrum (lite and full), and nothing here tells which is
/// better, so both are kept.
fn report_duplicates(mut ids: Vec<SourceId>) {
    ids.sort_unstable();
    let repeated: Vec<_> = ids.chunk_by(|a, b| a == b).filter(|run| run.len() > 1 && !run[0].is_none()).collect();
    if let Some(first) = repeated.first() {
        eprintln!(
            "{} names occur more than once (the first is {}): all their spectra are kept",
            repeated.len(),
            first[0]
        );
    }
}
