//! The linear rivals against scikit-learn, SciPy and NumPy: `tests/fixtures/baseline/make.py` made the numbers.

use std::ops::ControlFlow;

use proptest::prelude::*;
use serde_json::Value;
use spectrascape::latent::linear_baseline::{Factors, LinearConfig, LinearKind, LinearModel, reconstruction_error};
use spectrascape::numerics::alternating::{FitOptions, FitProgress};
use spectrascape::numerics::error::NumericsError;
use spectrascape::numerics::nmf::{Nmf, multiplicative_step};
use spectrascape::numerics::weighted_pca;

const EXACT: FitOptions = FitOptions { seed: 3, max_iterations: 3000, tolerance: 1e-12 };

#[test]
fn unit_weights_give_scikit_learns_pca() {
    let case = case("plain_pca");
    let (rows, width, k) = (floats(&case["rows"]), size(&case["width"]), size(&case["k"]));
    let pca = weighted_pca::fit(&rows, &vec![1.0; rows.len()], width, k, &EXACT, on).unwrap();
    assert_close(&pca.mean, &doubles(&case["mean"]), 1e-5);
    assert_close(&pca.components, &doubles(&case["components"]), 1e-5);
    assert_close(&pca.eigenvalues, &doubles(&case["variance"]), 1e-4);
    // The scale of the weights is of no account.
    let heavy = weighted_pca::fit(&rows, &vec![800.0; rows.len()], width, k, &EXACT, on).unwrap();
    assert_close(&heavy.components, &doubles(&case["components"]), 1e-5);
    let row = &rows[..width];
    let plain = pca.project(row).iter().map(|&a| f64::from(a)).collect::<Vec<_>>();
    assert_close(&weighted_pca::project(&pca, row, &vec![2.0; width]), &plain, 1e-5);
}

#[test]
fn weighted_pca_finds_scipys_optimum() {
    let case = case("weighted_pca");
    let (rows, weights) = (floats(&case["rows"]), floats(&case["weights"]));
    let (width, k) = (size(&case["width"]), size(&case["k"]));
    for seed in 0..4 {
        let pca = weighted_pca::fit(&rows, &weights, width, k, &FitOptions { seed, ..EXACT }, on).unwrap();
        assert_orthonormal(&pca.components, width);
        let model = LinearModel { weighted_fit: true, factors: Factors::Pca(pca) };
        let reconstruction = model.reconstruct(&rows, &weights).unwrap();
        let error = reconstruction_error(&rows, &weights, &reconstruction, width).unwrap().overall;
        assert_relative(error, number(&case["error"]), 1e-5);
        assert_close(&reconstruction, &doubles(&case["reconstruction"]), 1e-3);
    }
}

#[test]
fn weighted_nmf_finds_scipys_optimum_with_negative_values() {
    let case = case("weighted_nmf");
    assert!(number(&case["negative"]) > 0.0);
    let (rows, weights) = (floats(&case["rows"]), floats(&case["weights"]));
    let (width, k) = (size(&case["width"]), size(&case["k"]));
    let nmf = Nmf::fit(&rows, Some(&weights), width, k, &EXACT, on).unwrap();
    let model = LinearModel { weighted_fit: true, factors: Factors::Nmf(nmf) };
    let reconstruction = model.reconstruct(&rows, &weights).unwrap();
    let error = reconstruction_error(&rows, &weights, &reconstruction, width).unwrap().overall;
    assert_relative(error, number(&case["error"]), 1e-5);
}

#[test]
fn unweighted_nmf_fits_as_well_as_scikit_learns() {
    let case = case("plain_nmf");
    let (rows, width, k) = (floats(&case["rows"]), size(&case["width"]), size(&case["k"]));
    let clipped: Vec<f32> = rows.iter().map(|value| value.max(0.0)).collect();
    let nmf = Nmf::fit(&rows, None, width, k, &EXACT, on).unwrap();
    assert!(nmf.components.iter().all(|&value| value >= 0.0));
    assert_eq!(nmf, Nmf::fit(&clipped, None, width, k, &EXACT, on).unwrap(), "negative values are clipped at 0");
    let model = LinearModel { weighted_fit: false, factors: Factors::Nmf(nmf) };
    let ones = vec![1.0; rows.len()];
    let reconstruction = model.reconstruct(&rows, &ones).unwrap();
    let error = reconstruction_error(&clipped, &ones, &reconstruction, width).unwrap().overall;
    assert!(error <= 1.01 * number(&case["error"]), "{error} against scikit-learn's {}", case["error"]);
}

#[test]
fn multiplicative_updates_are_scikit_learns_step_by_step() {
    let case = case("multiplicative");
    let (rows, weights, width) = (floats(&case["rows"]), floats(&case["weights"]), size(&case["width"]));
    let start = || (doubles(&case["w0"]), doubles(&case["h0"]));
    let (mut w, mut h) = start();
    for step in 1..=10 {
        multiplicative_step(&rows, None, width, &mut w, &mut h).unwrap();
        if [1, 2, 10].contains(&step) {
            assert_all_relative(&w, &doubles(&case[format!("w{step}")]), 1e-8);
            assert_all_relative(&h, &doubles(&case[format!("h{step}")]), 1e-8);
        }
    }
    let (mut w, mut h) = start();
    for _ in 0..10 {
        multiplicative_step(&rows, Some(&weights), width, &mut w, &mut h).unwrap();
    }
    assert_all_relative(&w, &doubles(&case["weighted_w10"]), 1e-8);
    assert_all_relative(&h, &doubles(&case["weighted_h10"]), 1e-8);
    let wrong = multiplicative_step(&rows, None, width, &mut w[1..], &mut h).unwrap_err();
    assert_eq!(wrong.to_string(), "coordinates holds 11 values, 12 are needed");
}

#[test]
fn coordinates_without_negatives_are_scipys_nnls() {
    let case = case("single_rows");
    let (width, k) = (size(&case["width"]), size(&case["k"]));
    let nmf = Nmf { width, components: floats(&case["components"]) };
    let (rows, weights) = (floats(&case["rows"]), floats(&case["weights"]));
    let (plain, weighted) = (doubles(&case["plain"]), doubles(&case["weighted"]));
    assert!(plain.contains(&0.0) && weighted.contains(&0.0), "some coordinates are held at 0");
    for (i, (row, weight)) in rows.chunks_exact(width).zip(weights.chunks_exact(width)).enumerate() {
        assert_close(&nmf.project(row, None), &plain[i * k..(i + 1) * k], 1e-6);
        assert_close(&nmf.project(row, Some(weight)), &weighted[i * k..(i + 1) * k], 1e-6);
    }
}

#[test]
fn every_rival_fits_the_same_way_and_a_weighted_fit_is_best_by_weight() {
    let (rows, weights) = spectra(60, 20);
    let fitted = |kind, weighted| {
        let model = fit(kind, weighted, &rows, &weights, 20, 3).unwrap();
        assert_eq!((model.kind(), model.len(), model.width()), (kind, 3, 20));
        assert_eq!(model.latents(&rows, &weights).unwrap().len(), 60 * 3);
        let reconstruction = model.reconstruct(&rows, &weights).unwrap();
        let error = reconstruction_error(&rows, &weights, &reconstruction, 20).unwrap();
        assert_relative(error.per_spectrum.iter().sum::<f64>() / 60.0, error.overall, 1e-12);
        error.overall
    };
    for kind in [LinearKind::Pca, LinearKind::Nmf] {
        let (plain, fair) = (fitted(kind, false), fitted(kind, true));
        assert!(fair < 0.9 * plain, "{kind:?}: weighted {fair}, unweighted {plain}");
    }
}

#[test]
fn the_measure_is_a_mean_over_spectra_and_all_pixels() {
    let flux = [1.0, 2.0, f32::NAN, 4.0, 5.0, 6.0];
    let weight = [1.0, 2.0, 0.0, 4.0, 0.0, 1.0];
    let error = reconstruction_error(&flux, &weight, &[0.0, 1.0, 0.0, 2.0, 9.0, 9.0], 3).unwrap();
    assert_eq!(error.per_spectrum, [1.0, 25.0 / 3.0]);
    assert_relative(error.overall, 14.0 / 3.0, 1e-12);
}

#[test]
fn missing_values_are_of_no_account() {
    let (rows, weights) = spectra(40, 12);
    let spoilt: Vec<f32> = rows.iter().zip(&weights).map(|(&x, &w)| if w == 0.0 { 77.0 } else { x }).collect();
    assert_ne!(rows, spoilt);
    for kind in [LinearKind::Pca, LinearKind::Nmf] {
        let fitted = fit(kind, true, &rows, &weights, 12, 2).unwrap();
        let other = fit(kind, true, &spoilt, &weights, 12, 2).unwrap();
        // NMF's start reads only values with weight, PCA's reads none.
        assert_eq!(fitted, other, "{kind:?}");
        let nan: Vec<f32> = rows.iter().zip(&weights).map(|(&x, &w)| if w == 0.0 { f32::NAN } else { x }).collect();
        assert_eq!(fitted.latents(&nan, &weights).unwrap(), fitted.latents(&rows, &weights).unwrap(), "{kind:?}");
        let blind = fitted.latents(&rows[..12], &[0.0; 12]).unwrap();
        assert_eq!(blind, [0.0, 0.0], "{kind:?}");
    }
}

#[test]
fn the_same_seed_gives_the_same_numbers_and_progress_can_stop() {
    let (rows, weights) = spectra(50, 40);
    for kind in [LinearKind::Pca, LinearKind::Nmf] {
        assert_eq!(fit(kind, true, &rows, &weights, 40, 3), fit(kind, true, &rows, &weights, 40, 3));
        let config = LinearConfig { kind, weighted: true, components: 3, seed: 1 };
        let mut heard: Vec<FitProgress> = Vec::new();
        let stopped = LinearModel::fit(&config, &rows, &weights, 40, |progress| {
            heard.push(progress);
            if heard.len() == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert_eq!(heard.len(), 3);
        assert!(heard.windows(2).all(|pair| pair[1].error <= pair[0].error && pair[1].iteration > pair[0].iteration));
        let reconstruction = stopped.unwrap().reconstruct(&rows, &weights).unwrap();
        let error = reconstruction_error(&rows, &weights, &reconstruction, 40).unwrap().overall;
        assert_relative(error, heard[2].error, 1e-4);
    }
}

#[test]
fn components_are_the_simplest_where_there_is_nothing_to_see() {
    // Five rows of one shape: one direction, three asked for; one pixel never seen.
    let width = 6;
    let rows: Vec<f32> = (0..5).flat_map(|i| (0..width).map(move |j| (i * (j + 1)) as f32)).collect();
    let weights: Vec<f32> = (0..5 * width).map(|at| if at % width == 4 { 0.0 } else { 1.0 }).collect();
    for kind in [LinearKind::Pca, LinearKind::Nmf] {
        let model = fit(kind, true, &rows, &weights, width, 3).unwrap();
        assert!(model.components().iter().all(|value| value.is_finite()), "{kind:?}");
        let reconstruction = model.reconstruct(&rows, &weights).unwrap();
        let error = reconstruction_error(&rows, &weights, &reconstruction, width).unwrap().overall;
        assert!(error < 1e-6, "{kind:?}: {error}");
    }
}

#[test]
fn bad_tables_are_refused_in_a_sentence() {
    let (rows, weights) = spectra(8, 4);
    let sentence = |rows: &[f32], weights: &[f32], k| {
        let error = fit(LinearKind::Pca, true, rows, weights, 4, k).unwrap_err();
        let other = fit(LinearKind::Nmf, true, rows, weights, 4, k).unwrap_err();
        assert_eq!(error.to_string(), other.to_string());
        error.to_string()
    };
    assert_eq!(sentence(&[], &[], 2), "0 values make no table of rows 4 wide: give at least one whole row");
    assert_eq!(sentence(&rows, &weights[1..], 2), "there are 31 weights for 32 values: give one weight a value");
    let mut spoilt = rows.clone();
    spoilt[6] = f32::NAN;
    assert_eq!(sentence(&spoilt, &weights, 2), "row 1, pixel 2 is NaN: give missing values as 0 with weight 0");
    let mut negative = weights.clone();
    negative[4] = -1.0;
    assert_eq!(sentence(&rows, &negative, 2), "the weight of row 1, pixel 0 is -1: weights are numbers from 0 up");
    assert_eq!(sentence(&rows, &[0.0; 32], 2), "nothing is left to fit: every value is missing");
    assert_eq!(sentence(&rows, &weights, 5), "5 components cannot be fitted to 8 rows of 4 pixels: ask for 1 to 4");
    assert_eq!(sentence(&rows, &weights, 0), "0 components cannot be fitted to 8 rows of 4 pixels: ask for 1 to 4");
    let one = fit(LinearKind::Pca, false, &rows[..4], &weights[..4], 4, 1).unwrap_err();
    assert_eq!(one, NumericsError::TooFewRows);
    let dark = fit(LinearKind::Nmf, false, &[-1.0; 8], &[1.0; 8], 4, 1).unwrap_err().to_string();
    assert_eq!(dark, "nothing is left to fit: every value is missing or at most 0");
}

proptest! {
    /// The conditions that only the optimum meets (Karush, Kuhn & Tucker): no gradient where a coordinate is free, and
    /// none that leads upward from where it is held at 0.
    #[test]
    fn nnls_meets_its_conditions(
        components in proptest::collection::vec(0.0f32..1.0, 40),
        row in proptest::collection::vec(-1.0f32..2.0, 10),
        weight in proptest::collection::vec(0.1f32..3.0, 10),
    ) {
        let nmf = Nmf { width: 10, components: components.clone() };
        let a = nmf.project(&row, Some(&weight));
        let model = |pixel: usize| (0..4).map(|p| f64::from(a[p]) * f64::from(components[p * 10 + pixel])).sum::<f64>();
        for p in 0..4 {
            let slope: f64 = (0..10)
                .map(|j| f64::from(weight[j]) * f64::from(components[p * 10 + j]) * (f64::from(row[j]) - model(j)))
                .sum();
            prop_assert!(a[p] >= 0.0);
            prop_assert!(slope < 1e-4 && (a[p] == 0.0 || slope > -1e-4), "latent {} at {}: slope {}", p, a[p], slope);
        }
    }
}

/// Positive spectra of three shapes with noise whose size differs from pixel to pixel, and weights to match; one value
/// in ten is missing, and 0.
fn spectra(count: usize, width: usize) -> (Vec<f32>, Vec<f32>) {
    let mut state = 7u64;
    let mut draw = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 40) as f32 / (1u64 << 24) as f32
    };
    let (mut rows, mut weights) = (Vec::new(), Vec::new());
    for _ in 0..count {
        let strength = [draw(), draw(), draw()];
        for pixel in 0..width {
            let x = pixel as f32 / width as f32;
            let shape = [1.0 - x, x, (-(x - 0.5).powi(2) / 0.01).exp()];
            let clean: f32 = strength.iter().zip(shape).map(|(a, shape)| a * shape).sum();
            let sigma = 0.02 + 0.6 * draw().powi(4);
            let missing = draw() < 0.1;
            let noise = sigma * 1.7 * (2.0 * draw() - 1.0);
            rows.push(if missing { 0.0 } else { clean + noise });
            weights.push(if missing { 0.0 } else { 1.0 / (sigma * sigma) });
        }
    }
    (rows, weights)
}

fn fit(
    kind: LinearKind,
    weighted: bool,
    rows: &[f32],
    weights: &[f32],
    width: usize,
    k: usize,
) -> Result<LinearModel, NumericsError> {
    LinearModel::fit(&LinearConfig { kind, weighted, components: k, seed: 1 }, rows, weights, width, on)
}

fn on(_: FitProgress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn case(name: &str) -> Value {
    let text = include_str!("../../fixtures/baseline/linear.json");
    serde_json::from_str::<Value>(text).expect("the fixture is JSON")[name].clone()
}

fn doubles(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list of numbers").iter().map(number).collect()
}

fn floats(value: &Value) -> Vec<f32> {
    doubles(value).into_iter().map(|value| value as f32).collect()
}

fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

fn size(value: &Value) -> usize {
    number(value) as usize
}

/// Within `tolerance` of the largest of the numbers.
fn assert_close(found: &[f32], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    let scale = expected.iter().fold(0.0f64, |largest, value| largest.max(value.abs()));
    for (at, (&found, expected)) in found.iter().zip(expected).enumerate() {
        let off = (f64::from(found) - expected).abs();
        assert!(off <= tolerance * scale, "number {at}: {found}, expected {expected}");
    }
}

fn assert_all_relative(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    found.iter().zip(expected).for_each(|(&found, &expected)| assert_relative(found, expected, tolerance));
}

fn assert_relative(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance * expected.abs(), "{found}, expected {expected}");
}

fn assert_orthonormal(components: &[f32], width: usize) {
    for (i, left) in components.chunks_exact(width).enumerate() {
        for (j, right) in components.chunks_exact(width).enumerate() {
            let product: f64 = left.iter().zip(right).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
            assert!((product - f64::from(u8::from(i == j))).abs() < 1e-6, "components {i} and {j}: {product}");
        }
    }
}
