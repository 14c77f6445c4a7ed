//! Redshift by trial on simulated and real spectra, with principal components for a model.

use spectrascape::latent::redshift::velocity_difference;
use spectrascape::latent::{LatentError, RedshiftEstimate, TrialOptions, redshift_by_trial};
use spectrascape::preprocess::{REDSHIFT_RANGE, Recipe};
use spectrascape::simulator::{self, SimulatedSpectrum};
use spectrascape::spectrum::ObservedSpectrum;
use spectrascape::vae::Model;
use spectrascape::vae::inference::device;

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

/// The stated errors against the true ones, with the shipped model: about two thirds within one, nearly all within two.
#[test]
fn the_stated_error_is_that_of_the_redshift() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("public/models/vae6.safetensors");
    let bytes = std::fs::read(path).expect("the shipped model");
    let count: u64 = 60;
    let pulls = &|part: u64| {
        let vae = Model::from_bytes("vae6", &bytes, &device()).unwrap();
        let ordinary =
            (0..count).filter(|index| index % 2 == part).map(|index| (index, simulator::simulate(3026, index)));
        let ordinary = ordinary.filter(|(_, spectrum)| spectrum.parameters.oddity.code() == 0);
        let mut pulls = Vec::new();
        for (index, SimulatedSpectrum { observed, parameters, .. }) in ordinary {
            let options = TrialOptions::standard();
            let found = redshift_by_trial(&observed, vae.card.recipe, &vae.infill, &options, |flux| {
                vae.decode(&vae.encode(flux, &vec![1.0; flux.len()]).mean)
            })
            .unwrap();
            let off = velocity_difference(found.best.redshift, parameters.redshift);
            let error = velocity_difference(found.error, 0.0) / (1.0 + parameters.redshift);
            println!(
                "SPEC {index} z {} off {off} error {error} snr {} chi2 {} score {} confidence {}",
                parameters.redshift,
                observed.median_snr(),
                found.best.chi2,
                found.best.score,
                found.confidence()
            );
            if found.is_trusted() {
                pulls.push(off / error);
            }
        }
        pulls
    };
    let pulls: Vec<f64> = std::thread::scope(|scope| {
        let parts: Vec<_> = (0..2).map(|part| scope.spawn(move || pulls(part))).collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    });
    let within = |errors: f64| pulls.iter().filter(|pull| pull.abs() < errors).count() as f64 / pulls.len() as f64;
    println!("{} spectra: {:.2} within one error, {:.2} within two", pulls.len(), within(1.0), within(2.0));
    assert!(
        (0.6..0.9).contains(&within(1.0)) && within(2.0) > 0.9,
        "{:.2} within one error, {:.2} within two",
        within(1.0),
        within(2.0)
    );
}
