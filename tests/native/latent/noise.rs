//! Figure 17 with an encoder whose answer is known: latents that are sums of pixels scatter by the noise times the root of the
//! weights' squares.

use spectrascape::latent::noise::median_snr;
use spectrascape::latent::{LatentError, NoiseOptions, noise_sensitivity};
use spectrascape::preprocess::Normalization;

const PIXELS: usize = 400;

/// Two latents: the mean of all pixels, stated variance exp(-6); the difference of pixel 0 and 1, stated variance 0.02.
fn encode(flux: &[f32], ivar: &[f32]) -> (Vec<f32>, Vec<f32>) {
    assert_eq!(flux.len(), ivar.len());
    let mut means = Vec::new();
    for row in flux.chunks_exact(PIXELS) {
        means.push(row.iter().sum::<f32>() / PIXELS as f32);
        means.push(row[0] - row[1]);
    }
    let log_var = (0..means.len()).map(|i| if i % 2 == 0 { -6.0 } else { 0.02f32.ln() }).collect();
    (means, log_var)
}

fn spectrum() -> (Vec<f32>, Vec<f32>) {
    ((0..PIXELS).map(|i| 1.0 + 0.2 * (i as f32 * 0.1).sin()).collect(), vec![1600.0; PIXELS])
}

#[test]
fn a_linear_encoder_scatters_as_it_must() {
    let (flux, ivar) = spectrum();
    let options = NoiseOptions { draws: 3000, ..NoiseOptions::paper(7) };
    let curve = noise_sensitivity(&flux, &ivar, &options, encode).unwrap();
    assert_eq!(curve.levels.len(), 10);
    assert!((curve.snr - median_snr(&flux, &ivar, 0.0)).abs() < 1e-12 && (curve.snr - 40.0).abs() < 2.0);
    for (number, level) in curve.levels.iter().enumerate() {
        let wanted = curve.snr.powf(1.0 - (number + 1) as f64 / 10.0);
        assert!((level.snr / wanted - 1.0).abs() < 1e-6, "level {number} has S/N {}", level.snr);
        let variance = level.sigma.powi(2);
        let expected = [variance / PIXELS as f64 / (-6f64).exp(), 2.0 * variance / 0.02];
        // A variance from 3000 draws is known to sqrt(2 / 3000) = 2.6 %, a mean to 1 / sqrt(3000) of the scatter.
        for (k, expected) in expected.into_iter().enumerate() {
            assert!((level.variance_ratio[k] / expected - 1.0).abs() < 0.1, "level {number} latent {k}");
            assert!(level.bias[k].abs() < 4.0 * (expected / 3000.0).sqrt(), "level {number} latent {k}");
        }
    }
    assert!((curve.levels[9].snr - 1.0).abs() < 1e-6);
    let again = noise_sensitivity(&flux, &ivar, &options, encode).unwrap();
    assert_eq!(curve, again);
    let other = noise_sensitivity(&flux, &ivar, &NoiseOptions { seed: 8, ..options }, encode).unwrap();
    assert_ne!(curve, other);
}

#[test]
fn masked_pixels_get_no_noise() {
    let (flux, mut ivar) = spectrum();
    ivar[0] = 0.0;
    ivar[1] = 0.0;
    let curve = noise_sensitivity(&flux, &ivar, &NoiseOptions::paper(1), encode).unwrap();
    assert!(curve.levels.iter().all(|level| level.variance_ratio[1] == 0.0 && level.bias[1] == 0.0));
    assert!(curve.levels.iter().all(|level| level.variance_ratio[0] > 0.0));
}

/// Noise of signal-to-noise 1 makes the root mean square of a spectrum of ones sqrt(2), and the mean that much smaller.
#[test]
fn normalisation_shrinks_a_noisy_spectrum() {
    let options = NoiseOptions { normalization: Some(Normalization::Rms), ..NoiseOptions::paper(2) };
    let curve = noise_sensitivity(&[1.0; PIXELS], &[1e6; PIXELS], &options, encode).unwrap();
    let last = &curve.levels[9];
    let expected = (0.5f64.sqrt() - 1.0) / (-3f64).exp();
    assert!((last.bias[0] - expected).abs() < 0.1 * expected.abs(), "{} is not {expected}", last.bias[0]);
}

#[test]
fn what_cannot_be_done_is_refused() {
    let (flux, ivar) = spectrum();
    let paper = NoiseOptions::paper(1);
    let refused = |flux: &[f32], ivar: &[f32], options: &NoiseOptions| {
        noise_sensitivity(flux, ivar, options, encode).unwrap_err()
    };
    assert!(matches!(refused(&flux, &ivar[1..], &paper), LatentError::Shape { .. }));
    assert!(matches!(refused(&flux, &vec![0.0; PIXELS], &paper), LatentError::OutOfRange { .. }));
    assert!(matches!(refused(&flux, &vec![0.5; PIXELS], &paper), LatentError::OutOfRange { .. }));
    assert!(matches!(refused(&[], &[], &paper), LatentError::OutOfRange { .. }));
    assert!(matches!(refused(&flux, &ivar, &NoiseOptions { draws: 1, ..paper }), LatentError::OutOfRange { .. }));
    assert!(matches!(
        refused(&flux, &ivar, &NoiseOptions { lowest_snr: 0.0, ..paper }),
        LatentError::OutOfRange { .. }
    ));
    let wrong = noise_sensitivity(&flux, &ivar, &paper, |_, _| (vec![0.0; 2], vec![0.0; 2]));
    assert!(matches!(wrong, Err(LatentError::Shape { .. })));
}
