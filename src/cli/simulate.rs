//! `simulate`: a set of simulated spectra, through the same pipeline as real ones.

use std::path::PathBuf;

use clap::Args;

use super::{Outcome, files, parallel, progress};
use crate::mock::{self, MockSpectrum};
use crate::shard::Catalogue;
use crate::shard::set::{self, SetFacts};
use crate::spectrum::infill::InfillBasis;
use crate::spectrum::normalize::Normalization;
use crate::spectrum::pipeline::{self, PipelineOptions};
use crate::spectrum::{RestFrameSpectrum, SpectrumId};

/// Eigenvectors and iterations of the infill (the paper, section 2).
pub(super) const INFILL: (usize, usize) = (10, 20);

/// The plate of the first simulated spectrum: above any of SDSS's, so that no simulated name is a real one.
const FIRST_PLATE: i32 = 100_001;
/// Fibres on a simulated plate, as on an SDSS one.
const FIBRES: usize = 640;

#[derive(Debug, Args)]
pub(super) struct Simulate {
    /// Folder for the set.
    #[arg(long)]
    out: PathBuf,
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

impl Simulate {
    pub(super) fn run(&self) -> Result<Outcome, String> {
        if self.count < 64 {
            return Err("a set needs at least 64 spectra (--count): the infill and the model are fitted to it".into());
        }
        let (mocks, rest_frame) = self.draw();
        let bar = progress::bar("Fitting the infill", INFILL.1);
        let basis = InfillBasis::fit(&rest_frame, INFILL.0, INFILL.1, |done, _| bar.set_position(done as u64));
        bar.finish();
        let spectra: Vec<_> =
            rest_frame.iter().map(|spectrum| pipeline::finish(spectrum, &basis, Normalization::Rms)).collect();
        let norms = spectra.iter().map(|spectrum| spectrum.norm).collect();
        let catalogue = catalogue(&mocks, norms);
        let (manifest, made) = set::files(&self.facts(), &spectra, &catalogue, &basis);
        for (name, bytes) in &made {
            files::write(&self.out.join(name), bytes)?;
        }
        eprintln!("{} simulated spectra in {} shards: {}", manifest.count, manifest.shards.len(), self.out.display());
        Ok(Outcome::Done)
    }

    /// The first `count` draws that the pipeline takes. A draw that it refuses (too little of the grid covered) is
    /// skipped, as a survey's would be.
    fn draw(&self) -> (Vec<MockSpectrum>, Vec<RestFrameSpectrum>) {
        let bar = progress::bar("Simulating", self.count);
        let options = PipelineOptions::standard();
        let mut taken = Vec::with_capacity(self.count);
        let mut next = 0;
        while taken.len() < self.count {
            let wanted = self.count - taken.len();
            let before = taken.len();
            let draws = parallel::map(
                wanted,
                |i| {
                    let mock = mock::simulate(self.seed, (next + i) as u64);
                    let redshift = mock.observed.redshift.unwrap_or(0.0);
                    let rest = pipeline::to_rest_frame(&mock.observed, redshift, &options).ok()?;
                    Some((mock, rest))
                },
                |done| bar.set_position((before + done) as u64),
            );
            next += wanted;
            taken.extend(draws.into_iter().flatten());
        }
        bar.finish();
        taken.into_iter().unzip()
    }

    fn facts(&self) -> SetFacts {
        let columns = mock::truth_columns().iter();
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
            normalization: Normalization::Rms.name().to_owned(),
            columns: columns
                .map(|(name, label, unit)| ((*name).to_owned(), (*label).to_owned(), (*unit).to_owned()))
                .collect(),
        }
    }
}

fn catalogue(mocks: &[MockSpectrum], norms: Vec<f32>) -> Catalogue {
    let ids: Vec<SpectrumId> = (0..mocks.len())
        .map(|index| SpectrumId {
            plate: FIRST_PLATE + (index / FIBRES) as i32,
            mjd: 0,
            fiber: (index % FIBRES) as i32 + 1,
        })
        .collect();
    let mut catalogue = Catalogue::default();
    catalogue.push_floats("norm", norms);
    catalogue.push_floats("redshift", mocks.iter().map(|m| m.observed.redshift.unwrap_or(0.0) as f32).collect());
    catalogue.push_floats("median_snr", mocks.iter().map(|m| m.observed.median_snr()).collect());
    catalogue.push_integers("class", mocks.iter().map(|m| m.observed.class.code()).collect());
    catalogue.push_integers("plate", ids.iter().map(|id| id.plate).collect());
    catalogue.push_integers("mjd", ids.iter().map(|id| id.mjd).collect());
    catalogue.push_integers("fiber", ids.iter().map(|id| id.fiber).collect());
    for (position, (name, _, _)) in mock::truth_columns().iter().enumerate() {
        catalogue.push_floats(name, mocks.iter().map(|mock| mock.truths[position].1).collect());
    }
    catalogue
}
