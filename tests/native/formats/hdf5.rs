//! HDF5 files as h5py writes them (tests/fixtures/hdf5/make.py), against NumPy's numbers.

use std::path::Path;

use spectrascape::formats::{self, Observation, ReadError};
use spectrascape::spectrum::{Class, SkyPosition, SourceId};

use super::damage::damaged;
use super::numpy_rows;

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/hdf5").join(name)).unwrap()
}

fn read(name: &str) -> Vec<Observation> {
    formats::read(name, &bytes(name)).unwrap()
}

fn assert_pixels(observation: &Observation, row: usize, pixels: usize, masked: &[usize]) {
    let fluxes = numpy_rows::expected(&bytes("expected.json"), "flux");
    numpy_rows::assert_pixels(observation, row, &fluxes[row][..pixels], masked);
}

#[test]
fn the_layout_of_the_multimodal_universe_is_read() {
    let read = read("contiguous.hdf5");
    assert_eq!(read.len(), 5);
    for (row, observation) in read.iter().enumerate() {
        assert_pixels(observation, row, 160, &[20]);
        let spectrum = &observation.spectrum;
        assert_eq!(spectrum.id, SourceId::sdss(266 + row as i32, 51_602, row as i32 + 1));
        assert!((spectrum.object.redshift_error.unwrap() - 1e-5).abs() < 1e-10);
        assert_eq!(spectrum.object.redshift_warning, Some(i32::from(row == 1)));
    }
    assert_eq!(read[1].spectrum.object.position, SkyPosition::new(20.25, 2.5));
    assert_eq!((read[0].spectrum.redshift, read[2].spectrum.redshift), (Some(f64::from(0.1f32)), None));
}

#[test]
fn packed_chunks_a_grid_for_all_rows_and_units_are_read() {
    let read = read("chunked.hdf5");
    assert_eq!(read.len(), 5);
    for (row, observation) in read.iter().enumerate() {
        assert_pixels(observation, row, 160, &[]);
        assert_eq!(observation.spectrum.id, SourceId::desi(39_627_835_576_420_141 + row as i64));
        assert_eq!(observation.spectrum.redshift, Some(0.1));
        assert!(
            observation.notes.iter().any(|note| note.contains("in vacuum, as `wavelength_medium` in its metadata"))
        );
    }
    let classes = [0, 1, 4].map(|row: usize| read[row].spectrum.class);
    assert_eq!(classes, [Class::Unknown, Class::BroadLineAgn, Class::Star]);
}

#[test]
fn lists_of_any_length_are_read_and_empty_ones_left_out() {
    let read = read("lists.hdf5");
    assert_eq!(read.len(), 4);
    for (observation, row) in read.iter().zip([0, 1, 3, 4]) {
        assert_pixels(observation, row, 160 - row, &[]);
        assert_eq!(observation.spectrum.id, SourceId::sdss(9000 + row as i32, 57_000, 7));
    }
    assert!(read[0].notes.iter().any(|note| note == "1 row holds no spectrum and was left out."));
}

#[test]
fn a_catalogue_without_spectra_is_refused_with_its_columns() {
    let refusal = formats::read("catalogue.hdf5", &bytes("catalogue.hdf5")).unwrap_err();
    assert!(matches!(refusal, ReadError::NoSpectra { .. }), "{refusal}");
    assert!(refusal.to_string().contains("only: ") && refusal.to_string().contains("ra"), "{refusal}");
}

#[test]
fn damaged_files_are_said_in_one_clause() {
    for name in ["contiguous.hdf5", "chunked.hdf5", "lists.hdf5"] {
        let whole = bytes(name);
        let mut refused = 0;
        for damaged in damaged(&whole) {
            let Err(error) = formats::read(name, &damaged) else { continue };
            let said = error.to_string();
            assert!(said.starts_with(name) && !said.ends_with('.') && !said.contains('\n'), "{said}");
            refused += 1;
        }
        assert!(refused > 50, "{name}: {refused} were refused");
    }
}
