//! The settings of a training as text in links and fields of a form: limits with their reasons, and presets.

use std::collections::BTreeMap;

use super::variant_form;
use crate::spectrum::Class;
use crate::vae::VaeConfig;
use crate::vae::config::{EncoderInput, MmdScale};
use crate::vae::objective::TermWeights;

/// Default number of epochs: more would take too long in a lesson.
pub const EPOCHS: usize = 30;

/// Returns the settings that the page proposes: the paper's model with `latents` latents, for [`EPOCHS`] epochs.
pub fn proposed(latents: usize) -> VaeConfig {
    VaeConfig { max_epochs: EPOCHS, ..VaeConfig::paper(latents) }
}

/// The kinds of model that a form offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// InfoVAE: alpha and lambda are free.
    Vae,
    /// A plain autoencoder.
    Ae,
    /// A beta-VAE: beta times KL, no MMD (alpha = 1 - beta, lambda = beta).
    BetaVae,
}

impl Kind {
    /// All kinds, in the order of the form.
    pub const ALL: [Self; 3] = [Self::Vae, Self::Ae, Self::BetaVae];

    /// Returns the kind of a configuration.
    pub fn of(config: &VaeConfig) -> Self {
        match config.variational {
            false => Self::Ae,
            true if config.alpha + config.lambda == 1.0 => Self::BetaVae,
            true => Self::Vae,
        }
    }

    /// Returns the name in links.
    pub fn key(self) -> &'static str {
        match self {
            Self::Vae => "vae",
            Self::Ae => "ae",
            Self::BetaVae => "beta",
        }
    }

    /// Returns the name in forms.
    pub fn name(self) -> &'static str {
        match self {
            Self::Vae => "InfoVAE (the paper)",
            Self::Ae => "plain autoencoder",
            Self::BetaVae => "beta-VAE",
        }
    }

    /// Changes a configuration to this kind.
    pub fn set(self, config: &mut VaeConfig) {
        let paper = VaeConfig::paper(config.latents);
        config.variational = self != Self::Ae;
        (config.alpha, config.lambda) = match self {
            Self::BetaVae => (0.0, 1.0),
            _ => (paper.alpha, paper.lambda),
        };
    }
}

/// A numeric setting of the form.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Setting {
    /// Name in links.
    pub key: &'static str,
    /// Label in forms.
    pub label: &'static str,
    /// Smallest and largest value allowed.
    pub range: (f64, f64),
    /// Whether the value must be an integer.
    pub whole: bool,
    /// Effect of the setting and reason for its limits.
    pub hint: &'static str,
}

/// The numeric settings, in the order of the form.
pub const SETTINGS: [Setting; 12] = [
    Setting {
        key: "latents",
        label: "latents",
        range: (1.0, 16.0),
        whole: true,
        hint: "Numbers a spectrum is squeezed into. Beyond 16 PCA does as well.",
    },
    Setting {
        key: "hidden1",
        label: "first hidden layer",
        range: (4.0, 2000.0),
        whole: true,
        hint: "Units next to the spectrum. The paper searched up to 2000; time grows with it.",
    },
    Setting {
        key: "hidden2",
        label: "second hidden layer",
        range: (2.0, 1000.0),
        whole: true,
        hint: "Units next to the code. The paper keeps it below the first.",
    },
    Setting {
        key: "slope",
        label: "activation slope",
        range: (0.0, 1.0),
        whole: false,
        hint: "Slope below zero: 0 is ReLU, 1 makes the network linear, which is what PCA can do.",
    },
    Setting {
        key: "alpha",
        label: "alpha",
        range: (-100.0, 1.0),
        whole: false,
        hint: "The KL term weighs 1 - alpha. Above 1 it would reward codes far from the prior.",
    },
    Setting {
        key: "lambda",
        label: "lambda",
        range: (0.0, 100_000.0),
        whole: false,
        hint: "The MMD term weighs alpha + lambda - 1. The paper searched 1 to 100 000.",
    },
    Setting {
        key: "batch",
        label: "batch",
        range: (8.0, 512.0),
        whole: true,
        hint: "Spectra a step. Small ones are noisy, large ones take few steps an epoch.",
    },
    Setting {
        key: "rate",
        label: "learning rate",
        range: (1e-6, 0.1),
        whole: false,
        hint: "Adam's step size. Above 0.01 training usually falls apart: try it.",
    },
    Setting {
        key: "seed",
        label: "seed",
        range: (0.0, 4_294_967_295.0),
        whole: true,
        hint: "Of weights, order and noise: the same seed gives the same run.",
    },
    Setting {
        key: "epochs",
        label: "epochs at most",
        range: (1.0, 500.0),
        whole: true,
        hint: "Training stops earlier after ten epochs without improvement.",
    },
    Setting {
        key: "spectra",
        label: "spectra at most",
        range: (0.0, 1_000_000.0),
        whole: true,
        hint: "The first so many of the set; 0 takes all. Fewer train faster and overfit sooner.",
    },
    Setting {
        key: "noise",
        label: "added noise",
        range: (0.0, 5.0),
        whole: false,
        hint: "White noise added to every spectrum, in units of each pixel's own noise.",
    },
];

/// The numeric settings of a head, which only a model with one has.
pub const HEAD_SETTINGS: [Setting; 2] = [
    Setting {
        key: "headweight",
        label: "weight of predictions",
        range: (0.0, 100_000.0),
        whole: false,
        hint: "The loss of the predictions is multiplied by it: cross-entropy of the class, half the squared errors of the rest.",
    },
    Setting {
        key: "labelled",
        label: "labelled fraction",
        range: (0.001, 1.0),
        whole: false,
        hint: "Fraction of the spectra whose labels are learned from; the others only have to be reconstructed.",
    },
];

impl Setting {
    /// Returns the setting with a key; `None` for an unknown key.
    pub fn of(key: &str) -> Option<&'static Self> {
        SETTINGS.iter().chain(&HEAD_SETTINGS).find(|setting| setting.key == key)
    }

    /// Returns the value of the setting in a configuration.
    pub fn value(&self, config: &VaeConfig) -> f64 {
        // By way of its decimals, so that 0.1 becomes the double 0.1.
        let short = |value: f32| value.to_string().parse().unwrap_or(f64::from(value));
        match self.key {
            "latents" => config.latents as f64,
            "hidden1" => config.hidden1 as f64,
            "hidden2" => config.hidden2 as f64,
            "slope" => short(config.negative_slope),
            "alpha" => short(config.alpha),
            "lambda" => short(config.lambda),
            "batch" => config.batch as f64,
            "rate" => config.learning_rate,
            "seed" => config.seed as f64,
            "epochs" => config.max_epochs as f64,
            "spectra" => config.most_spectra as f64,
            "headweight" => short(config.head.as_ref().map_or(variant_form::empty_head().weight, |head| head.weight)),
            "labelled" => config.head.as_ref().map_or(1.0, |head| head.labelled_fraction),
            _ => short(config.added_noise),
        }
    }

    /// Sets the value in a configuration. The error names the limits, and leaves the configuration unchanged.
    pub fn set(&self, config: &mut VaeConfig, value: f64) -> Result<(), String> {
        let (low, high) = self.range;
        if !(low..=high).contains(&value) || (self.whole && value.fract() != 0.0) {
            let kind = if self.whole { "a whole number" } else { "a number" };
            return Err(format!("{} is {kind} from {low} to {high}. {}", self.label, self.hint));
        }
        match self.key {
            "latents" => config.latents = value as usize,
            "hidden1" => config.hidden1 = value as usize,
            "hidden2" => config.hidden2 = value as usize,
            "slope" => config.negative_slope = value as f32,
            "alpha" => config.alpha = value as f32,
            "lambda" => config.lambda = value as f32,
            "batch" => config.batch = value as usize,
            "rate" => config.learning_rate = value,
            "seed" => config.seed = value as u64,
            "epochs" => config.max_epochs = value as usize,
            "spectra" => config.most_spectra = value as usize,
            "headweight" => config.head.iter_mut().for_each(|head| head.weight = value as f32),
            "labelled" => config.head.iter_mut().for_each(|head| head.labelled_fraction = value),
            _ => config.added_noise = value as f32,
        }
        Ok(())
    }
}

/// Largest beta of a beta-VAE.
pub const MOST_BETA: f64 = 100.0;
/// Effect of beta.
pub const BETA_HINT: &str = "What the KL term weighs; 1 is the usual VAE.";

/// Changes a configuration to a beta-VAE with this beta. The error names the limits, and leaves the configuration unchanged.
pub fn set_beta(config: &mut VaeConfig, beta: f64) -> Result<(), String> {
    if !(0.0..=MOST_BETA).contains(&beta) {
        return Err(format!("beta is a number from 0 to {MOST_BETA}. {BETA_HINT}"));
    }
    (config.alpha, config.lambda) = (1.0 - beta as f32, beta as f32);
    Ok(())
}

/// Parses a field of the form; with `empty_is_all`, an empty field is 0, which stands for all.
pub fn parse_field(text: &str, empty_is_all: bool, label: &str, hint: &str) -> Result<f64, String> {
    let text = if empty_is_all && text.trim().is_empty() { "0" } else { text.trim() };
    text.parse().map_err(|_| format!("{label} is a number. {hint}"))
}

/// Returns the text of a field of the form; with `empty_is_all`, 0 is an empty field.
pub fn field_text(value: f64, empty_is_all: bool) -> String {
    if empty_is_all && value == 0.0 { String::new() } else { value.to_string() }
}

/// The fields of the form with invalid text, each with its error message.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FieldErrors(BTreeMap<&'static str, String>);

impl FieldErrors {
    /// Returns whether a field has an error.
    pub fn any(&self) -> bool {
        !self.0.is_empty()
    }

    /// Returns the errors, in the order of their keys.
    pub fn all(&self) -> Vec<String> {
        self.0.values().cloned().collect()
    }

    /// Returns the error of a field, by its key.
    pub fn of(&self, key: &str) -> Option<String> {
        self.0.get(key).cloned()
    }

    /// Sets or clears the error of a field.
    pub fn set(&mut self, key: &'static str, outcome: Result<(), String>) {
        match outcome {
            Ok(()) => drop(self.0.remove(key)),
            Err(sentence) => drop(self.0.insert(key, sentence)),
        }
    }

    /// Clears all errors.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

/// Returns a configuration as text for a link: `latents:6,hidden1:703,...`. It holds everything that a form can change, so that
/// a link keeps its meaning when the defaults change.
pub fn to_text(config: &VaeConfig) -> String {
    let mut parts = vec![format!("kind:{}", Kind::of(config).key())];
    parts.extend(SETTINGS.iter().map(|setting| format!("{}:{}", setting.key, setting.value(config))));
    if config.mmd == MmdScale::PublishedCode {
        parts.push("mmd:code".to_owned());
    }
    if !config.classes.is_empty() {
        let codes: Vec<String> = config.classes.iter().map(u8::to_string).collect();
        parts.push(format!("classes:{}", codes.join("-")));
    }
    parts.extend(variant_form::to_parts(config));
    if config.head.is_some() {
        parts.extend(HEAD_SETTINGS.iter().map(|setting| format!("{}:{}", setting.key, setting.value(config))));
    }
    parts.join(",")
}

/// Parses a configuration from the text of a link. Unknown keys are ignored and missing ones have defaults; the error names an
/// invalid value.
pub fn from_text(text: &str) -> Result<VaeConfig, String> {
    let parts: Vec<(&str, &str)> = text.split(',').filter_map(|part| part.split_once(':')).collect();
    let find = |key: &str| parts.iter().find(|(name, _)| *name == key).map(|(_, value)| *value);
    let latents = find("latents").and_then(|value| value.parse().ok()).unwrap_or(6);
    let mut config = proposed(latents);
    if let Some(key) = find("kind") {
        let kind = Kind::ALL.into_iter().find(|kind| kind.key() == key);
        kind.ok_or("its kind is vae, ae or beta")?.set(&mut config);
    }
    variant_form::read_parts(&parts, &mut config);
    for setting in SETTINGS.iter().chain(&HEAD_SETTINGS) {
        if let Some(value) = find(setting.key) {
            let value = value.parse().map_err(|_| format!("{} is no number", setting.key))?;
            setting.set(&mut config, value)?;
        }
    }
    if find("mmd") == Some("code") {
        config.mmd = MmdScale::PublishedCode;
    }
    if let Some(codes) = find("classes") {
        let codes: Result<Vec<u8>, _> = codes.split('-').map(str::parse).collect();
        let known = |code: &u8| Class::ALL.iter().any(|class| class.code() == i32::from(*code));
        config.classes =
            codes.ok().filter(|codes| codes.iter().all(known)).ok_or("its classes are codes, as in 1-2")?;
    }
    Ok(config)
}

/// Returns whether two configurations minimise the same loss, so that its values can be compared.
pub fn same_objective(one: &VaeConfig, other: &VaeConfig) -> bool {
    let terms = |config: &VaeConfig| {
        let weights = TermWeights::new(config);
        let mmd = config.variational.then_some(config.mmd);
        (config.variational, weights.kl, weights.mmd, mmd, config.unweighted, config.head.clone())
    };
    terms(one) == terms(other)
}

/// Returns the settings in which two configurations differ, as the form names them: setting, value of `one`, value of `other`.
pub fn differences(one: &VaeConfig, other: &VaeConfig) -> Vec<(&'static str, String, String)> {
    let mut found = Vec::new();
    let (kind, others) = (Kind::of(one), Kind::of(other));
    if kind != others {
        found.push(("model", kind.name().to_owned(), others.name().to_owned()));
    }
    // The two weights of a beta-VAE are one number.
    let beta = |config: &VaeConfig, kind: Kind| (kind == Kind::BetaVae).then_some(f64::from(config.lambda));
    let (a, b) = (beta(one, kind), beta(other, others));
    if a != b {
        let text = |beta: Option<f64>| beta.map_or_else(|| "–".to_owned(), |beta| beta.to_string());
        found.push(("beta", text(a), text(b)));
    }
    for setting in &SETTINGS {
        let weighs = ["alpha", "lambda"].contains(&setting.key);
        let text = |config: &VaeConfig, kind: Kind| match kind {
            Kind::BetaVae if weighs => "–".to_owned(),
            _ => setting.value(config).to_string(),
        };
        let (a, b) = (text(one, kind), text(other, others));
        if a != b {
            found.push((setting.label, a, b));
        }
    }
    let input = |config: &VaeConfig| match config.input {
        EncoderInput::Flux => "flux",
        EncoderInput::FluxAndWeight => "flux and weights",
    };
    if one.input != other.input {
        found.push(("input", input(one).to_owned(), input(other).to_owned()));
    }
    let predicted = |config: &VaeConfig| match variant_form::predictions_text(config) {
        text if text.is_empty() => "nothing".to_owned(),
        text => text,
    };
    if predicted(one) != predicted(other) {
        found.push(("predicts", predicted(one), predicted(other)));
    }
    if let (Some(_), Some(_)) = (&one.head, &other.head) {
        for setting in &HEAD_SETTINGS {
            let (a, b) = (setting.value(one), setting.value(other));
            if a != b {
                found.push((setting.label, a.to_string(), b.to_string()));
            }
        }
    }
    if one.classes != other.classes {
        found.push(("classes", class_names(&one.classes), class_names(&other.classes)));
    }
    found
}

/// Returns the names of classes, separated by commas; "all" for an empty list.
pub fn class_names(codes: &[u8]) -> String {
    if codes.is_empty() {
        return "all".to_owned();
    }
    let name =
        |code: &u8| Class::ALL.iter().find(|class| class.code() == i32::from(*code)).map_or("?", |class| class.name());
    codes.iter().map(name).collect::<Vec<_>>().join(", ")
}
