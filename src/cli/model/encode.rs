//! `encode`: the latents of spectra under a model.

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Args;

use super::choice::ModelChoice;
use super::dataset::three_numbers;
use super::device::DeviceChoice;
use super::method::MethodChoice;
use super::redshift::by_trial;
use crate::cli::outcome::Outcome;
use crate::cli::{files, observations};
use crate::export::CsvWriter;
use crate::formats::set::TensorWriter;
use crate::latent::TrialOptions;
use crate::preprocess::REDSHIFT_RANGE;
use crate::spectrum::{GridSpectrum, ObjectFacts, ObservedSpectrum, PIXELS, SourceId, SpectrumError};
use crate::vae::Model;
use crate::vae::encoding::{Encoding, EncodingMethod};

#[derive(Debug, Args)]
pub(in crate::cli) struct Encode {
    /// Files of spectra: FITS, Parquet, HDF5, npz, tables of text; or folders of them. Of a file with several spectra each has
    /// a row, named FILE#1, FILE#2, ...
    #[arg(required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    model: ModelChoice,
    /// Also write preprocessed flux, ivar and reconstruction to this safetensors file.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Use this redshift in place of the files' own.
    #[arg(long, allow_negative_numbers = true)]
    redshift: Option<f64>,
    /// Find the redshift by trial where a file has none, or one outside the range of the models.
    #[arg(long, conflicts_with = "redshift")]
    by_trial: bool,
    #[command(flatten)]
    method: MethodChoice,
    #[command(flatten)]
    device: DeviceChoice,
    /// JSON in place of CSV.
    #[arg(long)]
    json: bool,
}

/// Advice for a spectrum whose redshift cannot be used.
const WITHOUT_REDSHIFT: &str = "`spectrascape redshift` finds one, and `--by-trial` uses it";
/// The columns after the latents.
const OBJECT_COLUMNS: [&str; 5] = ["id", "ra", "dec", "redshift_error", "name"];

/// An encoded spectrum.
struct EncodedSpectrum {
    /// The file's name, with the spectrum's number where the file holds several.
    file: String,
    observed: ObservedSpectrum,
    redshift: f64,
    /// Source of the redshift: `file`, `option` or `trial`.
    redshift_from: &'static str,
    spectrum: GridSpectrum,
    encoding: Encoding,
}

impl Encode {
    pub(super) fn run(&self) -> Result<Outcome> {
        let model = self.model.load()?;
        let paths = observations::files(&self.files, "encode")?;
        let model = self.device.to_encode(model, paths.len())?;
        let mut encoded = Vec::new();
        let refused = observations::for_each(&paths, |file, observed| {
            encoded.push(self.encode(&model, file, observed)?);
            Ok(())
        });
        if self.json {
            println!("{}", serde_json::Value::Array(encoded.iter().map(EncodedSpectrum::json).collect()));
        } else {
            println!("{}", header(model.card.config.latents));
            encoded.iter().for_each(|one| println!("{}", one.csv()));
        }
        if let Some(out) = &self.out {
            files::write(out, &tensors(&encoded, model.card.config.latents, self.method.method()))?;
        }
        Ok(if refused > 0 { Outcome::SomeRefused } else { Outcome::Done })
    }

    fn encode(&self, model: &Model, file: &str, observed: ObservedSpectrum) -> Result<EncodedSpectrum> {
        let (redshift, redshift_from) = self.redshift(model, &observed)?;
        let (spectrum, mut encoding) = model.encode_observed(&observed, redshift, self.method.method())?;
        if encoding.method == EncodingMethod::Plain && !model.card.config.variational {
            // The layer exists in the file and was never trained.
            encoding.posterior.log_var.fill(f32::NAN);
        }
        Ok(EncodedSpectrum { file: file.to_owned(), observed, redshift, redshift_from, spectrum, encoding })
    }

    /// Returns the redshift to use, and its source.
    fn redshift(&self, model: &Model, observed: &ObservedSpectrum) -> Result<(f64, &'static str)> {
        if let Some(redshift) = self.redshift {
            return Ok((redshift, "option"));
        }
        let (low, high) = REDSHIFT_RANGE;
        let usable = observed.redshift.filter(|redshift| (low..=high).contains(redshift));
        match (usable, observed.redshift) {
            (Some(redshift), _) => Ok((redshift, "file")),
            _ if self.by_trial => Ok((by_trial(model, observed, &TrialOptions::standard())?.best.redshift, "trial")),
            (None, Some(redshift)) if redshift.is_finite() => {
                bail!("{}; {WITHOUT_REDSHIFT}", SpectrumError::RedshiftOutside { redshift, low, high })
            }
            (None, _) => bail!("{} with `--redshift`; {WITHOUT_REDSHIFT}", SpectrumError::NoRedshift),
        }
    }
}

impl EncodedSpectrum {
    fn csv(&self) -> String {
        let id = self.observed.id;
        let [plate, mjd, fiber] = three_numbers(id).map(|number| number.map_or(String::new(), |n| n.to_string()));
        let facts = [
            self.file.clone(),
            plate,
            mjd,
            fiber,
            format!("{:.6}", self.redshift),
            self.observed.class.name().to_owned(),
            format!("{:.4}", self.encoding.chi2),
        ];
        let Encoding { scale, method, .. } = &self.encoding;
        let how = [self.redshift_from.to_owned(), method.name().to_owned(), format!("{scale:.5}")];
        let numbers = self
            .encoding
            .posterior
            .mean
            .iter()
            .chain(&self.encoding.posterior.log_var)
            .map(|value| if value.is_nan() { String::new() } else { format!("{value:.6}") });
        let mut csv = CsvWriter::new();
        csv.record(facts.into_iter().chain(numbers).chain(self.object_fields()).chain(how));
        csv.finish().trim_end_matches('\n').to_owned()
    }

    /// Returns the fields of [`OBJECT_COLUMNS`].
    fn object_fields(&self) -> [String; 5] {
        let object = &self.observed.object;
        let number = |value: Option<f64>| value.map_or(String::new(), |value| format!("{value:?}"));
        [
            id_text(self.observed.id).unwrap_or_default(),
            number(object.position.map(|position| position.ra)),
            number(object.position.map(|position| position.dec)),
            number(object.redshift_error),
            object.name.clone().unwrap_or_default(),
        ]
    }

    fn json(&self) -> serde_json::Value {
        let (id, object) = (self.observed.id, &self.observed.object);
        let [plate, mjd, fiber] = three_numbers(id);
        serde_json::json!({
            "file": self.file, "plate": plate, "mjd": mjd, "fiber": fiber, "redshift": self.redshift,
            "class": self.observed.class.name(), "chi2": self.encoding.chi2, "mean": self.encoding.posterior.mean,
            "log_var": self.encoding.posterior.log_var, "id": id_text(id),
            "ra": object.position.map(|position| position.ra), "dec": object.position.map(|position| position.dec),
            "redshift_error": object.redshift_error, "name": object.name, "redshift_from": self.redshift_from,
            "encoding": self.encoding.method.name(), "scale": self.encoding.scale,
        })
    }
}

/// Returns an identifier as text; `None` where the file has none.
fn id_text(id: SourceId) -> Option<String> {
    (!id.is_none()).then(|| id.to_string())
}

fn header(latents: usize) -> String {
    let columns = |name: &'static str| (1..=latents).map(move |number| format!("{name}_{number}"));
    let latents: Vec<String> = columns("mean").chain(columns("log_var")).collect();
    let (latents, object) = (latents.join(","), OBJECT_COLUMNS.join(","));
    format!("file,plate,mjd,fiber,redshift,class,chi2,{latents},{object},redshift_from,encoding,scale")
}

fn tensors(encoded: &[EncodedSpectrum], latents: usize, method: EncodingMethod) -> Vec<u8> {
    let rows = encoded.len();
    let floats = |of: &dyn Fn(&EncodedSpectrum) -> Vec<f32>| encoded.iter().flat_map(of).collect::<Vec<f32>>();
    let integers = |of: &dyn Fn(&EncodedSpectrum) -> i32| encoded.iter().map(of).collect::<Vec<i32>>();
    let numbers = |k: usize| integers(&|one| one.observed.id.plate_mjd_fiber().map_or(0, |numbers| numbers[k]));
    let part = |k: usize| encoded.iter().map(|one| one.observed.id.parts[k]).collect::<Vec<i64>>();
    let doubles = |of: &dyn Fn(&ObjectFacts) -> Option<f64>| {
        encoded.iter().map(|one| of(&one.observed.object).unwrap_or(f64::NAN)).collect::<Vec<f64>>()
    };
    let names: Vec<&str> = encoded.iter().map(|one| one.file.as_str()).collect();
    TensorWriter::default()
        .floats("flux", &[rows, PIXELS], &floats(&|one| one.spectrum.flux.clone()))
        .floats("ivar", &[rows, PIXELS], &floats(&|one| one.spectrum.ivar.clone()))
        .floats("reconstruction", &[rows, PIXELS], &floats(&|one| one.encoding.reconstruction.clone()))
        .floats("mean", &[rows, latents], &floats(&|one| one.encoding.posterior.mean.clone()))
        .floats("log_var", &[rows, latents], &floats(&|one| one.encoding.posterior.log_var.clone()))
        .floats("chi2", &[rows], &floats(&|one| vec![one.encoding.chi2]))
        .floats("scale", &[rows], &floats(&|one| vec![one.encoding.scale]))
        .floats("redshift", &[rows], &floats(&|one| vec![one.redshift as f32]))
        .integers("plate", &[rows], &numbers(0))
        .integers("mjd", &[rows], &numbers(1))
        .integers("fiber", &[rows], &numbers(2))
        .integers("survey", &[rows], &integers(&|one| one.observed.id.survey.code()))
        .longs("id_a", &[rows], &part(0))
        .longs("id_b", &[rows], &part(1))
        .longs("id_c", &[rows], &part(2))
        .doubles("ra", &[rows], &doubles(&|object| object.position.map(|position| position.ra)))
        .doubles("dec", &[rows], &doubles(&|object| object.position.map(|position| position.dec)))
        .doubles("redshift_error", &[rows], &doubles(&|object| object.redshift_error))
        .integers("class", &[rows], &integers(&|one| one.observed.class.code()))
        .metadata("files", &serde_json::json!(names).to_string())
        .metadata("encoding", method.name())
        .finish()
}
