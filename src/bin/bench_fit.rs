//! The fit of latents by itself, for `cargo xtask bench fit`; natively it times itself:
//! `cargo run --features web --bin bench_fit MODEL SHARD`.

use spectrascape::formats::set::Shard;
use spectrascape::spectrum::PIXELS;
use spectrascape::vae::backend::cpu::Learner;
use spectrascape::vae::decoder::Decoder;
use spectrascape::vae::latent_fit::fit_latents;
use spectrascape::vae::model_file::ModelFile;
use spectrascape::vae::parameters;
use wasm_bindgen::prelude::wasm_bindgen;

/// A model and the spectra of a shard.
#[wasm_bindgen]
pub struct Fits {
    encoder: Learner,
    decoder: Decoder,
    mean: Vec<f32>,
    variational: bool,
    flux: Vec<f32>,
    ivar: Vec<f32>,
}

#[wasm_bindgen]
impl Fits {
    /// Opens the files of a model and of a shard.
    #[wasm_bindgen(constructor)]
    pub fn new(model: &[u8], shard: &[u8]) -> Self {
        let ModelFile { card, layers, mean } = ModelFile::from_bytes("the model", model).expect("a model of the page");
        let shard = Shard::from_bytes("the shard", shard).expect("a shard of the page");
        let mut encoder = Learner::new(&card.config);
        encoder.set_parameters(&parameters::from_pytorch(&card.config, &layers)).expect("as many as the layers have");
        Self {
            encoder,
            decoder: Decoder::new(&card.config, &layers, &mean.mean),
            variational: card.config.variational,
            mean: mean.mean,
            flux: shard.flux.iter().map(|value| value.to_f32()).collect(),
            ivar: shard.ivar.iter().map(|value| value.to_f32()).collect(),
        }
    }

    /// Returns the number of spectra.
    pub fn count(&self) -> usize {
        self.flux.len() / PIXELS
    }

    /// Encodes a spectrum by the encoder alone.
    pub fn encode(&mut self, row: usize) -> Vec<f32> {
        let flux = &self.flux[row * PIXELS..(row + 1) * PIXELS];
        let centred: Vec<f32> = flux.iter().zip(&self.mean).map(|(flux, mean)| flux - mean).collect();
        self.encoder.encode(&centred).mean
    }

    /// Fits a spectrum from `start` on. Returns the objective at the start and after every step.
    pub fn fit(&self, row: usize, start: &[f32]) -> Vec<f64> {
        let spectrum = row * PIXELS..(row + 1) * PIXELS;
        fit_latents(&self.decoder, self.variational, &self.flux[spectrum.clone()], &self.ivar[spectrum], start)
            .objective
    }
}

#[cfg(target_arch = "wasm32")]
fn main() {}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    let paths: Vec<String> = std::env::args().skip(1).collect();
    let [model, shard] = &paths[..] else {
        eprintln!("usage: bench_fit MODEL SHARD");
        std::process::exit(2);
    };
    let read = |path: &String| std::fs::read(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut fits = Fits::new(&read(model), &read(shard));
    let starts: Vec<Vec<f32>> = (0..fits.count()).map(|row| fits.encode(row)).collect();
    let mut steps = 0;
    let mut times: Vec<f64> = (starts.iter().enumerate())
        .map(|(row, start)| {
            let begun = std::time::Instant::now();
            steps += fits.fit(row, start).len() - 1;
            1e3 * begun.elapsed().as_secs_f64()
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let (mean, count) = (times.iter().sum::<f64>() / times.len() as f64, times.len());
    let (median, late) = (times[count / 2], times[count * 95 / 100]);
    println!(
        "{count} spectra on one core: {mean:.3} ms each, median {median:.3}, p95 {late:.3}, {:.2} steps",
        steps as f64 / count as f64
    );
}
