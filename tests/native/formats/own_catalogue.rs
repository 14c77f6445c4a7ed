//! Catalogues of the reader's own: which tables are any, what they say, and which spectra their rows belong to.

use proptest::prelude::*;
use spectrascape::formats::own_catalogue::{JoinedBy, OwnCatalogue, Target, join};
use spectrascape::spectrum::{SkyPosition, SourceId};

fn read(text: &str) -> OwnCatalogue {
    assert!(OwnCatalogue::recognises("mine.csv", text.as_bytes()), "{text}");
    OwnCatalogue::read("mine.csv", text.as_bytes()).expect("it is a catalogue")
}

fn at(ra: f64, dec: f64) -> Option<SkyPosition> {
    SkyPosition::new(ra, dec)
}

#[test]
fn tables_of_objects_are_catalogues_and_spectra_are_none() {
    for text in [
        "plate,mjd,fiberID,mass\n266,51602,1,10.5\n",
        "Plate MJD Fiber mass\n266 51602 1 10.5\n",
        "#Table1\nspecObjID,mass\n299490502467809280,10.5\n",
        "TARGETID;mass\n39627835576420141;10,5\n",
        "RA,Dec,mass\n150.1,2.0,10.5\n",
        "file,mass\nspec-0266-51602-0001.fits,10.5\n",
        "_RAJ2000\t_DEJ2000\tmass\n10:00:24.0\t+02:00:00\t10.5\n",
    ] {
        let catalogue = read(text);
        assert_eq!((catalogue.columns.len(), catalogue.columns[0].name.as_str()), (1, "mass"), "{text}");
        assert_eq!(catalogue.columns[0].values, [10.5], "{text}");
    }
    for text in [
        "wavelength,flux,error\n4000,1,0.1\n4001,1,0.1\n",
        "Wavelength,Flux,BestFit,SkyFlux\n4000,1,1,0\n",
        "4000 1 0.1\n4001 1 0.1\n",
        "ra,dec,wavelength,flux\n150,2,4000,1\n",
        "id,mass\ngalaxy one,10.5\n",
        "",
        "SIMPLE  =                    T",
    ] {
        assert!(!OwnCatalogue::recognises("mine.csv", text.as_bytes()), "{text}");
    }
    let error =
        OwnCatalogue::read("list.csv", b"plate,mjd,fiber\n266,51602,1\n").expect_err("there is nothing to join");
    assert!(error.to_string().contains("list.csv") && error.to_string().contains("no column of numbers"), "{error}");
}

#[test]
fn what_is_missing_is_no_number_and_text_is_left_out_with_a_note() {
    let catalogue = read("ra,dec,mass,kind,empty\n1,2,10.5,spiral,\n3,4,,,\n5,6,-9999,disc,\n7,8,nan,disc,\n");
    assert_eq!(catalogue.columns.len(), 1);
    assert_eq!(catalogue.columns[0].values[0], 10.5);
    assert!(catalogue.columns[0].values[1..].iter().all(|value| value.is_nan()));
    assert_eq!(catalogue.notes, ["Columns of text are left out: kind.", "1 values of −9999 count as missing."]);
    assert_eq!(catalogue.positions[1], at(3.0, 4.0));
}

#[test]
fn units_of_positions_are_followed() {
    let hours = read("ra,dec,mass\nhour,deg,Msun\n10.0,2.0,1\n");
    assert_eq!((hours.positions[0], hours.columns[0].unit.as_str()), (at(150.0, 2.0), "Msun"));
    let radians = read("ra,dec,mass\nrad,rad,\n1.0,0.5,1\n");
    // 180 / pi = 57.29577951.
    let position = radians.positions[0].expect("it has one");
    assert!((position.ra - 57.29577951).abs() < 1e-6 && (position.dec - 28.64788976).abs() < 1e-6, "{position:?}");
}

#[test]
fn rows_are_joined_by_name_with_what_is_left_over_counted() {
    let catalogue =
        read("plate,mjd,fiber,mass\n266,51602,2,10\n266,51602,9,11\n266,51602,1,12\n266,51602,1,13\n,,,14\n");
    let ids: Vec<_> = (1..=4).map(|fiber| Some(SourceId::sdss(266, 51602, fiber))).chain([None]).collect();
    let joined = join(&catalogue, Target { ids: &ids, positions: &[None; 5] }, 2.0);
    assert_eq!(joined.row_of, [Some(2), Some(0), None, None, None]);
    assert_eq!((joined.by, joined.matched, joined.ambiguous, joined.unmatched_rows), (JoinedBy::Id, 2, 1, 3));
}

#[test]
fn rows_are_joined_to_the_nearest_within_the_radius() {
    // One arcsecond is 1/3600 degree in declination, and at declination 60 twice as much in right ascension.
    let second = 1.0 / 3600.0;
    let text = format!("ra,dec,mass\n{},60,1\n10,{},2\n0.0001,-1,3\n200,20,4\n", 10.0 + 3.0 * second, 60.0 - second);
    let catalogue = read(&text);
    let positions = [at(10.0, 60.0), at(359.9999, -1.0), at(100.0, 0.0), None];
    let with = |radius: f64| join(&catalogue, Target { ids: &[None; 4], positions: &positions }, radius);
    let joined = with(2.0);
    assert_eq!(joined.row_of, [Some(1), Some(2), None, None], "row 1 is 1 arcsec away, row 0 is 1.5");
    assert_eq!((joined.matched, joined.ambiguous, joined.unmatched_rows), (2, 1, 2));
    assert_eq!(with(1.2).ambiguous, 0);
    let narrow = with(0.5);
    assert_eq!((narrow.matched, narrow.by), (0, JoinedBy::Position(0.5)));
    let nothing = join(&catalogue, Target { ids: &[None; 4], positions: &[None; 4] }, 2.0);
    assert_eq!((nothing.by, nothing.matched), (JoinedBy::Nothing, 0));
}

proptest! {
    #[test]
    fn the_band_of_declination_misses_no_match(
        own in proptest::collection::vec((0.0f64..0.01, -0.005f64..0.005), 1..40),
        set in proptest::collection::vec((0.0f64..0.01, -0.005f64..0.005), 1..20),
    ) {
        let rows: Vec<String> = own.iter().map(|(ra, dec)| format!("{ra},{dec},1")).collect();
        let catalogue = read(&format!("ra,dec,mass\n{}\n", rows.join("\n")));
        let positions: Vec<_> = set.iter().map(|&(ra, dec)| at(ra, dec)).collect();
        let ids = vec![None; positions.len()];
        let joined = join(&catalogue, Target { ids: &ids, positions: &positions }, 5.0);
        for (position, row) in positions.iter().zip(&joined.row_of) {
            let away = |own: &Option<SkyPosition>| own.unwrap().separation(position.unwrap());
            let least = catalogue.positions.iter().map(away).fold(f64::INFINITY, f64::min);
            match row {
                Some(row) => prop_assert_eq!(away(&catalogue.positions[*row as usize]), least),
                None => prop_assert!(least > 5.0 / 3600.0),
            }
        }
    }

    #[test]
    fn no_bytes_are_fatal(bytes in proptest::collection::vec(any::<u8>(), 0..300), text in "[a-z0-9,.;\\n -]{0,200}") {
        for bytes in [bytes.as_slice(), text.as_bytes(), format!("ra,dec,id,mass\n{text}").as_bytes()] {
            let _ = OwnCatalogue::recognises("x.csv", bytes);
            let _ = OwnCatalogue::read("x.csv", bytes);
        }
    }
}

#[test]
fn a_votable_of_astropy_is_a_catalogue_by_name_and_by_position() {
    for (name, bytes) in [
        ("objects.vot.gz", &include_bytes!("../../fixtures/votable/objects-tabledata.vot.gz")[..]),
        ("objects.xml.gz", include_bytes!("../../fixtures/votable/objects-binary2.vot.gz")),
    ] {
        assert!(OwnCatalogue::recognises(name, bytes), "{name}");
        let catalogue = OwnCatalogue::read(name, bytes).expect("it is a catalogue");
        let names: Vec<&str> = catalogue.columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!((catalogue.len(), &names[..2]), (1000, &["logMass", "nExp"][..]), "{name}: {names:?}");
        let (mass, exposures) = (&catalogue.columns[0], &catalogue.columns[1]);
        assert_eq!(mass.unit, "dex");
        assert!((mass.values[500] - 10.0).abs() < 1e-6 && mass.values[13].is_nan() && mass.values[14].is_finite());
        assert_eq!(exposures.values[7], 2.0);
        assert!(exposures.values[199].is_nan(), "a missing whole number is no number: {}", exposures.values[199]);
        assert!(catalogue.notes.iter().any(|note| note.contains("class")), "{:?}", catalogue.notes);

        // Row 8 i is at right ascension 100 + i, declination i / 8, degrees.
        let ids: Vec<Option<SourceId>> = [5, 1000, 1001].map(|id| Some(SourceId::desi(id))).to_vec();
        let positions = vec![at(101.0, 0.125 + 1.0 / 3600.0), at(3.0, 3.0), at(110.0, 1.25)];
        let found = join(&catalogue, Target { ids: &ids, positions: &positions }, 2.0);
        assert_eq!((found.by, &found.row_of[..]), (JoinedBy::Id, &[Some(4), Some(999), None][..]));
        let found = join(&catalogue, Target { ids: &[None; 3], positions: &positions }, 2.0);
        assert_eq!((found.by, &found.row_of[..]), (JoinedBy::Position(2.0), &[Some(8), None, Some(80)][..]));
        let nearer = join(&catalogue, Target { ids: &[None; 3], positions: &positions }, 0.5);
        assert_eq!(nearer.row_of, [None, None, Some(80)]);
    }
}

#[test]
fn a_votable_of_spectra_is_no_catalogue() {
    for bytes in [
        &include_bytes!("../../fixtures/votable/rows-tabledata.vot")[..],
        include_bytes!("../../fixtures/votable/rows-binary2.vot"),
        include_bytes!("../../fixtures/votable/tabledata.vot"),
    ] {
        assert!(!OwnCatalogue::recognises("spectra.vot", bytes));
    }
}
