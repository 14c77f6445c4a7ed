//! The device that a command trains or encodes on.

use std::time::Instant;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};

use crate::cli::parallel;
use crate::vae::backend::any_cpu::AnyCpu;
use crate::vae::backend::burn::Burn;
use crate::vae::backend::burn::gpu::{self, Gpu};
use crate::vae::backend::step_time::TimedTraining;
use crate::vae::backend::{Backend, block_on};
use crate::vae::dataset::TrainingSet;
use crate::vae::inference::Model;
use crate::vae::learner_state::LearnerState;
use crate::vae::{ModelCard, VaeConfig};

/// Steps before the clock is started: kernels are compiled, and the set goes to the device.
const WARM_UP: usize = 4;
/// Steps that are timed.
const TIMED: usize = 12;
/// Number of spectra below which the CPU has encoded them before a graphics processor has started.
const WORTH_A_GPU: usize = 100_000;

#[derive(Debug, Clone, Copy, Args)]
pub(super) struct DeviceChoice {
    /// Where the model runs: `gpu` through Vulkan, Metal or DirectX 12; `auto` times a few steps on both and takes the faster.
    #[arg(long = "device", value_enum, default_value_t = Wanted::Auto)]
    wanted: Wanted,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Wanted {
    Auto,
    Cpu,
    Gpu,
}

/// A device that models train on.
#[derive(Debug, Clone, Copy)]
pub(super) enum ModelDevice {
    /// The CPU, on all cores.
    Cpu,
    /// A graphics processor.
    Gpu(&'static Gpu),
}

impl DeviceChoice {
    /// Returns the device to train models such as `config` on, and says on stderr which it is and why.
    ///
    /// # Errors
    ///
    /// No graphics processor where one is asked for.
    pub(super) fn to_train(self, config: &VaeConfig, set: &TrainingSet) -> Result<ModelDevice> {
        if config.validate().is_err() {
            // The training itself says why.
            return Ok(ModelDevice::Cpu);
        }
        let (device, why) = match self.wanted {
            Wanted::Cpu => (ModelDevice::Cpu, String::new()),
            Wanted::Gpu => named_gpu()?,
            Wanted::Auto => faster(config, set)?,
        };
        eprintln!("training on the {}{why}", device.name());
        Ok(device)
    }

    /// Returns a model on the device to encode `spectra` spectra on, and says on stderr which it is and why.
    ///
    /// # Errors
    ///
    /// No graphics processor where one is asked for.
    pub(super) fn to_encode(self, model: Model, spectra: usize) -> Result<Model> {
        let (device, why) = match self.wanted {
            Wanted::Cpu => return Ok(model),
            Wanted::Gpu => named_gpu()?,
            Wanted::Auto if spectra < WORTH_A_GPU => return Ok(model),
            Wanted::Auto => faster_to_encode(&model)?,
        };
        eprintln!("encoding on the {}{why}", device.name());
        Ok(match device {
            ModelDevice::Cpu => model,
            ModelDevice::Gpu(gpu) => model.to_device(&gpu.device),
        })
    }
}

impl ModelDevice {
    /// Returns how many models train on it at once: `wanted`, else one a core of the CPU and one on a graphics processor.
    pub(super) fn jobs(self, wanted: Option<usize>) -> usize {
        match self {
            Self::Cpu => parallel::jobs(wanted),
            Self::Gpu(_) => wanted.unwrap_or(1).max(1),
        }
    }

    /// Returns what a report of progress calls it: `2 threads`.
    pub(super) fn short_name(self) -> String {
        match self {
            Self::Gpu(_) => "the GPU".to_owned(),
            Self::Cpu => match rayon::current_num_threads() {
                1 => "1 thread".to_owned(),
                threads => format!("{threads} threads"),
            },
        }
    }

    fn name(self) -> String {
        match self {
            Self::Cpu => "CPU".to_owned(),
            Self::Gpu(gpu) => format!("GPU: {}", gpu.name),
        }
    }
}

/// Returns the graphics processor that was asked for, and a remark.
fn named_gpu() -> Result<(ModelDevice, String)> {
    let gpu = gpu::open().context("`--device gpu`")?;
    let remark = if gpu.is_software { ", which is software: the CPU without it is faster" } else { "" };
    Ok((ModelDevice::Gpu(gpu), remark.to_owned()))
}

/// Returns the graphics processor of this machine, unless it is software; else why it is not taken.
fn real_gpu() -> Result<&'static Gpu, String> {
    let gpu = gpu::open().map_err(|_| ": no graphics processor was found".to_owned())?;
    match gpu.is_software {
        true => Err(format!(": the only graphics adapter is software, {}", gpu.name)),
        false => Ok(gpu),
    }
}

/// Times training steps on both devices, and returns the faster one and why.
fn faster(config: &VaeConfig, set: &TrainingSet) -> Result<(ModelDevice, String)> {
    let gpu = match real_gpu() {
        Ok(gpu) => gpu,
        Err(why) => return Ok((ModelDevice::Cpu, why)),
    };
    let batches = WARM_UP + TIMED + 1;
    let needed = (batches * config.batch) as f64 / (1.0 - config.validation_fraction).max(0.1);
    let set = set.first(needed.ceil() as usize);
    let state = LearnerState::new(config);
    let cpu = step_time(AnyCpu::new(config, state.clone(), rayon::current_num_threads())?, config, &set)?;
    match (step_time(Burn::on_gpu(config, &state, gpu)?, config, &set)?, cpu) {
        (Some(gpu_time), Some(cpu_time)) if gpu_time < cpu_time => {
            Ok((ModelDevice::Gpu(gpu), format!(": {gpu_time:.2} ms a step, the CPU {cpu_time:.2} ms")))
        }
        (Some(gpu_time), Some(cpu_time)) => {
            Ok((ModelDevice::Cpu, format!(": {cpu_time:.2} ms a step, {} {gpu_time:.2} ms", gpu.name)))
        }
        _ => Ok((ModelDevice::Cpu, ": the set is too small to time both devices".to_owned())),
    }
}

/// Returns the milliseconds of a training step; none where the set is too small for one after the warm-up.
fn step_time<B: Backend>(backend: B, config: &VaeConfig, set: &TrainingSet) -> Result<Option<f64>> {
    let start = Instant::now();
    let now = || 1e3 * start.elapsed().as_secs_f64();
    let mut training = TimedTraining::new(backend, config, set)?;
    block_on(training.run(WARM_UP, now))?;
    Ok(block_on(training.run(TIMED, now))?)
}

/// Times the encoding of a batch on both devices, and returns the faster one and why.
fn faster_to_encode(model: &Model) -> Result<(ModelDevice, String)> {
    let gpu = match real_gpu() {
        Ok(gpu) => gpu,
        Err(why) => return Ok((ModelDevice::Cpu, why)),
    };
    let spectra = Model::BATCH;
    let (flux, ivar) = (model.input_mean.repeat(spectra), vec![1.0; spectra * model.pixels()]);
    let time = |model: &Model| {
        (0..WARM_UP).for_each(|_| drop(model.encode(&flux, &ivar)));
        let start = Instant::now();
        (0..TIMED).for_each(|_| drop(model.encode(&flux, &ivar)));
        1e3 * start.elapsed().as_secs_f64() / TIMED as f64
    };
    let (cpu_time, gpu_time) = (time(model), time(&model.clone().to_device(&gpu.device)));
    let ModelCard { name, .. } = &model.card;
    Ok(match gpu_time < cpu_time {
        true => (
            ModelDevice::Gpu(gpu),
            format!(": {name} encodes {spectra} spectra in {gpu_time:.2} ms, the CPU in {cpu_time:.2} ms"),
        ),
        false => (
            ModelDevice::Cpu,
            format!(": {name} encodes {spectra} spectra in {cpu_time:.2} ms, {} in {gpu_time:.2} ms", gpu.name),
        ),
    })
}
