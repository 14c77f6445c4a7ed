//! The decoder's Jacobian by hand, against finite differences in double precision and against Burn's automatic differentiation.

use burn::tensor::{Tensor, TensorData};
use spectrascape::vae::backend::burn::model::InfoVae;
use spectrascape::vae::decoder::Decoder;
use spectrascape::vae::inference::device;
use spectrascape::vae::model_file::ModelFile;
use spectrascape::vae::parameters::Layer;
use spectrascape::vae::random::{self, Purpose};
use spectrascape::vae::{Model, VaeConfig};

use crate::vae::model::small_config;

/// A model's configuration, layers and mean spectrum.
type Parts = (VaeConfig, Vec<Layer>, Vec<f32>);

pub fn shipped(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/public/models/{name}.safetensors", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn shipped_parts(name: &str) -> Parts {
    let ModelFile { card, layers, mean } = ModelFile::from_bytes(name, &shipped(name)).unwrap();
    (card.config, layers, mean.mean)
}

/// An untrained model: `negative_slope` is that of its activation.
fn untrained(negative_slope: f32) -> Parts {
    let config = VaeConfig { negative_slope, ..small_config() };
    let layers = InfoVae::new(&config, &device()).to_pytorch();
    let mean = vec![0.5; config.pixels];
    (config, layers, mean)
}

/// The decoder in double precision, layer by layer as the paper has it.
fn decode(parts: &Parts, latent: &[f64]) -> Vec<f64> {
    let (config, layers, mean) = parts;
    let mut values = latent.to_vec();
    for (shape, weight, bias) in layers.iter().filter(|(shape, ..)| shape.name.starts_with("decoder")) {
        let unit = |(row, bias): (&[f32], &f32)| {
            row.iter().zip(&values).map(|(&w, x)| f64::from(w) * x).sum::<f64>() + f64::from(*bias)
        };
        let sums: Vec<f64> = weight.chunks_exact(shape.inputs).zip(bias).map(unit).collect();
        let slope = f64::from(config.negative_slope);
        let last = shape.name == "decoder.4";
        values = sums.into_iter().map(|x| if x > 0.0 || last { x } else { slope * x }).collect();
    }
    values.iter().zip(mean).map(|(flux, &mean)| flux + f64::from(mean)).collect()
}

fn largest(values: &[f32]) -> f64 {
    values.iter().map(|value| f64::from(value.abs())).fold(0.0, f64::max)
}

#[test]
fn the_jacobian_is_that_of_finite_differences_in_double_precision() {
    const STEP: f64 = 1e-6;
    let models = [shipped_parts("vae6"), shipped_parts("ae6"), shipped_parts("vae2"), untrained(0.01), untrained(0.0)];
    for (at, parts) in models.iter().enumerate() {
        let (config, layers, mean) = parts;
        let decoder = Decoder::new(config, layers, mean);
        let mut generator = random::generator(11, Purpose::Noise);
        for _ in 0..3 {
            let latent = random::normal(&mut generator, config.latents);
            let exact: Vec<f64> = latent.iter().map(|&value| f64::from(value)).collect();
            let found = decoder.linearise(&latent);
            let flux = decode(parts, &exact);
            let off = found.flux.iter().zip(&flux).map(|(a, b)| (f64::from(*a) - b).abs()).fold(0.0, f64::max);
            assert!(off < 2e-5 * largest(&found.flux), "model {at}: flux off by {off}");
            let scale = largest(&found.jacobian);
            for (k, row) in found.jacobian.chunks_exact(config.pixels).enumerate() {
                let moved = |by: f64| {
                    let mut latent = exact.clone();
                    latent[k] += by;
                    decode(parts, &latent)
                };
                let (above, below) = (moved(STEP), moved(-STEP));
                let slopes = above.iter().zip(&below).map(|(above, below)| (above - below) / (2.0 * STEP));
                let off = row.iter().zip(slopes).map(|(a, b)| (f64::from(*a) - b).abs()).fold(0.0, f64::max);
                assert!(off < 1e-4 * scale, "model {at}, latent {k}: off by {off} of {scale}");
            }
        }
    }
}

#[test]
fn flux_and_jacobian_are_those_of_burn() {
    for name in ["vae6", "vae10"] {
        let bytes = shipped(name);
        let model = Model::from_bytes(name, &bytes, &device()).unwrap();
        let (config, layers, mean) = shipped_parts(name);
        let decoder = Decoder::new(&config, &layers, &mean);
        let mut generator = random::generator(12, Purpose::Noise);
        let latent = random::normal(&mut generator, config.latents);
        let found = decoder.linearise(&latent);
        for (ours, theirs) in found.flux.iter().zip(model.decode(&latent)) {
            assert!((ours - theirs).abs() < 2e-5, "{ours} {theirs}");
        }
        // The gradient of a random combination of pixels is that combination of the Jacobian's columns.
        let cotangent = random::normal(&mut generator, config.pixels);
        let data = TensorData::new(latent.clone(), [1, config.latents]);
        let position: Tensor<2> = Tensor::<2>::from_data(data, &device()).autodiff().require_grad();
        let weights: Tensor<2> =
            Tensor::<2>::from_data(TensorData::new(cotangent.clone(), [1, config.pixels]), &device()).autodiff();
        let gradients = (model.vae.decode(position.clone()) * weights).sum().backward();
        let gradient: Vec<f32> = position.grad(&gradients).unwrap().into_data().try_into_vec().unwrap();
        for (row, theirs) in found.jacobian.chunks_exact(config.pixels).zip(&gradient) {
            let ours: f32 = row.iter().zip(&cotangent).map(|(slope, weight)| slope * weight).sum();
            assert!((ours - theirs).abs() < 1e-3 * largest(&gradient) as f32, "{ours} {theirs}");
        }
    }
}
