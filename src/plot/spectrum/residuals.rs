//! Residuals of an observed spectrum against a decoded one.

/// Returns (observed - decoded) in standard errors, `[1000]`; NaN where masked.
pub fn residuals(flux: &[f32], ivar: &[f32], decoded: &[f32]) -> Vec<f32> {
    let pixels = flux.iter().zip(ivar).zip(decoded);
    pixels.map(|((&x, &w), &y)| if w > 0.0 { (x - y) * w.sqrt() } else { f32::NAN }).collect()
}

/// Returns chi-squared: the mean over unmasked pixels of (observed - decoded)^2 ivar; `None` where all are masked.
pub fn chi2(flux: &[f32], ivar: &[f32], decoded: &[f32]) -> Option<f64> {
    let squares: Vec<f64> = residuals(flux, ivar, decoded)
        .into_iter()
        .filter(|sigma| sigma.is_finite())
        .map(|sigma| f64::from(sigma).powi(2))
        .collect();
    (!squares.is_empty()).then(|| squares.iter().sum::<f64>() / squares.len() as f64)
}
