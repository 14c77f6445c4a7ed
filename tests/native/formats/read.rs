//! The door to every file of spectra: which reader reads what, and what is said of a file that nobody reads.

use spectrascape::formats::{self, ReadError};
use spectrascape::simulator::{self, survey_file};
use spectrascape::spectrum::{Class, SourceId};

use crate::real;

/// Arrays of double precision as NumPy saves them, in one archive.
pub fn npz(arrays: &[(&str, &[usize], &[f64])]) -> Vec<u8> {
    use std::io::Write as _;
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, shape, values) in arrays {
        let shape: String = shape.iter().map(|length| format!("{length}, ")).collect();
        let mut header = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': ({shape}), }}");
        while (10 + header.len() + 1) % 64 != 0 {
            header.push(' ');
        }
        header.push('\n');
        let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        archive.start_file(format!("{name}.npy"), options).unwrap();
        archive.write_all(b"\x93NUMPY\x01\x00").unwrap();
        archive.write_all(&(header.len() as u16).to_le_bytes()).unwrap();
        archive.write_all(header.as_bytes()).unwrap();
        values.iter().for_each(|value| archive.write_all(&value.to_le_bytes()).unwrap());
    }
    archive.finish().unwrap().into_inner()
}

/// An archive of `count` galaxies with errors and redshifts, 3000 pixels each.
pub fn galaxies(count: usize) -> Vec<u8> {
    let pixels = 3000;
    let loglam: Vec<f64> = (0..pixels).map(|i| 3.58 + 1e-4 * i as f64).collect();
    let flux: Vec<f64> =
        (0..count * pixels).map(|i| 2.0 + (i % pixels) as f64 / 3000.0 + (i / pixels) as f64).collect();
    let ivar = vec![100.0; count * pixels];
    let redshift: Vec<f64> = (0..count).map(|i| 0.05 + 0.01 * i as f64).collect();
    npz(&[
        ("loglam", &[pixels], &loglam),
        ("flux", &[count, pixels], &flux),
        ("ivar", &[count, pixels], &ivar),
        ("z", &[count], &redshift),
    ])
}

#[test]
fn every_layout_comes_through_one_door() {
    let id = SourceId::sdss(100_001, 0, 1);
    let file = survey_file::sdss::to_fits(&simulator::simulate(2, 1), id);
    // By their bytes, whatever their names are.
    for name in ["spec.fits", "spec", "spec.txt"] {
        let read = formats::read(name, &file).unwrap();
        assert_eq!((read.len(), read[0].spectrum.id), (1, id), "{name}");
        assert!(read[0].notes.is_empty());
    }
    for name in ["mine.npz", "mine"] {
        let read = formats::read(name, &galaxies(3)).unwrap();
        assert_eq!(read.len(), 3, "{name}");
        let redshifts = read.iter().map(|one| one.spectrum.redshift.unwrap());
        assert!(redshifts.zip([0.05, 0.06, 0.07]).all(|(found, given)| (found - given).abs() < 1e-12));
    }
    let table = "# redshift = 0.1\nwave,flux\n4000,1\n4001,2\n4002,1\n4003,2\n";
    for name in ["mine.CSV", "mine.dat", "mine"] {
        let read = formats::read(name, table.as_bytes()).unwrap();
        assert_eq!((read.len(), read[0].spectrum.redshift), (1, Some(0.1)), "{name}");
        assert!(read[0].notes.iter().any(|note| note.contains("estimated from the scatter")), "{:?}", read[0].notes);
    }
}

#[test]
fn what_nobody_reads_is_refused_in_one_clause() {
    let expected: [(&str, &[u8], &str); 13] = [
        ("a.fits", b"", "a.fits is empty: choose another file"),
        ("a.fits.gz", &[0x1f, 0x8b, 8, 0], "a.fits.gz is packed by gzip and cannot be unpacked: it is cut short"),
        #[cfg(feature = "archives")]
        ("mmu.parquet", b"PAR1\x15\x04\x15\x00", "mmu.parquet cannot be read as spectra: it is damaged or cut short ("),
        #[cfg(not(feature = "archives"))]
        ("mmu.parquet", b"PAR1\x15\x04\x15\x00", "mmu.parquet is a Parquet file, which is not read: use `spectrascape"),
        #[cfg(feature = "archives")]
        (
            "mmu.h5",
            b"\x89HDF\r\n\x1a\n\x00",
            "mmu.h5 cannot be read as spectra: it is damaged, cut short or of an unknown",
        ),
        #[cfg(not(feature = "archives"))]
        ("mmu.h5", b"\x89HDF\r\n\x1a\n\x00", "mmu.h5 is an HDF5 file, which is not read: use `spectrascape"),
        ("sparcl.json", b"[{\"flux\": [1.0]}]", "it holds no lists of wavelengths and fluxes"),
        ("a.vot", b"<?xml version=\"1.0\"?>\n<VOTABLE>", "it is no well-formed VOTable"),
        ("a.fits", b"<!DOCTYPE html>\n<html>404", "a.fits is a web page, as servers send in place of a file"),
        ("cat.png", b"\x89PNG\r\n\x1a\n", "cat.png is a picture, which is not read"),
        ("cat.jpg", &[1; 9], "cat.jpg is not a FITS file"),
        ("a.fits", b"SIMPLE? no", "a.fits is not a FITS file"),
        ("a.npz", b"hello", "it is no npz archive"),
        ("MINE.CSV", b"wave;flux\n", "MINE.CSV cannot be read as a table of a spectrum: it has no row of numbers"),
        ("mine.txt", b"wave,flux\n4000,1\n4001,abc\n", "mine.txt, line 3: `abc`"),
    ];
    for (name, bytes, reason) in expected {
        let refusal = formats::read(name, bytes).unwrap_err().to_string();
        assert!(refusal.contains(reason), "{name}: {refusal}");
        assert!(refusal.starts_with(name) && !refusal.contains('\n') && !refusal.ends_with('.'), "{refusal}");
    }
}

#[test]
fn an_archive_without_errors_and_redshifts_is_taken_as_stars_and_says_so() {
    let loglam: Vec<f64> = (0..500).map(|i| 3.58 + 1e-4 * f64::from(i)).collect();
    let bytes = npz(&[("loglam", &[500], &loglam), ("flux", &[2, 500], &[4.0; 1000])]);
    let read = formats::read("stars.npz", &bytes).unwrap();
    assert_eq!(read.len(), 2);
    assert!(read.iter().all(|one| one.spectrum.class == Class::Star && one.spectrum.redshift == Some(0.0)));
    assert!(read[0].notes[0].contains("taken as stars"), "{:?}", read[0].notes);
    assert_eq!(read[0].spectrum.error[7], 0.4);
    // With redshifts it is galaxies' archive that lacks its errors.
    let bytes = npz(&[("loglam", &[500], &loglam), ("flux", &[1, 500], &[4.0; 500]), ("z", &[1], &[0.1])]);
    let refusal = formats::read("mine.npz", &bytes).unwrap_err();
    assert!(matches!(&refusal, ReadError::Npz { .. }) && refusal.to_string().contains("no array `ivar`"), "{refusal}");
}

#[test]
fn the_door_gives_what_the_readers_give_on_real_files() {
    let Some(files) = real::files("dr8") else { return };
    for (name, bytes) in &files {
        let door = formats::read(name, bytes).map(|mut all| all.remove(0).spectrum);
        assert_eq!(door, real::fits_spectrum(name, bytes), "{name}");
    }
    let Some(path) = real::path("real/gasnet3_55.npz") else { return };
    assert_eq!(formats::read("a.npz", &std::fs::read(path).unwrap()).unwrap().len(), 55);
}

#[test]
fn folders_are_searched_for_every_kind_of_file() {
    let endings: Vec<&str> = formats::endings().collect();
    for ending in ["fit", "fits", "npz", "csv", "ecsv", "tsv", "txt", "dat", "ascii", "asc", "gz"] {
        assert!(endings.contains(&ending), "{ending}");
    }
}
