//! Holds what the rows of files of many spectra are, by the NumPy that made the files.

use spectrascape::formats::Observation;

/// Returns the numbers of a key of `expected.json`, by row.
pub fn expected(json: &[u8], key: &str) -> Vec<Vec<f32>> {
    let json: serde_json::Value = serde_json::from_slice(json).unwrap();
    let row = |row: &serde_json::Value| row.as_array().unwrap().iter().map(|v| v.as_f64().unwrap() as f32).collect();
    json[key].as_array().unwrap().iter().map(row).collect()
}

/// Checks the pixels of a row: these fluxes without padding, inverse variance 11, log10 wavelength from 3.6 in steps of 1e-4. The pixel
/// 7 + `row` is bad in every file, and so are those `masked`.
pub fn assert_pixels(observation: &Observation, row: usize, fluxes: &[f32], masked: &[usize]) {
    let spectrum = &observation.spectrum;
    assert_eq!(spectrum.flux.len(), fluxes.len(), "padding is left out");
    for (pixel, flux) in fluxes.iter().enumerate() {
        if masked.contains(&pixel) || pixel == 7 + row {
            assert_eq!(spectrum.error[pixel], 0.0, "row {row}, pixel {pixel}");
            continue;
        }
        assert_eq!(spectrum.flux[pixel], *flux, "row {row}, pixel {pixel}");
        assert!((spectrum.error[pixel] - 11f32.powf(-0.5)).abs() < 1e-6);
        assert!((spectrum.log_wavelength[pixel] - (3.6 + 1e-4 * pixel as f64)).abs() < 1e-6);
    }
}
