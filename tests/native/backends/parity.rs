//! The model against an independent implementation: forward pass, every loss term and every gradient, on each backend.
//! `tests/fixtures/vae/make.py` made the numbers, in NumPy, with gradients derived by hand.

use burn_tensor::{Device, Tensor, TensorData};
use serde_json::Value;
use spectrascape::vae::backend::burn::head::BatchLabels;
use spectrascape::vae::backend::burn::loss::loss;
use spectrascape::vae::backend::burn::model::InfoVae;
use spectrascape::vae::backend::burn::training::gradients;
use spectrascape::vae::config::{EncoderInput, HeadConfig, MmdScale, VaeConfig};
use spectrascape::vae::parameters::shapes;
use spectrascape::vae::training::prior_draws;

/// Of the largest number of a tensor: single precision leaves about 1e-6.
const TOLERANCE: f64 = 1e-5;

#[cfg(feature = "engine")]
#[test]
fn flex_agrees_with_numpy() {
    agrees_with_numpy(&Device::flex());
}

#[cfg(feature = "cli")]
#[test]
fn ndarray_agrees_with_numpy() {
    #[allow(deprecated)]
    agrees_with_numpy(&Device::ndarray());
}

fn agrees_with_numpy(device: &Device) {
    let text = include_str!("../../fixtures/vae/parity.json");
    let cases: Vec<Value> = serde_json::from_str(text).expect("the fixture is JSON");
    assert_eq!(cases.len(), 8);
    for case in &cases {
        check(case, device);
    }
}

fn check(case: &Value, device: &Device) {
    let name = case["name"].as_str().unwrap();
    let config = config(case);
    let vae = InfoVae::from_pytorch(&config, device, |shape| {
        let parameters = &case["parameters"];
        let get = |part: &str| floats(&parameters[format!("{}.{part}", shape.name)]);
        (get("weight"), get("bias"))
    });
    let spectra = count(case, "batch");
    let rows = |key: &str, rows: usize, columns: usize| {
        Tensor::<2>::from_data(TensorData::new(floats(&case[key]), [rows, columns]), device)
    };
    let (x, weight) = (rows("x", spectra, config.pixels), rows("weight", spectra, config.pixels));
    let draws = prior_draws(&config, spectra);
    let (noise, prior) = (rows("noise", spectra, config.latents), rows("prior", draws, config.latents));
    let noise = case["noisy"].as_bool().unwrap().then_some(noise);

    let labels = labels(case, spectra, device);
    let posterior = vae.encode(vae.input(x.clone(), &weight));
    let latent = match noise.clone().filter(|_| config.variational) {
        Some(noise) => posterior.reparameterize(noise),
        None => posterior.mean.clone(),
    };
    close(&format!("{name}: decoded"), &values(vae.decode(latent.clone())), &case["decoded"]);
    close(&format!("{name}: latent"), &values(latent), &case["latent"]);
    close(&format!("{name}: mean"), &values(posterior.mean), &case["mean"]);
    close(&format!("{name}: log_var"), &values(posterior.log_var), &case["log_var"]);

    let (terms, gradients) = gradients(&vae, |vae| loss(vae, x, weight, noise, prior, labels));
    let expected = &case["terms"];
    for (term, value) in [
        ("total", terms.total),
        ("reconstruction", terms.reconstruction),
        ("kl", terms.kl),
        ("mmd", terms.mmd),
        ("head", terms.head),
    ] {
        close(&format!("{name}: {term}"), &[value as f32], &Value::from(vec![expected[term].as_f64().unwrap()]));
    }
    let mut gradients = gradients.into_iter();
    for shape in shapes(&config) {
        let (weight, bias) = (gradients.next().unwrap(), gradients.next().unwrap());
        let label = |part: &str| format!("{name}: gradient of {}.{part}", shape.name);
        let expected = |part: &str| &case["gradients"][format!("{}.{part}", shape.name)];
        let weight = weight.unwrap_or_else(|| vec![0.0; shape.inputs * shape.outputs]);
        close(&label("weight"), &to_pytorch(&weight, shape.inputs, shape.outputs), expected("weight"));
        close(&label("bias"), &bias.unwrap_or_else(|| vec![0.0; shape.outputs]), expected("bias"));
    }
}

fn config(case: &Value) -> VaeConfig {
    let number = |key: &str| case[key].as_f64().unwrap() as f32;
    VaeConfig {
        pixels: count(case, "pixels"),
        latents: count(case, "latents"),
        hidden1: count(case, "h1"),
        hidden2: count(case, "h2"),
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

fn labels(case: &Value, spectra: usize, device: &Device) -> Option<BatchLabels> {
    let parts = case["labels"].as_array()?;
    let tensor = |part: &Value| {
        let values = floats(part);
        let columns = values.len() / spectra;
        Tensor::<2>::from_data(TensorData::new(values, [spectra, columns]), device)
    };
    Some(BatchLabels { class: Some(tensor(&parts[0])), values: Some((tensor(&parts[1]), tensor(&parts[2]))) })
}

fn count(case: &Value, key: &str) -> usize {
    case[key].as_u64().unwrap() as usize
}

fn floats(value: &Value) -> Vec<f32> {
    value.as_array().expect("an array").iter().map(|v| v.as_f64().unwrap() as f32).collect()
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().unwrap()
}

/// [in, out] as [out, in].
fn to_pytorch(values: &[f32], inputs: usize, outputs: usize) -> Vec<f32> {
    (0..inputs * outputs).map(|i| values[(i % inputs) * outputs + i / inputs]).collect()
}

fn close(what: &str, found: &[f32], expected: &Value) {
    let expected: Vec<f64> = expected.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect();
    assert_eq!(found.len(), expected.len(), "{what}");
    let scale = expected.iter().fold(0.0_f64, |top, v| top.max(v.abs()));
    for (at, (&found, expected)) in found.iter().zip(expected).enumerate() {
        let difference = (f64::from(found) - expected).abs();
        assert!(difference <= TOLERANCE * scale, "{what}[{at}] is {found}, NumPy says {expected}");
    }
}
