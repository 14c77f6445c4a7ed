//! A training set on the device, in half precision: it goes up once, and steps name its rows.

use std::cell::Cell;

use half::f16;

use super::device::GpuDevice;
use super::error::GpuError;
use super::webgpu::Buffer;

/// Spectra written at once: some megabytes.
const CHUNK: usize = 1024;

/// Spectra on the device, flux and inverse variance in a buffer each, so that 64k spectra of 1000 pixels fit into the 128 MiB
/// that every adapter gives.
pub struct GpuSet {
    device: GpuDevice,
    pub(super) flux: Buffer,
    pub(super) ivar: Buffer,
    pixels: usize,
    capacity: usize,
    count: Cell<usize>,
}

impl GpuSet {
    /// Takes memory for `capacity` spectra of `pixels`.
    pub async fn new(device: &GpuDevice, pixels: usize, capacity: usize) -> Result<Self, GpuError> {
        let bytes = capacity * pixels.div_ceil(2) * 4;
        device.push_error_scopes();
        let buffers =
            device.storage("the spectra", bytes).and_then(|flux| Ok((flux, device.storage("the spectra", bytes)?)));
        device.pop_error_scopes("taking memory for the spectra").await?;
        let (flux, ivar) = buffers?;
        Ok(Self { device: device.clone(), flux, ivar, pixels, capacity, count: Cell::new(0) })
    }

    /// Spectra on the device.
    pub fn len(&self) -> usize {
        self.count.get()
    }

    /// Returns whether there are no spectra yet.
    pub fn is_empty(&self) -> bool {
        self.count.get() == 0
    }

    /// Pixels of a spectrum.
    pub fn pixels(&self) -> usize {
        self.pixels
    }

    /// Adds spectra, `[n * pixels]` each, behind those that are there.
    pub fn push(&self, flux: &[f16], ivar: &[f16]) -> Result<(), GpuError> {
        let more = flux.len() / self.pixels.max(1);
        if flux.len() != ivar.len() || self.count.get() + more > self.capacity {
            let (count, capacity) = (self.count.get(), self.capacity);
            let reason = format!("{more} spectra do not fit behind {count} where there is room for {capacity}");
            return Err(GpuError::Refused { reason });
        }
        let words = self.pixels.div_ceil(2);
        let at = (self.count.get() * words * 4) as f64;
        for (buffer, values) in [(&self.flux, flux), (&self.ivar, ivar)] {
            for (index, chunk) in values.chunks(CHUNK * self.pixels).enumerate() {
                let at = at + (index * CHUNK * words * 4) as f64;
                let written = self.device.queue.write_words(buffer, at, &packed(chunk, self.pixels));
                written.map_err(|thrown| self.device.failed("sending spectra", &thrown))?;
            }
        }
        self.count.set(self.count.get() + more);
        Ok(())
    }
}

impl Drop for GpuSet {
    fn drop(&mut self) {
        self.flux.destroy();
        self.ivar.destroy();
    }
}

/// Two numbers a word, the first in its lower half; a spectrum begins with a word of its own.
fn packed(values: &[f16], pixels: usize) -> Vec<u32> {
    let pair = |pair: &[f16]| {
        let second = pair.get(1).map_or(0, |value| u32::from(value.to_bits()));
        u32::from(pair[0].to_bits()) | second << 16
    };
    values.chunks_exact(pixels).flat_map(|spectrum| spectrum.chunks(2).map(pair)).collect()
}
