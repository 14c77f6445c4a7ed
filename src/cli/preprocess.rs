//! `preprocess`: a set from survey files.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::simulate::INFILL;
use super::{Outcome, files, parallel, progress};
use crate::shard::Catalogue;
use crate::shard::set::{self, SetFacts};
use crate::spectrum::infill::InfillBasis;
use crate::spectrum::normalize::Normalization;
use crate::spectrum::pipeline::{self, PipelineOptions};
use crate::spectrum::{ObservedSpectrum, RestFrameSpectrum, SpectrumError, fits, npz};

#[derive(Debug, Args)]
pub(super) struct Preprocess {
    /// FITS files (SDSS spSpec or spec), npz files, or folders of them.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Folder for the set.
    #[arg(long)]
    out: PathBuf,
    /// The set's name, as in links.
    #[arg(long, default_value = "spectra")]
    name: String,
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
    #[arg(long, value_enum, default_value_t = Steps::Standard)]
    steps: Steps,
    /// Divide flux by its root mean square (the code) or by its sum (the paper).
    #[arg(long, value_enum, default_value_t = Norm::Rms)]
    norm: Norm,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Steps {
    Standard,
    Astroml,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Norm {
    Rms,
    Total,
}

/// A spectrum that went through, with what the catalogue keeps of it.
struct Prepared {
    observed: ObservedSpectrum,
    redshift: f64,
    rest: RestFrameSpectrum,
}

impl Preprocess {
    pub(super) fn run(&self) -> Result<Outcome, String> {
        let paths = files::expand(&self.files, &["fit", "fits", "npz"])?;
        let options = match self.steps {
            Steps::Standard => PipelineOptions::standard(),
            Steps::Astroml => PipelineOptions::astroml(),
        };
        let bar = progress::bar("Preprocessing", paths.len());
        let results =
            parallel::map(paths.len(), |i| prepare(&paths[i], &options), |done| bar.set_position(done as u64));
        bar.finish();
        let mut refused = 0;
        let mut prepared = Vec::new();
        for result in results.into_iter().flatten() {
            match result {
                Ok(spectrum) => prepared.push(spectrum),
                Err(message) => {
                    refused += 1;
                    eprintln!("{message}");
                }
            }
        }
        if prepared.is_empty() {
            return Err("no spectrum went through: see the lines above".into());
        }
        self.write(&prepared)?;
        Ok(if refused > 0 { Outcome::SomeRefused } else { Outcome::Done })
    }

    fn write(&self, prepared: &[Prepared]) -> Result<(), String> {
        let normalization = match self.norm {
            Norm::Rms => Normalization::Rms,
            Norm::Total => Normalization::Total,
        };
        let rest: Vec<RestFrameSpectrum> = prepared.iter().map(|spectrum| spectrum.rest.clone()).collect();
        let bar = progress::bar("Fitting the infill", INFILL.1);
        let basis = InfillBasis::fit(&rest, INFILL.0, INFILL.1, |done, _| bar.set_position(done as u64));
        bar.finish();
        let spectra: Vec<_> = rest.iter().map(|rest| pipeline::finish(rest, &basis, normalization)).collect();
        let mut catalogue = Catalogue::default();
        catalogue.push_floats("norm", spectra.iter().map(|spectrum| spectrum.norm).collect());
        catalogue.push_floats("redshift", prepared.iter().map(|p| p.redshift as f32).collect());
        catalogue.push_floats("median_snr", prepared.iter().map(|p| p.observed.median_snr()).collect());
        catalogue.push_integers("class", prepared.iter().map(|p| p.observed.class.code()).collect());
        catalogue.push_integers("plate", prepared.iter().map(|p| p.observed.id.plate).collect());
        catalogue.push_integers("mjd", prepared.iter().map(|p| p.observed.id.mjd).collect());
        catalogue.push_integers("fiber", prepared.iter().map(|p| p.observed.id.fiber).collect());
        let facts = SetFacts {
            name: self.name.clone(),
            title: self.title.clone().unwrap_or_else(|| format!("{} spectra", spectra.len())),
            simulated: false,
            license: self.license.clone(),
            provenance: self.provenance.clone(),
            seed: None,
            normalization: normalization.name().to_owned(),
            columns: Vec::new(),
        };
        let (manifest, made) = set::files(&facts, &spectra, &catalogue, &basis);
        for (name, bytes) in &made {
            files::write(&self.out.join(name), bytes)?;
        }
        eprintln!("{} spectra in {} shards: {}", manifest.count, manifest.shards.len(), self.out.display());
        Ok(())
    }
}

/// Every spectrum of a file, or one line that names the file and says why not.
fn prepare(path: &std::path::Path, options: &PipelineOptions) -> Vec<Result<Prepared, String>> {
    let name = path.display().to_string();
    let bytes = match files::read(path) {
        Ok(bytes) => bytes,
        Err(message) => return vec![Err(message)],
    };
    let read = if name.to_ascii_lowercase().ends_with(".npz") {
        npz::read(&name, &bytes)
    } else {
        fits::read(&name, &bytes).map(|spectrum| vec![spectrum])
    };
    let spectra = match read {
        Ok(spectra) => spectra,
        Err(error) => return vec![Err(error.to_string())],
    };
    let prepare_one = |observed: ObservedSpectrum| {
        let refused = |error: SpectrumError| format!("{name} ({}): {error}", observed.id);
        let redshift = pipeline::redshift_of(&observed).map_err(refused)?;
        let rest = pipeline::to_rest_frame(&observed, redshift, options).map_err(refused)?;
        Ok(Prepared { observed, redshift, rest })
    };
    spectra.into_iter().map(prepare_one).collect()
}
