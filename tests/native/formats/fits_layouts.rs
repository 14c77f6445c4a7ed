//! Layouts of FITS that are written here: what is read of them, by hand calculation.

use proptest::prelude::*;
use spectrascape::formats::fits::write::{self, BinaryTable, Card, Cells, Column, Extension, Image, Value};
use spectrascape::formats::{self, Observation, ReadError, ReadOptions, air_to_vacuum};
use spectrascape::spectrum::{Class, SkyPosition, SourceId};

const PIXELS: usize = 200;

fn text(value: &str) -> Value {
    Value::Text(value.to_owned())
}

fn texts(values: &[&str]) -> Cells {
    Cells::Text(values.iter().map(|&value| value.to_owned()).collect())
}

fn image(name: &'static str, axes: &[usize], cards: &[Card], pixel: impl Fn(usize) -> f64) -> Image {
    let count = axes.iter().product();
    Image { name, axes: axes.to_vec(), cards: cards.to_vec(), pixels: (0..count).map(pixel).collect() }
}

fn empty(cards: &[Card]) -> Image {
    Image { name: "", axes: Vec::new(), cards: cards.to_vec(), pixels: Vec::new() }
}

fn read(bytes: &[u8]) -> Vec<Observation> {
    formats::read("a.fits", bytes).unwrap_or_else(|refusal| panic!("{refusal}"))
}

fn refusal(bytes: &[u8]) -> String {
    let refusal = formats::read("a.fits", bytes).unwrap_err().to_string();
    assert!(refusal.starts_with("a.fits ") && !refusal.ends_with('.') && !refusal.contains('\n'), "{refusal}");
    refusal
}

fn says(observation: &Observation, words: &str) {
    assert!(observation.notes.iter().any(|note| note.contains(words)), "{words}: {:?}", observation.notes);
}

fn plate() -> Vec<u8> {
    let cards = [
        ("COEFF0", Value::Real(3.6), ""),
        ("COEFF1", Value::Real(1e-4), ""),
        ("PLATEID", Value::Whole(266), ""),
        ("MJD", Value::Whole(51630), ""),
    ];
    let fibres = BinaryTable {
        name: "PLUGMAP",
        columns: vec![
            Column::new("OBJTYPE", "", texts(&["GALAXY", "SKY", "QSO"])),
            Column::new("FIBERID", "", Cells::Whole(vec![1, 2, 3])),
            Column::new("RA", "deg", Cells::Double(vec![10.0, 20.0, 30.0])),
            Column::new("DEC", "deg", Cells::Double(vec![-1.0, -2.0, -3.0])),
        ],
    };
    let flux = image("", &[PIXELS, 3], &cards, |i| (i / PIXELS) as f64 + 1.0);
    let ivar = image("IVAR", &[PIXELS, 3], &[], |i| if i % PIXELS == 7 { 0.0 } else { 4.0 });
    let masks = image("ANDMASK", &[PIXELS, 3], &[], |_| 64.0);
    write::file_with_images(&flux, &[Extension::Image(ivar), Extension::Image(masks), Extension::Table(fibres)])
}

#[test]
fn every_fibre_of_a_plate_that_is_no_sky_is_a_spectrum() {
    let all = read(&plate());
    let ids: Vec<String> = all.iter().map(|one| one.spectrum.id.to_string()).collect();
    assert_eq!(ids, ["266-51630-1", "266-51630-3"]);
    let last = &all[1].spectrum;
    assert_eq!(last.object.name.as_deref(), Some("fibre 3"));
    assert_eq!(last.object.position, SkyPosition::new(30.0, -3.0));
    assert_eq!((last.redshift, last.flux[0], last.error[6], last.error[7]), (None, 3.0, 0.5, 0.0));
    assert!((last.log_wavelength[PIXELS - 1] - 3.6199).abs() < 1e-12);
    let options = ReadOptions { rows: Some(&[2]), ..ReadOptions::default() };
    let one = formats::read_with("a.fits", &plate(), &options).unwrap();
    assert_eq!((one.len(), one[0].spectrum.id), (1, SourceId::sdss(266, 51630, 3)));
    let sky = ReadOptions { rows: Some(&[1]), ..ReadOptions::default() };
    assert!(matches!(formats::read_with("a.fits", &plate(), &sky), Err(ReadError::SkyFibre { .. })));
    let none = ReadOptions { rows: Some(&[9]), ..ReadOptions::default() };
    let none = formats::read_with("a.fits", &plate(), &none).unwrap_err().to_string();
    assert!(none.contains("choose rows from 0 to 2"), "{none}");
}

/// Two targets and a sky fibre; the first target is exposed twice, and its arms overlap in half of their wavelengths.
fn desi(redshifts: bool) -> Vec<u8> {
    let map = BinaryTable {
        name: "FIBERMAP",
        columns: vec![
            Column::new("TARGETID", "", Cells::Long(vec![39_627_835_576_420_141, 7, 39_627_835_576_420_141, 8])),
            Column::new("OBJTYPE", "", texts(&["TGT", "SKY", "TGT", "TGT"])),
            Column::new("TARGET_RA", "", Cells::Double(vec![150.0, 1.0, 150.0, 2.0])),
            Column::new("TARGET_DEC", "", Cells::Double(vec![2.0, 1.0, 2.0, 3.0])),
        ],
    };
    let mut extensions = vec![Extension::Table(map)];
    // Fluxes 1 (first exposure) and 5 (second) with ivar 3 and 1 in B; 9 with ivar 4 in both rows of R.
    for (names, start, fluxes, ivars) in [
        (["B_WAVELENGTH", "B_FLUX", "B_IVAR", "B_MASK"], 4000.0, [1.0, 2.0, 5.0, 2.0], [3.0, 1.0, 1.0, 1.0]),
        (["R_WAVELENGTH", "R_FLUX", "R_IVAR", "R_MASK"], 4080.0, [9.0, 2.0, 9.0, 2.0], [4.0, 1.0, 4.0, 1.0]),
    ] {
        // Rounding differs from arm to arm.
        let noise = if start > 4000.0 { 1e-9 } else { 0.0 };
        extensions.push(Extension::Image(image(names[0], &[PIXELS], &[], |i| start + 0.8 * i as f64 + noise)));
        extensions.push(Extension::Image(image(names[1], &[PIXELS, 4], &[], |i| fluxes[i / PIXELS])));
        extensions.push(Extension::Image(image(names[2], &[PIXELS, 4], &[], |i| ivars[i / PIXELS])));
        let masked = |i: usize| f64::from(u8::from(start > 4000.0 && i % PIXELS == PIXELS - 1));
        extensions.push(Extension::Image(image(names[3], &[PIXELS, 4], &[], masked)));
    }
    if redshifts {
        extensions.push(Extension::Table(redrock_table()));
    }
    write::file_with_images(&empty(&[]), &extensions)
}

fn redrock_table() -> BinaryTable {
    BinaryTable {
        name: "REDSHIFTS",
        columns: vec![
            Column::new("TARGETID", "", Cells::Long(vec![8, 39_627_835_576_420_141])),
            Column::new("Z", "", Cells::Double(vec![0.0001, 0.25])),
            Column::new("ZERR", "", Cells::Double(vec![1e-6, 2e-5])),
            Column::new("ZWARN", "", Cells::Long(vec![0, 4])),
            Column::new("SPECTYPE", "", texts(&["STAR", "GALAXY"])),
            Column::new("SUBTYPE", "", texts(&["M", ""])),
        ],
    }
}

#[test]
fn exposures_and_arms_of_desi_are_joined_by_inverse_variance_and_redrock_is_matched() {
    let redrock = write::file(&[], &[redrock_table()]);
    let options = ReadOptions { redrock: Some(("redrock.fits", &redrock)), ..ReadOptions::default() };
    for all in [read(&desi(true)), formats::read_with("a.fits", &desi(false), &options).unwrap()] {
        assert_eq!(all.len(), 2, "the sky fibre is left out");
        says(&all[0], "2 exposures were joined by inverse variance");
        says(&all[0], "1 of its rows are sky");
        let (first, star) = (&all[0].spectrum, &all[1].spectrum);
        assert_eq!(first.id, SourceId::desi(39_627_835_576_420_141));
        assert_eq!((first.redshift, first.class), (Some(0.25), Class::Unknown));
        assert_eq!((first.object.redshift_error, first.object.redshift_warning), (Some(2e-5), Some(4)));
        assert_eq!(first.object.position, SkyPosition::new(150.0, 2.0));
        assert_eq!((star.class, star.object.subclass.as_deref()), (Class::Star, Some("M")));
        let at = |wavelength: f64| first.log_wavelength.iter().position(|log| 10f64.powf(*log) > wavelength).unwrap();
        // (3 x 1 + 1 x 5) / 4 in B alone, (4 x 2 + 8 x 9) / 12 where both see it, 9 in R alone.
        for (wavelength, flux) in [(4040.0, 2.0), (4120.0, 80.0 / 12.0), (4200.0, 9.0)] {
            let read = f64::from(first.flux[at(wavelength)]);
            assert!((read - flux).abs() < 0.01, "{wavelength}: {read}");
        }
        // Pixels of 0.8 Angstrom onto nearly the same: errors of 1 / sqrt(4), 1 / sqrt(12), 1 / sqrt(8), neighbours shared.
        let error = f64::from(first.error[at(4200.0)]) * 8f64.sqrt();
        assert!((0.65..1.05).contains(&error), "{error}");
        // The masked pixel is the last: nothing is good behind it.
        assert!(10f64.powf(first.log_wavelength[at(4238.0)]) > 4238.0 && first.error.last() == Some(&0.0));
    }
    // Rows count targets.
    let options = ReadOptions { rows: Some(&[2]), ..ReadOptions::default() };
    let one = formats::read_with("a.fits", &desi(true), &options).unwrap();
    assert_eq!((one.len(), one[0].spectrum.id), (1, SourceId::desi(8)));
    // What is remembered of the target before it changes nothing.
    assert_eq!(one[0].spectrum, read(&desi(true))[1].spectrum);
    let options = ReadOptions { rows: Some(&[1]), ..ReadOptions::default() };
    assert!(matches!(formats::read_with("a.fits", &desi(true), &options), Err(ReadError::SkyFibre { .. })));
}

fn axis_cards(kind: &str, value: f64, step: f64) -> Vec<Card> {
    vec![("CTYPE1", text(kind), ""), ("CRVAL1", Value::Real(value), ""), ("CDELT1", Value::Real(step), "")]
}

/// A spectrum of one dimension that rises by 1 a pixel, with errors of 2.
fn one_dimension(cards: &[Card]) -> Vec<u8> {
    let flux = image("", &[PIXELS], cards, |i| 100.0 + i as f64);
    write::file_with_images(&flux, &[Extension::Image(image("STAT", &[PIXELS], &[], |_| 4.0))])
}

#[test]
fn axes_in_keywords_are_linear_or_logarithmic_and_in_air_or_vacuum() {
    let first = |cards: &[Card]| {
        let one = read(&one_dimension(cards)).remove(0);
        (10f64.powf(one.spectrum.log_wavelength[0]), one)
    };
    // Even log axes stay as they are, to the pixel.
    for (kind, value, step) in
        [("WAVE-LOG", 3.6, 1e-4), ("LINEAR", 3.6, 1e-4), ("LOG-LAMBDA", 3.6 * 10f64.ln(), 1e-4 * 10f64.ln())]
    {
        let (wavelength, one) = first(&axis_cards(kind, value, step));
        assert!((wavelength - 10f64.powf(3.6)).abs() < 1e-6, "{kind}: {wavelength}");
        assert_eq!((one.spectrum.flux[3], one.spectrum.error[3]), (103.0, 2.0), "{kind}");
    }
    // The standard's: 4000 exp(0.4 x 199 / 4000) at the last pixel.
    let (wavelength, one) = first(&axis_cards("WAVE-LOG", 4000.0, 0.4));
    assert!((wavelength - 4000.0).abs() < 1e-6);
    assert!((10f64.powf(one.spectrum.log_wavelength[199]) - 4000.0 * (0.4f64 * 199.0 / 4000.0).exp()).abs() < 1e-4);
    says(&one, "in vacuum, as the file says");
    let (wavelength, one) = first(&axis_cards("AWAV-LOG", 4000.0, 0.4));
    assert!((wavelength - air_to_vacuum(4000.0)).abs() < 0.01, "{wavelength}");
    says(&one, "in air, as the file says; they were converted");
    // Nanometres, half a pixel of 0.1 nm before the reference pixel, which is the third.
    let mut cards = axis_cards("LINEAR", 500.0, 0.1);
    cards.extend([("CUNIT1", text("nm"), ""), ("CRPIX1", Value::Real(3.0), ""), ("VACUUM", Value::Flag(false), "")]);
    cards.extend([("RA", text("10:00:00"), ""), ("DEC", text("-01:30:00"), ""), ("REDSHIFT", Value::Real(0.12), "")]);
    let (wavelength, one) = first(&cards);
    assert!((wavelength - air_to_vacuum(4997.5)).abs() < 0.7, "{wavelength}");
    assert_eq!(one.spectrum.redshift, Some(0.12));
    let position = one.spectrum.object.position.unwrap();
    assert!((position.ra - 150.0).abs() < 1e-9 && (position.dec + 1.5).abs() < 1e-9);
    says(&one, "in air, as the file says; they were converted");
    let (_, one) = first(&axis_cards("LINEAR", 5000.0, 1.0));
    says(&one, "vacuum is assumed");
}

#[test]
fn images_of_iraf_give_their_first_band_and_its_sigma() {
    let cards = [
        ("CTYPE1", text("MULTISPE"), ""),
        ("WAT0_001", text("system=multispec"), ""),
        ("WAT1_001", text("wtype=multispec label=Wavelength units=angstroms"), ""),
        ("WAT2_001", text("wtype=multispec spec1 = \"1 1 1 3.6 1.0E-4 200 0. 10. 20.\""), ""),
        ("APNUM1", text("1 1 10. 20."), ""),
        ("BANDID4", text("sigma - background median"), ""),
    ];
    let bytes = write::file_with_images(&image("", &[PIXELS, 1, 4], &cards, |i| [7.0, 1.0, 2.0, 0.5][i / PIXELS]), &[]);
    let one = read(&bytes).remove(0).spectrum;
    assert_eq!((one.flux[9], one.error[9]), (7.0, 0.5));
    assert!((one.log_wavelength[100] - 3.61).abs() < 1e-9);
}

#[test]
fn tables_with_a_spectrum_a_row_or_a_pixel_a_row_are_read() {
    let wave: Vec<f64> = (0..PIXELS).map(|i| 10f64.powf(3.6 + 1e-4 * i as f64) / 10.0).collect();
    let rows = |value: f64| Cells::Array(vec![vec![value; PIXELS]]);
    // ESO's phase 3: an array a cell.
    let eso = BinaryTable {
        name: "SPECTRUM",
        columns: vec![
            Column::new("WAVE", "nm", Cells::Array(vec![wave])),
            Column::new("FLUX", "10**(-16)erg.cm**(-2).s**(-1).angstrom**(-1)", rows(3.0)),
            Column::new("ERR", "", rows(1.0)),
            Column::new("QUAL", "", rows(0.0)),
        ],
    };
    let cards = [("OBJECT", text("NGC 3522"), ""), ("RA", Value::Real(166.668), ""), ("DEC", Value::Real(20.085), "")];
    let mut bytes = write::file(&cards, &[eso]);
    let one = read(&bytes).remove(0);
    assert_eq!(one.spectrum.object.name.as_deref(), Some("NGC 3522"));
    assert_eq!(one.spectrum.object.position, SkyPosition::new(166.668, 20.085));
    assert!((one.spectrum.flux[5] / one.spectrum.error[5] - 3.0).abs() < 1e-5);
    assert!((one.spectrum.log_wavelength[0] - 3.6).abs() < 1e-6);
    says(&one, "vacuum is assumed");
    // Of wavelengths in air it has another UCD; the card takes the place of the table's name.
    let at = bytes.windows(8).position(|window| window == b"EXTNAME ").unwrap();
    bytes[at..at + 80].copy_from_slice(format!("{:80}", "TUCD1   = 'em.wl;obs.atmos'").as_bytes());
    says(&read(&bytes).remove(0), "in air, as the file says");
    // JWST's x1d: a pixel a row, with bits of which the first says not to use it.
    let wave: Vec<f64> = (0..PIXELS).map(|i| 10f64.powf(3.6 + 1e-4 * i as f64) / 1e4).collect();
    let x1d = |dq: Vec<i32>| BinaryTable {
        name: "EXTRACT1D",
        columns: vec![
            Column::new("WAVELENGTH", "um", Cells::Double(wave.clone())),
            Column::new("FLUX", "Jy", Cells::Double(vec![1e-4; PIXELS])),
            Column::new("FLUX_ERROR", "Jy", Cells::Double(vec![1e-5; PIXELS])),
            Column::new("SURF_BRIGHT", "MJy/sr", Cells::Double(vec![5.0; PIXELS])),
            Column::new("SB_ERROR", "MJy/sr", Cells::Double(vec![1.0; PIXELS])),
            Column::new("DQ", "", Cells::Whole(dq)),
        ],
    };
    let mut dq = vec![4; PIXELS];
    dq[10] = 1;
    let one = read(&write::file(&[], &[x1d(dq)])).remove(0).spectrum;
    // F_lambda = F_nu c / lambda^2 = 1e-4 Jy x 2.99792458e18 / 3981.07^2 x 1e-23 = 1.8916e-16 = 18.916 units.
    assert!((one.flux[0] - 18.916).abs() < 0.01, "{}", one.flux[0]);
    assert_eq!((one.error[9] > 0.0, one.error[10]), (true, 0.0));
    let two = read(&write::file(&[], &[x1d(vec![0; PIXELS]), x1d(vec![0; PIXELS])]));
    let names: Vec<_> = two.iter().filter_map(|one| one.spectrum.object.name.as_deref()).collect();
    assert_eq!(names, ["1", "2"]);
}

#[test]
fn a_file_without_a_spectrum_is_named_and_says_what_to_do() {
    let cards = [("INSTRUME", text("MUSE"), "")];
    let cube = image("DATA", &[9, 9, PIXELS], &cards, |_| 1.0);
    assert!(refusal(&write::file_with_images(&cube, &[])).contains("it is a spectral cube of `MUSE`: extract"));
    let picture = image("", &[100, 90], &[("CTYPE1", text("RA---TAN"), "")], |_| 1.0);
    assert!(refusal(&write::file_with_images(&picture, &[])).contains("it is an image of 100 x 90 pixels"));
    let long_slit = image("", &[100, 90], &axis_cards("WAVE", 4000.0, 1.0), |_| 1.0);
    assert!(refusal(&write::file_with_images(&long_slit, &[])).contains("a two-dimensional spectrum"));
    let blind = image("", &[PIXELS], &[], |_| 1.0);
    assert!(refusal(&write::file_with_images(&blind, &[])).contains("has no wavelengths"));
    let table = |names: &[&'static str]| {
        let columns = names.iter().map(|name| Column::new(name, "", Cells::Double(vec![1.0; 3]))).collect();
        write::file(&[], &[BinaryTable { name: "T", columns }])
    };
    assert!(refusal(&table(&["RA", "DEC", "Z"])).contains("a catalogue of 3 objects"));
    assert!(refusal(&table(&["LINEWAVE", "LINEAREA"])).contains("a table of measured lines"));
    assert!(refusal(&write::file(&[], &[redrock_table()])).contains("DESI's table of redshifts"));
    assert!(refusal(&table(&["X", "Y"])).contains("no table has a column of wavelengths"));
    assert!(refusal(&write::file(&[("TELESCOP", text("HST"), "")], &[])).contains("of `HST`"));
    let six = write::file_with_images(&image("", &[PIXELS, 4], &[("INSTRUME", text("6dF"), "")], |_| 1.0), &[]);
    assert!(refusal(&six).contains("it is a 6dF spectrum"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn cut_and_damaged_files_never_panic(which in 0usize..4, cut in any::<prop::sample::Index>(), seed in any::<u64>(), hits in 0usize..30) {
        let mut bytes = match which {
            0 => plate(),
            1 => desi(true),
            2 => one_dimension(&axis_cards("WAVE", 4000.0, 1.0)),
            _ => write::file(&[], &[redrock_table()]),
        };
        let mut state = seed;
        let mut draw = |below: usize| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 33) as usize % below
        };
        let cards: Vec<usize> = (0..bytes.len() / 80).filter(|i| bytes[i * 80..][..80].is_ascii()).collect();
        for _ in 0..hits {
            let at = cards[draw(cards.len())] * 80 + draw(80);
            bytes[at] = b"0123456789EJKDPQT'= -\xff"[draw(22)];
        }
        if hits % 3 == 0 {
            bytes.truncate(cut.index(bytes.len() + 1));
        }
        let options = ReadOptions { redrock: Some(("redrock.fits", &bytes)), ..ReadOptions::default() };
        let _ = formats::read_with("a.fits", &bytes, &options);
        let _ = formats::read("a.fits", &bytes);
    }
}
