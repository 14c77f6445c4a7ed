//! Reading SDSS files: real ones, foreign ones, damaged ones.

use proptest::prelude::*;
use spectrascape::formats::{self, ReadError, ReadOptions, npz};
use spectrascape::spectrum::classify::{self, LineFlux, Lines};
use spectrascape::spectrum::{Class, SourceId};

use crate::real;

#[test]
fn dr7_files_give_flux_redshift_and_class() {
    let expected = [
        ("spSpec-51993-0542-631.fit", (542, 51993, 631), 2.2319, Class::BroadLineAgn, 3853),
        ("spSpec-52235-0750-459.fit", (750, 52235, 459), 0.020016, Class::EmissionLine, 3851),
        ("spSpec-52999-1307-323.fit", (1307, 52999, 323), 0.0410313, Class::EmissionLine, 3853),
    ];
    for (name, (plate, mjd, fiber), redshift, class, pixels) in expected {
        let Some(path) = real::path(&format!("dr7/{name}")) else { return };
        let spectrum = real::fits_spectrum(name, &std::fs::read(path).unwrap()).unwrap();
        assert_eq!(spectrum.id, SourceId::sdss(plate, mjd, fiber));
        assert_eq!(spectrum.redshift, Some(redshift));
        assert_eq!(spectrum.class, class, "{name}");
        assert_eq!(spectrum.flux.len(), pixels);
    }
}

#[test]
fn dr8_files_are_read_or_refused_as_sky() {
    let Some(files) = real::files("dr8") else { return };
    for (name, bytes) in &files {
        match real::fits_spectrum(name, bytes) {
            Ok(spectrum) => {
                let step = spectrum.log_wavelength[1] - spectrum.log_wavelength[0];
                assert!((step - 1e-4).abs() < 1e-9, "{name}: {step}");
                assert!(spectrum.flux.iter().all(|flux| flux.is_finite()));
                assert_ne!(spectrum.class, Class::Star);
                println!("{name}: {} {:?} {}", spectrum.id, spectrum.redshift, spectrum.class.name());
            }
            Err(refusal) => {
                assert!(name.starts_with("sky_"), "{refusal}");
                assert!(matches!(&refusal, ReadError::SkyFibre { id, .. } if id == "1942-53415-5"), "{refusal}");
            }
        }
    }
    let read = |name: &str| {
        let (_, bytes) = files.iter().find(|(file, _)| file == name).unwrap();
        real::fits_spectrum(name, bytes).unwrap()
    };
    // By astropy: COADD's first flux, its error, and the object's row. This one has lower-case columns and 12 HDUs.
    let full = read("spec-0266-51602-0001.fits");
    assert_eq!((full.id.to_string().as_str(), full.flux.len()), ("266-51602-1", 3835));
    assert!((full.redshift.unwrap() - 0.021275453).abs() < 1e-9);
    // COEFF0 is 3.5785; the file has cut 20 empty pixels off, and its column says 3.58049989.
    assert!((full.log_wavelength[0] - 3.5805).abs() < 1e-12);
    assert_eq!((full.flux[0], full.error[0]), (54.982758, 5.8616977));
    // This one has UPPER-case columns and no HDU names.
    let upper = read("spec-3655-55240-0660.fits");
    assert_eq!((upper.id.to_string().as_str(), upper.flux.len()), ("3655-55240-660", 4624));
    // Classes, by the file's own CLASS and line areas.
    assert_eq!(read("spec-0266-51602-0107.fits").class, Class::EmissionLine);
    assert_eq!(read("spec-0266-51602-0573.fits").class, Class::Quiescent);
    assert_eq!(read("spec-1678-53433-0425.fits").class, Class::EmissionLine);
    assert_eq!(read("spec-0280-51612-0117.fits").class, Class::BroadLineAgn);
    // Its red half is lost: H-alpha was not measured.
    assert_eq!(read("spec-0266-51630-0174.fits").class, Class::Unknown);
}

#[test]
fn foreign_files_are_read_or_refused_by_name() {
    let Some(files) = real::files("other") else { return };
    for (name, bytes) in files {
        let read = formats::read(&name, &bytes);
        if name.starts_with("gama") {
            let refusal = read.unwrap_err().to_string();
            assert!(refusal.starts_with(&format!("{name} cannot be read as a spectrum: ")), "{refusal}");
            assert!(refusal.contains("it is a GAMA spectrum") && refusal.contains("CSV"), "{refusal}");
            continue;
        }
        let read = read.unwrap_or_else(|refusal| panic!("{refusal}"));
        assert_eq!(read.len(), 1, "{name}");
    }
    assert!(real::fits_spectrum("a.txt", b"hello").unwrap_err().to_string().contains("a.txt is not a FITS file"));
    assert!(real::fits_spectrum("a.fits", b"").unwrap_err().to_string().contains("not a FITS file"));
    let cut = formats::read("a.fits.gz", &[0x1f, 0x8b, 8, 0]).unwrap_err().to_string();
    assert!(cut.contains("cannot be unpacked") && cut.contains("fetch it again"), "{cut}");
}

#[test]
fn a_file_cut_anywhere_is_refused_or_whole_up_to_there() {
    let Some(dr7) = real::path("dr7/spSpec-52235-0750-459.fit") else { return };
    let Some(dr8) = real::path("dr8/spec-0266-51602-0107.fits") else { return };
    for path in [dr7, dr8] {
        let bytes = std::fs::read(path).unwrap();
        let whole = real::fits_spectrum("whole", &bytes).unwrap();
        let (mut cut_short, mut read) = (0, 0);
        for end in (0..bytes.len()).step_by(2880).flat_map(|end| [end, end + 1, end + 1441]) {
            match real::fits_spectrum("cut", &bytes[..end.min(bytes.len())]) {
                // Whole HDUs are gone, or the padding: the spectrum is there, perhaps without its lines.
                Ok(spectrum) => {
                    assert_eq!(spectrum.flux, whole.flux);
                    read += 1;
                }
                Err(refusal) => {
                    cut_short += usize::from(matches!(refusal, ReadError::Truncated { .. }));
                }
            }
        }
        assert!(cut_short > 50 && read < 40, "{cut_short} {read}");
    }
}

#[test]
fn npz_archives_are_read_or_refused() {
    let Some(path) = real::path("real/gasnet3_55.npz") else { return };
    let bytes = std::fs::read(path).unwrap();
    let spectra = real::npz_spectra("a.npz", &bytes).unwrap();
    // By NumPy: the first spectrum's name, redshift and last flux.
    assert_eq!(spectra[0].id.to_string(), "2504-54179-257");
    assert!((spectra[0].redshift.unwrap() - 0.162481993).abs() < 1e-8);
    assert_eq!((spectra[0].flux[0], spectra[0].error[0]), (9.112403, 0.0));
    assert_eq!([spectra[1].class, spectra[2].class], [Class::Star, Class::BroadLineAgn]);
    for end in (0..bytes.len()).step_by(bytes.len() / 40) {
        assert!(real::npz_spectra("cut.npz", &bytes[..end]).is_err());
    }
    let Some(stars) = real::path("real/sdss_stars_64.npz") else { return };
    let stars = std::fs::read(stars).unwrap();
    let read: Vec<_> = npz::read_stars("stars.npz", &stars, &ReadOptions::default())
        .unwrap()
        .into_iter()
        .map(|one| one.spectrum)
        .collect();
    assert_eq!(read.len(), 64);
    assert!(read.iter().all(|star| star.class == Class::Star && star.redshift == Some(0.0)));
    assert!(read.iter().all(|star| star.flux.iter().all(|flux| flux.is_finite()) && star.error.contains(&0.0)));
    let Some(sky) = real::path("noise/sdss_sky_fibres_152.npz") else { return };
    let refusal =
        npz::read_stars("sky.npz", &std::fs::read(sky).unwrap(), &ReadOptions::default()).unwrap_err().to_string();
    assert!(refusal.contains("a list of stars"), "sky is no star: {refusal}");
    let refusal = real::npz_spectra("stars.npz", &stars).unwrap_err().to_string();
    assert!(refusal.contains("it has no array `ivar`"), "{refusal}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn garbage_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..9000)) {
        let _ = real::fits_spectrum("garbage", &bytes);
        let _ = real::npz_spectra("garbage", &bytes);
        let mut primary = b"SIMPLE  =                    T".to_vec();
        primary.extend(&bytes);
        let _ = real::fits_spectrum("garbage", &primary);
    }

    #[test]
    fn damaged_headers_never_panic(seed in any::<u64>(), hits in 1usize..40) {
        for name in ["dr7/spSpec-52235-0750-459.fit", "dr8/spec-0266-51602-0107.fits"] {
            let Some(path) = real::path(name) else { return Ok(()) };
            let mut bytes = std::fs::read(path).unwrap();
            // Cards only, with what cards are made of: digits, quotes, letters of formats.
            let cards: Vec<usize> = (0..bytes.len() / 80).filter(|i| bytes[i * 80..][..80].is_ascii()).collect();
            let mut state = seed;
            let mut draw = |below: usize| {
                state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                (state >> 33) as usize % below
            };
            for _ in 0..hits {
                let at = cards[draw(cards.len())] * 80 + draw(80);
                bytes[at] = b"0123456789EJKDT'= -\xff"[draw(20)];
            }
            let _ = real::fits_spectrum(name, &bytes);
        }
    }
}

fn line(flux: f64, significance: f64) -> Option<LineFlux> {
    Some(LineFlux { flux, significance })
}

#[test]
fn classes_by_hand() {
    let lines = |h_alpha, h_beta, n_ii, o_iii| Lines { h_alpha, h_beta, n_ii, o_iii, h_alpha_width: None };
    let class = |lines: Lines| classify::galaxy(&lines);
    // log [N II]/Ha = -0.5, log [O III]/Hb = -0.3: the line is at 0.61 / (-0.97) + 1.19 = 0.561.
    assert_eq!(
        class(lines(line(100.0, 50.0), line(30.0, 20.0), line(31.6, 9.0), line(15.0, 9.0))),
        Class::EmissionLine
    );
    // log [O III]/Hb = 0.8 is above it.
    assert_eq!(
        class(lines(line(100.0, 50.0), line(30.0, 20.0), line(31.6, 9.0), line(190.0, 9.0))),
        Class::NarrowLineAgn
    );
    // Right of the asymptote at 0.47.
    assert_eq!(
        class(lines(line(100.0, 50.0), line(30.0, 20.0), line(300.0, 9.0), line(1.0, 1.0))),
        Class::NarrowLineAgn
    );
    // Either Balmer line below three sigma, or in absorption.
    assert_eq!(class(lines(line(10.0, 2.9), line(30.0, 20.0), None, None)), Class::Quiescent);
    assert_eq!(class(lines(line(10.0, 9.0), line(3.0, 2.0), None, None)), Class::Quiescent);
    assert_eq!(class(lines(line(-10.0, -9.0), line(3.0, 4.0), None, None)), Class::Quiescent);
    assert_eq!(class(lines(line(10.0, 9.0), line(3.0, 4.0), None, line(-1.0, -1.0))), Class::EmissionLine);
    assert_eq!(class(lines(None, line(3.0, 4.0), None, None)), Class::Unknown);
    // Only the stronger [N II] counts: both together would cross the line.
    let picked = Lines::pick([
        (6564.6, LineFlux { flux: 100.0, significance: 9.0 }),
        (6549.9, LineFlux { flux: 1000.0, significance: 9.0 }),
        (6585.3, LineFlux { flux: 50.0, significance: 9.0 }),
        (4862.7, LineFlux { flux: 30.0, significance: 9.0 }),
    ]);
    assert_eq!(picked.n_ii, line(50.0, 9.0));
    assert_eq!(class(picked), Class::EmissionLine);
}

#[test]
fn a_quiescent_galaxy_whose_h_alpha_and_n_ii_say_more_is_remarked_on() {
    let galaxy = Lines {
        h_alpha: line(54.0, 20.0),
        h_beta: line(-7.0, -3.0),
        n_ii: line(100.0, 30.0),
        o_iii: line(90.0, 20.0),
        h_alpha_width: Some(5.4),
    };
    assert_eq!(classify::galaxy(&galaxy), Class::Quiescent, "the rule of the paper is kept");
    let remark = |change: Lines| classify::remark(&change);
    assert!(remark(galaxy).is_some_and(|text| text.ends_with("[N II]/Hα says AGN")));
    // log [N II]/Ha is -0.43 and -0.37: on either side of -0.4.
    assert!(remark(Lines { n_ii: line(20.0, 9.0), ..galaxy }).is_some_and(|text| text.ends_with("star formation")));
    assert!(remark(Lines { n_ii: line(23.0, 9.0), ..galaxy }).is_some_and(|text| text.ends_with("AGN")));
    let silent = [
        Lines { h_beta: line(20.0, 9.0), ..galaxy },
        Lines { h_beta: None, ..galaxy },
        Lines { h_alpha: line(54.0, 2.0), ..galaxy },
        Lines { h_alpha_width: Some(2.9), ..galaxy },
        Lines { h_alpha_width: None, ..galaxy },
    ];
    assert!(silent.into_iter().all(|lines| remark(lines).is_none()));
}

/// A card of 80 characters.
fn card(text: &str) -> Vec<u8> {
    format!("{text:<80}").into_bytes()
}

fn block(cards: &[String]) -> Vec<u8> {
    let mut bytes: Vec<u8> = cards.iter().flat_map(|text| card(text)).collect();
    bytes.extend(card("END"));
    bytes.resize(bytes.len().next_multiple_of(2880), b' ');
    bytes
}

/// A small `spec` file with these log wavelengths and odd cases in its names.
fn spec_file(loglam: &[f32]) -> Vec<u8> {
    let strings = |cards: &[&str]| cards.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
    let mut file = block(&strings(&[
        "SIMPLE  =                    T",
        "BITPIX  =                    8",
        "NAXIS   =                    0",
    ]));
    let mut table = |columns: &[(&str, &str)], width: usize, rows: usize, data: Vec<u8>| {
        let mut cards = strings(&["XTENSION= 'BINTABLE'", "BITPIX  = 8", "NAXIS   = 2"]);
        cards.extend([format!("NAXIS1  = {width}"), format!("NAXIS2  = {rows}")]);
        cards.extend(strings(&["PCOUNT  = 0", "GCOUNT  = 1"]));
        cards.push(format!("TFIELDS = {}", columns.len()));
        for (i, (name, form)) in columns.iter().enumerate() {
            cards.push(format!("{:<8}= '{name}'", format!("TTYPE{}", i + 1)));
            cards.push(format!("{:<8}= '{form}'", format!("TFORM{}", i + 1)));
        }
        file.extend(block(&cards));
        file.extend(&data);
        file.resize(file.len().next_multiple_of(2880), 0);
    };
    let rows = loglam.iter().enumerate().flat_map(|(i, &l)| [i as f32, l, 4.0].into_iter().flat_map(f32::to_be_bytes));
    table(&[("fLuX", "E"), ("LogLam", "1E"), ("IVAR", "E")], 12, loglam.len(), rows.collect());
    let mut object = Vec::new();
    for number in [7i32, 55555, 9] {
        object.extend(number.to_be_bytes());
    }
    object.extend(b"STAR  ");
    object.extend(0.0001f32.to_be_bytes());
    table(&[("Plate", "J"), ("mjd", "J"), ("FiberID", "J"), ("class", "6A"), ("z", "E")], 22, 1, object);
    file
}

#[test]
fn columns_are_found_whatever_their_case_and_gaps_become_bad_pixels() {
    let even: Vec<f32> = (0..100).map(|i| 3.6 + 1e-4 * i as f32).collect();
    let spectrum = real::fits_spectrum("even", &spec_file(&even)).unwrap();
    assert_eq!((spectrum.id.to_string().as_str(), spectrum.class), ("7-55555-9", Class::Star));
    assert_eq!((spectrum.flux[99], spectrum.error[99], spectrum.flux.len()), (99.0, 0.5, 100));

    let gap: Vec<f32> =
        even.iter().copied().enumerate().filter(|(i, _)| !(40..45).contains(i)).map(|(_, l)| l).collect();
    let spectrum = real::fits_spectrum("gap", &spec_file(&gap)).unwrap();
    assert_eq!(spectrum.flux.len(), 100);
    assert_eq!(spectrum.error[39..46], [0.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.5]);
    assert_eq!((spectrum.flux[39], spectrum.flux[45]), (39.0, 40.0));

    let linear: Vec<f32> = (0..100).map(|i| (4000.0 + 60.0 * i as f32).log10()).collect();
    let refusal = real::fits_spectrum("linear", &spec_file(&linear)).unwrap_err();
    assert!(refusal.to_string().contains("linear has unevenly spaced pixels"), "{refusal}");
    let backwards: Vec<f32> = even.iter().rev().copied().collect();
    assert!(matches!(real::fits_spectrum("back", &spec_file(&backwards)), Err(ReadError::Uneven { .. })));
    for (name, rows, said) in [("one", &even[..1], "has a single row"), ("none", &[], "has no rows")] {
        let refusal = real::fits_spectrum(name, &spec_file(rows)).unwrap_err().to_string();
        assert!(refusal.contains(said), "{refusal}");
    }
}

#[test]
fn a_real_galaxy_without_h_beta_is_remarked_on() {
    // By its own line table: H-alpha 5.4 Angstrom at 37 sigma, H-beta at 0.7 sigma, log [N II] / H-alpha = -0.27; and a galaxy whose
    // H-alpha has 0.6 Angstrom.
    for (name, says) in [("spec-0266-51602-0001.fits", true), ("spec-0266-51602-0162.fits", false)] {
        let Some(path) = real::path(&format!("dr8/{name}")) else { return };
        let spectrum = real::fits_spectrum(name, &std::fs::read(path).unwrap()).unwrap();
        assert_eq!(spectrum.class, Class::Quiescent, "{name}");
        assert_eq!(spectrum.object.class_note.is_some_and(|note| note.ends_with("says AGN")), says, "{name}");
    }
}
