//! The preprocessing on made-up and on real spectra: what it keeps, what it refuses.

use spectrascape::preprocess::mask::{self, MaskOptions};
use spectrascape::preprocess::normalize::Normalization;
use spectrascape::preprocess::rebin::{self, ErrorRule};
use spectrascape::preprocess::{self, InfillBasis, Recipe};
use spectrascape::spectrum::{Class, ObjectFacts, ObservedSpectrum, PIXELS, SourceId, SpectrumError, grid, lines};

use crate::real;

/// 3840 pixels from 3800 to 9200 Angstrom, as SDSS has them.
fn flat(level: f32, error: f32) -> ObservedSpectrum {
    ObservedSpectrum {
        id: SourceId::sdss(1, 2, 3),
        redshift: Some(0.1),
        class: Class::Unknown,
        object: ObjectFacts::default(),
        log_wavelength: (0..3840).map(|i| 3.58 + 1e-4 * i as f64).collect(),
        flux: vec![level; 3840],
        error: vec![error; 3840],
    }
}

fn refusal(observed: &ObservedSpectrum, redshift: f64) -> String {
    Recipe::standard().to_rest_frame(observed, redshift).unwrap_err().to_string()
}

fn mean_basis() -> InfillBasis {
    InfillBasis::mean_only(vec![1.0; PIXELS], 10)
}

#[test]
fn a_flat_spectrum_stays_flat_and_its_errors_shrink_as_means_do() {
    let rest = Recipe::standard().to_rest_frame(&flat(4.0, 0.5), 0.1).unwrap();
    let good: Vec<usize> = (0..PIXELS).filter(|&i| !rest.mask[i]).collect();
    assert!(good.len() > 900);
    for &i in &good {
        assert!((rest.flux[i] - 4.0).abs() < 1e-5);
        // A mean of 3.9 pixels of error 0.5: 0.5 sqrt(shares squared) / 3.9, with three whole pixels and 0.9 split at the ends.
        let error = rest.ivar[i].powf(-0.5);
        assert!((0.2365..0.2504).contains(&error), "{error}");
    }
    for i in (0..PIXELS).filter(|&i| rest.mask[i]) {
        assert_eq!(rest.ivar[i], 0.0);
    }
}

#[test]
fn a_line_lands_at_its_rest_wavelength_with_its_flux() {
    let mut observed = flat(0.0, 0.1);
    let redshift = 0.07;
    let centre = (lines::H_BETA * (1.0 + redshift)).log10();
    for (flux, log_wavelength) in observed.flux.iter_mut().zip(&observed.log_wavelength) {
        *flux = (100.0 * (-0.5 * ((log_wavelength - centre) / 3e-4).powi(2)).exp()) as f32;
    }
    let rebinned = rebin::rebin(&observed, redshift, ErrorRule::Quadrature).unwrap();
    let total: f64 = rebinned.flux.iter().sum();
    let middle: f64 = rebinned.flux.iter().enumerate().map(|(i, flux)| i as f64 * flux).sum::<f64>() / total;
    assert!((middle - grid::pixel(lines::H_BETA)).abs() < 1e-3, "{middle}");
    let exact = 100.0 * 3e-4 * std::f64::consts::TAU.sqrt() / grid::COEFF1;
    assert!((total / exact - 1.0).abs() < 1e-5, "{total} {exact}");
}

#[test]
fn refusals_say_what_is_wrong() {
    let fine = flat(1.0, 0.1);
    assert_eq!(refusal(&fine, 2.232), "redshift 2.232 is outside -0.01 to 0.36, the range the paper's models cover");
    assert!(refusal(&fine, -0.011).contains("outside -0.01 to 0.36"));
    assert_eq!(refusal(&fine, f64::NAN), SpectrumError::NoRedshift.to_string());
    assert_eq!(
        preprocess::redshift_of(&ObservedSpectrum { redshift: None, ..fine.clone() }),
        Err(SpectrumError::NoRedshift)
    );
    let star = ObservedSpectrum { class: Class::Star, ..fine.clone() };
    assert!(Recipe::standard().to_rest_frame(&star, -0.0006).is_ok());
    assert!(refusal(&star, -0.02).contains("outside"));

    let infrared =
        ObservedSpectrum { log_wavelength: (0..3840).map(|i| 4.2 + 1e-4 * i as f64).collect(), ..fine.clone() };
    assert!(refusal(&infrared, 0.1).contains("does not overlap the grid"), "{}", refusal(&infrared, 0.1));
    let backwards =
        ObservedSpectrum { log_wavelength: fine.log_wavelength.iter().rev().copied().collect(), ..fine.clone() };
    assert!(refusal(&backwards, 0.1).contains("does not overlap"));
    let uneven = ObservedSpectrum { error: vec![0.1; 3], ..fine.clone() };
    assert!(refusal(&uneven, 0.1).contains("3840 fluxes, 3 errors"));
    let zero = flat(0.0, 0.1);
    assert_eq!(refusal(&zero, 0.1), SpectrumError::NoFlux.to_string());
    let unmeasured = flat(1.0, 0.0);
    assert!(refusal(&unmeasured, 0.1).contains("only 0 of the grid's 1000 pixels are good, 200 are needed"));
    let nowhere = flat(f32::NAN, 0.1);
    assert!(refusal(&nowhere, 0.1).contains("only 0 of"));
    let nothing = ObservedSpectrum { log_wavelength: vec![], flux: vec![], error: vec![], ..fine };
    assert!(refusal(&nothing, 0.1).contains("only 0 of"));
}

#[test]
fn bad_pixels_are_masked_and_do_not_spread() {
    let mut observed = flat(2.0, 0.1);
    observed.flux[1000] = f32::NAN;
    observed.flux[1500] = f32::INFINITY;
    observed.flux[2000] = 1e30;
    observed.error[2000] = 0.0;
    observed.error[2500] = f32::NAN;
    let rest = Recipe::standard().to_rest_frame(&observed, 0.1).unwrap();
    let expected = |i: usize| {
        let first = 3.58 - 1.1f64.log10();
        ((first + 1e-4 * i as f64 - grid::COEFF0) / grid::COEFF1).round() as usize
    };
    for bad in [1000, 1500, 2000, 2500] {
        assert!(rest.mask[expected(bad)], "{bad}");
    }
    let masked_inside = (expected(100)..expected(3700)).filter(|&i| rest.mask[i]).count();
    assert!((4..=24).contains(&masked_inside), "{masked_inside}");
    for i in (0..PIXELS).filter(|&i| !rest.mask[i]) {
        assert!((rest.flux[i] - 2.0).abs() < 1e-4);
    }
    let filled = Recipe::standard().finish(&rest, &mean_basis());
    assert!(filled.flux.iter().all(|flux| (flux - 1.0).abs() < 1e-4));
}

#[test]
fn sky_lines_are_masked_and_emission_lines_are_not() {
    let mut observed = flat(10.0, 1.0);
    let gaussian = |i: usize, centre: usize| (-0.5 * ((i as f32 - centre as f32) / 3.0).powi(2)).exp();
    for i in 0..observed.flux.len() {
        // A night-sky line: noise without signal. A line of the galaxy: signal, and its own photons' noise with it.
        let sky = 8.0 * gaussian(i, 1200);
        let line = 300.0 * gaussian(i, 2400);
        observed.flux[i] += line;
        observed.error[i] = (1.0 + sky * sky + line * 0.1).sqrt();
    }
    let pixel = |i: usize| ((3.58 + 1e-4 * i as f64 - 1.1f64.log10() - grid::COEFF0) / grid::COEFF1).round() as usize;
    let masks =
        |rule: ErrorRule, options: MaskOptions| mask::compute(&rebin::rebin(&observed, 0.1, rule).unwrap(), &options);
    let ours = masks(ErrorRule::Quadrature, MaskOptions::standard());
    let theirs = masks(ErrorRule::AstroMl, MaskOptions::astroml());
    assert!(ours[pixel(1200)] && theirs[pixel(1200)]);
    assert!(theirs[pixel(2400)] && !ours[pixel(2400)]);
}

#[test]
fn normalisation_keeps_signal_to_noise_and_chi2() {
    let rest = Recipe::standard().to_rest_frame(&flat(4.0, 0.5), 0.1).unwrap();
    for (rule, unit) in [(Normalization::Rms, "rms"), (Normalization::Total, "total")] {
        assert_eq!(Normalization::from_name(unit), Some(rule));
        let done = Recipe { normalization: rule, ..Recipe::standard() }.finish(&rest, &mean_basis());
        assert!((done.norm - 4.0).abs() < 1e-4, "{unit}: {}", done.norm);
        for i in 0..PIXELS {
            let before = rest.flux[i] * rest.ivar[i].sqrt();
            let after = done.flux[i] * done.ivar[i].sqrt();
            assert!(rest.mask[i] && after == 0.0 || (before / after - 1.0).abs() < 1e-5);
        }
    }
    let mut wavy = rest.clone();
    wavy.flux.iter_mut().enumerate().for_each(|(i, flux)| *flux *= 1.0 + 0.5 * (i as f32 / 50.0).sin());
    let done = Recipe::standard().finish(&wavy, &mean_basis());
    let rms = (done.flux.iter().map(|f| f * f).sum::<f32>() / PIXELS as f32).sqrt();
    assert!((rms - 1.0).abs() < 1e-5);
}

/// Every real spectrum within the models' range, by name.
fn real_spectra() -> Option<Vec<(String, ObservedSpectrum)>> {
    let mut spectra = Vec::new();
    for folder in ["dr7", "dr8"] {
        for (name, bytes) in real::files(folder)? {
            spectra.extend(real::fits_spectrum(&name, &bytes).ok().map(|spectrum| (name, spectrum)));
        }
    }
    let archive = real::path("real/gasnet3_55.npz")?;
    let spectra_of_archive = real::npz_spectra("gasnet3_55.npz", &std::fs::read(archive).unwrap()).unwrap();
    assert_eq!(spectra_of_archive.len(), 55);
    spectra.extend(spectra_of_archive.into_iter().map(|spectrum| (format!("gasnet3 {}", spectrum.id), spectrum)));
    Some(spectra)
}

#[test]
fn h_alpha_survives_the_default_mask_on_real_galaxies() {
    let Some(spectra) = real_spectra() else { return };
    let peak = grid::pixel(lines::H_ALPHA).round() as usize;
    let (mut seen, mut theirs, mut ours) = (0, 0, 0);
    let (mut their_masked, mut our_masked) = (0, 0);
    for (name, observed) in spectra {
        let Some(redshift) = observed.redshift.filter(|z| (0.0..=0.36).contains(z)) else { continue };
        if observed.class == Class::Star {
            continue;
        }
        let old = rebin::rebin(&observed, redshift, ErrorRule::AstroMl).unwrap();
        let new = rebin::rebin(&observed, redshift, ErrorRule::Quadrature).unwrap();
        // Only where the survey itself has good pixels around the line.
        if (peak - 4..=peak + 4).any(|i| new.coverage[i] < 0.99) {
            continue;
        }
        let astroml = mask::compute(&old, &MaskOptions::astroml());
        let corrected = mask::compute(&new, &MaskOptions::standard());
        seen += 1;
        theirs += usize::from(astroml[peak]);
        ours += usize::from(corrected[peak]);
        let covered = || (0..PIXELS).filter(|&i| new.coverage[i] > 0.99);
        their_masked += covered().filter(|&i| astroml[i]).count();
        our_masked += covered().filter(|&i| corrected[i]).count();
        if astroml[peak] || corrected[peak] {
            println!(
                "{name} at {redshift:.4}: H-alpha masked by astroML {}, by default {}",
                astroml[peak], corrected[peak]
            );
        }
    }
    println!("H-alpha masked in {theirs} of {seen} by astroML, in {ours} by default");
    println!("covered pixels masked: {their_masked} by astroML, {our_masked} by default");
    assert!(seen >= 30, "{seen}");
    assert!(3 * theirs >= seen, "astroML masks H-alpha in a third of them: {theirs} of {seen}");
    // What is left are night-sky lines on top of it.
    assert!(20 * ours <= seen * 2, "{ours} of {seen}");
    // Sky lines go on being masked.
    assert!(our_masked > 200, "{our_masked}");
}

#[test]
fn every_real_spectrum_goes_through_or_is_refused_in_words() {
    let Some(spectra) = real_spectra() else { return };
    let (mut through, mut refused) = (0, 0);
    for (name, observed) in &spectra {
        let redshift = preprocess::redshift_of(observed).unwrap();
        match Recipe::standard().to_rest_frame(observed, redshift) {
            Ok(rest) => {
                let good = rest.mask.iter().filter(|&&bad| !bad).count();
                let done = Recipe::standard().finish(&rest, &mean_basis());
                assert!(done.flux.iter().chain(&done.ivar).all(|value| value.is_finite()), "{name}");
                assert!(done.norm > 0.0);
                println!("{name}: redshift {redshift:.4}, {}, {good} good pixels", observed.class.name());
                through += 1;
            }
            Err(refusal) => {
                println!("{name}: {refusal}");
                assert!(matches!(refusal, SpectrumError::RedshiftOutside { .. }), "{name}: {refusal}");
                refused += 1;
            }
        }
    }
    println!("{through} through, {refused} refused");
    assert!(through > 45 && refused > 20, "{through} {refused}");
}
