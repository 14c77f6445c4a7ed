//! The uncertainty of a decoded spectrum that follows from the variance of its latent.

use super::error::LatentError;

/// Computes the standard deviation `[pixels]` of the flux decoded at `latent` `[d]`, where latent i has the variance exp(`log_var`)`[i]`,
/// independently of the others. It is of first order in the scatter, by central differences: with s_i the standard deviation of
/// latent i and e_i its direction,
///
/// var(pixel) = sum_i ((f(latent + s_i e_i) - f(latent - s_i e_i)) / 2)^2,
///
/// which is exact for a linear decoder. `decode` takes 2 d latents `[2 d * d]` at once and returns their flux `[2 d * pixels]`.
///
/// # Errors
/// Rows of unequal or no length, values that are not finite, and flux from `decode` of another length.
pub fn band(latent: &[f32], log_var: &[f32], decode: impl FnOnce(&[f32]) -> Vec<f32>) -> Result<Vec<f32>, LatentError> {
    let dims = latent.len();
    if dims == 0 || log_var.len() != dims {
        let expected = format!("{dims} latents, of which there must be some");
        return Err(LatentError::Shape { what: "log variances", found: log_var.len(), expected });
    }
    let mut latents = Vec::with_capacity(2 * dims * dims);
    for (i, &log_var) in log_var.iter().enumerate() {
        let deviation = (0.5 * f64::from(log_var)).exp() as f32;
        for side in [1.0, -1.0] {
            let start = latents.len();
            latents.extend_from_slice(latent);
            latents[start + i] += side * deviation;
        }
    }
    if let Some(&value) = latents.iter().find(|value| !value.is_finite()) {
        let (what, value) = ("latent plus or minus its deviation", f64::from(value));
        return Err(LatentError::OutOfRange { what, value, allowed: "a finite number" });
    }
    let flux = decode(&latents);
    let pixels = flux.len() / (2 * dims);
    if flux.is_empty() || flux.len() != 2 * dims * pixels {
        let expected = format!("{} decoded latents", 2 * dims);
        return Err(LatentError::Shape { what: "decoded flux", found: flux.len(), expected });
    }
    let mut variance = vec![0.0_f64; pixels];
    for pair in flux.chunks_exact(2 * pixels) {
        let (up, down) = pair.split_at(pixels);
        for ((variance, &up), &down) in variance.iter_mut().zip(up).zip(down) {
            *variance += ((f64::from(up) - f64::from(down)) / 2.0).powi(2);
        }
    }
    Ok(variance.into_iter().map(|variance| variance.sqrt() as f32).collect())
}
