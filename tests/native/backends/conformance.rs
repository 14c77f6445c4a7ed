//! Every backend against an independent implementation: forward pass, every loss term and every gradient.
//! `tests/fixtures/vae/make.py` made the numbers, in NumPy, with gradients derived by hand; `tests/browser/gpu.test.mjs` holds the WGSL
//! kernels against the same file.

use std::collections::BTreeMap;

use serde_json::Value;
use spectrascape::vae::backend::Backend;
use spectrascape::vae::backend::cpu::Cpu;
use spectrascape::vae::backend::cpu::Learner;
use spectrascape::vae::config::{EncoderInput, HeadConfig, MmdScale, VaeConfig};
use spectrascape::vae::labels::LabelRows;
use spectrascape::vae::objective::LossTerms;
use spectrascape::vae::parameters::{self, shapes};
use spectrascape::vae::posterior::Posterior;

use crate::backends::plain;

/// Of the largest number of a tensor: single precision leaves about 1e-6.
const TOLERANCE: f64 = 1e-5;

/// What a backend is given.
struct Case<'a> {
    fixture: &'a Value,
    config: VaeConfig,
    /// As [`parameters::Layout`] has them.
    parameters: Vec<f32>,
    x: Vec<f32>,
    weight: Vec<f32>,
    noise: Option<Vec<f32>>,
    prior: Vec<f32>,
    labels: Option<LabelRows>,
}

/// What a backend computes from it.
struct Answer {
    posterior: Posterior,
    /// From the fixture's latents.
    decoded: Vec<f32>,
    terms: LossTerms,
    /// As [`parameters::Layout`] has it.
    gradient: Vec<f32>,
}

#[test]
fn the_fused_cpu_step_conforms() {
    assert_eq!(conforms("fused CPU", Cpu::supports, fused), 7);
}

/// The reference for sizes that the fixture does not have.
#[test]
fn the_plain_loops_conform() {
    assert_eq!(conforms("plain loops", parameters::is_plain, plain), 7);
}

fn plain(case: &Case) -> Answer {
    let parameters: Vec<f64> = case.parameters.iter().copied().map(f64::from).collect();
    let pass = plain::pass(&case.config, &parameters, &case.x, &case.weight, case.noise.as_deref(), &case.prior);
    let narrow = |values: &[f64]| values.iter().map(|value| *value as f32).collect::<Vec<f32>>();
    let latent: Vec<f64> = floats(&case.fixture["latent"]).into_iter().map(f64::from).collect();
    let decoded = plain::decode(&case.config, &parameters, &latent);
    let posterior = Posterior { mean: narrow(&pass.mean), log_var: narrow(&pass.log_var) };
    Answer { posterior, decoded: narrow(&decoded), terms: pass.terms, gradient: narrow(&pass.gradient) }
}

fn fused(case: &Case) -> Answer {
    let mut learner = Learner::new(&case.config);
    learner.set_parameters(&case.parameters).unwrap();
    let (terms, gradient) = learner.gradient(&case.x, &case.weight, case.noise.as_deref(), &case.prior);
    let decoded = learner.decode(&floats(&case.fixture["latent"]));
    Answer { posterior: learner.encode(&case.x), decoded, terms, gradient }
}

#[cfg(feature = "engine")]
mod burn {
    use ::burn::tensor::{Device, Tensor, TensorData};
    use spectrascape::vae::backend::burn::Burn;
    use spectrascape::vae::backend::burn::backend::gradients;
    use spectrascape::vae::backend::burn::head::BatchLabels;
    use spectrascape::vae::backend::burn::loss::{loss, reparameterize};
    use spectrascape::vae::backend::burn::model::InfoVae;

    use super::*;

    #[test]
    fn burn_on_flex_conforms() {
        assert_eq!(conforms("Burn on flex", Burn::supports, |case| answer(case, &Device::flex())), 9);
    }

    #[cfg(feature = "cli")]
    #[test]
    fn burn_on_ndarray_conforms() {
        let device = spectrascape::vae::backend::burn::ndarray::device();
        assert_eq!(conforms("Burn on ndarray", Burn::supports, |case| answer(case, &device)), 9);
    }

    /// Fails where there is no adapter, by a sentence that names the packages to install.
    #[cfg(feature = "cli")]
    #[test]
    fn burn_on_wgpu_conforms() {
        let gpu = crate::backends::burn_gpu::gpu();
        assert_eq!(
            conforms(&format!("Burn on wgpu, {}", gpu.name), Burn::supports, |case| answer(case, &gpu.device)),
            9
        );
    }

    fn answer(case: &Case, device: &Device) -> Answer {
        let Case { fixture, config, .. } = case;
        let vae = InfoVae::from_parameters(config, &case.parameters, &device.clone().autodiff());
        let rows = |values: &[f32], columns: usize| {
            let data = TensorData::new(values.to_vec(), [values.len() / columns, columns]);
            Tensor::<2>::from_data(data, device)
        };
        let (x, weight) = (rows(&case.x, config.pixels), rows(&case.weight, config.pixels));
        let noise = case.noise.as_ref().map(|noise| rows(noise, config.latents));
        let prior = rows(&case.prior, config.latents);
        let labels = case.labels.clone().map(|labels| BatchLabels::new(labels, device));
        let posterior = vae.encode(vae.input(x.clone(), &weight));
        let latent = match noise.clone().filter(|_| config.variational) {
            Some(noise) => reparameterize(&posterior, noise),
            None => posterior.mean.clone(),
        };
        let values = |tensor: Tensor<2>| tensor.into_data().try_into_vec::<f32>().unwrap();
        close("latent", &values(latent), &fixture["latent"]);
        let decoded = values(vae.decode(rows(&floats(&fixture["latent"]), config.latents)));
        let (loss, mut gradients) = gradients(&vae, |vae| loss(vae, x, weight, noise, prior, labels));
        let gradient = vae.flat_gradient(&mut gradients);
        let posterior = Posterior { mean: values(posterior.mean), log_var: values(posterior.log_var) };
        Answer { posterior, decoded, terms: loss.read(), gradient }
    }
}

/// The largest difference of a backend from NumPy in each quantity, of the largest number of its tensor.
#[derive(Default)]
struct Worst(BTreeMap<&'static str, f64>);

impl Worst {
    fn note(&mut self, quantity: &'static str, difference: f64) {
        let worst = self.0.entry(quantity).or_default();
        *worst = worst.max(difference);
    }
}

/// Holds a backend against all cases that it supports; returns how many those are. Prints its row of the table that
/// `cargo test --features cli conforms -- --nocapture` is.
fn conforms(name: &str, supports: impl Fn(&VaeConfig) -> bool, backend: impl Fn(&Case) -> Answer) -> usize {
    let text = include_str!("../../fixtures/vae/parity.json");
    let fixtures: Vec<Value> = serde_json::from_str(text).expect("the fixture is JSON");
    assert_eq!(fixtures.len(), 9);
    let cases: Vec<Case> = fixtures.iter().map(Case::new).filter(|case| supports(&case.config)).collect();
    let mut worst = Worst::default();
    cases.iter().for_each(|case| check(case, &backend(case), &mut worst));
    let row: Vec<String> = worst.0.iter().map(|(quantity, worst)| format!("{quantity} {worst:.1e}")).collect();
    println!("{name}: {} cases; {}", cases.len(), row.join(", "));
    cases.len()
}

fn check(case: &Case, answer: &Answer, worst: &mut Worst) {
    let Case { fixture, config, .. } = case;
    let name = fixture["name"].as_str().unwrap();
    let Posterior { mean, log_var } = &answer.posterior;
    worst.note("mean", close(&format!("{name}: mean"), mean, &fixture["mean"]));
    worst.note("log variance", close(&format!("{name}: log_var"), log_var, &fixture["log_var"]));
    worst.note("reconstruction", close(&format!("{name}: decoded"), &answer.decoded, &fixture["decoded"]));
    let terms = &answer.terms;
    for (term, value) in [
        ("total", terms.total),
        ("reconstruction", terms.reconstruction),
        ("kl", terms.kl),
        ("mmd", terms.mmd),
        ("head", terms.head),
    ] {
        let expected = Value::from(vec![fixture["terms"][term].as_f64().unwrap()]);
        worst.note("loss terms", close(&format!("{name}: {term}"), &[value as f32], &expected));
    }
    for (shape, weight, bias) in parameters::to_pytorch(config, &answer.gradient) {
        for (part, found) in [("weight", weight), ("bias", bias)] {
            let key = format!("{}.{part}", shape.name);
            worst.note("gradient", close(&format!("{name}: gradient of {key}"), &found, &fixture["gradients"][&key]));
        }
    }
}

impl<'a> Case<'a> {
    fn new(fixture: &'a Value) -> Self {
        let config = config(fixture);
        let part = |name: &str, part: &str| floats(&fixture["parameters"][format!("{name}.{part}")]);
        let layers: Vec<_> = shapes(&config)
            .into_iter()
            .map(|shape| (shape, part(shape.name, "weight"), part(shape.name, "bias")))
            .collect();
        let [x, weight, noise, prior] = ["x", "weight", "noise", "prior"].map(|key| floats(&fixture[key]));
        let labels = fixture["labels"].as_array().map(|parts| LabelRows {
            spectra: count(fixture, "batch"),
            class: Some(floats(&parts[0])),
            values: Some((floats(&parts[1]), floats(&parts[2]))),
        });
        let noise = fixture["noisy"].as_bool().unwrap().then_some(noise);
        let parameters = parameters::from_pytorch(&config, &layers);
        Self { fixture, config, parameters, x, weight, noise, prior, labels }
    }
}

fn config(case: &Value) -> VaeConfig {
    let number = |key: &str| case[key].as_f64().unwrap() as f32;
    VaeConfig {
        pixels: count(case, "pixels"),
        latents: count(case, "latents"),
        hidden1: count(case, "h1"),
        hidden2: count(case, "h2"),
        batch: count(case, "batch"),
        negative_slope: number("slope"),
        variational: case["variational"].as_bool().unwrap(),
        alpha: number("alpha"),
        lambda: number("lam"),
        mmd: match case["mmd"].as_str().unwrap() {
            "Plain" => MmdScale::Plain,
            "PublishedCode" => MmdScale::PublishedCode,
            other => panic!("no such scaling: {other}"),
        },
        input: match case["weight_input"].as_bool().unwrap() {
            true => EncoderInput::FluxAndWeight,
            false => EncoderInput::Flux,
        },
        head: case["labels"].is_array().then(|| HeadConfig {
            classes: count(case, "classes"),
            measurements: vec!["truth_dust".to_owned(), "truth_ssfr".to_owned()],
            weight: number("head_weight"),
            labelled_fraction: 1.0,
        }),
        ..VaeConfig::paper(6)
    }
}

fn count(case: &Value, key: &str) -> usize {
    case[key].as_u64().unwrap() as usize
}

fn floats(value: &Value) -> Vec<f32> {
    value.as_array().expect("an array").iter().map(|v| v.as_f64().unwrap() as f32).collect()
}

/// Returns the largest difference, of the largest expected number.
fn close(what: &str, found: &[f32], expected: &Value) -> f64 {
    let expected: Vec<f64> = expected.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect();
    assert_eq!(found.len(), expected.len(), "{what}");
    let scale = expected.iter().fold(0.0_f64, |top, v| top.max(v.abs()));
    let mut worst = 0.0_f64;
    for (at, (&found, expected)) in found.iter().zip(expected).enumerate() {
        let difference = (f64::from(found) - expected).abs();
        assert!(difference <= TOLERANCE * scale, "{what}[{at}] is {found}, NumPy says {expected}");
        worst = worst.max(difference / scale.max(f64::MIN_POSITIVE));
    }
    worst
}
