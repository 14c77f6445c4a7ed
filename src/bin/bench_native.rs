//! `cargo xtask bench native`: the training step of every native backend, with one model, one set of weights and one order of batches, as
//! a table in Markdown.

use std::time::Instant;

use half::f16;
use spectrascape::formats::set::writer::MeanSpectrum;
use spectrascape::preprocess::{InfillBasis, Recipe};
use spectrascape::vae::VaeConfig;
use spectrascape::vae::backend::burn::{Burn, gpu, ndarray};
use spectrascape::vae::backend::cpu::Cpu;
use spectrascape::vae::backend::step_time::TimedTraining;
use spectrascape::vae::backend::{Backend, block_on};
use spectrascape::vae::dataset::TrainingSet;
use spectrascape::vae::inference;
use spectrascape::vae::learner_state::LearnerState;
use spectrascape::vae::random::{self, Purpose};

/// Steps before the clock is started.
const WARM_UP: usize = 8;
/// Runs of each backend, and steps of each run.
const RUNS: usize = 10;
const STEPS: usize = 8;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let config = VaeConfig::paper(6);
    let set = spectra(&config);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let state = || LearnerState::new(&config);
    println!("| backend | median, ms a step | fastest | slowest |\n|---|---|---|---|");
    let fused = |threads: usize| Cpu::new(&config, state()).expect("a state of its own").with_threads(threads);
    row("fused CPU, 1 thread", &config, &set, fused(1));
    if threads > 1 {
        row(&format!("fused CPU, {threads} threads"), &config, &set, fused(threads));
    }
    let burn = |device| Burn::new(&config, &state(), &device).expect("a state of its own");
    row("Burn on flex", &config, &set, burn(inference::device()));
    row("Burn on ndarray", &config, &set, burn(ndarray::device()));
    match gpu::open() {
        Ok(gpu) => {
            let backend = Burn::on_gpu(&config, &state(), gpu).expect("a state of its own");
            row(&format!("Burn on wgpu, {}", gpu.name), &config, &set, backend);
        }
        Err(error) => println!("| Burn on wgpu: {error} | | | |"),
    }
}

/// Prints the row of a backend.
fn row<B: Backend>(name: &str, config: &VaeConfig, set: &TrainingSet, backend: B) {
    let start = Instant::now();
    let now = || 1e3 * start.elapsed().as_secs_f64();
    let mut training = TimedTraining::new(backend, config, set).expect("the paper's model can be trained");
    let mut run =
        |steps: usize| block_on(training.run(steps, now)).expect("it does not diverge").expect("steps are left");
    run(WARM_UP);
    let mut times: Vec<f64> = (0..RUNS).map(|_| run(STEPS)).collect();
    times.sort_by(f64::total_cmp);
    println!("| {name} | {:.1} | {:.1} | {:.1} |", times[RUNS / 2], times[0], times[RUNS - 1]);
}

/// Returns noise with the shape of a set, as many spectra as all runs need.
fn spectra(config: &VaeConfig) -> TrainingSet {
    let count = ((WARM_UP + RUNS * STEPS) * config.batch) as f64 / (1.0 - config.validation_fraction);
    let values = (count.ceil() as usize + config.batch) * config.pixels;
    let flux = random::normal(&mut random::generator(1, Purpose::Noise), values);
    TrainingSet {
        name: "noise".to_owned(),
        manifest_sha256: String::new(),
        recipe: Recipe::standard(),
        simulated: true,
        split_seed: 1,
        mean: MeanSpectrum {
            mean: vec![0.0; config.pixels],
            infill: InfillBasis { mean: Vec::new(), components: Vec::new(), eigenvalues: Vec::new() },
        },
        flux: flux.into_iter().map(f16::from_f32).collect(),
        ivar: vec![f16::from_f32(1.0); values],
        stored: None,
        labels: None,
    }
}
