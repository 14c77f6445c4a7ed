//! The graphics processor, through wgpu: Vulkan, Metal or DirectX 12.

use std::sync::OnceLock;

use burn::tensor::Device;
use burn_wgpu::{WgpuBackend, WgpuInitError, WgpuSetup, wgpu};

use super::Burn;
use crate::vae::backend::BackendError;
use crate::vae::config::VaeConfig;
use crate::vae::learner_state::LearnerState;

/// A graphics processor, or software that stands in for one.
#[derive(Debug, Clone)]
pub struct Gpu {
    /// Device of Burn's tensors.
    pub device: Device,
    /// Name of the adapter and its interface: `NVIDIA GeForce RTX 4090 (Vulkan)`.
    pub name: String,
    /// Whether the CPU does the work, as Mesa's lavapipe does.
    pub is_software: bool,
    /// Size of the largest tensor that stays on the device, bytes.
    largest: u64,
}

/// Largest tensor that stays on the device where its interface would allow more: two of them, the flux and the weights of the set, leave
/// room for a model on a card of 4 GB.
const LARGEST: u64 = 1 << 30;

/// Returns the fastest adapter of this machine, opened once.
///
/// # Errors
///
/// No adapter, with what to install; and one that refuses.
pub fn open() -> Result<&'static Gpu, BackendError> {
    // A second registration of the same adapter is an error.
    static GPU: OnceLock<Result<Gpu, BackendError>> = OnceLock::new();
    GPU.get_or_init(open_once).as_ref().map_err(Clone::clone)
}

fn open_once() -> Result<Gpu, BackendError> {
    // `Auto` would fall back on OpenGL, which nothing here was tried on.
    let interface = if cfg!(target_os = "linux") { WgpuBackend::Vulkan } else { WgpuBackend::Auto };
    let options = Device::wgpu_options().graphics_api(interface);
    let (device, WgpuSetup { adapter, device: opened, .. }) = options.init_with_setup().map_err(refusal)?;
    let (info, limits) = (adapter.get_info(), opened.limits());
    let interface = match info.backend {
        wgpu::Backend::Vulkan => "Vulkan",
        wgpu::Backend::Metal => "Metal",
        wgpu::Backend::Dx12 => "DirectX 12",
        wgpu::Backend::Gl => "OpenGL",
        other => other.to_str(),
    };
    Ok(Gpu {
        device,
        name: format!("{} ({interface})", info.name),
        is_software: info.device_type == wgpu::DeviceType::Cpu,
        largest: limits.max_storage_buffer_binding_size.min(limits.max_buffer_size).min(LARGEST),
    })
}

fn refusal(error: WgpuInitError) -> BackendError {
    BackendError::Failed(match error {
        WgpuInitError::AdapterUnavailable { .. } | WgpuInitError::UnsupportedGraphicsApi { .. } => {
            "no graphics processor was found through Vulkan, Metal or DirectX 12: install the driver of yours, or for one in software \
             Debian's packages mesa-vulkan-drivers and libvulkan1"
                .to_owned()
        }
        error => format!("the graphics processor refuses ({error})"),
    })
}

impl Gpu {
    /// Returns how many spectra of `pixels` stay on the device.
    fn most_spectra(&self, pixels: usize) -> usize {
        let bytes = size_of::<f32>() as u64 * pixels.max(1) as u64;
        usize::try_from(self.largest / bytes).unwrap_or(usize::MAX)
    }
}

impl Burn {
    /// Returns a backend with a state on a graphics processor, where the set stays too.
    ///
    /// # Errors
    ///
    /// A state of another configuration.
    pub fn on_gpu(config: &VaeConfig, state: &LearnerState, gpu: &Gpu) -> Result<Self, BackendError> {
        let most = gpu.most_spectra(config.pixels);
        Ok(Self::new(config, state, &gpu.device)?.with_resident_set(most).named(&gpu.name))
    }
}
