//! Smoothing of observed flux.

/// Pixels that flux may be averaged over; the first one leaves it as it is.
pub const SMOOTHINGS: [usize; 4] = [1, 3, 5, 9];

/// Returns flux `[n]` averaged over `width` pixels about each pixel, an odd number, weighted by inverse variance: the most likely
/// value of a constant flux under Gaussian noise. Masked pixels (inverse variance 0) and values that are not finite do not count;
/// where no pixel counts the flux is unchanged. At the ends the window is cut.
pub fn smoothed(flux: &[f32], ivar: &[f32], width: usize) -> Vec<f32> {
    let half = width / 2;
    let count = flux.len().min(ivar.len());
    let mean = |pixel: usize| {
        let window = pixel.saturating_sub(half)..(pixel + half + 1).min(count);
        let good = window.filter(|&other| ivar[other] > 0.0 && ivar[other].is_finite() && flux[other].is_finite());
        let (sum, weight) = good.fold((0f64, 0f64), |(sum, weight), other| {
            let w = f64::from(ivar[other]);
            (sum + w * f64::from(flux[other]), weight + w)
        });
        if weight > 0.0 { (sum / weight) as f32 } else { flux[pixel] }
    };
    (0..count).map(mean).chain(flux[count..].iter().copied()).collect()
}
