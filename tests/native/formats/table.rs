//! Spectra from tables of text: what is read, what is refused, and that a table gives what its FITS file gives.

use std::fmt::Write as _;

use proptest::prelude::*;
use spectrascape::formats::{Observation, ReadOptions, air_to_vacuum, table};
use spectrascape::preprocess::Recipe;
use spectrascape::spectrum::{ObservedSpectrum, PIXELS, RestFrameSpectrum, grid, lines};

use crate::real;

fn read(text: &str) -> Observation {
    let read = table::read("mine.csv", text.as_bytes(), &ReadOptions::default())
        .unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!(read.len(), 1);
    read.into_iter().next().unwrap()
}

fn refusal(text: &str) -> String {
    table::read("mine.csv", text.as_bytes(), &ReadOptions::default()).unwrap_err().to_string()
}

fn rest(observed: &ObservedSpectrum) -> RestFrameSpectrum {
    Recipe::standard().to_rest_frame(observed, observed.redshift.unwrap()).unwrap()
}

/// A galaxy-like spectrum: a slope, H-alpha and H-beta 4 Angstrom wide, at redshift 0.05.
fn shape(wavelength: f64) -> f64 {
    let line = |at: f64| 8.0 * (-0.5 * ((wavelength / 1.05 - at) / 4.0).powi(2)).exp();
    2.0 + wavelength / 9000.0 + line(lines::H_ALPHA) + line(lines::H_BETA)
}

fn linear(step: f64) -> Vec<f64> {
    (0..).map(|i| 3600.0 + step * f64::from(i)).take_while(|w| *w < 9200.0).collect()
}

fn csv(header: &str, wavelengths: &[f64], row: impl Fn(f64) -> String) -> String {
    let mut text = format!("{header}\n");
    wavelengths.iter().for_each(|&w| writeln!(text, "{}", row(w)).unwrap());
    text
}

#[test]
fn names_units_and_separators_do_not_matter() {
    let w = linear(1.2);
    let plain = csv("# redshift = 0.05\nwavelength,flux,error", &w, |w| format!("{w},{},0.1", shape(w)));
    let expected = read(&plain).spectrum;
    assert_eq!(expected.redshift, Some(0.05));
    let air = |vacuum: f64| {
        let s2 = (1e4 / vacuum).powi(2);
        vacuum / (1.0 + 6.4328e-5 + 2.94981e-2 / (146.0 - s2) + 2.5540e-4 / (41.0 - s2))
    };
    let others = [
        csv("# z: 0.05\nFLUX;Wave [nm];Sigma", &w, |w| format!("{};{};0.1", shape(w), w / 10.0).replace('.', ",")),
        csv("#redshift=0.05\n# lambda_um\tflux\tflux_err", &w, |w| format!("{:.12}\t{}\t0.1", w / 1e4, shape(w))),
        csv("# z = 0.05\r\nloglam ivar flux and_mask", &w, |w| format!(" {:.13}  100 {} 0\r", w.log10(), shape(w))),
        csv("# z=0.05", &w, |w| format!("{w} {} 0.1", shape(w))),
        csv("\u{feff}# z=0.05\nwave_air,flux (1e-17 erg/s/cm2/A),var", &w, |w| {
            format!("{:.9},{},0.01", air(w), shape(w))
        }),
        csv("# z=0.05\nwl,flux,e_flux\nAngstrom,erg s-1 cm-2 AA-1,erg s-1 cm-2 AA-1", &w, |w| {
            format!("{w},{}D-17,1e-18", shape(w))
        }),
        csv(
            "# %ECSV 1.0\n# ---\n# delimiter: ','\n# datatype:\n# - {name: wave, unit: nm, datatype: float64}\n\
             # - {name: flux, unit: 1e-17 erg / (Angstrom s cm2), datatype: float64}\n# - {name: err, datatype: float64}\n\
             # meta: {object: x, redshift: 0.05}\n# schema: astropy-2.0\nwave,flux,err",
            &w,
            |w| format!("{},{},0.1", w / 10.0, shape(w)),
        ),
        // Jansky: f_nu = f_lambda lambda^2 / c.
        csv("# z=0.05\nwave,fnu (mJy),err", &w, |w| {
            let to_mjy = 1e-17 * w * w / 2.99792458e18 / 1e-26;
            format!("{w},{},{}", shape(w) * to_mjy, 0.1 * to_mjy)
        }),
    ];
    for (index, text) in others.iter().enumerate() {
        assert!(table::recognises(text.as_bytes(), true) && table::recognises(text.as_bytes(), false), "{index}");
        let found = read(text).spectrum;
        assert_eq!(found.redshift, Some(0.05), "{index}");
        assert_eq!(found.flux.len(), expected.flux.len(), "{index}");
        for i in 5..found.flux.len() - 5 {
            assert!((found.flux[i] - expected.flux[i]).abs() < 2e-3, "{index} {i}: {}", found.flux[i]);
            assert!((found.error[i] - expected.error[i]).abs() < 1e-3, "{index} {i}: {}", found.error[i]);
        }
    }
}

#[test]
fn any_pixels_give_the_same_rest_frame_spectrum() {
    let log: Vec<f64> = (0..4000).map(|i| 10f64.powf(3.556 + 1e-4 * f64::from(i))).collect();
    // Wide in the blue, narrow in the red, with a jump between, as spectrographs with two arms have them.
    let arms: Vec<f64> = linear(1.4)
        .into_iter()
        .filter(|w| *w < 5900.0)
        .chain(linear(0.9).into_iter().filter(|w| *w > 5900.5))
        .collect();
    let of = |w: &[f64], sigma: f64| {
        let text = csv("# z=0.05\nwave,flux,err", w, |w| format!("{w:.6},{:.6},{sigma}", shape(w)));
        read(&text)
    };
    let expected = of(&log, 0.1);
    // Centres in the middle of even log pixels: nothing is resampled.
    assert!(!expected.notes.iter().any(|note| note.contains("resampled")));
    let expected = rest(&expected.spectrum);
    let rms = (expected.flux.iter().map(|x| f64::from(x * x)).sum::<f64>() / PIXELS as f64).sqrt();
    for (w, step) in [(linear(1.0), 1.0), (linear(0.5), 0.5), (arms, 0.9), (linear(2.0), 2.0)] {
        let table = of(&w, 0.1);
        assert!(table.notes.iter().any(|note| note.contains("resampled")), "{:?}", table.notes);
        let found = rest(&table.spectrum);
        let both: Vec<usize> = (0..PIXELS).filter(|&i| !found.mask[i] && !expected.mask[i]).collect();
        assert!(both.len() > 940, "{}", both.len());
        let worst = both.iter().map(|&i| f64::from((found.flux[i] - expected.flux[i]).abs())).fold(0.0, f64::max);
        // The flux given is the value at each centre, which the mean over a pixel differs from at the top of a line.
        assert!(worst < rms * (1e-3 + 0.03 * step * step), "{step}: {worst}");
        // A mean over n pixels of error 0.1: 0.1 / sqrt(n), whichever way the pixels went.
        for &i in &both {
            let width = grid::wavelength(i as f64) * grid::COEFF1 * std::f64::consts::LN_10 * 1.05;
            let own = if step == 0.9 && grid::wavelength(i as f64) * 1.05 < 5905.0 { 1.4 } else { step };
            let ratio = f64::from(found.ivar[i].powf(-0.5)) / (0.1 * (own / width).sqrt());
            assert!((0.75..1.25).contains(&ratio), "{step} {i}: {ratio}");
        }
    }
}

#[test]
fn gaps_and_bad_rows_stay_masked() {
    let w = linear(1.0);
    let kept: Vec<f64> = w.iter().copied().filter(|w| !(5000.0..5060.0).contains(w)).collect();
    let text = csv("# z=0.05\nwave,flux,err,mask", &kept, |w| match w as i32 {
        6000..6030 => format!("{w},nan,0.1,0"),
        7000..7030 => format!("{w},,0.1,0"),
        7500..7530 => format!("{w},1e9,0.1,4"),
        8000..8030 => format!("{w},5,0,0"),
        _ => format!("{w},{},0.1,0", shape(w)),
    });
    let found = rest(&read(&text).spectrum);
    for (from, to) in [(5000.0, 5060.0), (6000.0, 6030.0), (7000.0, 7030.0), (7500.0, 7530.0), (8000.0, 8030.0)] {
        let inside = (grid::pixel((from + 4.0) / 1.05).ceil() as usize)..(grid::pixel((to - 4.0) / 1.05) as usize);
        assert!(!inside.is_empty() && inside.clone().all(|i| found.mask[i]), "{from}");
        let beside = grid::pixel((from - 40.0) / 1.05) as usize;
        assert!(!found.mask[beside]);
    }
    let masked = found.mask[100..900].iter().filter(|&&bad| bad).count();
    assert!(masked < 150, "{masked}");
    for i in (100..900).filter(|&i| !found.mask[i]) {
        let wavelength = grid::wavelength(i as f64) * 1.05;
        if !(0..2).any(|k| (wavelength / 1.05 - [lines::H_ALPHA, lines::H_BETA][k]).abs() < 30.0) {
            assert!((f64::from(found.flux[i]) - shape(wavelength)).abs() < 0.02, "{i}: gaps do not ring");
        }
    }
}

#[test]
fn errors_come_from_the_scatter_where_there_are_none() {
    let mut state = 1u64;
    let mut uniform = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    let noise: Vec<f64> = (0..6000).map(|_| (0..12).map(|_| uniform()).sum::<f64>() - 6.0).collect();
    let w: Vec<f64> = (0..4000).map(|i| 10f64.powf(3.556 + 1e-4 * f64::from(i))).collect();
    let text: String = w.iter().zip(&noise).map(|(w, n)| format!("{w} {}\n", shape(*w) + 0.2 * n)).collect();
    let table = read(&text);
    assert_eq!(table.spectrum.redshift, None);
    assert!(table.notes.iter().any(|note| note.contains("estimated from the scatter")));
    let mean = table.spectrum.error.iter().sum::<f32>() / table.spectrum.error.len() as f32;
    assert!((mean - 0.2).abs() < 0.01, "{mean}");
    assert!(table.spectrum.error.iter().all(|error| (0.1..0.35).contains(error)));
}

#[test]
fn rest_frame_tables_are_not_shifted_twice() {
    let w: Vec<f64> = grid::wavelengths();
    let text =
        csv("# frame = rest\n# redshift = 0.1\nwavelength_vacuum_angstrom,flux,ivar", &w, |w| format!("{w},{w},4"));
    let table = read(&text);
    assert_eq!(table.spectrum.redshift, Some(0.1));
    let found = rest(&table.spectrum);
    let at = grid::pixel(6000.0) as usize;
    assert!((found.flux[at] / grid::wavelength(at as f64) as f32 - 1.0).abs() < 1e-4);
    let bare = csv("restwave,flux,ivar", &w, |w| format!("{w},{w},4"));
    assert_eq!(read(&bare).spectrum.redshift, Some(0.0));
}

#[test]
fn air_becomes_vacuum_as_the_iau_says() {
    // By another formula: Ciddor (1996) as inverted by N. Piskunov for VALD3.
    for (air, vacuum) in [(4000.0, 4001.1310), (5006.843, 5008.2397), (6562.801, 6564.6140), (9000.0, 9002.4708)] {
        assert!((air_to_vacuum(air) - vacuum).abs() < 1e-3, "{air}");
    }
    assert_eq!(air_to_vacuum(1500.0), 1500.0);
    assert!(air_to_vacuum(f64::NAN).is_nan());
}

#[test]
fn refusals_name_the_line_and_what_to_do() {
    let expected = [
        ("", "it has no row of numbers"),
        ("wavelength,flux\n", "it has no row of numbers"),
        ("a,b\n1,2\n", "no column of `a`, `b` is a wavelength"),
        ("wave,b\n1,2\n", "is a flux: name one `flux`"),
        ("1,2,3,4\n", "4 columns without names"),
        ("wave,flux\n4000,1\n4001,abc\n", "mine.csv, line 3: `abc` in column `flux` is no number"),
        ("wave,flux\n4000,1\n4001\n", "mine.csv, line 3: 1 fields instead of 2"),
        ("wave,flux\n4000,1\n,2\n", "mine.csv, line 3: the wavelength `` is no positive number"),
        ("wave,flux\n4000,1\n-3,2\n", "line 3: the wavelength `-3`"),
        ("wave,flux\n4000,1\n4001,2\n", "it has 2 rows of numbers"),
        ("wave (furlong),flux\n4000,1\n", "`furlong` is not known: give Angstrom, nm or um"),
        ("wave,flux,err\n1,1,0\n2,1,0\n3,1,0\n4,1,0\n", "no row has both a flux and a positive error"),
        ("loglam,flux\n1,1\n2,1\n3,1\n400,1\n", "check the unit"),
        ("SIMPLE\0\0\0", "it is not text in UTF-8"),
    ];
    for (text, words) in expected {
        let refused = refusal(text);
        assert!(refused.contains(words), "{text:?}: {refused}");
        assert!(!refused.contains('\n'));
    }
}

#[test]
fn tables_are_told_from_other_files() {
    assert!(table::recognises(b"# %ECSV 1.0\n# ---\n", false));
    assert!(table::recognises(b"3800.0  1.0\n3801.0 1.1\n", false));
    assert!(table::recognises(b"# mine\nwave,flux\n3801.0,1.1\n", false));
    assert!(table::recognises(b"wave;flux\n", true));
    assert!(!table::recognises(b"", true));
    assert!(!table::recognises(b"SIMPLE  =                    T", true));
    assert!(!table::recognises(&[0x1f, 0x8b, 8, 0], true));
    assert!(!table::recognises(b"PK\x03\x04", true));
    assert!(!table::recognises(b"Dear colleague, here is 1 spectrum\n", false));
    assert!(!table::recognises(&[0, 1, 2, 3], true));
}

#[test]
fn a_table_gives_what_its_fits_file_gives() {
    let Some(files) = real::files("dr8") else { return };
    let mut compared = 0;
    for (name, bytes) in files.iter().chain(&real::files("dr7").unwrap_or_default()) {
        let Ok(observed) = real::fits_spectrum(name, bytes) else { continue };
        let Some(redshift) = observed.redshift.filter(|redshift| (0.0..0.36).contains(redshift)) else { continue };
        let mut text = format!("# redshift = {redshift}\n# plate = {}\n", observed.id.parts[0]);
        writeln!(text, "# mjd = {}\n# fiber = {}", observed.id.parts[1], observed.id.parts[2]).unwrap();
        text += "wavelength,flux,error\n";
        let pixels = observed.log_wavelength.iter().zip(&observed.flux).zip(&observed.error);
        for ((log, flux), error) in pixels {
            writeln!(text, "{:.4},{flux},{error}", 10f64.powf(*log)).unwrap();
        }
        let table = read(&text);
        let read_back = &table.spectrum;
        assert_eq!((read_back.id, read_back.redshift), (observed.id, observed.redshift), "{name}");
        assert_eq!(read_back.flux.len(), observed.flux.len(), "{name}: {:?}", table.notes);
        let (a, b) = (rest(&observed), rest(read_back));
        assert_eq!(a.mask, b.mask, "{name}");
        let rms = (a.flux.iter().map(|x| f64::from(x * x)).sum::<f64>() / PIXELS as f64).sqrt();
        for i in (0..PIXELS).filter(|&i| !a.mask[i]) {
            assert!(f64::from((a.flux[i] - b.flux[i]).abs()) < 1e-3 * rms, "{name} {i}");
            assert!((a.ivar[i] / b.ivar[i] - 1.0).abs() < 1e-3, "{name} {i}");
        }
        compared += 1;
    }
    assert!(compared > 10, "{compared}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400)) {
        table::recognises(&bytes, true);
        let _ = table::read("a.csv", &bytes, &ReadOptions::default());
    }

    #[test]
    fn no_text_panics(text in "(wave|flux|err|loglam|#|z=|redshift|[,; \\t\"'{}:.0-9eEnD+-]|\\n|[\\PC]){0,120}") {
        table::recognises(text.as_bytes(), false);
        let _ = table::read("a", text.as_bytes(), &ReadOptions::default());
    }

    #[test]
    fn no_numbers_panic(
        header in prop::sample::select(vec!["", "loglam,flux,ivar", "wave (nm),fnu,err", "wave_air,flux,var"]),
        rows in proptest::collection::vec((proptest::num::f64::ANY, proptest::num::f64::ANY, proptest::num::f64::ANY), 0..30),
        tame in proptest::bool::ANY,
    ) {
        let mut text = format!("{header}\n");
        for (a, b, c) in rows {
            let a = if tame { (a.abs() % 9000.0) + 0.1 } else { a };
            writeln!(text, "{a:e},{b:e},{c:e}").unwrap();
        }
        if let Ok(table) = table::read("a", text.as_bytes(), &ReadOptions::default()) {
            let observed = &table[0].spectrum;
            let _ = Recipe::standard().to_rest_frame(observed, observed.redshift.unwrap_or(0.1));
        }
    }
}
