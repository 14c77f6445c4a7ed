//! The recipe of a site, a TOML file, which `build` follows.

use anyhow::{Result, anyhow, bail};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::cli::address_list::is_below_a_folder;

/// A recipe. Keys other than those named here are options of the commands, spelt with `_`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BuildRecipe {
    /// Name of the set and of the folder that everything goes into.
    pub name: String,
    /// The catalogue and its spectra.
    pub sample: SampleStep,
    /// Settings of the download.
    #[serde(default)]
    pub download: DownloadStep,
    /// Settings of preprocessing.
    #[serde(default)]
    pub preprocess: PreprocessStep,
    /// Models.
    #[serde(default)]
    pub train: Vec<TrainStep>,
    /// The site.
    #[serde(default)]
    pub publish: PublishStep,
}

/// The source of the catalogue.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SampleStep {
    /// `portillo2020`, whose query a server answers where there is no catalogue.
    #[serde(skip_serializing)]
    pub query: Option<String>,
    /// The server.
    #[serde(skip_serializing)]
    pub server: Option<String>,
    /// Path of a catalogue, relative to the recipe.
    #[serde(skip_serializing)]
    pub catalogue: Option<String>,
    release: Option<String>,
    run2d: Option<String>,
    /// Spectra to ask the server for.
    pub rows: Option<u64>,
    base: Option<String>,
}

/// The settings of `download`.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DownloadStep {
    /// Files that may be missing.
    #[serde(skip_serializing, default)]
    pub may_fail: usize,
    at_once: Option<u32>,
    attempts: Option<u32>,
    limit: Option<u64>,
    wait: Option<f64>,
    timeout: Option<f64>,
}

/// The settings of `preprocess`.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PreprocessStep {
    /// Files and spectra that may be refused.
    #[serde(skip_serializing, default)]
    pub may_fail: usize,
    chunk: Option<u32>,
    title: Option<String>,
    license: Option<String>,
    provenance: Option<String>,
    steps: Option<String>,
    norm: Option<String>,
}

/// The settings of `train` for one model.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TrainStep {
    /// Name of the model and of its file.
    pub name: String,
    latents: Option<u32>,
    seed: Option<u64>,
    published_code: Option<bool>,
    hidden1: Option<u32>,
    hidden2: Option<u32>,
    lambda: Option<f64>,
    alpha: Option<f64>,
    autoencoder: Option<bool>,
    input: Option<String>,
    predict_class: Option<bool>,
    predict: Option<Vec<String>>,
    head_weight: Option<f64>,
    labelled_fraction: Option<f64>,
    epochs: Option<u32>,
    batch: Option<u32>,
    half: Option<bool>,
    no_umap: Option<bool>,
}

/// The settings of `publish`.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PublishStep {
    title: Option<String>,
    license: Option<String>,
    open: Option<String>,
    /// Folder of the built page.
    pub page: Option<String>,
    allow_data_from: Option<Vec<String>>,
    no_umap: Option<bool>,
}

impl BuildRecipe {
    /// Reads the bytes of a recipe; `name` is for errors.
    ///
    /// # Errors
    /// A file that is no TOML, an unknown or missing key, a name that is no file's; the message names file and line.
    pub fn parse(name: &str, bytes: &[u8]) -> Result<Self> {
        let text = std::str::from_utf8(bytes).map_err(|_| anyhow!("{name} is not UTF-8 text"))?;
        let recipe: Self = toml::from_str(text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start).min(text.len());
            let line = bytes[..start].iter().filter(|&&byte| byte == b'\n').count() + 1;
            anyhow!("{name}: line {line}: {}", error.message().replace('\n', " "))
        })?;
        let models = recipe.train.iter().map(|train| &train.name);
        for one in std::iter::once(&recipe.name).chain(models.clone()) {
            if !is_below_a_folder(one) || one.contains('/') {
                bail!("{name}: `{one}` cannot be the name of a file");
            }
        }
        if let Some(twice) = models.clone().find(|one| models.clone().filter(|other| other == one).count() > 1) {
            bail!("{name}: two models are called {twice}: give each a name of its own");
        }
        if recipe.sample.query.is_none() && recipe.sample.catalogue.is_none() {
            bail!("{name}: [sample] has neither a catalogue nor query = \"portillo2020\"");
        }
        if let Some(query) = recipe.sample.query.as_ref().filter(|query| *query != "portillo2020") {
            bail!("{name}: there is no query `{query}`: the only one is portillo2020");
        }
        Ok(recipe)
    }
}

/// Returns a step's settings as options of its command.
pub fn options(step: &impl Serialize) -> Vec<String> {
    let Ok(Value::Object(settings)) = serde_json::to_value(step) else { return Vec::new() };
    let mut options = Vec::new();
    for (key, value) in settings {
        let option = format!("--{}", key.replace('_', "-"));
        match value {
            Value::Null | Value::Bool(false) => {}
            Value::Bool(true) => options.push(option),
            Value::Array(values) => {
                options.extend(values.iter().filter_map(Value::as_str).map(|value| format!("{option}={value}")));
            }
            Value::String(text) => options.push(format!("{option}={text}")),
            number => options.push(format!("{option}={number}")),
        }
    }
    options
}
