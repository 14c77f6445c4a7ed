//! Files from public reports, with right answers by astropy and NumPy.

use spectrascape::formats::{self, Observation, ReadOptions};
use spectrascape::spectrum::{Class, ObservedSpectrum, SkyPosition, SourceId};

use crate::real;

fn case(name: &str) -> Option<Observation> {
    let bytes = std::fs::read(real::path(&format!("cases/{name}"))?).unwrap();
    let mut read = formats::read(name, &bytes).unwrap_or_else(|refusal| panic!("{refusal}"));
    assert_eq!(read.len(), 1, "{name}");
    Some(read.remove(0))
}

/// Sum of flux times wavelength step over good pixels between two wavelengths.
fn band(spectrum: &ObservedSpectrum, low: f64, high: f64) -> f64 {
    let step = spectrum.log_wavelength[1] - spectrum.log_wavelength[0];
    let pixels = spectrum.log_wavelength.iter().zip(&spectrum.flux).zip(&spectrum.error);
    pixels
        .map(|((log, flux), error)| (10f64.powf(*log), f64::from(*flux), *error))
        .filter(|(wavelength, _, error)| (low..high).contains(wavelength) && *error > 0.0)
        .map(|(wavelength, flux, _)| flux * wavelength * step * std::f64::consts::LN_10)
        .sum()
}

fn same_pixels(read: &ObservedSpectrum, right: &ObservedSpectrum) {
    assert_eq!(read.flux.len(), right.flux.len());
    let near = |a: &f64, b: &f64| (a - b).abs() < 2e-6;
    assert!(read.log_wavelength.iter().zip(&right.log_wavelength).all(|(a, b)| near(a, b)));
    assert_eq!(read.flux, right.flux);
    assert!(read.error.iter().zip(&right.error).all(|(a, b)| (a - b).abs() <= 1e-5 * b.abs()));
}

#[test]
fn sdss_v_is_read_as_the_plain_layout_is() {
    let name = "spec-112360-60000-27021598150202075.fits";
    let (Some(read), Some(right)) = (case(name), case(&format!("right/{name}"))) else { return };
    same_pixels(&read.spectrum, &right.spectrum);
    assert_eq!(read.spectrum.id, SourceId::sdss_v(112_360, 60_000, 27_021_598_150_202_075));
    assert_eq!(read.spectrum.id.to_string(), "sdssv:112360-60000-27021598150202075");
    assert_eq!((read.spectrum.redshift, read.spectrum.class), (right.spectrum.redshift, right.spectrum.class));
    assert_eq!(read.spectrum.object.redshift_warning, Some(0));
    // By specutils: 3828 pixels from 3809.8 to 9196.0 Angstrom.
    assert_eq!(read.spectrum.flux.len(), 3828);
    assert!((10f64.powf(read.spectrum.log_wavelength[3827]) - 9196.0).abs() < 0.1);
}

#[test]
fn a_coadd_alone_is_read_without_a_redshift() {
    let (Some(read), Some(right)) = (case("spec-coadd-only.fits"), case("right/spec-coadd-only.fits")) else { return };
    same_pixels(&read.spectrum, &right.spectrum);
    assert_eq!(read.spectrum.id, SourceId::sdss(9001, 57000, 1));
    assert_eq!((read.spectrum.redshift, read.spectrum.class), (None, Class::Unknown));
}

#[test]
fn packed_files_are_read() {
    let name = "spec-9001-57000-0004.fits";
    let (Some(read), Some(right)) = (case(&format!("{name}.gz")), case(&format!("right/{name}"))) else { return };
    assert_eq!(read.spectrum.flux, right.spectrum.flux);
    assert_eq!(read.spectrum.redshift, right.spectrum.redshift);
}

#[test]
fn desi_arms_are_joined() {
    let Some(read) = case("desi-coadd-4-80613.fits") else { return };
    let spectrum = &read.spectrum;
    assert_eq!(spectrum.id, SourceId::desi(39_633_345_008_634_465));
    assert_eq!(spectrum.redshift, None, "redrock's file is not beside it");
    // By NumPy: flux between two wavelengths in one arm, and where B and R overlap, by inverse variance.
    assert!((band(spectrum, 6000.0, 7000.0) - 1276.34).abs() < 1.5, "{}", band(spectrum, 6000.0, 7000.0));
    let overlap = band(spectrum, 5765.2, 5794.8);
    assert!((overlap - 38.21).abs() < 1.0, "{overlap}");
    assert!(read.notes.iter().all(|note| !note.contains("air")), "{:?}", read.notes);
}

#[test]
fn lamost_is_read() {
    let (Some(read), Some(right)) = (case("lamost-dr9-table.fits"), case("right/lamost-dr9-table.fits")) else {
        return;
    };
    same_pixels(&read.spectrum, &right.spectrum);
    assert_eq!(read.spectrum.redshift, Some(0.07));
    let Some(path) = real::path("other/lamost_spec-55862-B6212_sp06-003.fits") else { return };
    let old = formats::read("old.fits", &std::fs::read(path).unwrap()).unwrap().remove(0).spectrum;
    // By astropy.
    assert_eq!((old.class, old.redshift), (Class::Star, Some(-7.138e-5)));
    assert_eq!(old.object.position, SkyPosition::new(99.316263, 27.23237));
    assert_eq!(old.object.subclass.as_deref(), Some("F9"));
    assert_eq!((old.flux[2000], old.log_wavelength.len()), (1373.233, 3904));
    assert!(
        (old.log_wavelength[0] - 3.5682).abs() < 1e-9
            && (old.error[2000] - 4.263_249e-3_f32.sqrt().recip()).abs() < 1e-4
    );
}

#[test]
fn an_axis_in_air_is_converted() {
    let Some(read) = case("muse-1d-awav.fits") else { return };
    // The blue edge of its first pixel, half of 1.25 Angstrom below 4751.328.
    assert!((10f64.powf(read.spectrum.log_wavelength[0]) - 4751.3).abs() < 1.0);
    assert!(
        read.notes.iter().any(|note| note.contains("in air, as the file says; they were converted")),
        "{:?}",
        read.notes
    );
    let Some(path) = real::path("cases/muse-1d-awav.fits") else { return };
    let options = ReadOptions { medium: Some(formats::Medium::Vacuum), ..ReadOptions::default() };
    let vacuum = formats::read_with("m.fits", &std::fs::read(path).unwrap(), &options).unwrap().remove(0);
    let shift = 10f64.powf(read.spectrum.log_wavelength[0]) - 10f64.powf(vacuum.spectrum.log_wavelength[0]);
    assert!((shift - 1.328).abs() < 0.01, "{shift}");
    assert!(vacuum.notes.iter().any(|note| note.contains("as you chose")), "{:?}", vacuum.notes);
    // By astropy: the flux of pixel 100 and its error, at 4876.36 in vacuum, in 1e-20.
    let near = read.spectrum.log_wavelength.iter().position(|log| 10f64.powf(*log) > 4876.36).unwrap();
    assert!((f64::from(read.spectrum.flux[near]) / 0.058_872 - 1.0).abs() < 0.2, "{}", read.spectrum.flux[near]);
}

#[test]
fn jwst_in_micrometres_and_microjansky_is_read() {
    let Some(read) = case("jwst-msaexp-933.spec.fits") else { return };
    // By NumPy, flux a wavelength in 1e-17 erg/s/cm^2/Angstrom; power-of-ten scaling is undone by the ratio of bands.
    let ratio = band(&read.spectrum, 20_000.0, 30_000.0) / band(&read.spectrum, 35_000.0, 45_000.0);
    assert!((ratio / 9.680_43 - 1.0).abs() < 0.03, "{ratio}");
    assert!(read.notes.iter().any(|note| note.contains("vacuum is assumed")), "{:?}", read.notes);
}

#[test]
fn a_deep_negative_feature_is_masked_with_a_note() {
    let (Some(read), Some(right)) = (case("negative_artefact.fits"), case("right/negative_artefact.fits")) else {
        return;
    };
    assert!(read.notes.iter().any(|note| note.contains("8449") && note.contains("masked")), "{:?}", read.notes);
    let bad = |one: &Observation| -> Vec<usize> { (0..3828).filter(|&i| one.spectrum.error[i] <= 0.0).collect() };
    let (masked, wanted) = (bad(&read), bad(&right));
    // All that is over 3 errors below its neighbours, by NumPy pixels 3450 to 3466, and nothing of the sound ones.
    assert!((3450..=3466).all(|pixel| masked.contains(&pixel)), "{masked:?}");
    assert!(masked.iter().all(|pixel| wanted.contains(pixel)), "{masked:?}");
}

#[test]
fn values_that_are_not_numbers_are_bad_pixels_and_flags_are_none() {
    let (Some(read), Some(right)) = (case("nan_and_infinite.fits"), case("right/nan_and_infinite.fits")) else {
        return;
    };
    let good = |one: &Observation, i: usize| one.spectrum.error[i] > 0.0 && one.spectrum.flux[i].is_finite();
    assert!((0..3828).all(|i| good(&read, i) == good(&right, i)));
    let Some(flagged) = case("all_pixels_flagged.fits") else { return };
    assert!(flagged.spectrum.error.iter().filter(|error| **error > 0.0).count() > 3700);
}

#[test]
fn facts_of_the_object_are_read() {
    let Some(path) = real::path("dr8/spec-3655-55240-0660.fits") else { return };
    let dr8 = real::fits_spectrum("a.fits", &std::fs::read(path).unwrap()).unwrap().object;
    let Some(path) = real::path("dr7/spSpec-52235-0750-459.fit") else { return };
    let dr7 = real::fits_spectrum("a.fit", &std::fs::read(path).unwrap()).unwrap().object;
    // By astropy.
    assert_eq!(dr7.position, SkyPosition::new(0.0087588679, 15.881756));
    assert_eq!((dr7.redshift_error, dr7.redshift_warning), (Some(9.61905e-5), Some(0)));
    let position = dr8.position.unwrap();
    assert!((position.ra - 109.950_06).abs() < 1e-6 && (position.dec - 39.899_133).abs() < 1e-6, "{position:?}");
    assert_eq!((dr8.redshift_warning, dr8.subclass.as_deref()), (Some(0), Some("BROADLINE")));
}
