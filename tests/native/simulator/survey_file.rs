//! Simulated spectra as survey files, read back.

use spectrascape::formats::{self, ReadOptions};
use spectrascape::simulator::{self, SimulatedSpectrum, survey_file};
use spectrascape::spectrum::{Class, SkyPosition, SourceId};

#[test]
fn a_simulated_file_gives_its_spectrum_back() {
    let mut differing = 0;
    for index in 0..60 {
        let simulated = simulator::simulate(2, index);
        let id = SourceId::sdss(100_001, 0, index as i32 + 1);
        let bytes = survey_file::sdss::to_fits(&simulated, id);
        assert_eq!(bytes.len() % 2880, 0, "FITS files are whole blocks");
        let head = String::from_utf8_lossy(&bytes[..2880]).into_owned();
        assert!(head.contains("TELESCOP= 'SIMULATED'"), "{head}");
        let name = survey_file::sdss::name(id);
        assert_eq!(name, format!("spec-100001-00000-{:04}.fits", index + 1));
        let read = crate::real::fits_spectrum(&name, &bytes).unwrap();
        let observed = &simulated.observed;
        assert_eq!((read.id, read.redshift), (id, observed.redshift));
        assert_eq!(read.flux, observed.flux);
        assert_eq!(read.error.len(), observed.error.len());
        for (again, error) in read.error.iter().zip(&observed.error) {
            assert!((again - error).abs() <= 2e-7 * error, "{again} {error}");
        }
        for (again, log) in read.log_wavelength.iter().zip(&observed.log_wavelength) {
            assert!((again - log).abs() < 1e-12, "{again} {log}");
        }
        if read.class != simulated.class {
            // The simulator counts a line below its error as its error, the reader as it is.
            let faint = simulated.lines[2..].iter().any(|line| line.flux < line.error);
            let emission = [Class::EmissionLine, Class::NarrowLineAgn];
            assert!(faint && emission.contains(&read.class) && emission.contains(&simulated.class), "{index}");
            differing += 1;
        }
    }
    assert!(differing <= 3, "{differing} classes differ");
}

fn placed(index: u64) -> SimulatedSpectrum {
    let mut simulated = simulator::simulate(2, index);
    simulated.observed.object.position = simulator::position(2, index);
    simulated
}

fn is_near(read: Option<SkyPosition>, simulated: &SimulatedSpectrum) -> bool {
    let wanted = simulated.observed.object.position.expect("a simulated file has a position");
    read.is_some_and(|read| read.separation(wanted) < 1e-9)
}

#[test]
fn every_layout_has_the_position_and_the_error_of_the_redshift() {
    let simulated = placed(3);
    let files = [
        survey_file::sdss::to_fits(&simulated, SourceId::sdss(100_001, 0, 4)),
        survey_file::lamost::to_fits(&simulated, 3),
    ];
    for bytes in files {
        let read = crate::real::fits_spectrum("a.fits", &bytes).unwrap();
        assert!(is_near(read.object.position, &simulated), "{:?}", read.object);
        assert_eq!(read.object.redshift_error, Some(4e-5));
        assert_eq!(read.redshift, simulated.observed.redshift);
    }
}

#[test]
fn a_lamost_file_gives_its_spectrum_back() {
    for index in 0..20 {
        let simulated = placed(index);
        let bytes = survey_file::lamost::to_fits(&simulated, index as usize);
        let read = crate::real::fits_spectrum(&survey_file::lamost::name(index as usize), &bytes).unwrap();
        assert_eq!(read.id, SourceId::lamost(10_000_000_000 + index as i64));
        let observed = &simulated.observed;
        // A lone artefact is masked by the reader, and masked ends are cut off; every other pixel is as it was.
        let start = (read.log_wavelength[0] - observed.log_wavelength[0]) / 1e-4;
        assert!((start - start.round()).abs() < 1e-3 && start > -0.5, "{start}");
        for (i, log) in read.log_wavelength.iter().enumerate() {
            let pixel = start.round() as usize + i;
            assert!((log - observed.log_wavelength[pixel]).abs() < 1e-9, "{log}");
            if read.error[i] > 0.0 {
                assert!((read.flux[i] - observed.flux[pixel]).abs() <= 1e-5 * observed.flux[pixel].abs().max(0.1));
                assert!((read.error[i] - observed.error[pixel]).abs() <= 1e-5 * observed.error[pixel]);
            }
        }
    }
}

#[test]
fn a_desi_file_has_its_targets_with_noise_of_their_own() {
    let all: Vec<SimulatedSpectrum> = (0..12).map(placed).collect();
    let targets: Vec<_> =
        all.iter().enumerate().map(|(index, simulated)| survey_file::desi::Target { simulated, index }).collect();
    let files = survey_file::desi::to_fits(&targets, 2);
    let options = ReadOptions { redrock: Some(("redrock-a.fits", &files.redrock)), ..ReadOptions::default() };
    let read = formats::read_with("coadd-a.fits", &files.coadd, &options).unwrap();
    assert_eq!(read.len(), all.len());
    let (mut squares, mut pixels) = (0.0, 0);
    for (index, (read, simulated)) in read.iter().zip(&all).enumerate() {
        let spectrum = &read.spectrum;
        assert_eq!((spectrum.id, spectrum.redshift), (SourceId::desi(index as i64 + 1), simulated.observed.redshift));
        assert!(is_near(spectrum.object.position, simulated));
        let observed = &simulated.observed;
        let step = observed.log_wavelength[1] - observed.log_wavelength[0];
        for ((log, flux), error) in spectrum.log_wavelength.iter().zip(&spectrum.flux).zip(&spectrum.error) {
            let place = (log - observed.log_wavelength[0]) / step;
            // Away from lines, where a step of interpolation more or less changes nothing.
            if *error > 0.0 && place > 5.0 && (place as usize) + 5 < simulated.noiseless.len() {
                let (pixel, share) = (place as usize, place.fract() as f32);
                let near = &simulated.noiseless[pixel - 4..pixel + 5];
                let (low, high) = near.iter().fold((f32::MAX, f32::MIN), |(l, h), &v| (l.min(v), h.max(v)));
                if high - low > *error {
                    continue;
                }
                let truth = (1.0 - share) * simulated.noiseless[pixel] + share * simulated.noiseless[pixel + 1];
                squares += f64::from((flux - truth) / error).powi(2);
                pixels += 1;
            }
        }
    }
    // Resampling correlates neighbours, so that the mean square is a little below 1.
    let mean = squares / f64::from(pixels);
    assert!(pixels > 20_000 && (0.6..1.1).contains(&mean), "{mean} over {pixels} pixels");
}

#[test]
fn positions_fill_two_fields() {
    let positions: Vec<SkyPosition> = (0..2000).map(|index| simulator::position(7, index).unwrap()).collect();
    let north = |at: &&SkyPosition| (120.0..=240.0).contains(&at.ra) && (0.0..=60.0).contains(&at.dec);
    let south = |at: &&SkyPosition| (at.ra >= 320.0 || at.ra <= 40.0) && (-10.0..=20.0).contains(&at.dec);
    assert!(positions.iter().all(|at| north(&at) || south(&at)));
    let share = positions.iter().filter(north).count() as f64 / 2000.0;
    assert!((share - 0.8).abs() < 0.04, "{share}");
    // Even over the sphere: half of the northern field lies below the declination whose sine is half of that of 60 degrees.
    let low = positions.iter().filter(north).filter(|at| at.dec < 25.658_906).count() as f64;
    let half = low / positions.iter().filter(north).count() as f64;
    assert!((half - 0.5).abs() < 0.05, "{half}");
}
