//! burn-ndarray: a second implementation on the CPU, which the conformance suite and a bench hold beside burn-flex.

use burn::tensor::Device;

/// Returns the CPU by burn-ndarray.
#[expect(deprecated, reason = "Burn means to give it up; until then it is a second opinion")]
pub fn device() -> Device {
    Device::from(burn_ndarray::NdArrayDevice::Cpu)
}
