//! `simulate`: a set of simulated spectra, through the same pipeline as real ones, or the survey files they would have.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};

use super::outcome::Outcome;
use super::{files, parallel, progress};
use crate::formats::set::Catalogue;
use crate::formats::set::writer::{SetFacts, SetWriter};
use crate::preprocess::{InfillBasis, Recipe};
use crate::simulator::survey_file::{desi, lamost, sdss};
use crate::simulator::{self, SimulatedSpectrum};
use crate::spectrum::{RestFrameSpectrum, SourceId};

/// Number of eigenvectors and of iterations of the infill (the paper, section 2).
pub(super) const INFILL: (usize, usize) = (10, 20);

/// Plate of the first simulated spectrum: above any of SDSS's, so that no simulated name is a real one.
const FIRST_PLATE: i32 = 100_001;
/// Fibres on a simulated plate, as on an SDSS one.
const FIBRES: usize = 640;
/// Spectra simulated at a time. Only their 1000 rest-frame pixels are kept for the infill.
const BATCH: usize = 512;

#[derive(Debug, Args)]
pub(super) struct Simulate {
    /// Folder for the set.
    #[arg(long, required_unless_present = "fits")]
    out: Option<PathBuf>,
    /// Folder for the spectra as survey files, with positions, which `preprocess` reads.
    #[arg(long, value_name = "DIR")]
    fits: Option<PathBuf>,
    /// Layout of the survey files.
    #[arg(long, value_enum, default_value_t = Layout::Sdss, requires = "fits")]
    layout: Layout,
    /// Spectra to simulate.
    #[arg(long, default_value_t = 8192)]
    count: usize,
    /// Seed: the same one makes the same set.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The set's name, as in links.
    #[arg(long, default_value = "simulated")]
    name: String,
}

/// A survey whose layout simulated files have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Layout {
    /// `PLATE/spec-PLATE-MJD-FIBER.fits`.
    Sdss,
    /// `SPECTROGRAPH/spec-MJD-PLAN_spSPECTROGRAPH-FIBER.fits`.
    Lamost,
    /// `FIRST/coadd-simulated-bright-FIRST.fits`, each of up to 512 targets, and `redrock-*` beside it.
    Desi,
}

/// The part of the draws that the set needs.
#[derive(Default)]
struct Kept {
    rest_frame: Vec<RestFrameSpectrum>,
    /// Catalogue without `norm`, which is known after the infill.
    catalogue: Catalogue,
}

impl Simulate {
    pub(super) fn run(&self) -> Result<Outcome> {
        if self.out.is_some() && self.count < 64 {
            bail!("a set needs at least 64 spectra (--count): the infill and the model are fitted to it");
        }
        let kept = self.draw()?;
        if let Some(folder) = &self.fits {
            eprintln!("{} simulated spectra as FITS files: {}", self.count, folder.display());
        }
        if let Some(out) = &self.out {
            self.write(out, kept)?;
        }
        Ok(Outcome::Done)
    }

    /// Draws `count` spectra that the pipeline accepts. A draw that it refuses (too little of the grid covered) is skipped, as
    /// a survey's would be.
    fn draw(&self) -> Result<Kept> {
        let bar = progress::bar("Simulating", self.count);
        let recipe = Recipe::standard();
        let mut kept = Kept::default();
        let mut taken = 0;
        let mut next = 0;
        while taken < self.count {
            let wanted = BATCH.min(self.count - taken);
            let draw = |i: usize| {
                let mut simulated = simulator::simulate(self.seed, (next + i) as u64);
                simulated.observed.object.position = simulator::position(self.seed, (next + i) as u64);
                let redshift = simulated.observed.redshift.unwrap_or(0.0);
                let rest = recipe.to_rest_frame(&simulated.observed, redshift).ok()?;
                Some((simulated, rest))
            };
            let draws = parallel::map(wanted, draw, |done| bar.set_position((taken + done) as u64));
            next += wanted;
            let (all_simulated, rest_frame): (Vec<SimulatedSpectrum>, Vec<_>) = draws.into_iter().flatten().unzip();
            if let Some(folder) = &self.fits {
                self.write_fits(folder, &all_simulated, taken)?;
            }
            if self.out.is_some() {
                kept.catalogue.append(&catalogue(&all_simulated, taken))?;
                kept.rest_frame.extend(rest_frame);
            }
            taken += all_simulated.len();
        }
        bar.finish();
        Ok(kept)
    }

    fn write(&self, out: &Path, kept: Kept) -> Result<()> {
        let Kept { rest_frame, catalogue } = kept;
        let sample = if rest_frame.len() <= InfillBasis::SAMPLE {
            Cow::Borrowed(&rest_frame)
        } else {
            Cow::Owned(InfillBasis::sample(rest_frame.len()).map(|index| rest_frame[index].clone()).collect())
        };
        let bar = progress::bar("Fitting the infill", INFILL.1);
        let basis = InfillBasis::fit(&sample, INFILL.0, INFILL.1, |done, _| bar.set_position(done as u64));
        bar.finish();
        let facts = self.facts();
        let recipe = facts.recipe;
        let mut writer = SetWriter::new(facts, basis.clone());
        for (number, batch) in rest_frame.chunks(BATCH).enumerate() {
            let spectra = parallel::map(batch.len(), |i| recipe.finish(&batch[i], &basis), |_| {});
            let mut rows = Catalogue::default();
            rows.push_floats("norm", spectra.iter().map(|spectrum| spectrum.norm).collect());
            rows.columns.extend(catalogue.rows(number * BATCH, number * BATCH + batch.len()).columns);
            for (name, bytes) in writer.push(&spectra, &rows)? {
                files::write(&out.join(name), &bytes)?;
            }
        }
        let (manifest, last) = writer.finish();
        for (name, bytes) in &last {
            files::write(&out.join(name), bytes)?;
        }
        eprintln!("{} simulated spectra in {} shards: {}", manifest.count, manifest.shards.len(), out.display());
        Ok(())
    }

    /// Writes the files of some draws, the first of which is spectrum `first` of the set.
    fn write_fits(&self, folder: &Path, all_simulated: &[SimulatedSpectrum], first: usize) -> Result<()> {
        if self.layout == Layout::Desi {
            let targets = all_simulated.iter().zip(first..);
            let targets: Vec<_> = targets.map(|(simulated, index)| desi::Target { simulated, index }).collect();
            let (number, files) = (first + 1, desi::to_fits(&targets, self.seed));
            let [coadd, redrock] = desi::names(number).map(|name| folder.join(number.to_string()).join(name));
            files::write(&redrock, &files.redrock)?;
            return files::write(&coadd, &files.coadd);
        }
        let write = |i: usize| {
            let (simulated, index) = (&all_simulated[i], first + i);
            let (below, name, bytes) = match self.layout {
                Layout::Lamost => (index / 250 + 1, lamost::name(index), lamost::to_fits(simulated, index)),
                Layout::Sdss | Layout::Desi => {
                    let id = id(index);
                    (id.parts[0] as usize, sdss::name(id), sdss::to_fits(simulated, id))
                }
            };
            files::write(&folder.join(below.to_string()).join(name), &bytes)
        };
        parallel::map(all_simulated.len(), write, |_| {}).into_iter().collect()
    }

    fn facts(&self) -> SetFacts {
        let columns = simulator::truth_columns().iter();
        SetFacts {
            name: self.name.clone(),
            title: format!("{} simulated galaxy spectra", self.count),
            simulated: true,
            license: "CC0-1.0".to_owned(),
            provenance: format!(
                "Simulated by spectrascape {} (seed {}) from Bruzual & Charlot (2003) simple stellar populations as \
                 distributed with sdss-mangadap 4.5.0 (BSD-3-Clause). No real spectrum is in this set.",
                env!("CARGO_PKG_VERSION"),
                self.seed
            ),
            seed: Some(self.seed),
            recipe: Recipe::standard(),
            columns: columns
                .map(|(name, label, unit)| ((*name).to_owned(), (*label).to_owned(), (*unit).to_owned()))
                .collect(),
            subclass_names: Vec::new(),
        }
    }
}

/// Returns the identifier of spectrum `index` of the set.
fn id(index: usize) -> SourceId {
    SourceId::sdss(FIRST_PLATE + (index / FIBRES) as i32, 0, (index % FIBRES) as i32 + 1)
}

/// Returns the catalogue rows of some draws without `norm`; the first draw is spectrum `first` of the set.
fn catalogue(all_simulated: &[SimulatedSpectrum], first: usize) -> Catalogue {
    let ids: Vec<SourceId> = (0..all_simulated.len()).map(|i| id(first + i)).collect();
    let mut catalogue = Catalogue::default();
    catalogue
        .push_floats("redshift", all_simulated.iter().map(|m| m.observed.redshift.unwrap_or(0.0) as f32).collect());
    catalogue.push_floats("median_snr", all_simulated.iter().map(|m| m.observed.median_snr()).collect());
    catalogue.push_integers("class", all_simulated.iter().map(|m| m.observed.class.code()).collect());
    catalogue.push_integers("plate", ids.iter().map(|id| id.parts[0] as i32).collect());
    catalogue.push_integers("mjd", ids.iter().map(|id| id.parts[1] as i32).collect());
    catalogue.push_integers("fiber", ids.iter().map(|id| id.parts[2] as i32).collect());
    for (position, (name, _, _)) in simulator::truth_columns().iter().enumerate() {
        catalogue.push_floats(name, all_simulated.iter().map(|simulated| simulated.truths[position].1).collect());
    }
    catalogue
}
