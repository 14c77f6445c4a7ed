//! Infill and PCA against analytic cases, and NumPy's numbers.

use spectrascape::numerics::pca::Pca;
use spectrascape::preprocess::{InfillBasis, Normalization};
use spectrascape::spectrum::{PIXELS, RestFrameSpectrum};

/// NumPy's eigenvalues, the largest first.
const EIGENVALUES: [f32; 3] = [4.225992, 2.679807, 0.653844];
/// NumPy's eigenvectors in the same order, one after the other.
const COMPONENTS: [f32; 9] =
    [0.958628, -0.262337, -0.110511, 0.231958, 0.944910, -0.230956, 0.165011, 0.195767, 0.966668];

/// Numbers that look random, the same everywhere, from -0.5 to 0.5.
fn noise(seed: u64) -> impl FnMut() -> f32 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 40) as f32 / (1u64 << 24) as f32 - 0.5
    }
}

/// 400 spectra: a mean and three shapes of falling strength, a little noise; each in another unit.
fn spectra(mut masked: impl FnMut(usize, usize) -> bool) -> (Vec<RestFrameSpectrum>, Vec<Vec<f32>>) {
    let mut draw = noise(7);
    let mut truths = Vec::new();
    let spectra = (0..400).map(|n| {
        let [a, b, c] = [0.8 * draw(), 0.4 * draw(), 0.2 * draw()];
        let unit = 10.0 + 100.0 * (draw() + 0.5);
        let truth: Vec<f32> = (0..PIXELS)
            .map(|i| {
                let x = i as f32 / PIXELS as f32;
                unit * (1.0 + a * (x - 0.5) + b * (12.0 * x).sin() + c * (-0.5 * ((x - 0.7) / 0.01).powi(2)).exp())
            })
            .collect();
        let mask: Vec<bool> = (0..PIXELS).map(|i| masked(n, i)).collect();
        let flux =
            truth.iter().zip(&mask).map(|(&f, &bad)| if bad { 999.0 } else { f + 0.01 * unit * draw() }).collect();
        let ivar = mask.iter().map(|&bad| if bad { 0.0 } else { 1.0 }).collect();
        truths.push(truth);
        RestFrameSpectrum { flux, ivar, mask }
    });
    (spectra.collect(), truths)
}

/// Largest difference over masked pixels, relative to the truth's root mean square.
fn error(basis: &InfillBasis, spectrum: &RestFrameSpectrum, truth: &[f32]) -> f32 {
    let filled = basis.fill_scaled(&spectrum.flux, &spectrum.mask);
    let unit = Normalization::Rms.of(truth);
    let mut worst = 0.0f32;
    for i in 0..PIXELS {
        if spectrum.mask[i] {
            worst = worst.max((filled[i] - truth[i]).abs() / unit);
        } else {
            assert_eq!(filled[i], spectrum.flux[i]);
        }
    }
    worst
}

#[test]
fn gaps_are_filled_from_the_other_spectra() {
    // Each lacks a tenth at another place, as redshifts do it, and every fourth its whole red half.
    let (spectra, truths) = spectra(|n, i| (i + 37 * n) % PIXELS < 100 || (n % 4 == 0 && i >= 500));
    let mut calls = Vec::new();
    let basis = InfillBasis::fit(&spectra, 10, 20, |done, all| calls.push((done, all)));
    assert_eq!(calls, (1..=20).map(|done| (done, 20)).collect::<Vec<_>>());
    assert_eq!((basis.mean.len(), basis.components.len(), basis.eigenvalues.len()), (PIXELS, 10 * PIXELS, 10));
    assert!(basis.eigenvalues.is_sorted_by(|a, b| a >= b));
    let (mut seen, mut unseen) = (0.0f32, 0.0f32);
    for (spectrum, truth) in spectra.iter().zip(&truths) {
        let error = error(&basis, spectrum, truth);
        // The line at pixel 700 is of its own strength in each: where it is masked, nothing can tell it.
        let line_seen = !spectrum.mask[650..750].contains(&true);
        let worst = if line_seen { &mut seen } else { &mut unseen };
        *worst = worst.max(error);
    }
    println!("largest error of a fill: {seen} where the line is seen, {unseen} where it is not");
    // The noise is 0.01 wide.
    assert!(seen < 0.02, "{seen}");
    // Over all, less than a third of the squared error that the mean spectrum would leave.
    let squared = |basis: &InfillBasis| -> f32 {
        spectra.iter().zip(&truths).map(|(spectrum, truth)| error(basis, spectrum, truth).powi(2)).sum()
    };
    let (ours, mean) = (squared(&basis), squared(&InfillBasis::mean_only(basis.mean.clone(), 10)));
    println!("largest errors squared, summed: {ours} from components, {mean} from the mean spectrum");
    assert!(ours < 0.3 * mean, "{ours} {mean}");
}

#[test]
fn without_gaps_the_components_are_those_of_pca() {
    let (spectra, _) = spectra(|_, _| false);
    let basis = InfillBasis::fit(&spectra, 3, 20, |_, _| {});
    let rows: Vec<f32> = spectra
        .iter()
        .flat_map(|spectrum| {
            let norm = Normalization::Rms.of(&spectrum.flux);
            spectrum.flux.iter().map(move |flux| flux / norm)
        })
        .collect();
    let pca = Pca::fit(&rows, PIXELS, 3);
    for k in 0..3 {
        let component = |of: &[f32]| of[k * PIXELS..(k + 1) * PIXELS].to_vec();
        let (a, b) = (component(&basis.components), component(&pca.components));
        let cosine: f32 = a.iter().zip(&b).map(|(a, b)| a * b).sum();
        assert!(cosine > 0.9999, "component {k}: {cosine}");
        assert!((basis.eigenvalues[k] / pca.eigenvalues[k] - 1.0).abs() < 1e-4);
    }
}

#[test]
fn the_fill_is_the_ridge_solution() {
    // Two orthonormal components over four kinds of pixel; the equations are small enough to do by hand.
    // e1 = 1/sqrt(1000) everywhere, e2 = +-1/sqrt(1000) on even and odd pixels, mean 0, eigenvalues 1000 and 1000.
    let unit = (1.0 / PIXELS as f32).sqrt();
    let e1 = vec![unit; PIXELS];
    let e2: Vec<f32> = (0..PIXELS).map(|i| if i % 2 == 0 { unit } else { -unit }).collect();
    let basis =
        InfillBasis { mean: vec![0.0; PIXELS], components: [e1, e2].concat(), eigenvalues: vec![1000.0, 1000.0] };
    // Even pixels are 3, odd ones 1: both coefficients are exact, no residual, so the prior does not pull.
    let mut flux: Vec<f32> = (0..PIXELS).map(|i| if i % 2 == 0 { 3.0 } else { 1.0 }).collect();
    let mask: Vec<bool> = (0..PIXELS).map(|i| i >= 500).collect();
    flux[500..].fill(f32::NAN);
    basis.fill(&mut flux, &mask);
    assert!(
        flux[500..].iter().enumerate().all(|(i, &f)| (f - if i % 2 == 0 { 3.0 } else { 1.0 }).abs() < 1e-2),
        "{flux:?}"
    );
    // Nothing is good: the mean. Nothing is bad: nothing changes.
    let mut lost = vec![5.0; PIXELS];
    basis.fill(&mut lost, &vec![true; PIXELS]);
    assert!(lost.iter().all(|&f| f == 0.0));
    let mut whole = vec![5.0; PIXELS];
    basis.fill(&mut whole, &vec![false; PIXELS]);
    assert!(whole.iter().all(|&f| f == 5.0));
}

#[test]
fn a_set_too_small_for_ten_components_still_fills() {
    let (spectra, _) = spectra(|n, i| (i + 37 * n) % PIXELS < 100);
    for count in 0..4 {
        let basis = InfillBasis::fit(&spectra[..count], 10, 5, |_, _| {});
        let filled = basis.fill_scaled(&spectra[5].flux, &spectra[5].mask);
        assert!(filled.iter().all(|value| value.is_finite()), "{count}");
    }
}

#[test]
fn pca_matches_numpy() {
    // numpy.linalg.eigh(numpy.cov(rows.T)) of these eight rows of three; each component's largest
    // element made positive.
    let rows: [f32; 24] = [
        2.5, 0.5, 1.0, 2.4, 0.7, 1.1, -1.9, 2.2, 0.3, 1.9, -2.2, 0.4, 3.1, 3.0, -0.6, 2.3, 2.7, 0.2, -2.0, 1.6, 1.5,
        1.0, 1.1, -1.2,
    ];
    let pca = Pca::fit(&rows, 3, 3);
    for (ours, numpy) in pca.eigenvalues.iter().zip(EIGENVALUES) {
        assert!((ours - numpy).abs() < 1e-5, "{ours} {numpy}");
    }
    for (ours, numpy) in pca.components.iter().zip(COMPONENTS) {
        assert!((ours - numpy).abs() < 1e-5, "{ours} {numpy}");
    }
    let back = pca.reconstruct(&pca.project(&rows[..3]));
    assert!(back.iter().zip(&rows).all(|(a, b)| (a - b).abs() < 1e-5));
}

#[test]
fn a_sample_is_spread_evenly_over_the_set() {
    for count in [0, 1, 63, InfillBasis::SAMPLE, InfillBasis::SAMPLE + 1, 50_000, 2_000_003] {
        let sample: Vec<usize> = InfillBasis::sample(count).collect();
        assert_eq!(sample.len(), count.min(InfillBasis::SAMPLE));
        let gap = count.div_ceil(sample.len().max(1));
        assert!(
            sample.first().is_none_or(|&first| first == 0) && sample.last().is_none_or(|&last| last + gap >= count)
        );
        assert!(sample.windows(2).all(|pair| (1..=gap).contains(&(pair[1] - pair[0]))), "{count}");
    }
}
