//! Doppler broadening: a Gaussian on the logarithmic grid.

use super::rest_grid::PIXEL_VELOCITY;

/// Returns a spectrum convolved with a Gaussian of dispersion `dispersion` km/s. Beyond its ends it is continued by the values there.
pub fn broaden(flux: &[f32], dispersion: f32) -> Vec<f32> {
    let sigma = f64::from(dispersion) / PIXEL_VELOCITY;
    let reach = (4.0 * sigma).ceil() as usize;
    if reach == 0 || flux.is_empty() {
        return flux.to_vec();
    }
    let mut kernel: Vec<f32> =
        (-(reach as i64)..=reach as i64).map(|k| (-0.5 * (k as f64 / sigma.max(0.3)).powi(2)).exp() as f32).collect();
    let total: f32 = kernel.iter().sum();
    kernel.iter_mut().for_each(|weight| *weight /= total);

    let mut padded = vec![flux[0]; reach];
    padded.extend_from_slice(flux);
    padded.resize(flux.len() + 2 * reach, flux[flux.len() - 1]);
    let mut out = vec![0.0f32; flux.len()];
    for (shift, &weight) in kernel.iter().enumerate() {
        for (sum, value) in out.iter_mut().zip(&padded[shift..]) {
            *sum += weight * value;
        }
    }
    out
}
