//! The settings beyond the paper's kind of model, as text in links and fields of the form: weights as input, and a head that predicts class
//! and measurements from the latents.

use crate::vae::VaeConfig;
use crate::vae::config::{EncoderInput, HeadConfig};

/// Classes that a head distinguishes: the paper's four.
const CLASSES: usize = 4;
/// Name in links of the prediction of classes; no column is predicted under this name.
const CLASS: &str = "class";

/// Returns a head that predicts nothing yet.
pub fn empty_head() -> HeadConfig {
    HeadConfig { classes: 0, measurements: Vec::new(), weight: 10.0, labelled_fraction: 1.0 }
}

/// Returns whether a model predicts the class.
pub fn predicts_class(config: &VaeConfig) -> bool {
    config.head.as_ref().is_some_and(|head| head.classes > 0)
}

/// Returns whether a model predicts a column.
pub fn predicts(config: &VaeConfig, column: &str) -> bool {
    config.head.as_ref().is_some_and(|head| head.measurements.iter().any(|name| name == column))
}

/// Adds the class to what is predicted, or removes it.
pub fn toggle_class_prediction(config: &mut VaeConfig) {
    change(config, |head| head.classes = if head.classes > 0 { 0 } else { CLASSES });
}

/// Adds a column to what is predicted, or removes it.
pub fn toggle_prediction(config: &mut VaeConfig, column: &str) {
    change(config, |head| match head.measurements.iter().position(|name| name == column) {
        Some(at) => drop(head.measurements.remove(at)),
        None => head.measurements.push(column.to_owned()),
    });
}

/// Adds the weights to what enters the encoder, or removes them.
pub fn toggle_weights_as_input(config: &mut VaeConfig) {
    config.input = match config.input {
        EncoderInput::Flux => EncoderInput::FluxAndWeight,
        EncoderInput::FluxAndWeight => EncoderInput::Flux,
    };
}

/// Describes what is predicted: "class, redshift"; empty for a model without a head.
pub fn predictions_text(config: &VaeConfig) -> String {
    let Some(head) = &config.head else { return String::new() };
    let class = (head.classes > 0).then_some(CLASS);
    class.into_iter().chain(head.measurements.iter().map(String::as_str)).collect::<Vec<_>>().join(", ")
}

/// Returns the parts of a link's text: `input:weights`, `predict:class`, `predict:redshift`.
pub fn to_parts(config: &VaeConfig) -> Vec<String> {
    let mut parts = Vec::new();
    if config.input == EncoderInput::FluxAndWeight {
        parts.push("input:weights".to_owned());
    }
    if predicts_class(config) {
        parts.push(format!("predict:{CLASS}"));
    }
    let head = config.head.iter();
    parts.extend(head.flat_map(|head| &head.measurements).map(|name| format!("predict:{name}")));
    parts
}

/// Reads the parts of a link's text.
pub fn read_parts(parts: &[(&str, &str)], config: &mut VaeConfig) {
    for part in parts {
        match *part {
            ("input", "weights") => config.input = EncoderInput::FluxAndWeight,
            ("predict", CLASS) if !predicts_class(config) => toggle_class_prediction(config),
            ("predict", column) if column != CLASS && !column.is_empty() && !predicts(config, column) => {
                toggle_prediction(config, column);
            }
            _ => {}
        }
    }
}

/// Changes the head; one that predicts nothing is none.
fn change(config: &mut VaeConfig, act: impl FnOnce(&mut HeadConfig)) {
    let mut head = config.head.take().unwrap_or_else(empty_head);
    act(&mut head);
    config.head = (head.outputs() > 0).then_some(head);
}
