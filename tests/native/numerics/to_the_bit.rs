//! What is computed in stretches or by whole numbers for speed, against the plain way, to the bit.

use spectrascape::numerics::spline::UniformSpline;
use spectrascape::spectrum::{Class, ObjectFacts, ObservedSpectrum, SourceId};

/// Numbers that look random, the same everywhere, from -0.5 to 0.5.
fn noise(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 11) as f64 / (1u64 << 53) as f64 - 0.5
    }
}

/// Second derivatives, one row after the other; the diagonal counts as settled from row 30 on, as in the spline.
fn bends(values: &[f64]) -> Vec<f64> {
    let last = values.len() - 1;
    let difference = |i: usize| values[i - 1] - 2.0 * values[i] + values[i + 1];
    let mut factors = vec![1.0 / 4.0];
    for i in 1..values.len() {
        factors.push(if i < 30 { 1.0 / (4.0 - factors[i - 1]) } else { factors[29] });
    }
    let mut bends = vec![0.0; last + 1];
    bends[1] = difference(1);
    bends[last - 1] = difference(last - 1);
    for i in 2..last - 1 {
        let mut known = 6.0 * difference(i) - bends[i - 1];
        if i == last - 2 {
            known -= bends[last - 1];
        }
        bends[i] = known * factors[i - 2];
    }
    for i in (2..last.saturating_sub(2)).rev() {
        bends[i] -= factors[i - 2] * bends[i + 1];
    }
    bends[0] = 2.0 * bends[1] - bends[2];
    bends[last] = 2.0 * bends[last - 1] - bends[last - 2];
    bends
}

fn check(values: &[f64], what: &str) {
    let (spline, bends) = (UniformSpline::new(values), bends(values));
    for i in 0..values.len() - 1 {
        let t = 0.25;
        let chord = values[i] + t * (values[i + 1] - values[i]);
        let plain = chord - t * (1.0 - t) / 6.0 * ((2.0 - t) * bends[i] + (1.0 + t) * bends[i + 1]);
        let found = spline.at(i as f64 + t);
        assert!(
            found.to_bits() == plain.to_bits() || (found.is_nan() && plain.is_nan()),
            "{what}, {i}: {found} {plain}"
        );
    }
}

#[test]
fn a_spline_in_stretches_is_that_of_one_run() {
    for length in [4, 5, 6, 7, 33, 34, 35, 36, 100, 226, 227, 228, 229, 230, 231, 500, 3842] {
        let mut draw = noise(length as u64);
        let values: Vec<f64> = (0..length).map(|_| 1e3 * draw()).collect();
        check(&values, &format!("{length} values"));
    }
}

/// The stretches' guesses are wrong here: a spike so large that the rows after it remember it for longer than a stretch warms up,
/// and what never becomes a number again.
#[test]
fn a_stretch_that_guessed_wrong_is_run_again() {
    for (place, spike) in [(900, 1e300), (958, -1e250), (1900, 1e120), (2000, f64::NAN), (3, 1e280), (3830, 1e290)] {
        let mut draw = noise(7);
        let mut values: Vec<f64> = (0..3842).map(|_| draw()).collect();
        values[place] = spike;
        check(&values, &format!("{spike} at {place}"));
    }
}

#[test]
fn the_median_is_that_of_the_sorted_ratios() {
    let mut draw = noise(3);
    for count in [1, 2, 3, 10, 999, 3841] {
        let flux: Vec<f32> = (0..count).map(|_| (draw() * 100.0) as f32).collect();
        let error: Vec<f32> = (0..count).map(|_| (draw() + 0.4) as f32).collect();
        let mut ratios: Vec<f32> =
            flux.iter().zip(&error).filter(|(_, error)| **error > 0.0).map(|(flux, error)| flux / error).collect();
        ratios.sort_by(f32::total_cmp);
        let median = ratios.get(ratios.len() / 2).copied().unwrap_or(0.0);
        assert_eq!(observed(flux, error).median_snr().to_bits(), median.to_bits(), "{count}");
    }
    let odd = [-0.0, 0.0, -0.0, f32::NAN, f32::INFINITY, -1.0, 1.0, 1e-45, -1e-45];
    let few = observed(odd.to_vec(), vec![1.0; odd.len()]);
    assert_eq!(few.median_snr().to_bits(), (-0.0f32).to_bits(), "the fourth of -1, -1e-45, -0, -0, 0, 1e-45, 1");
}

fn observed(flux: Vec<f32>, error: Vec<f32>) -> ObservedSpectrum {
    let id = SourceId::sdss(1, 2, 3);
    ObservedSpectrum {
        id,
        redshift: None,
        class: Class::Unknown,
        object: ObjectFacts::default(),
        log_wavelength: Vec::new(),
        flux,
        error,
    }
}
