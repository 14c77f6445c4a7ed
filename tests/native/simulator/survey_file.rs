//! Simulated spectra as survey files, read back.

use spectrascape::simulator::{self, survey_file};
use spectrascape::spectrum::{Class, SourceId};

#[test]
fn a_simulated_file_gives_its_spectrum_back() {
    let mut differing = 0;
    for index in 0..60 {
        let simulated = simulator::simulate(2, index);
        let id = SourceId::sdss(100_001, 0, index as i32 + 1);
        let bytes = survey_file::to_fits(&simulated, id);
        assert_eq!(bytes.len() % 2880, 0, "FITS files are whole blocks");
        let head = String::from_utf8_lossy(&bytes[..2880]).into_owned();
        assert!(head.contains("TELESCOP= 'SIMULATED'"), "{head}");
        let name = survey_file::name(id);
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
