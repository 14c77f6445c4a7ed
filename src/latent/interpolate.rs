//! Straight lines through latent space.

/// Returns `[count * d]` latents on the straight line from `from` to `to` (`[d]` each), evenly spaced with both ends included; a single one
/// is the middle. `None` where the two have different numbers of latents.
pub fn interpolate(from: &[f32], to: &[f32], count: usize) -> Option<Vec<f32>> {
    if from.len() != to.len() {
        return None;
    }
    let part = |step: usize| if count > 1 { step as f64 / (count - 1) as f64 } else { 0.5 };
    let between = |a: f32, b: f32, t: f64| (f64::from(a) * (1.0 - t) + f64::from(b) * t) as f32;
    Some((0..count).flat_map(|step| from.iter().zip(to).map(move |(&a, &b)| between(a, b, part(step)))).collect())
}
