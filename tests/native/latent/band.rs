//! The band of a decoder: exact where it is linear.

use spectrascape::latent::{LatentError, band};

const PIXELS: usize = 5;

/// Pixel p is p + sum_i (i + 1) (p - 2) latent_i: a matrix of small integers.
fn linear(places: &[f32]) -> Vec<f32> {
    let weight = |i: usize, p: usize| (i + 1) as f32 * (p as f32 - 2.0);
    let decode = |place: &[f32]| {
        (0..PIXELS)
            .map(|p| p as f32 + place.iter().enumerate().map(|(i, value)| weight(i, p) * value).sum::<f32>())
            .collect::<Vec<f32>>()
    };
    places.chunks_exact(3).flat_map(decode).collect()
}

#[test]
fn a_linear_decoder_scatters_by_the_sum_of_squares() {
    let log_var = [0.0, 4f32.ln(), 0.25f32.ln()];
    let sigma = band(&[0.5, -1.0, 2.0], &log_var, linear).unwrap();
    // By hand: variances 1, 4 and 1/4 times the weights' squares (1, 4, 9)(p - 2)^2: (1 + 16 + 9/4)(p - 2)^2.
    for (p, sigma) in sigma.iter().enumerate() {
        let expected = 19.25f32.sqrt() * (p as f32 - 2.0).abs();
        assert!((sigma - expected).abs() < 1e-5, "pixel {p}: {sigma}, not {expected}");
    }
}

#[test]
fn central_differences_forgive_a_parabola() {
    // f = x^2: ((x + s)^2 - (x - s)^2) / 2 = 2 x s, whatever s.
    let sigma = band(&[3.0], &[2.0 * 0.5f32.ln()], |places| places.iter().map(|x| x * x).collect()).unwrap();
    assert!((sigma[0] - 3.0).abs() < 1e-5, "{sigma:?}");
}

#[test]
fn what_does_not_fit_is_refused() {
    let shape = |result: Result<Vec<f32>, LatentError>| matches!(result, Err(LatentError::Shape { .. }));
    assert!(shape(band(&[], &[], linear)));
    assert!(shape(band(&[0.0; 3], &[0.0; 2], linear)));
    assert!(shape(band(&[0.0; 3], &[0.0; 3], |_| Vec::new())));
    assert!(shape(band(&[0.0; 3], &[0.0; 3], |_| vec![1.0; 13])));
    assert!(band(&[f32::NAN, 0.0, 0.0], &[0.0; 3], linear).is_err());
    assert!(band(&[0.0; 3], &[f32::NAN, 0.0, 0.0], linear).is_err());
    assert!(band(&[0.0; 3], &[1000.0, 0.0, 0.0], linear).is_err());
}
