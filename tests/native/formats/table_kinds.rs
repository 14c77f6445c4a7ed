//! Tables as people and archives write them: units, air and vacuum, layouts, masks, and facts of the object.

use std::fmt::Write as _;

use spectrascape::formats::{Medium, Observation, ReadOptions, air_to_vacuum, table};
use spectrascape::spectrum::SourceId;

fn read_bytes(bytes: &[u8], options: &ReadOptions<'_>) -> Observation {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(300)]).into_owned();
    table::read("mine.txt", bytes, options).unwrap_or_else(|error| panic!("{error}\n{text}")).remove(0)
}

fn read(text: &str) -> Observation {
    read_bytes(text.as_bytes(), &ReadOptions::default())
}

/// Even log wavelengths from 3981 to 8128 Angstrom.
fn wavelengths() -> Vec<f64> {
    (0..3100).map(|i| 10f64.powf(3.6 + 1e-4 * f64::from(i))).collect()
}

fn table_of(header: &str, row: impl Fn(usize, f64) -> String) -> String {
    let mut text = format!("{header}\n");
    wavelengths().into_iter().enumerate().for_each(|(i, w)| writeln!(text, "{}", row(i, w)).unwrap());
    text
}

#[test]
fn the_dimension_decides_what_a_flux_is_per() {
    // The power of the wavelength by which a constant falls, by hand: 0 per wavelength, 2 per frequency, 1 for photons and lambda F_lambda.
    let units = [
        ("10^-17 erg s^-1 cm^-2 Å^-1", 0),
        ("1E-17 erg/cm^2/s/Ang", 0),
        ("erg.s-1.cm-2.Angstrom-1", 0),
        ("W/m2/um", 0),
        ("10-17erg/s/cm2/0.1nm", 0),
        ("10**(-20)*erg/s/cm**2/Angstrom", 0),
        ("erg s⁻¹ cm⁻² Å⁻¹", 0),
        ("ergs^-1cm^-2a^-1", 0),
        ("erg/s cm2 A", 0),
        ("MJy/sr", 2),
        ("mJy", 2),
        ("uJy", 2),
        ("nJy", 2),
        ("nanomaggy", 2),
        ("erg/s/cm2/Hz", 2),
        ("W m-2 Hz-1", 2),
        ("erg/s/cm2", 1),
        ("photons/s/cm2/A", 1),
    ];
    for (unit, power) in units {
        let text = table_of(&format!("wavelength,flux [{unit}],error"), |_, w| format!("{w},1,0.1"));
        let found = read(&text);
        let (first, last) = (found.spectrum.flux[0], found.spectrum.flux[3000]);
        let expected = 10f64.powf(0.3 * f64::from(power));
        assert!((f64::from(first / last) - expected).abs() < 1e-3 * expected, "{unit}: {}", first / last);
        assert!(!found.notes.iter().any(|note| note.contains("not known")), "{unit}: {:?}", found.notes);
    }
    let found = read(&table_of("wavelength,flux [adu],error", |_, w| format!("{w},1,0.1")));
    assert!(found.notes.iter().any(|note| note.contains("`adu` is not known")), "{:?}", found.notes);
}

#[test]
fn wavelengths_come_in_any_unit_of_light() {
    type FromAngstrom = fn(f64) -> f64;
    // Each value is that of 5000 Angstrom by astropy.units with spectral().
    let units: [(&str, FromAngstrom); 8] = [
        ("0.1nm", |w| w),
        ("10nm", |w| w / 100.0),
        ("1e-10 m", |w| w),
        ("Angstroms", |w| w),
        ("dex(nm)", |w| (w / 10.0).log10()),
        ("THz", |w| 599.584_916 * 5000.0 / w),
        ("1/cm", |w| 20_000.0 * 5000.0 / w),
        ("eV", |w| 2.479_683_968_66 * 5000.0 / w),
    ];
    for (unit, value) in units {
        let found =
            read(&table_of(&format!("wavelength [{unit}],flux,error"), |_, w| format!("{:.12},1,0.1", value(w))));
        assert_eq!(found.spectrum.log_wavelength.len(), 3100, "{unit}");
        assert!((found.spectrum.log_wavelength[0] - 3.6).abs() < 1e-6, "{unit}: {}", found.spectrum.log_wavelength[0]);
    }
}

#[test]
fn air_and_vacuum_are_told_by_meaning() {
    let said = [
        ("# wavelengths are in air, not vacuum", true),
        ("# wavelengths are in vacuum, not air", false),
        ("# converted from vacuum to air", true),
        ("# vacuum wavelengths converted from air", false),
        ("# air-to-vacuum correction applied", false),
        ("# air-to-vacuum correction not applied", true),
        ("# wavelengths have not been converted to vacuum", true),
        ("# wavelengths in air, to be converted to vacuum", true),
        ("# wavelengths converted to vacuum, not corrected for extinction", false),
        ("# VACUUM  =                    F / are wavelengths in vacuum", true),
        ("# VACUUM: false", true),
        ("# air: yes", true),
        ("# air = no", false),
        ("# AIRORVAC= 'air     '", true),
        ("# wavelengths are not\n# in vacuum", true),
        ("# observed at airmass 1.2\n# wavelength: vacuum", false),
    ];
    let first = |text: &str| 10f64.powf(read(text).spectrum.log_wavelength[0]);
    for (comments, air) in said {
        let text = table_of(&format!("{comments}\nwavelength,flux,error"), |_, w| format!("{w},1,0.1"));
        let given = wavelengths()[0];
        let expected = if air { air_to_vacuum(given) } else { given };
        assert!((first(&text) - expected).abs() < 0.1, "{comments}: {} {expected}", first(&text));
        let notes = read(&text).notes;
        assert_eq!(notes.iter().filter(|note| note.contains("wavelengths are in")).count(), 1, "{comments}: {notes:?}");
    }
    // The column's own word counts more than a comment, and the contradiction is said; the user's counts most.
    let text = table_of("# wavelengths in vacuum\nwave_air,flux,error", |_, w| format!("{w},1,0.1"));
    let note = read(&text).notes.remove(0);
    assert!(note.contains("in air, as the column `wave_air` says") && note.contains("says vacuum"), "{note}");
    let options = ReadOptions { medium: Some(Medium::Vacuum), ..ReadOptions::default() };
    let note = read_bytes(text.as_bytes(), &options).notes.remove(0);
    assert!(note.contains("in vacuum, as you chose") && note.contains("says air"), "{note}");
}

#[test]
fn layouts_do_not_matter() {
    let plain = table_of("wavelength,flux,error", |_, w| format!("{w:.4},1,0.1"));
    let expected = read(&plain).spectrum;
    let blanks = "Wavelength (Angstrom)   Flux (1e-17 erg/s/cm2/A)   Error";
    let long: String = (0..400).map(|i| format!("# KEY{i} = {i} / a keyword of the telescope\n")).collect();
    let ipac = "\\catalog=mine\n\\ redshift = 0.1\n| wavelength| flux| error|\n|     double|  int|double|\n|   Angstrom|     |      |\n\
                |       null| null|  null|";
    let others = [
        table_of(blanks, |_, w| format!("{w:.4}  1  0.1")),
        table_of(long.trim_end(), |_, w| format!("{w:.4} 1 0.1")),
        table_of(ipac, |_, w| format!("  {w:.4}     1    0.1")),
        table_of("# lambda flux err tem\n# angstroms mine mine none", |_, w| format!("{w:.4} 1 0.1 7")),
        table_of("wavelength\tflux\terror", |_, w| format!("{w:.4}\t1,0\t0,1").replace('.', ",")),
        plain.replace('\n', "\r"),
        format!("{plain}-1,0,0\n0,0,0\nnan,0,0\n"),
    ];
    for (index, text) in others.iter().enumerate() {
        assert!(table::recognises(text.as_bytes(), false), "{index}");
        let found = read(text).spectrum;
        assert_eq!(
            (&found.log_wavelength, found.flux.len()),
            (&expected.log_wavelength, expected.flux.len()),
            "{index}"
        );
    }
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(plain.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(read_bytes(&wide, &ReadOptions::default()).spectrum, expected);
    assert!(read(&others[6]).notes[0].contains("3 rows of padding"));
}

#[test]
fn bits_are_no_marks_of_bad_pixels() {
    let masked = |header: &str, set: &str, every: usize| {
        let text = table_of(header, |i, w| format!("{w},1,4,{}", if i % every == 0 { set } else { "0" }));
        let found = read(&text);
        (found.spectrum.error.iter().filter(|error| **error == 0.0).count(), found.notes.join(" "))
    };
    let (count, notes) = masked("wave,flux,ivar,and_mask", "8388608", 1);
    assert!(count == 0 && notes.contains("holds bits, set in 3100 of 3100"), "{count} {notes}");
    assert_eq!(masked("wave,flux,ivar,mask", "16", 2).0, 0);
    assert_eq!(masked("wave,flux,ivar,mask", "1", 10).0, 310);
    assert_eq!(masked("wave,flux,ivar,mask", "True", 10).0, 310);
    let (count, notes) = masked("wave,flux,ivar,mask", "1", 1);
    assert!(count == 0 && notes.contains("was not applied"), "{count} {notes}");
}

#[test]
fn facts_of_the_object_are_read() {
    let header = "# OBJECT  = 'NGC 4321'           / name\n# RA = 12:22:54.9\n# DEC = -15:49:20\n# z_err: 0.0002\nwave,flux,error,z";
    let found = read(&table_of(header, |_, w| format!("{w},1,0.1,0.005"))).spectrum;
    assert_eq!((found.redshift, found.object.redshift_error), (Some(0.005), Some(0.0002)));
    assert_eq!(found.object.name.as_deref(), Some("NGC 4321"));
    let position = found.object.position.unwrap();
    // 15 (12 + 22/60 + 54.9/3600) and -(15 + 49/60 + 20/3600).
    assert!((position.ra - 185.72875).abs() < 1e-9 && (position.dec + 15.822_222_222).abs() < 1e-8, "{position:?}");
    let target =
        read(&table_of("# TARGETID = 39627835576420141\nwave,flux,error", |_, w| format!("{w},1,0.1"))).spectrum;
    assert_eq!(target.id, SourceId::desi(39_627_835_576_420_141));
}

/// A comment of as many parts as there are columns is prose unless it names a flux, too.
#[test]
fn prose_that_begins_with_wavelength_names_no_columns() {
    let text = table_of("# wavelength in nm, air", |_, w| format!("{} 1.5", w / 10.0));
    let found = read(&text);
    assert!((found.spectrum.log_wavelength[0] - air_to_vacuum(10f64.powf(3.6)).log10()).abs() < 1e-6);
    assert!(found.notes.iter().any(|note| note.contains("in air, as the comment")), "{:?}", found.notes);
}

/// The tables that astropy's other writers make of three columns.
#[test]
fn frames_and_byte_by_byte_descriptions_are_read() {
    let row = |separator: &str, w: f64| [format!("{w:18.12}"), "1.5".to_owned(), "0.1".to_owned()].join(separator);
    let rows = |begin: &str, separator: &str, end: &str| {
        wavelengths().into_iter().map(|w| format!("{begin}{}{end}\n", row(separator, w))).collect::<String>()
    };
    let bars = format!("|         wavelength | flux | error |\n{}", rows("| ", " | ", " |"));
    let ruled = format!("        wavelength flux error\n------------------ ---- -----\n{}", rows("", "  ", ""));
    let restructured = format!(
        "================== ==== =====\n        wavelength flux error\n================== ==== =====\n{}================== ==== =====\n",
        rows("", "  ", "")
    );
    let markdown = format!("| wavelength | flux | error |\n|---|---|---|\n{}", rows("| ", " | ", " |"));
    let described = format!(
        "Title: mine\nTable: one\n{line}\nByte-by-byte Description of file: table.dat\n{dash}\n Bytes Format Units  Label     Explanations\n{dash}\n \
         1- 18 F18.12 0.1nm  wavelength [3981/8128] Wavelength,\n                      in vacuum\n20- 22 F3.1  ---    flux       Flux\n24- 26 F3.1  \
         ---    e_flux      Error of the flux\n{dash}\nNote (1): none\n{dash}\n{}",
        rows("", " ", ""),
        line = "=".repeat(80),
        dash = "-".repeat(80),
    );
    for text in [bars, ruled, restructured, markdown, described] {
        let found = read(&text);
        let head = &text[..300];
        assert_eq!(found.spectrum.flux.len(), 3100, "{head}");
        assert!((found.spectrum.log_wavelength[0] - 3.6).abs() < 1e-9, "{head}");
        assert!(found.spectrum.flux.iter().all(|flux| *flux == 1.5), "{head}");
        assert!(found.spectrum.error.iter().all(|error| (*error - 0.1).abs() < 1e-7), "{head}");
    }
}
