//! The axes VAE 1..d against a case done by hand and one done by NumPy.

use spectrascape::latent::LatentAxes;

fn close(found: &[f32], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!((f64::from(*found) - expected).abs() < tolerance, "{index}: {found} is not {expected}");
    }
}

/// Four points on a cross turned by 45 degrees: (2, 2), (-2, -2), (1, -1), (-1, 1), moved by (10, 20). By hand: the
/// covariance is [[10/3, 6/3], [6/3, 10/3]], its eigenvalues 16/3 and 4/3 along (1, 1) and (1, -1) over sqrt 2.
#[test]
fn a_turned_cross_by_hand() {
    let axes = LatentAxes::fit(&[12.0, 22.0, 8.0, 18.0, 11.0, 19.0, 9.0, 21.0], 2);
    let half = 0.5f64.sqrt();
    close(&axes.mean, &[10.0, 20.0], 1e-6);
    close(&axes.variance, &[16.0 / 3.0, 4.0 / 3.0], 1e-5);
    close(&axes.components[..2], &[half, half], 1e-6);
    assert!((f64::from(axes.components[2].abs()) - half).abs() < 1e-6);
    close(&axes.project(&[12.0, 22.0, 10.0, 20.0])[..], &[2.0 * 2f64.sqrt(), 0.0, 0.0, 0.0], 1e-5);
}

/// numpy.linalg.eigh of numpy.cov of the same six rows, signs such that the largest component is positive.
#[test]
fn six_rows_by_numpy() {
    let rows = [1.0, 2.0, 0.5, 2.0, 1.5, -1.0, 0.0, 3.0, 2.0, -1.0, 4.5, 0.0, 3.0, 0.0, 1.5, 1.5, 2.5, -0.5];
    let axes = LatentAxes::fit(&rows, 3);
    close(&axes.mean, &[1.08333333, 2.25, 0.41666667], 1e-6);
    close(&axes.variance, &[4.24310177, 1.38512959, 0.03010197], 1e-5);
    let components =
        [-0.68408564, 0.72786159, -0.04737452, -0.1717998, -0.09766353, 0.98027887, 0.70888058, 0.67873363, 0.19185669];
    close(&axes.components, &components, 1e-5);
    let along = axes.project(&rows);
    close(&along[..3], &[-0.12890614, 0.12042244, -0.21276873], 1e-5);
    close(&along[9..12], &[3.08260637, -0.27027624, -0.02962416], 1e-5);
    close(&axes.unproject(&along), &rows.map(f64::from), 1e-5);
}

#[test]
fn rows_that_are_not_finite_are_left_out() {
    let clean = [1.0, 2.0, 3.0, 1.0, -1.0, 0.5];
    let dirty = [1.0, 2.0, f32::NAN, 5.0, 3.0, 1.0, f32::INFINITY, 0.0, -1.0, 0.5];
    assert_eq!(LatentAxes::fit(&dirty, 2), LatentAxes::fit(&clean, 2));
}

#[test]
fn too_few_rows_still_make_axes() {
    for rows in [&[][..], &[0.5, 0.25][..]] {
        let axes = LatentAxes::fit(rows, 2);
        assert!(axes.components.iter().chain(&axes.mean).all(|value| value.is_finite()));
        assert_eq!(axes.project(&[1.0, 1.0]).len(), 2);
    }
}

/// Quiescent galaxies (0) lie high and emission-line ones (1) low along every axis here: VAE 1, 3 and 4 are turned, VAE 2 is not.
/// Broad-line AGN (3) lie above narrow-line ones (2): VAE 5 stays, VAE 6 is turned.
#[test]
fn axes_are_turned_as_in_the_paper() {
    let dims = 6;
    let axes = LatentAxes {
        dims,
        mean: vec![0.0; dims],
        components: (0..dims * dims).map(|i| f32::from(u8::from(i % (dims + 1) == 0))).collect(),
        variance: vec![1.0; dims],
    };
    let latents: Vec<f32> = [1.0, -1.0, -0.5, 0.5].iter().flat_map(|&value| [value; 6]).collect();
    let turned = axes.turned_as_in_the_paper(&latents, &[0, 1, 2, 3]);
    let signs: Vec<f32> = (0..dims).map(|axis| turned.components[axis * dims + axis]).collect();
    assert_eq!(signs, [-1.0, 1.0, -1.0, -1.0, 1.0, -1.0]);
    assert_eq!(turned.turned_as_in_the_paper(&latents, &[0, 1, 2, 3]), turned, "once is enough");
    assert_eq!(axes.turned_as_in_the_paper(&latents, &[5; 4]), axes, "no class, no turn");
}

#[test]
fn the_fitted_gaussian_has_the_mean_and_the_covariance_of_the_latents() {
    // A plane of latents with correlated coordinates far from the origin.
    let rows = 400;
    let wave = |row: usize, rate: f32| (row as f32 * rate).sin();
    let latents: Vec<f32> = (0..rows)
        .flat_map(|row| {
            let (a, b) = (wave(row, 0.7), wave(row, 1.9));
            [3.0 + 2.0 * a + 0.5 * b, -5.0 - a + 0.25 * b]
        })
        .collect();
    let axes = LatentAxes::fit(&latents, 2);
    // Draws whose mean is 0 and whose covariance is that of N(0, I), but for n and n - 1: the corners of a square.
    let standard: Vec<f32> = [[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]].concat();
    let moments = |values: &[f32], less: f64| {
        let count = (values.len() / 2) as f64;
        let mean = |at: usize| values.iter().skip(at).step_by(2).map(|v| f64::from(*v)).sum::<f64>() / count;
        let (x, y) = (mean(0), mean(1));
        let product = |a: usize, b: usize| {
            let of = |at: usize, row: &[f32]| f64::from(row[at]) - [x, y][at];
            values.chunks_exact(2).map(|row| of(a, row) * of(b, row)).sum::<f64>() / (count - less)
        };
        [x, y, product(0, 0), product(0, 1), product(1, 1)]
    };
    let (expected, found) = (moments(&latents, 1.0), moments(&axes.gaussian(&standard), 0.0));
    for (expected, found) in expected.iter().zip(found) {
        assert!((expected - found).abs() < 1e-4 * expected.abs().max(1.0), "{found}, not {expected}");
    }
}
