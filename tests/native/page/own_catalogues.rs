//! The reader's own catalogues become columns for colour, axes and saved tables.

use spectrascape::page::view::own_catalogues::catalogue_texts;
use spectrascape::page::view::{facts, tables};
use spectrascape::page::{AppState, AxisChoice, Columns};

use crate::page::fixture::{COUNT, opened, opened_on_sky};

/// A catalogue by name of the first 300 spectra and one more; its `redshift` is no column of the set's.
fn by_name() -> Vec<u8> {
    let rows = (1..=300).map(|fiber| format!("266,51602,{fiber},{}.5,{fiber}\n", fiber * 2));
    format!("plate,mjd,fiber,log mass,redshift\n{}1,2,3,4,5\n", rows.collect::<String>()).into_bytes()
}

fn join(state: &mut AppState, name: &str, bytes: Vec<u8>) {
    state.open_file(name.to_owned(), bytes);
}

#[test]
fn a_catalogue_by_name_colours_lays_out_and_is_saved() {
    let mut state = opened("");
    join(&mut state, "masses.csv", by_name());
    assert_eq!(state.errors(), Vec::<String>::new());
    assert_eq!(state.files_waiting(), 0, "it is no spectrum");
    let texts = catalogue_texts(&state);
    assert_eq!(
        texts[0].summary,
        "300 of 600 spectra matched by name. 1 of its 301 rows match no spectrum. Columns to colour by and to lay out: \
         log_mass, redshift_2."
    );
    assert_eq!(texts[0].radius, None);
    assert_eq!((state.value_of(9, "log_mass"), state.value_of(9, "redshift_2")), (Some(20.5), Some(10.0)));
    assert!(state.value_of(400, "log_mass").expect("there is a column").is_nan(), "what is missing is no number");
    assert_eq!(state.column_label("log_mass").0, "log mass (masses.csv)");

    state.set_color("log_mass".to_owned());
    state.set_axis(false, AxisChoice::Column("redshift_2".to_owned()));
    let cloud = state.embedding().expect("it is there").clone();
    let columns = Columns::along(&cloud, state.link().axes.clone(), state.catalogue().map(AsRef::as_ref), None);
    assert_eq!(columns.expect("the column is there").x[9], 10.0);
    state.select_row(9);
    assert!(facts::facts_of(&state).iter().any(|fact| fact.0 == "Log mass (masses.csv)" && fact.1.starts_with("20")));
    state.pick(vec![9, 400]);
    let csv = tables::picked_table(&state, false).expect("two are picked");
    assert!(csv.contains("# log_mass: log mass (masses.csv)"), "{csv}");
    let names = csv.lines().find(|line| line.starts_with("id,")).expect("it has names");
    let at = names.split(',').position(|name| name == "log_mass").expect("it is saved");
    let values: Vec<&str> =
        csv.lines().filter(|line| line.starts_with("266-")).filter_map(|line| line.split(',').nth(at)).collect();
    assert_eq!(values, ["20.5", "nan"]);
    assert!(
        tables::picked_table(&state, true).expect("two are picked").contains(r#"name="log_mass" datatype="double""#)
    );

    // A link cannot hold it, and says so.
    assert_eq!(state.not_in_link(), ["your catalogue"]);
    assert!(state.permalink().to_string().contains("&axes=1,2&color=class&"));
    state.remove_catalogue(0);
    assert_eq!((state.link().color.as_str(), state.value_of(9, "log_mass")), ("class", None));
    assert_eq!((state.link().axes.0.clone(), state.not_in_link()), (AxisChoice::Vae(1), Vec::new()));
}

#[test]
fn a_catalogue_by_position_is_joined_within_a_radius_that_can_be_changed() {
    let mut state = opened_on_sky("");
    // Row 1 lies at 150.1, 2.0: 1.8 arcsec from the first object, 0.9 from the second.
    join(&mut state, "sky.csv", b"ra,dec,mass\n150.1,2.0005,10\n150.1,1.99975,11\n10,10,12\n".to_vec());
    assert_eq!(state.value_of(1, "mass"), Some(11.0));
    let text = &catalogue_texts(&state)[0];
    assert_eq!(text.radius, Some(2.0));
    assert!(
        text.summary.starts_with("1 of 600 spectra matched within 2″ of their position. 2 of its 3 rows"),
        "{}",
        text.summary
    );
    assert!(text.summary.contains("For 1 spectra several rows would do: the nearest was taken."));
    state.set_join_radius(0, 0.5);
    assert!(state.value_of(1, "mass").expect("there is a column").is_nan());
    state.set_join_radius(0, f64::NAN);
    assert_eq!(catalogue_texts(&state)[0].radius, Some(0.5), "that is no radius");

    join(&mut state, "more.csv", b"ra,dec,mass\n150.1,2.0,1\n".to_vec());
    assert_eq!(state.value_of(1, "mass_2"), Some(1.0), "two catalogues stand beside each other");
    join(&mut state, "sky.csv", b"ra,dec,mass\n150.1,2.0,5\n".to_vec());
    assert_eq!(
        (state.own_catalogues().list().len(), state.value_of(1, "mass")),
        (2, Some(5.0)),
        "the same file is replaced"
    );

    let mut plain = opened("");
    join(&mut plain, "sky.csv", b"ra,dec,mass\n150.1,2.0,5\n".to_vec());
    assert!(catalogue_texts(&plain)[0].summary.starts_with("Nothing is joined"));
}

#[test]
fn another_join_is_drawn_anew_and_a_column_alike_is_not() {
    let mut state = opened_on_sky("");
    join(&mut state, "sky.csv", b"ra,dec,mass\n150.1,2.0005,10\n".to_vec());
    state.set_axis(false, AxisChoice::Column("mass".to_owned()));
    let columns = |state: &AppState| {
        let (cloud, catalogue) = (state.embedding().expect("it is there"), state.catalogue().map(AsRef::as_ref));
        Columns::along(cloud, state.link().axes.clone(), catalogue, None).expect("the column is there")
    };
    let before = columns(&state);
    assert!(before == columns(&state));
    state.set_join_radius(0, 0.5);
    assert!(before != columns(&state));
    assert_eq!(before.x.len(), COUNT);
}

#[test]
fn spectra_and_bad_tables_go_where_they_belong() {
    let mut state = opened("");
    join(&mut state, "mine.csv", b"wavelength,flux\n4000,1\n4001,1\n4002,1\n4003,1\n".to_vec());
    assert_eq!((state.files_waiting(), state.own_catalogues().list().len()), (1, 0));
    join(&mut state, "list.csv", b"plate,mjd,fiber\n266,51602,1\n".to_vec());
    assert!(
        state.errors()[0].starts_with("list.csv") && state.errors()[0].contains("nothing to join"),
        "{:?}",
        state.errors()
    );
}
