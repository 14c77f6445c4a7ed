//! Redshift by trial on simulated and real spectra, with principal components for a model.

use spectrascape::latent::redshift::velocity_difference;
use spectrascape::latent::{LatentError, RedshiftEstimate, TrialOptions, redshift_by_trial};
use spectrascape::preprocess::{REDSHIFT_RANGE, Recipe};
use spectrascape::simulator;
use spectrascape::spectrum::ObservedSpectrum;

use crate::latent::linear_decoder::model;
use crate::real;

fn estimate(observed: &ObservedSpectrum, options: &TrialOptions) -> Result<RedshiftEstimate, LatentError> {
    let reconstruct = |rows: &[f32]| model().reconstruct(rows);
    redshift_by_trial(observed, Recipe::standard(), &model().basis, options, reconstruct)
}

#[test]
fn simulated_galaxies_get_their_redshift_back() {
    let options = TrialOptions::standard();
    let spectra =
        (0..60).map(|index| simulator::simulate(99, index)).filter(|s| s.parameters.oddity.code() == 0).take(10);
    let (mut right, mut all) = (0, 0);
    for spectrum in spectra {
        let found = estimate(&spectrum.observed, &options).unwrap();
        right += usize::from(velocity_difference(found.best.redshift, spectrum.parameters.redshift).abs() < 300.0);
        all += 1;
        assert!(found.confidence() >= 1.0);
        assert!(found.curve.is_sorted_by(|a, b| a.redshift < b.redshift));
        assert!(found.curve.iter().all(|trial| trial.score >= 0.0 && trial.pixels >= 200));
    }
    println!("{right} of {all} within 300 km/s");
    assert!(right + 1 >= all, "{right} of {all} within 300 km/s");
}

#[test]
fn real_galaxies_get_their_redshift_back() {
    let (mut right, mut all) = (0, 0);
    for folder in ["dr7", "dr8"] {
        let Some(files) = real::files(folder) else { return };
        for (name, bytes) in files {
            let Ok(observed) = real::fits_spectrum(&name, &bytes) else { continue };
            let Some(redshift) = observed.redshift.filter(|redshift| (0.0..0.36).contains(redshift)) else { continue };
            let found = estimate(&observed, &TrialOptions::standard()).unwrap();
            let off = velocity_difference(found.best.redshift, redshift);
            println!("{name}: {redshift:.4}, found {:.4}: {off:.0} km/s off", found.best.redshift);
            right += usize::from(off.abs() < 300.0);
            all += 1;
        }
    }
    println!("{right} of {all} within 300 km/s");
    assert!(all >= 10 && 10 * right >= 9 * all, "{right} of {all} within 300 km/s");
}

/// A narrow range finds what the whole one does, and the fine step what is between coarse ones.
#[test]
fn a_narrow_range_is_enough_where_the_redshift_is_in_it() {
    let spectrum = simulator::simulate(99, 0);
    let redshift = spectrum.parameters.redshift;
    let options = TrialOptions { low: redshift - 0.005, high: redshift + 0.005, batch: 7, ..TrialOptions::standard() };
    let found = estimate(&spectrum.observed, &options).unwrap();
    assert!(velocity_difference(found.best.redshift, redshift).abs() < 150.0);
    let lone = TrialOptions { low: redshift, high: redshift, ..TrialOptions::standard() };
    let found = estimate(&spectrum.observed, &lone).unwrap();
    assert_eq!((found.best.redshift, found.second), (redshift, None));
    assert_eq!(found.confidence(), f64::INFINITY);
}

#[test]
fn ranges_and_steps_that_make_no_sense_are_refused() {
    let spectrum = simulator::simulate(99, 0).observed;
    let standard = TrialOptions::standard();
    assert_eq!((standard.low, standard.high), REDSHIFT_RANGE);
    for (low, high) in [(-0.1, 0.2), (0.1, 0.37), (0.2, 0.1), (f64::NAN, 0.1), (0.0, f64::INFINITY)] {
        let error = estimate(&spectrum, &TrialOptions { low, high, ..standard }).unwrap_err();
        assert!(matches!(error, LatentError::TrialRange { .. }));
        assert!(!error.to_string().contains('\n'));
    }
    for options in [TrialOptions { step: 0.0, ..standard }, TrialOptions { fine_step: f64::NAN, ..standard }] {
        assert!(matches!(estimate(&spectrum, &options), Err(LatentError::OutOfRange { .. })));
    }
    let nothing = ObservedSpectrum { flux: vec![0.0; spectrum.flux.len()], ..spectrum.clone() };
    let short = TrialOptions { high: 0.01, ..standard };
    assert!(matches!(estimate(&nothing, &short), Err(LatentError::NoTrial(_))));
    let empty = ObservedSpectrum { flux: vec![], error: vec![], log_wavelength: vec![], ..spectrum.clone() };
    assert!(matches!(estimate(&empty, &short), Err(LatentError::NoTrial(_))));
    let wrong = redshift_by_trial(&spectrum, Recipe::standard(), &model().basis, &short, |_| vec![0.0; 3]);
    assert!(matches!(wrong, Err(LatentError::Shape { .. })));
}

#[test]
fn zz_dump() {
    let bytes =
        std::fs::read(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("public/models/vae6.safetensors")).unwrap();
    let vae = spectrascape::vae::Model::from_bytes("vae6", &bytes, &spectrascape::vae::inference::device()).unwrap();
    let n: u64 = std::env::var("DUMP").unwrap_or("3".into()).parse().unwrap();
    for index in 0..n {
        let s = simulator::simulate(2026 + 1000, index);
        if s.observed.class == spectrascape::spectrum::Class::Star {
            continue;
        }
        println!("SPEC {index} {} {} {}", s.parameters.redshift, s.observed.median_snr(), s.parameters.oddity.code());
        let est = redshift_by_trial(&s.observed, vae.card.recipe, &vae.infill, &TrialOptions::standard(), |flux| {
            vae.decode(&vae.encode(flux, &vec![1.0; flux.len()]).mean)
        });
        let Ok(est) = est else { continue };
        println!(
            "BEST {} {} {} {} {}",
            est.best.redshift,
            est.best.chi2,
            est.best.pixels,
            est.best.score,
            est.confidence()
        );
    }
}
