//! Parquet files as pyarrow writes them (tests/fixtures/parquet/make.py), against NumPy's numbers.

use std::path::{Path, PathBuf};

use spectrascape::formats::{self, Archive, Observation, ReadError, ReadOptions, Source, air_to_vacuum};
use spectrascape::spectrum::{Class, SkyPosition, SourceId};

use super::damage::damaged;
use super::numpy_rows;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/parquet").join(name)
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(fixture(name)).unwrap()
}

fn read(name: &str) -> Vec<Observation> {
    formats::read(name, &bytes(name)).unwrap()
}

fn archive(name: &str) -> Archive {
    let bytes = bytes(name);
    let length = bytes.len() as u64;
    let read = move |start: u64, count: usize| Ok(bytes[start as usize..start as usize + count].to_vec().into());
    Archive::open(name, Source::new(length, read)).unwrap()
}

fn expected(key: &str) -> Vec<Vec<f32>> {
    numpy_rows::expected(&bytes("expected.json"), key)
}

fn assert_pixels(observation: &Observation, row: usize, masked: &[usize]) {
    numpy_rows::assert_pixels(observation, row, &expected("flux")[row], masked);
}

#[test]
fn the_layout_of_the_multimodal_universe_is_read() {
    let read = read("multimodal.parquet");
    assert_eq!(read.len(), 5);
    for (row, observation) in read.iter().enumerate() {
        assert_pixels(observation, row, &[20]);
        let spectrum = &observation.spectrum;
        assert_eq!(spectrum.id, SourceId::sdss(266 + row as i32, 51_602, row as i32 + 1));
        assert!((spectrum.object.redshift_error.unwrap() - 1e-5).abs() < 1e-10);
        assert_eq!(spectrum.object.redshift_warning, Some(i32::from(row == 1)));
    }
    assert_eq!(read[1].spectrum.object.position, SkyPosition::new(20.25, 2.5));
    assert_eq!((read[0].spectrum.redshift, read[2].spectrum.redshift), (Some(f64::from(0.1f32)), None));
    assert!(read[0].notes.iter().any(|note| note.contains("vacuum is assumed")), "{:?}", read[0].notes);
}

#[test]
fn rows_of_one_length_on_other_wavelengths_are_resampled_by_their_own() {
    for (row, observation) in read("linear.parquet").iter().enumerate() {
        let spectrum = &observation.spectrum;
        let start = [4000.0, 4000.0, 5200.0][row];
        assert!((10f64.powf(spectrum.log_wavelength[0]) - start).abs() < 0.8, "row {row}");
        // The mean of a straight line over a pixel is its value in the middle, but for the logarithm's curvature.
        for pixel in 5..spectrum.flux.len() - 5 {
            let expected = 10f64.powf(spectrum.log_wavelength[pixel]) / 1000.0;
            assert!((f64::from(spectrum.flux[pixel]) - expected).abs() < 1e-5, "row {row}, pixel {pixel}");
        }
    }
}

#[test]
fn the_layout_of_hats_is_read() {
    let read = read("hats.parquet");
    assert_eq!(read.len(), 5);
    for (row, observation) in read.iter().enumerate() {
        // `andmask` is set everywhere and masks nothing.
        assert_pixels(observation, row, &[]);
        assert_eq!(observation.spectrum.id, SourceId::sdss(266, 51_602, row as i32 + 1));
    }
    let subclass = |row: usize| read[row].spectrum.object.subclass.as_deref();
    assert_eq!((subclass(0), subclass(1), subclass(3)), (Some("STARBURST"), None, None));
}

#[test]
fn nested_columns_are_read_and_rows_without_a_spectrum_left_out() {
    let read = read("nested.parquet");
    assert_eq!(read.len(), 2);
    for (observation, row) in read.iter().zip([0, 4]) {
        assert_pixels(observation, row, &[]);
        assert_eq!(observation.spectrum.id, SourceId::desi(39_627_835_576_420_141 + row as i64));
        assert_eq!(observation.spectrum.object.redshift_error, Some(2e-5));
        assert_eq!(observation.spectrum.object.redshift_warning, Some(4));
        assert_eq!(observation.spectrum.object.position, SkyPosition::new(1.0, 2.0));
    }
    assert_eq!((read[0].spectrum.class, read[1].spectrum.class), (Class::Unknown, Class::BroadLineAgn));
    let said = "3 rows hold no spectrum and were left out.";
    assert!(read[0].notes.iter().any(|note| note == said), "{:?}", read[0].notes);
}

#[test]
fn lists_of_one_length_masks_of_bits_and_wavelengths_in_air_are_read() {
    let read = read("fixed.parquet");
    assert_eq!(read.len(), 5);
    for (row, observation) in read.iter().enumerate() {
        let spectrum = &observation.spectrum;
        // Plates above 8191 make numbers that only an integer without a sign holds.
        assert_eq!(spectrum.id, SourceId::sdss(9000 + row as i32, 57_000, 7));
        assert!(observation.notes.iter().any(|note| note.contains("in air, as `AIRORVAC` in its metadata says")));
        let first = air_to_vacuum(10f64.powf(3.6)).log10();
        assert!((spectrum.log_wavelength[0] - first).abs() < 1e-6);
        for (pixel, flux) in expected("flux")[row].iter().enumerate() {
            let is_bad = [30, 40, 7 + row].contains(&pixel);
            assert_eq!(spectrum.error[pixel] == 0.0, is_bad, "row {row}, pixel {pixel}");
            assert!(is_bad || spectrum.flux[pixel] == *flux, "row {row}, pixel {pixel}");
        }
    }
}

#[test]
fn lists_of_structs_with_half_precision_and_nanometres_are_read() {
    let read = read("structs.parquet");
    assert_eq!(read.len(), 5);
    for (row, observation) in read.iter().enumerate() {
        let spectrum = &observation.spectrum;
        assert_eq!(spectrum.flux, expected("half")[row]);
        assert!(spectrum.error.iter().all(|error| *error == 0.3));
        assert!((spectrum.log_wavelength[159] - 3.6159).abs() < 1e-6);
        assert_eq!(spectrum.object.name, Some(format!("J0000+000{row}")));
        assert!(spectrum.id.is_none());
    }
}

#[test]
fn rows_are_read_without_those_before_and_after() {
    let all = read("multimodal.parquet");
    let parquet = archive("multimodal.parquet");
    assert_eq!(parquet.groups(), [2, 2, 1]);
    let mut found = Vec::new();
    let each = |row, read: Result<_, _>| found.push((row, read.unwrap()));
    formats::read_rows(&parquet, 1, 1..2, &ReadOptions::default(), each).unwrap();
    assert_eq!(found, [(3, Some(all[3].clone()))]);
    let options = ReadOptions { rows: Some(&[4, 0]), ..ReadOptions::default() };
    let chosen = formats::read_with("multimodal.parquet", &bytes("multimodal.parquet"), &options).unwrap();
    assert_eq!(chosen, [all[0].clone(), all[4].clone()]);

    let sparse = archive("sparse.parquet");
    let mut found = Vec::new();
    let each = |row, read: Result<Option<_>, _>| found.extend(read.unwrap().map(|_| row));
    formats::read_rows(&sparse, 0, 2048..5000, &ReadOptions::default(), each).unwrap();
    assert_eq!(found, [2100, 2101, 4999]);
}

#[test]
fn a_catalogue_without_spectra_is_refused_with_its_columns() {
    let refusal = formats::read("catalogue.parquet", &bytes("catalogue.parquet")).unwrap_err();
    assert!(matches!(refusal, ReadError::NoSpectra { .. }), "{refusal}");
    assert!(refusal.to_string().ends_with("only: ra, dec, z"), "{refusal}");
}

#[test]
fn damaged_files_are_said_in_one_clause() {
    for name in ["multimodal.parquet", "hats.parquet", "nested.parquet", "fixed.parquet", "structs.parquet"] {
        let whole = bytes(name);
        let mut refused = 0;
        for damaged in damaged(&whole) {
            let Err(error) = formats::read(name, &damaged) else { continue };
            let said = error.to_string();
            assert!(said.starts_with(name) && !said.ends_with('.') && !said.contains('\n'), "{said}");
            refused += 1;
        }
        assert!(refused > 100, "{name}: {refused} were refused");
    }
}
