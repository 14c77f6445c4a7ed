//! `encode`: where survey files lie in a model's latent space.

use std::path::{Path, PathBuf};

use clap::Args;

use super::model::ModelChoice;
use super::{Outcome, csv, files};
use crate::formats::fits;
use crate::formats::set::TensorWriter;
use crate::preprocess::normalize::Normalization;
use crate::preprocess::pipeline::{self, PipelineOptions};
use crate::protocol::Encoding;
use crate::spectrum::{GridSpectrum, ObservedSpectrum, PIXELS, SpectrumError};
use crate::vae::inference::{self, Model};
use crate::vae::posterior::Posterior;

#[derive(Debug, Args)]
pub(super) struct Encode {
    /// SDSS FITS files (spSpec or spec), or folders of them.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    model: ModelChoice,
    /// Also write preprocessed flux, ivar and reconstruction to this safetensors file.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Use this redshift in place of the files' own.
    #[arg(long)]
    redshift: Option<f64>,
    /// JSON in place of CSV.
    #[arg(long)]
    json: bool,
}

/// A file that went through.
struct EncodedFile {
    file: String,
    observed: ObservedSpectrum,
    redshift: f64,
    spectrum: GridSpectrum,
    encoding: Encoding,
}

impl Encode {
    pub(super) fn run(&self) -> Result<Outcome, String> {
        let model = self.model.load()?;
        let paths = files::expand(&self.files, &["fit", "fits"])?;
        let mut encoded = Vec::new();
        for path in &paths {
            match self.encode(&model, path) {
                Ok(one) => encoded.push(one),
                Err(message) => eprintln!("{message}"),
            }
        }
        if self.json {
            println!("{}", serde_json::Value::Array(encoded.iter().map(EncodedFile::json).collect()));
        } else {
            println!("{}", header(model.card.config.latents));
            encoded.iter().for_each(|one| println!("{}", one.csv()));
        }
        if let Some(out) = &self.out {
            files::write(out, &tensors(&encoded, model.card.config.latents))?;
        }
        Ok(if encoded.len() < paths.len() { Outcome::SomeRefused } else { Outcome::Done })
    }

    fn encode(&self, model: &Model, path: &Path) -> Result<EncodedFile, String> {
        let bytes = files::read(path)?;
        let refused = |error: SpectrumError| format!("{}: {error}", path.display());
        let observed = fits::read(&path.display().to_string(), &bytes).map_err(|error| error.to_string())?;
        let redshift = self.redshift.map_or_else(|| pipeline::redshift_of(&observed), Ok).map_err(refused)?;
        let rest = pipeline::to_rest_frame(&observed, redshift, &PipelineOptions::standard()).map_err(refused)?;
        let spectrum = pipeline::finish(&rest, &model.infill, Normalization::Rms);
        let Posterior { mean, log_var } = model.encode(&spectrum.flux, &spectrum.ivar);
        let reconstruction = model.decode(&mean);
        let chi2 = inference::chi2(&spectrum.flux, &spectrum.ivar, &reconstruction);
        let encoding = Encoding { mean, log_var, reconstruction, chi2 };
        Ok(EncodedFile { file: path.display().to_string(), observed, redshift, spectrum, encoding })
    }
}

impl EncodedFile {
    fn csv(&self) -> String {
        let id = self.observed.id;
        let facts = [id.plate.to_string(), id.mjd.to_string(), id.fiber.to_string(), format!("{:.6}", self.redshift)];
        let numbers = self.encoding.mean.iter().chain(&self.encoding.log_var);
        let numbers: Vec<String> = numbers.map(|value| format!("{value:.6}")).collect();
        format!(
            "{},{},{},{:.4},{}",
            csv::field(&self.file),
            facts.join(","),
            self.observed.class.name(),
            self.encoding.chi2,
            numbers.join(",")
        )
    }

    fn json(&self) -> serde_json::Value {
        let id = self.observed.id;
        serde_json::json!({
            "file": self.file, "plate": id.plate, "mjd": id.mjd, "fiber": id.fiber, "redshift": self.redshift,
            "class": self.observed.class.name(), "chi2": self.encoding.chi2, "mean": self.encoding.mean,
            "log_var": self.encoding.log_var,
        })
    }
}

fn header(latents: usize) -> String {
    let columns = |name: &'static str| (1..=latents).map(move |number| format!("{name}_{number}"));
    let latents: Vec<String> = columns("mean").chain(columns("log_var")).collect();
    format!("file,plate,mjd,fiber,redshift,class,chi2,{}", latents.join(","))
}

fn tensors(encoded: &[EncodedFile], latents: usize) -> Vec<u8> {
    let rows = encoded.len();
    let floats = |of: &dyn Fn(&EncodedFile) -> Vec<f32>| encoded.iter().flat_map(of).collect::<Vec<f32>>();
    let integers = |of: &dyn Fn(&EncodedFile) -> i32| encoded.iter().map(of).collect::<Vec<i32>>();
    let names: Vec<&str> = encoded.iter().map(|one| one.file.as_str()).collect();
    TensorWriter::default()
        .floats("flux", &[rows, PIXELS], &floats(&|one| one.spectrum.flux.clone()))
        .floats("ivar", &[rows, PIXELS], &floats(&|one| one.spectrum.ivar.clone()))
        .floats("reconstruction", &[rows, PIXELS], &floats(&|one| one.encoding.reconstruction.clone()))
        .floats("mean", &[rows, latents], &floats(&|one| one.encoding.mean.clone()))
        .floats("log_var", &[rows, latents], &floats(&|one| one.encoding.log_var.clone()))
        .floats("chi2", &[rows], &floats(&|one| vec![one.encoding.chi2]))
        .floats("redshift", &[rows], &floats(&|one| vec![one.redshift as f32]))
        .integers("plate", &[rows], &integers(&|one| one.observed.id.plate))
        .integers("mjd", &[rows], &integers(&|one| one.observed.id.mjd))
        .integers("fiber", &[rows], &integers(&|one| one.observed.id.fiber))
        .integers("class", &[rows], &integers(&|one| one.observed.class.code()))
        .metadata("files", &serde_json::json!(names).to_string())
        .finish()
}
