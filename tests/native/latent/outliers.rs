//! Neighbours, outlier factors and how familiar a point is, against scikit-learn and brute force.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use spectrascape::latent::{Densities, Extrapolation, LatentError, OutlierFactors, interpolate, local_outlier_factor};
use spectrascape::numerics::error::NumericsError;
use spectrascape::numerics::k_d_tree::NeighbourTree;

fn fixture() -> serde_json::Value {
    serde_json::from_str(include_str!("../../fixtures/latent/outliers.json")).unwrap()
}

fn numbers(value: &serde_json::Value) -> Vec<f64> {
    let flat = |value: &serde_json::Value| match value {
        serde_json::Value::Array(values) => numbers(&serde_json::Value::Array(values.clone())),
        number => vec![number.as_f64().unwrap()],
    };
    value.as_array().unwrap().iter().flat_map(flat).collect()
}

fn floats(value: &serde_json::Value) -> Vec<f32> {
    numbers(value).into_iter().map(|value| value as f32).collect()
}

fn close(found: &[f64], expected: &[f64], relative: f64) {
    assert_eq!(found.len(), expected.len());
    for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!((found - expected).abs() <= relative * expected.abs(), "{index}: {found} is not {expected}");
    }
}

/// With clumps, pairs and more copies of one point than there are neighbours.
#[test]
fn scores_are_those_of_scikit_learn() {
    let fixture = fixture();
    let points = floats(&fixture["points"]);
    for k in [5, 20] {
        let factors = OutlierFactors::fit(NeighbourTree::new(&points, 3).unwrap(), k).unwrap();
        let expected = numbers(&fixture[format!("scores_{k}")]);
        close(&factors.scores, &expected, 1e-9);
        let expected_new = numbers(&fixture[format!("new_scores_{k}")]);
        close(&factors.score_new(&floats(&fixture["new"])), &expected_new, 1e-9);
        // The same in single precision, without the points.
        let single = |values: &[f64]| values.iter().map(|&value| value as f32).collect::<Vec<f32>>();
        let densities = Densities::new(single(factors.k_distance()), single(factors.density())).unwrap();
        let near = |point: &[f32]| factors.tree().nearest(point, k);
        let new: Vec<f64> = floats(&fixture["new"]).chunks(3).map(|p| densities.score(&near(p)).unwrap()).collect();
        close(&new, &expected_new, 1e-5);
        let mut order: Vec<usize> = (0..expected.len()).collect();
        order.sort_by(|&a, &b| expected[b].total_cmp(&expected[a]).then(a.cmp(&b)));
        assert_eq!(factors.top(10).iter().map(|top| top.0).collect::<Vec<_>>(), &order[..10]);
    }
    let nine = local_outlier_factor(&points[..27], 3, 20).unwrap();
    close(&nine, &numbers(&fixture["scores_of_nine"]), 1e-9);
}

#[test]
fn neighbours_are_those_of_scikit_learn() {
    let fixture = fixture();
    let tree = NeighbourTree::new(&floats(&fixture["points"]), 3).unwrap();
    let new = floats(&fixture["new"]);
    let near: Vec<_> = new[3..].chunks_exact(3).flat_map(|point| tree.nearest(point, 7)).collect();
    let distances: Vec<f64> = near.iter().map(|neighbour| neighbour.distance).collect();
    close(&distances, &numbers(&fixture["near_distances"]), 1e-12);
    // Pairs and copies are equally near: which of them comes first is for the next test.
    let expected = numbers(&fixture["near_rows"]);
    let shared = |i: usize| near.iter().filter(|other| (other.distance - near[i].distance).abs() < 1e-9).count() > 1;
    let single: Vec<usize> = (0..near.len()).filter(|&i| !shared(i)).collect();
    assert!(single.len() > 60);
    assert!(single.iter().all(|&i| near[i].row as f64 == expected[i]));
}

/// On a coarse lattice most distances are shared and many points coincide; the order is then by row.
#[test]
fn neighbours_are_those_of_brute_force() {
    let mut random = ChaCha8Rng::seed_from_u64(5);
    for (count, dims, cells) in [(1, 2, 9), (13, 1, 3), (700, 3, 4), (900, 6, 1), (1500, 6, 1000), (400, 2, 2)] {
        let points: Vec<f32> = (0..count * dims).map(|_| (random.random::<f32>() * cells as f32).floor()).collect();
        let tree = NeighbourTree::new(&points, dims).unwrap();
        for row in (0..count).step_by(17) {
            let own = &points[row * dims..(row + 1) * dims];
            let square = |other: usize| -> f64 {
                let other = &points[other * dims..(other + 1) * dims];
                own.iter().zip(other).map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2)).sum()
            };
            let mut order: Vec<usize> = (0..count).collect();
            order.sort_by(|&a, &b| square(a).total_cmp(&square(b)).then(a.cmp(&b)));
            let with: Vec<usize> = tree.nearest(own, 20).iter().map(|neighbour| neighbour.row).collect();
            assert_eq!(with, order[..20.min(count)]);
            order.retain(|&other| other != row);
            let without: Vec<usize> = tree.nearest_to_row(row, 20).iter().map(|neighbour| neighbour.row).collect();
            assert_eq!(without, order[..20.min(count - 1)]);
        }
    }
}

#[test]
fn rows_that_are_not_finite_have_no_score_and_are_no_neighbours() {
    let fixture = fixture();
    let clean = floats(&fixture["points"]);
    let mut dirty = vec![f32::NAN, 0.0, 0.0];
    dirty.extend_from_slice(&clean);
    dirty.extend([1.0, f32::INFINITY, 0.0]);
    let (clean, dirty) = (local_outlier_factor(&clean, 3, 20).unwrap(), local_outlier_factor(&dirty, 3, 20).unwrap());
    assert!(dirty[0].is_nan() && dirty[dirty.len() - 1].is_nan());
    close(&dirty[1..dirty.len() - 1], &clean, 1e-12);
}

#[test]
fn what_cannot_be_scored_is_refused() {
    assert!(matches!(local_outlier_factor(&[], 6, 20), Err(LatentError::TooFew { found: 0, .. })));
    assert!(matches!(local_outlier_factor(&[1.0, 2.0], 2, 20), Err(LatentError::TooFew { found: 1, .. })));
    assert!(matches!(
        local_outlier_factor(&[1.0, 2.0, 3.0], 2, 20),
        Err(LatentError::Numerics(NumericsError::NoRows { .. }))
    ));
    assert!(matches!(
        local_outlier_factor(&[1.0, 2.0], 0, 20),
        Err(LatentError::Numerics(NumericsError::NoRows { .. }))
    ));
    assert!(matches!(local_outlier_factor(&[1.0, 2.0], 1, 0), Err(LatentError::OutOfRange { .. })));
    // All in one place: everybody is as dense as everybody else.
    assert_eq!(local_outlier_factor(&[1.0; 60], 2, 20).unwrap(), vec![1.0; 30]);
    let tree = NeighbourTree::new(&[0.0, 1.0, 2.0], 1).unwrap();
    assert!(tree.nearest(&[f32::NAN], 2).is_empty());
    assert!(tree.nearest(&[0.0, 0.0], 2).is_empty());
    assert!(tree.nearest_to_row(3, 2).is_empty());
    assert_eq!(tree.nearest(&[0.9], 9).len(), 3);
}

/// On a line of evenly spaced points the second neighbour of an inner one is 1 away, of an end one 2.
#[test]
fn familiarity_by_hand() {
    let points: Vec<f32> = (0..101).map(|value| value as f32).collect();
    let tree = NeighbourTree::new(&points, 1).unwrap();
    let set = Extrapolation::fit(&tree, 2, 1);
    let inside = set.of_point(&tree, &[50.5]).unwrap();
    assert_eq!((inside.distance, inside.percentile), (0.5, 0.0));
    assert!(!inside.is_extrapolating());
    let beyond = set.of_point(&tree, &[110.0]).unwrap();
    assert_eq!((beyond.distance, beyond.percentile), (11.0, 100.0));
    assert!(beyond.is_extrapolating());
    assert_eq!(set.of_point(&tree, &[f32::NAN]), None);
    let factors = OutlierFactors::fit(tree, 2).unwrap();
    assert_eq!(Extrapolation::of(&factors).of_point(factors.tree(), &[110.0]), Some(beyond));
    let empty = NeighbourTree::new(&[], 1).unwrap();
    assert_eq!(Extrapolation::fit(&empty, 2, 1).of_point(&empty, &[1.0]), None);
}

#[test]
fn interpolation_by_hand() {
    assert_eq!(interpolate(&[0.0, 1.0], &[4.0, -1.0], 3).unwrap(), [0.0, 1.0, 2.0, 0.0, 4.0, -1.0]);
    assert_eq!(interpolate(&[0.0], &[4.0], 1).unwrap(), [2.0]);
    assert!(interpolate(&[0.0], &[4.0], 0).unwrap().is_empty());
    assert_eq!(interpolate(&[0.0], &[4.0, 1.0], 2), None);
}

/// The shipped model's latents change whenever it is trained anew, so they are compared live: see `shipped.py`.
#[test]
#[ignore = "needs Python with scikit-learn: PYTHON=python cargo test --test native shipped_latents -- --ignored"]
fn shipped_latents_score_as_scikit_learn_says() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join("public/models/vae6.latents.safetensors");
    let latents = spectrascape::formats::set::LatentSet::from_bytes("vae6", &std::fs::read(&path).unwrap()).unwrap();
    let scores = local_outlier_factor(&latents.mean, latents.dims, 20).unwrap();
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("outlier-scores.txt");
    let lines: Vec<String> = scores.iter().map(|score| format!("{score:.17e}")).collect();
    std::fs::write(&file, lines.join("\n")).unwrap();
    let python = std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
    let script = root.join("tests/fixtures/latent/shipped.py");
    let status = std::process::Command::new(python).arg(script).arg(&path).arg(&file).status().unwrap();
    assert!(status.success());
}
