//! Tables with typed cells: VOTables that astropy wrote, JSON, and lists in the fields of text.

use spectrascape::formats::{self, Observation, ReadOptions, air_to_vacuum, table};
use spectrascape::spectrum::SourceId;

const TABLEDATA: &[u8] = include_bytes!("../../fixtures/votable/tabledata.vot");
const BINARY: &[u8] = include_bytes!("../../fixtures/votable/binary.vot");
const BINARY2: &[u8] = include_bytes!("../../fixtures/votable/binary2.vot");
const ROWS: &[u8] = include_bytes!("../../fixtures/votable/rows-tabledata.vot");
const ROWS_BINARY2: &[u8] = include_bytes!("../../fixtures/votable/rows-binary2.vot");
const CATALOGUE: &[u8] = include_bytes!("../../fixtures/votable/catalogue.vot");

/// A target of DESI, whose digits an f64 would lose.
const TARGET: i64 = 39_627_652_591_521_181;

fn read(name: &str, bytes: &[u8]) -> Vec<Observation> {
    formats::read(name, bytes).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn refusal(name: &str, bytes: &[u8]) -> String {
    formats::read(name, bytes).expect_err("it must not be read").to_string()
}

/// Checks the spectrum that `make.py` beside the fixtures writes: log10 wavelength 3.6 + 1e-4 i, flux 1 + i / 100, error 0.1.
fn assert_is_ramp(observation: &Observation, scale: f32, error: f32) {
    let spectrum = &observation.spectrum;
    assert_eq!(spectrum.flux.len(), 60);
    for pixel in (0..60).filter(|pixel| *pixel != 7) {
        let expected = scale * (1.0 + pixel as f32 / 100.0);
        assert!((spectrum.flux[pixel] - expected).abs() < 1e-5, "pixel {pixel}: {}", spectrum.flux[pixel]);
        assert!((spectrum.error[pixel] - error).abs() < 1e-6, "pixel {pixel}: {}", spectrum.error[pixel]);
    }
}

#[test]
fn each_serialisation_of_a_votable_is_the_same_spectrum() {
    for (name, bytes) in [("a.vot", TABLEDATA), ("b.xml", BINARY), ("c.txt", BINARY2)] {
        let found = read(name, bytes);
        assert_eq!(found.len(), 1, "{name}");
        assert_is_ramp(&found[0], 1.0, 0.1);
        let spectrum = &found[0].spectrum;
        assert_eq!(spectrum.error[7], 0.0, "{name}: the missing pixel is masked");
        assert_eq!((spectrum.id, spectrum.redshift), (SourceId::desi(TARGET), Some(0.1)), "{name}");
        assert!((spectrum.log_wavelength[0] - 3.6).abs() < 1e-9, "{name}: nm are converted");
    }
}

#[test]
fn a_votable_with_a_spectrum_a_row_keeps_their_facts_and_medium() {
    for (name, bytes) in [("a.vot", ROWS), ("b.vot", ROWS_BINARY2)] {
        let found = read(name, bytes);
        assert_eq!(found.len(), 2, "{name}");
        for (index, one) in found.iter().enumerate() {
            let spectrum = &one.spectrum;
            assert_eq!(spectrum.id, SourceId::desi(TARGET + index as i64), "{name}: every digit");
            assert_eq!(spectrum.redshift, Some([0.1, 0.2][index]), "{name}");
            let first = air_to_vacuum(10f64.powf(3.6)).log10();
            assert!((spectrum.log_wavelength[0] - first).abs() < 1e-8, "{name}: obs.atmos is air");
            assert!(one.notes.iter().any(|note| note.contains("UCD em.wl;obs.atmos")), "{name}: {:?}", one.notes);
            let middle = spectrum.flux[30] / spectrum.flux[0];
            assert!((middle - 1.3).abs() < 1e-3 && (spectrum.error[30] - [0.1, 0.2][index]).abs() < 0.01, "{name}");
        }
        let options = ReadOptions { rows: Some(&[1]), ..ReadOptions::default() };
        let chosen = formats::read_with(name, bytes, &options).unwrap();
        assert_eq!(chosen.len(), 1);
        assert_eq!(chosen[0].spectrum.redshift, Some(0.2), "{name}");
    }
}

#[test]
fn a_votable_of_objects_is_a_catalogue() {
    let plain = table::plain("mine.vot", CATALOGUE).unwrap();
    assert_eq!(plain.names, ["targetid", "mass", "note"]);
    assert_eq!(plain.rows, [["39627652591521181", "10.5", "a"], ["39627652591521182", "11.25", "b c"]]);
    let said = refusal("mine.vot", CATALOGUE);
    assert!(said.contains("no column of `targetid`, `mass`, `note` is a wavelength"), "{said}");
}

#[test]
fn a_votable_that_is_none_says_why() {
    let cut = refusal("cut.vot", &TABLEDATA[..TABLEDATA.len() / 2]);
    assert!(cut.contains("no well-formed VOTable"), "{cut}");
    let text = String::from_utf8(BINARY.to_vec()).unwrap();
    let last = text.find("</STREAM>").unwrap();
    let shorter = format!("{}{}", &text[..last - 40].trim_end().trim_end_matches('='), &text[last..]);
    let said = refusal("short.vot", shorter.as_bytes());
    assert!(said.contains("ends within a row") || said.contains("no base64"), "{said}");
    let failed = br#"<VOTABLE><RESOURCE type="results"><INFO name="QUERY_STATUS" value="ERROR">no such table</INFO></RESOURCE></VOTABLE>"#;
    let said = refusal("answer.vot", failed);
    assert!(said.contains("the answer of a service that failed (`no such table`)"), "{said}");
    let elsewhere = br#"<VOTABLE><RESOURCE><TABLE><FIELD name="wavelength" datatype="double"/><DATA><BINARY><STREAM href="http://example.org/rows"/></BINARY></DATA></TABLE></RESOURCE></VOTABLE>"#;
    assert!(refusal("href.vot", elsewhere).contains("in a file of their own"));
}

/// Every file that differs from a good one in a byte, or ends early, is read or refused, and never a panic.
#[test]
fn damaged_typed_tables_are_read_or_refused() {
    let json = json_record();
    let lists = list_table();
    let files = [BINARY, BINARY2, ROWS_BINARY2, json.as_bytes(), lists.as_bytes()];
    for (index, bytes) in files.into_iter().enumerate() {
        for at in (0..bytes.len()).step_by(11) {
            let mut other = bytes.to_vec();
            other[at] ^= 1 << (at % 8);
            let _ = formats::read("damaged", &other);
            let _ = formats::read("cut", &bytes[..at]);
        }
        assert!(formats::read("whole", bytes).is_ok(), "file {index}");
    }
}

fn lists() -> [String; 3] {
    let joined = |value: &dyn Fn(i32) -> f64| (0..60).map(|i| format!("{}", value(i))).collect::<Vec<_>>().join(", ");
    [joined(&|i| 10f64.powf(3.6 + 1e-4 * f64::from(i))), joined(&|i| 1.0 + f64::from(i) / 100.0), joined(&|_| 100.0)]
}

fn json_record() -> String {
    let [wavelength, flux, ivar] = lists();
    format!(
        r#"{{"sparcl_id": "x", "targetid": {TARGET}, "redshift": 0.1, "redshift_err": 1e-5, "ra": 10.5, "dec": -3.25, "spectype": "GALAXY",
            "wavelength": [{wavelength}], "flux": [{flux}], "ivar": [{ivar}], "mask": [{zeros}]}}"#,
        zeros = vec!["0"; 60].join(",")
    )
}

fn list_table() -> String {
    let [wavelength, flux, ivar] = lists();
    format!("targetid,z,wavelength,flux,ivar\n{TARGET},0.1,\"[{wavelength}]\",\"[{flux}]\",\"[{ivar}]\"\n")
}

#[test]
fn json_of_each_form_is_the_same_spectrum() {
    let record = json_record();
    let [wavelength, flux, ivar] = lists();
    let status = r#"{"status": {"success": true, "info": ["ok"]}}"#;
    let split = |list: &str| list.split(", ").map(str::to_owned).collect::<Vec<_>>();
    let columns = [split(&wavelength), split(&flux), split(&ivar)];
    let pixel = |i: usize| {
        format!(r#"{{"wavelength": {}, "flux": {}, "ivar": {}}}"#, columns[0][i], columns[1][i], columns[2][i])
    };
    let rows = (0..60).map(pixel).collect::<Vec<_>>().join(",");
    let row = |i: usize| format!("[{}, {}, {}]", columns[0][i], columns[1][i], columns[2][i]);
    let data = (0..60).map(row).collect::<Vec<_>>().join(",");
    let keyed =
        |list: &[String]| list.iter().enumerate().map(|(i, v)| format!(r#""{i}": {v}"#)).collect::<Vec<_>>().join(",");
    let forms = [
        ("one object", record.clone(), 1),
        ("an array of records after a status", format!("[{status}, {record}, {record}]"), 2),
        ("records within", format!(r#"{{"count": 1, "records": [{record}]}}"#), 1),
        ("lines", format!("{record}\n{record}\n").replace("\n            ", " "), 2),
        (
            "a nested spectrum",
            format!(
                r#"{{"redshift": 0.1, "spectrum": {{"loglam": [{}], "flux": [{flux}], "ivar": [{ivar}]}}}}"#,
                (0..60).map(|i| format!("{}", 3.6 + 1e-4 * f64::from(i))).collect::<Vec<_>>().join(",")
            ),
            1,
        ),
        ("rows of a service", format!(r#"[{{"TableName": "Table1", "redshift": 0.1, "Rows": [{rows}]}}]"#), 1),
        ("split", format!(r#"{{"columns": ["wavelength", "flux", "ivar"], "index": [], "data": [{data}]}}"#), 1),
        (
            "keyed",
            format!(
                r#"{{"wavelength": {{{}}}, "flux": {{{}}}, "ivar": {{{}}}}}"#,
                keyed(&columns[0]),
                keyed(&columns[1]),
                keyed(&columns[2])
            ),
            1,
        ),
        (
            "units",
            format!(
                r#"{{"wavelength_unit": "nm", "wavelength": [{}], "flux": [{flux}], "ivar": [{ivar}]}}"#,
                (0..60).map(|i| format!("{}", 10f64.powf(2.6 + 1e-4 * f64::from(i)))).collect::<Vec<_>>().join(",")
            ),
            1,
        ),
    ];
    for (form, text, count) in forms {
        let found = read("mine.json", text.as_bytes());
        assert_eq!(found.len(), count, "{form}");
        for one in &found {
            assert!((one.spectrum.log_wavelength[0] - 3.6).abs() < 1e-9, "{form}");
            assert_is_ramp(one, 1.0, 0.1);
        }
    }
    let spectrum = read("mine.json", record.as_bytes()).remove(0).spectrum;
    assert_eq!((spectrum.id, spectrum.redshift), (SourceId::desi(TARGET), Some(0.1)));
    let position = spectrum.object.position.unwrap();
    assert_eq!((position.ra, position.dec), (10.5, -3.25));
    assert_eq!(spectrum.object.redshift_error, Some(1e-5));
}

/// One that cannot be read among others is told of.
#[test]
fn what_is_left_out_of_a_file_is_said() {
    let record = json_record();
    let bad = record.replace("\"wavelength\"", "\"redward\"");
    let found = read("mine.json", format!("[{record}, {bad}]").as_bytes());
    assert_eq!(found.len(), 1);
    let said = "1 of its spectra cannot be used and was left out, the first because mine.json cannot be read";
    assert!(found[0].notes.iter().any(|note| note.starts_with(said)), "{:?}", found[0].notes);
}

#[test]
fn the_nan_of_python_is_a_missing_pixel() {
    let text = json_record().replace("1.07,", "NaN,").replace("\"sparcl_id\": \"x\"", r#""name": "NaN \" Infinity""#);
    let found = read("mine.json", text.as_bytes());
    assert_is_ramp(&found[0], 1.0, 0.1);
    assert_eq!(found[0].spectrum.error[7], 0.0);
}

#[test]
fn json_that_holds_no_spectrum_says_so() {
    let said = refusal("x.json", br#"{"type": "FeatureCollection", "features": []}"#);
    assert!(said.contains("no lists of wavelengths and fluxes"), "{said}");
    let said = refusal("x.json", br#"{"wavelength": [1, 2"#);
    assert!(said.contains("no well-formed JSON"), "{said}");
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(refusal("x.json", deep.as_bytes()).contains("no well-formed JSON"));
}

#[test]
fn a_field_of_text_may_be_a_list() {
    let [wavelength, flux, ivar] = lists();
    let numpy = |list: &str| list.replace(", ", " ").replacen("  ", "\n  ", 1);
    let rows = [
        list_table(),
        list_table().replace("],", "]\",").replace("\"\"", "\""),
        format!("targetid\tz\twavelength\tflux\tivar\n{TARGET}\t0.1\t[{wavelength}]\t[{flux}]\t[{ivar}]\n"),
        format!(
            "targetid,z,wavelength,flux,ivar\n{TARGET},0.1,\"[{}]\",\"[{}]\",\"[{}]\"\n",
            numpy(&wavelength),
            numpy(&flux),
            numpy(&ivar)
        ),
        format!(
            "# %ECSV 1.0\n# ---\n# datatype:\n# - {{name: targetid, datatype: int64}}\n# - {{name: z, datatype: float64}}\n\
             # - {{name: wavelength, unit: 0.1 nm, datatype: string, subtype: 'float64[60]'}}\n# - {{name: flux, datatype: string, subtype: 'float64[60]'}}\n\
             # - {{name: ivar, datatype: string, subtype: 'float64[60]'}}\ntargetid z wavelength flux ivar\n{TARGET} 0.1 [{}] [{}] [{}]\n",
            wavelength.replace(' ', ""),
            flux.replace(' ', ""),
            ivar.replace(' ', "")
        ),
    ];
    for (form, text) in rows.iter().enumerate() {
        let found = read("mine.csv", text.as_bytes());
        assert_eq!(found.len(), 1, "form {form}");
        assert_is_ramp(&found[0], 1.0, 0.1);
        assert_eq!(
            (found[0].spectrum.id, found[0].spectrum.redshift),
            (SourceId::desi(TARGET), Some(0.1)),
            "form {form}"
        );
    }
    let shortened = "z,wavelength,flux\n0.1,\"[4000. 4001. 4002. ... 9000. 9001.]\",\"[1. 2. 3. ... 4. 5.]\"\n";
    let said = refusal("mine.csv", shortened.as_bytes());
    assert!(said.contains("the lists of row 1 were shortened"), "{said}");
}
