//! Holes: places within the bounds of a cloud that no spectrum is near.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::embedding::{Cloud, spread};

/// Places tried for one hole.
const TRIES: usize = 256;
/// Spectra that a place is held against, at most: enough to know what is empty.
const JUDGES: usize = 4096;
/// Part of the spectra left out at either end of each latent: the bounds are those of the crowd.
const CUT: f64 = 0.01;

/// How far the nearest spectrum is from a place `[d]`, in standard deviations of each latent; none where the place is of another
/// space, or there is no spectrum.
pub fn nearest_distance(cloud: &Cloud, place: &[f32]) -> Option<f32> {
    let scales = scales(cloud);
    (place.len() == cloud.dims).then(|| nearest(cloud, &scales, place, 1)).filter(|distance| distance.is_finite())
}

/// `[d]` the emptiest of some places drawn evenly within the bounds of the cloud; another one for another seed.
pub fn empty_region(cloud: &Cloud, seed: u64) -> Option<Vec<f32>> {
    if cloud.is_empty() || cloud.dims == 0 {
        return None;
    }
    let latent = |i: usize| cloud.mean.iter().skip(i).step_by(cloud.dims).copied();
    let bounds: Vec<(f32, f32)> = (0..cloud.dims).map(|i| spread(latent(i), CUT)).collect();
    let scales = scales(cloud);
    let stride = cloud.len().div_ceil(JUDGES);
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut draw =
        || -> Vec<f32> { bounds.iter().map(|(low, high)| low + (high - low) * random.random::<f32>()).collect() };
    let tried = (0..TRIES).map(|_| {
        let place = draw();
        (nearest(cloud, &scales, &place, stride), place)
    });
    tried.filter(|(distance, _)| distance.is_finite()).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, place)| place)
}

/// Distance to the nearest of every `stride`-th spectrum, in units of `scales` `[d]`; infinite where there is none.
fn nearest(cloud: &Cloud, scales: &[f32], place: &[f32], stride: usize) -> f32 {
    let squared = |row: usize| -> f32 {
        let parts = cloud.row(row).iter().zip(place).zip(scales);
        parts.map(|((x, p), scale)| ((x - p) * scale).powi(2)).sum()
    };
    (0..cloud.len()).step_by(stride.max(1)).map(squared).fold(f32::INFINITY, f32::min).sqrt()
}

/// `[d]` one over the standard deviation of each latent.
fn scales(cloud: &Cloud) -> Vec<f32> {
    let count = cloud.len().max(1) as f32;
    let latent = |i: usize| cloud.mean.iter().skip(i).step_by(cloud.dims.max(1)).filter(|value| value.is_finite());
    let scale = |i: usize| {
        let mean = latent(i).sum::<f32>() / count;
        let variance = latent(i).map(|value| (value - mean).powi(2)).sum::<f32>() / count;
        1.0 / variance.sqrt().max(1e-6)
    };
    (0..cloud.dims).map(scale).collect()
}
