//! k-means and HDBSCAN against scikit-learn. `tests/fixtures/clusters/make.py` made the numbers.

use serde_json::Value;
use spectrascape::latent::{ClusterError, HdbscanConfig, KMeansConfig, NOISE, adjusted_rand_index, hdbscan, k_means};

fn reference(topic: &str) -> Value {
    let text = include_str!("../../fixtures/clusters/reference.json");
    serde_json::from_str::<Value>(text).expect("the fixture is JSON")[topic].take()
}

fn points(topic: &Value) -> Vec<f32> {
    topic["points"].as_array().unwrap().iter().map(|number| number.as_f64().unwrap() as f32).collect()
}

fn config(clusters: usize) -> KMeansConfig {
    KMeansConfig { clusters, starts: 20, max_iterations: 300, seed: 1 }
}

#[test]
fn k_means_is_as_good_as_scikit_learns() {
    let case = reference("k_means");
    let points = points(&case);
    assert_eq!(case["inertias"].as_array().unwrap().len(), 4);
    for expected in case["inertias"].as_array().unwrap() {
        let k = expected[0].as_u64().unwrap() as usize;
        let best = expected[1].as_f64().unwrap();
        // As many starts as scikit-learn had.
        let found = k_means(&points, 3, &KMeansConfig { starts: 200, ..config(k) }).unwrap();
        assert!(found.inertia <= 1.001 * best, "k = {k}: {} is more than {best}", found.inertia);
        // It is a true inertia, so it is not below the best there is.
        assert!(found.inertia >= 0.9999 * best, "k = {k}: {} is less than {best}", found.inertia);
        assert_eq!(found.centroids.len(), 3 * k);
    }
}

#[test]
fn every_point_is_in_the_cluster_whose_mean_is_nearest() {
    let points = points(&reference("k_means"));
    let found = k_means(&points, 3, &config(5)).unwrap();
    let mut sizes = [0; 5];
    for (point, &label) in points.chunks_exact(3).zip(&found.labels) {
        let apart = |mean: &[f32]| -> f32 { mean.iter().zip(point).map(|(m, p)| (m - p).powi(2)).sum() };
        let means: Vec<f32> = found.centroids.chunks_exact(3).map(apart).collect();
        assert!(means.iter().all(|&other| means[label as usize] <= other + 1e-4));
        sizes[label as usize] += 1;
    }
    assert!(sizes.is_sorted_by(|a, b| a >= b), "the largest is first: {sizes:?}");
    assert_eq!(k_means(&points, 3, &config(5)).unwrap(), found, "a seed makes one clustering");
}

#[test]
fn hdbscan_is_scikit_learns() {
    let case = reference("hdbscan");
    let points = points(&case);
    assert_eq!(case["runs"].as_array().unwrap().len(), 3);
    for run in case["runs"].as_array().unwrap() {
        let size = |name: &str| run[name].as_u64().unwrap() as usize;
        let config = HdbscanConfig { min_cluster_size: size("min_cluster_size"), min_samples: size("min_samples") };
        let expected: Vec<i64> =
            run["labels"].as_array().unwrap().iter().map(|label| label.as_i64().unwrap()).collect();
        let found = hdbscan(&points, 3, &config).unwrap();
        let agreement = adjusted_rand_index(&found, &expected).unwrap();
        assert!(agreement >= 0.99, "{config:?}: {agreement}");
        assert_eq!(found.iter().max(), Some(&2));
        let of = |label: i32| found.iter().filter(|&&other| other == label).count();
        assert!(of(0) >= of(1) && of(1) >= of(2));
        let noise = expected.iter().filter(|&&label| label == -1).count();
        assert!(of(NOISE).abs_diff(noise) <= 1, "{} and {noise}", of(NOISE));
    }
}

#[test]
fn rows_that_are_not_finite_are_in_no_cluster() {
    let points = points(&reference("hdbscan"));
    let spoilt = [&points[..9], &[f32::NAN, 0.0, 0.0], &points[9..], &[0.0, f32::NEG_INFINITY, 1.0]].concat();
    let density = HdbscanConfig { min_cluster_size: 15, min_samples: 15 };
    for (clean, found) in [
        (hdbscan(&points, 3, &density).unwrap(), hdbscan(&spoilt, 3, &density).unwrap()),
        (k_means(&points, 3, &config(3)).unwrap().labels, k_means(&spoilt, 3, &config(3)).unwrap().labels),
    ] {
        assert_eq!((found[3], found[found.len() - 1]), (NOISE, NOISE));
        assert_eq!([&found[..3], &found[4..found.len() - 1]].concat(), clean);
    }
}

#[test]
fn what_cannot_be_is_refused() {
    let points = points(&reference("k_means"));
    let few = |found| ClusterError::TooFew { needed: 3, found, what: "finite and different" };
    assert_eq!(k_means(&[], 3, &config(3)).unwrap_err(), few(0));
    assert_eq!(k_means(&[1.0, 2.0, 1.0, 2.0, 0.0, 5.0, -0.0, 5.0], 2, &config(3)).unwrap_err(), few(2));
    assert!(k_means(&points, 7, &config(3)).unwrap_err().to_string().contains("750 numbers"));
    assert!(k_means(&points, 0, &config(3)).is_err());
    assert!(k_means(&points, 3, &config(0)).is_err());
    assert!(k_means(&points, 3, &KMeansConfig { starts: 0, ..config(3) }).is_err());
    assert!(k_means(&points, 3, &KMeansConfig { max_iterations: 0, ..config(3) }).is_err());

    let density = HdbscanConfig { min_cluster_size: 5, min_samples: 5 };
    assert!(matches!(hdbscan(&[], 3, &density), Err(ClusterError::TooFew { needed: 5, found: 0, .. })));
    assert!(hdbscan(&points[..12], 3, &density).is_err());
    assert!(hdbscan(&points, 3, &HdbscanConfig { min_cluster_size: 1, min_samples: 5 }).is_err());
    assert!(hdbscan(&points, 3, &HdbscanConfig { min_cluster_size: 5, min_samples: 0 }).is_err());
    assert!(hdbscan(&points, 0, &density).is_err());
}

#[test]
fn points_in_one_place_are_no_trouble() {
    let mut points = vec![2.0; 3 * 500];
    points.extend(vec![-1.0; 3 * 400]);
    let density = HdbscanConfig { min_cluster_size: 10, min_samples: 10 };
    assert_eq!(hdbscan(&points, 3, &density).unwrap().len(), 900);
    let found = k_means(&points, 3, &config(2)).unwrap();
    assert!(found.inertia < 1e-9);
    assert_eq!((found.labels[0], found.labels[899]), (0, 1));
    assert_eq!(found.centroids, [2.0, 2.0, 2.0, -1.0, -1.0, -1.0]);
    let one = k_means(&points, 3, &config(1)).unwrap();
    assert!(one.labels.iter().all(|&label| label == 0));
}
