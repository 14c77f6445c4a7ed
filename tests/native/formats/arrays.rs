//! Spectra from arrays.

use spectrascape::formats::{Medium, from_arrays};

/// Wavelengths `[n]` as SDSS spaces them, from 3800 Angstrom.
fn even(pixels: usize) -> Vec<f64> {
    (0..pixels).map(|i| 3800.0 * 10f64.powf(1e-4 * i as f64)).collect()
}

#[test]
fn even_pixels_stay_as_they_are_and_padding_is_left_out() {
    let mut wavelength = even(100);
    let flux: Vec<f64> = (0..104).map(f64::from).collect();
    let mut ivar = vec![4.0; 104];
    (ivar[3], ivar[4], ivar[5]) = (0.0, f64::NAN, -1.0);
    wavelength.extend([-1.0, 0.0, f64::NAN, f64::INFINITY]);
    let observation = from_arrays("mine", Medium::Vacuum, &wavelength, &flux, Some(&ivar)).unwrap();
    let spectrum = observation.spectrum;
    assert!(observation.notes.is_empty(), "{:?}", observation.notes);
    assert_eq!((spectrum.flux.len(), spectrum.error.len()), (100, 100));
    for (pixel, wavelength) in wavelength[..100].iter().enumerate() {
        let bad = (3..6).contains(&pixel);
        assert_eq!(spectrum.error[pixel], if bad { 0.0 } else { 0.5 });
        assert!(bad || spectrum.flux[pixel] == pixel as f32);
        assert!((10f64.powf(spectrum.log_wavelength[pixel]) - wavelength).abs() < 1e-6);
    }
    assert!(spectrum.id.is_none() && spectrum.redshift.is_none());
}

#[test]
fn pixels_of_one_wavelength_are_averaged_by_inverse_variance() {
    let (mut wavelength, mut flux, mut ivar) = (even(50), vec![1.0; 50], vec![1.0; 50]);
    wavelength.push(wavelength[10]);
    flux.push(5.0);
    ivar.push(3.0);
    let observation = from_arrays("mine", Medium::Vacuum, &wavelength, &flux, Some(&ivar)).unwrap();
    // (1 x 1 + 3 x 5) / 4, and an inverse variance of 4.
    assert_eq!((observation.spectrum.flux[10], observation.spectrum.error[10]), (4.0, 0.5));
    assert!(observation.notes[0].starts_with("1 pixels repeat"), "{:?}", observation.notes);
}

#[test]
fn wavelengths_in_air_are_converted() {
    // Morton (1991): 5000 Angstrom in air are 5001.394 in vacuum.
    let wavelength: Vec<f64> = (0..40).map(|i| 5000.0 * 10f64.powf(1e-4 * f64::from(i))).collect();
    let observation = from_arrays("mine", Medium::Air, &wavelength, &[1.0; 40], Some(&[1.0; 40])).unwrap();
    let first = 10f64.powf(observation.spectrum.log_wavelength[0]);
    assert!((first - 5001.394).abs() < 2e-3, "{first}");
}

#[test]
fn noise_is_estimated_where_there_is_no_inverse_variance() {
    let flux: Vec<f64> = (0..200).map(|i| if i % 4 < 2 { 10.0 } else { 11.0 }).collect();
    let observation = from_arrays("mine", Medium::Vacuum, &even(200), &flux, None).unwrap();
    assert!(observation.spectrum.error.iter().all(|error| *error > 0.0));
    assert!(observation.notes[0].contains("estimated"), "{:?}", observation.notes);
}

#[test]
fn what_is_no_spectrum_is_said() {
    let says = |wavelength: &[f64], flux: &[f64], ivar: &[f64], what: &str| {
        let error = from_arrays("mine", Medium::Vacuum, wavelength, flux, Some(ivar)).unwrap_err().to_string();
        assert!(error.starts_with("mine ") && error.contains(what), "{error}");
    };
    says(&even(9), &[1.0; 8], &[1.0; 9], "9 values of wavelength, of flux 8");
    says(&[], &[], &[], "0 wavelengths above 0");
    says(&[-1.0; 9], &[1.0; 9], &[1.0; 9], "0 wavelengths above 0");
    says(&even(9), &[1.0; 9], &[0.0; 9], "positive error");
    says(&even(9), &[f64::NAN; 9], &[1.0; 9], "positive error");
}
