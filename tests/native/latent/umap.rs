//! UMAP and what measures it, against umap-learn, scikit-learn and cases done by hand.
//! `tests/fixtures/clusters/make.py` made the numbers.

use std::ops::ControlFlow;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use serde_json::Value;
use spectrascape::latent::umap;
use spectrascape::latent::umap::{Curve, graph};
use spectrascape::latent::{
    AgreementError, ClassTable, UmapConfig, UmapError, UmapProgress, adjusted_rand_index, trustworthiness,
};

fn reference(topic: &str) -> Value {
    let text = include_str!("../../fixtures/clusters/reference.json");
    serde_json::from_str::<Value>(text).expect("the fixture is JSON")[topic].take()
}

fn numbers(value: &Value) -> Vec<f32> {
    value.as_array().expect("a list").iter().map(|number| number.as_f64().expect("a number") as f32).collect()
}

fn labels(value: &Value) -> Vec<i32> {
    value.as_array().expect("a list").iter().map(|number| number.as_i64().expect("a number") as i32).collect()
}

fn go_on(_: UmapProgress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// A ring in three dimensions, seen askew, and a ball far from it.
fn ring_and_ball() -> Vec<f32> {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let mut points = Vec::new();
    for i in 0..300 {
        let angle = i as f32 * std::f32::consts::TAU / 300.0;
        let noise: [f32; 3] = std::array::from_fn(|_| 0.05 * random.sample::<f32, _>(StandardNormal));
        points.extend([3.0 * angle.cos() + noise[0], 3.0 * angle.sin() + noise[1], angle.sin() + noise[2]]);
    }
    for _ in 0..100 {
        points.extend((0..3).map(|axis| [12.0, 0.0, 3.0][axis] + random.sample::<f32, _>(StandardNormal) * 0.4));
    }
    points
}

#[test]
fn the_curve_is_umap_learns() {
    for case in reference("umap")["curves"].as_array().unwrap() {
        let case: Vec<f64> = case.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect();
        let curve = Curve::fit(case[0], case[1]);
        assert!((curve.a / case[2] - 1.0).abs() < 1e-5, "a = {} is not {}", curve.a, case[2]);
        assert!((curve.b / case[3] - 1.0).abs() < 1e-5, "b = {} is not {}", curve.b, case[3]);
    }
}

#[test]
fn the_graph_is_umap_learns() {
    let case = reference("umap");
    let edges = graph(&numbers(&case["points"]), 3, 8, &mut |_| Ok(())).unwrap();
    let expected = case["edges"].as_array().unwrap();
    assert_eq!(edges.len(), 2 * expected.len(), "every edge is there in both directions");
    let upward = edges.iter().filter(|edge| edge.head < edge.tail);
    for (edge, expected) in upward.zip(expected) {
        let ends = (u64::from(edge.head), u64::from(edge.tail));
        assert_eq!(ends, (expected[0].as_u64().unwrap(), expected[1].as_u64().unwrap()));
        let weight = expected[2].as_f64().unwrap();
        assert!((f64::from(edge.weight) - weight).abs() < 1e-4, "{ends:?}: {} is not {weight}", edge.weight);
    }
}

#[test]
fn trustworthiness_is_scikit_learns() {
    let case = reference("trustworthiness");
    let (original, map) = (numbers(&case["original"]), numbers(&case["map"]));
    for expected in case["values"].as_array().unwrap() {
        let k = expected[0].as_u64().unwrap() as usize;
        let found = trustworthiness(&original, 4, &map, 2, k, None).unwrap();
        assert!((found.value - expected[1].as_f64().unwrap()).abs() < 1e-9, "at {k}: {found:?}, not {expected}");
        assert_eq!((found.neighbours, found.sampled, found.points), (k, 120, 120));
        // The same rows in other company: a row that is not finite does not count.
        let spoilt = [&original[..], &[f32::NAN; 4]].concat();
        let found = trustworthiness(&spoilt, 4, &[&map[..], &[0.0; 2]].concat(), 2, k, None).unwrap();
        assert!((found.value - expected[1].as_f64().unwrap()).abs() < 1e-9);
    }
}

#[test]
fn a_sample_estimates_trustworthiness() {
    let case = reference("trustworthiness");
    let (original, map) = (numbers(&case["original"]), numbers(&case["map"]));
    let whole = trustworthiness(&original, 4, &map, 2, 15, None).unwrap();
    let sampled = trustworthiness(&original, 4, &map, 2, 15, Some(60)).unwrap();
    assert_eq!((sampled.sampled, sampled.points), (60, 120));
    assert!((whole.value - sampled.value).abs() < 0.02, "{sampled:?} for {whole:?}");
    assert_eq!(trustworthiness(&original, 4, &map, 2, 15, Some(500)).unwrap(), whole);
    // A map that is the truth.
    assert_eq!(trustworthiness(&original, 4, &original, 4, 15, None).unwrap().value, 1.0);
}

#[test]
fn trustworthiness_refuses_what_it_is_not_defined_for() {
    let points: Vec<f32> = (0..20).map(|i| i as f32).collect();
    for k in [0, 10, 15] {
        let error = trustworthiness(&points, 1, &points, 1, k, None).unwrap_err();
        assert_eq!(error, AgreementError::TooFew { neighbours: k, points: 20 });
    }
    assert!(trustworthiness(&points, 1, &points, 1, 9, None).is_ok());
    assert!(trustworthiness(&points, 3, &points, 1, 2, None).is_err());
    assert!(trustworthiness(&points, 0, &points, 1, 2, None).is_err());
    assert!(trustworthiness(&points, 1, &points, 2, 2, None).is_err());
    assert!(trustworthiness(&[], 2, &[], 2, 1, None).is_err());
}

#[test]
fn the_adjusted_rand_index_is_scikit_learns() {
    let cases = reference("adjusted_rand");
    assert_eq!(cases.as_array().unwrap().len(), 6);
    for case in cases.as_array().unwrap() {
        let (left, right) = (labels(&case["left"]), labels(&case["right"]));
        let expected = case["value"].as_f64().unwrap();
        let found = adjusted_rand_index(&left, &right).unwrap();
        assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
        assert_eq!(adjusted_rand_index(&right, &left).unwrap(), found);
    }
    assert_eq!(adjusted_rand_index::<i32, u8>(&[], &[]).unwrap(), 1.0);
    assert_eq!(adjusted_rand_index(&[3], &[1]).unwrap(), 1.0);
    assert!(adjusted_rand_index(&[1, 2], &[1]).is_err());
}

#[test]
fn a_class_table_by_hand() {
    let table = ClassTable::new(&[0, 0, 1, -1, 0, 1, 1], &[2, 2, 4, 2, 4, 4, 4]).unwrap();
    assert_eq!(table.clusters, [-1, 0, 1]);
    assert_eq!(table.classes, [2, 4]);
    assert_eq!(table.counts, [1, 0, 2, 1, 0, 3]);
    let rows: Vec<_> = table.rows().collect();
    assert_eq!(rows[1], (0, &[2, 1][..]));
    assert!((table.purity() - 6.0 / 7.0).abs() < 1e-12);
    assert_eq!(ClassTable::new(&[], &[]).unwrap().purity(), 0.0);
    assert!(ClassTable::new(&[1], &[]).is_err());
}

#[test]
fn a_map_keeps_neighbours_and_parts_strangers() {
    let points = ring_and_ball();
    let map = umap(&points, 3, &UmapConfig::default(), go_on).unwrap();
    let found = trustworthiness(&points, 3, &map, 2, 15, None).unwrap();
    assert!(found.value > 0.98, "{found:?}");
    // Each point's nearest on the map is of its own kind.
    let place = |row: usize| (map[2 * row], map[2 * row + 1]);
    for row in 0..400 {
        let apart = |other: usize| (place(row).0 - place(other).0).hypot(place(row).1 - place(other).1);
        let near = (0..400).filter(|&other| other != row).min_by(|&a, &b| apart(a).total_cmp(&apart(b))).unwrap();
        assert_eq!(near < 300, row < 300, "{row} lies beside {near}");
    }
}

#[test]
fn a_seed_makes_one_map() {
    let points = ring_and_ball();
    let config = UmapConfig { epochs: Some(60), ..UmapConfig::default() };
    let map = umap(&points, 3, &config, go_on).unwrap();
    assert_eq!(umap(&points, 3, &config, go_on).unwrap(), map);
    assert_ne!(umap(&points, 3, &UmapConfig { seed: 1, ..config }, go_on).unwrap(), map);
}

#[test]
fn a_map_tells_how_far_it_is_and_can_be_stopped() {
    let points = ring_and_ball();
    let config = UmapConfig { epochs: Some(10), ..UmapConfig::default() };
    let mut heard = Vec::new();
    umap(&points, 3, &config, |progress| {
        heard.push(progress);
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!(heard[0], UmapProgress::Neighbours { done: 400, of: 400 });
    assert_eq!(heard[1], UmapProgress::Descent { done: 1, of: 10 });
    assert_eq!(heard.last(), Some(&UmapProgress::Descent { done: 10, of: 10 }));
    assert_eq!(heard.len(), 11);

    let mut epochs = 0;
    let stopped = umap(&points, 3, &config, |progress| match progress {
        UmapProgress::Descent { done: 3, .. } => ControlFlow::Break(()),
        UmapProgress::Descent { .. } => {
            epochs += 1;
            ControlFlow::Continue(())
        }
        UmapProgress::Neighbours { .. } => ControlFlow::Continue(()),
    });
    assert_eq!(stopped, Err(UmapError::Stopped));
    assert_eq!(epochs, 2);
}

#[test]
fn odd_tables_make_maps_too() {
    let config = UmapConfig { epochs: Some(30), ..UmapConfig::default() };
    assert_eq!(umap(&[], 6, &config, go_on).unwrap(), Vec::<f32>::new());
    for rows in [1, 2, 3, 10, 40] {
        for points in [vec![0.5; rows * 2], (0..rows * 2).map(|i| i as f32).collect::<Vec<f32>>()] {
            for dims in [1, 2] {
                let map = umap(&points, dims, &config, go_on).unwrap();
                assert_eq!(map.len(), points.len() / dims * 2);
                assert!(map.iter().all(|place| place.is_finite()), "{rows} rows, {dims} latents: {map:?}");
            }
        }
    }
    // Rows that are not finite lie nowhere, and move nobody.
    let points = ring_and_ball();
    let map = umap(&points, 3, &config, go_on).unwrap();
    let spoilt = [&points[..30], &[1.0, f32::NAN, 0.0], &points[30..], &[f32::INFINITY, 0.0, 0.0]].concat();
    let found = umap(&spoilt, 3, &config, go_on).unwrap();
    assert!(found[20].is_nan() && found[21].is_nan() && found[802].is_nan());
    assert_eq!([&found[..20], &found[22..802]].concat(), map);
}

#[test]
fn settings_that_mean_nothing_are_refused() {
    let points = ring_and_ball();
    let refused = |config: UmapConfig| umap(&points, 3, &config, go_on).unwrap_err().to_string();
    let usual = UmapConfig::default;
    assert_eq!(
        refused(UmapConfig { neighbours: 1, ..usual() }),
        "UMAP: neighbours = 1 cannot be; it must be 2 or more"
    );
    assert!(refused(UmapConfig { spread: 0.0, ..usual() }).contains("spread"));
    assert!(refused(UmapConfig { spread: f64::NAN, ..usual() }).contains("spread"));
    assert!(refused(UmapConfig { min_dist: -0.1, ..usual() }).contains("min_dist"));
    assert!(refused(UmapConfig { min_dist: 3.0, ..usual() }).contains("min_dist"));
    assert!(matches!(umap(&points, 7, &usual(), go_on), Err(UmapError::Shape { len: 1200, dims: 7 })));
    assert!(umap(&points, 0, &usual(), go_on).is_err());
    // No pushes and no epochs are odd wishes, but wishes.
    assert!(umap(&points, 3, &UmapConfig { negatives: 0, epochs: Some(5), ..usual() }, go_on).is_ok());
    assert!(umap(&points, 3, &UmapConfig { epochs: Some(0), ..usual() }, go_on).is_ok());
}
