//! What the components show is computed by functions that need no browser.

use spectrascape::page::training_form::{self, FieldErrors, field_text, parse_field, set_beta};
use spectrascape::page::view::neighbourhood::vote_of;
use spectrascape::page::view::{
    corner, draws, facts, legend, neighbours, noise, outliers, own_spectra, paths, pca, picked, sliders,
    spectrum_texts, tables, text, training,
};
use spectrascape::page::{AppState, TrialRedshift};
use spectrascape::page::{Neighbourhood, PcaScores};
use spectrascape::plot::REGIONS;
use spectrascape::vae::VaeConfig;

use crate::page::fixture::{COUNT, DIMS, fetch, file_encoded, opened};

fn cloud(state: &AppState) -> std::sync::Arc<spectrascape::page::Cloud> {
    state.embedding().cloned().expect("a set is open")
}

#[test]
fn numbers_units_and_labels_are_set_as_people_write_them() {
    assert_eq!(
        (text::thousands(999), text::thousands(1_234_567)),
        ("999".to_owned(), "1\u{202f}234\u{202f}567".to_owned())
    );
    assert_eq!((text::typeset("A"), text::minus("-1-2")), ("Å".to_owned(), "−1−2".to_owned()));
    assert_eq!(text::titled("E(B-V) of H-alpha"), "E(B−V) of Hα");
}

#[test]
fn facts_and_the_hover_card_name_what_the_catalogue_knows() {
    let mut state = opened("");
    state.select_row(8);
    let names: Vec<String> = facts::facts_of(&state).into_iter().map(|fact| fact.0).collect();
    assert!(names.contains(&"Redshift".to_owned()) && !names.contains(&"plate".to_owned()), "{names:?}");
    state.set_color("width".to_owned());
    let hover = facts::hover_facts(&state, 8);
    assert_eq!(hover.iter().map(|fact| fact.0.as_str()).collect::<Vec<_>>(), ["Redshift", "line width"]);
    assert_eq!(facts::hover_facts(&state, 7).len(), 1, "what is not a number is left out");
}

#[test]
fn the_legend_counts_classes_and_titles_the_bar() {
    let state = opened("");
    assert_eq!(legend::class_counts(Some(&cloud(&state))).iter().sum::<usize>(), COUNT);
    assert_eq!(legend::class_counts(None).iter().sum::<usize>(), 0);
    assert_eq!(legend::bar_title(&state, "width"), "Line width / km/s");
}

#[test]
fn paths_are_offered_as_far_as_the_latents_go() {
    let keys = |dims| paths::track_choices(dims).into_iter().map(|choice| choice.key).collect::<Vec<_>>();
    assert_eq!((keys(6), keys(1)), (vec!["S".into(), "E".into(), "P".into(), "A".into()], vec!["S".to_owned()]));
    assert_eq!(
        paths::sweep_choices(2).iter().map(|choice| choice.testid.as_str()).collect::<Vec<_>>(),
        ["sweep-1", "sweep-2"]
    );
    let mut state = opened("");
    state.open_and_play("S");
    state.step_to(1.0);
    let path = state.path().cloned().expect("it is open");
    assert!(!path.playing && paths::is_at(path.at, 1));
    assert_eq!(paths::path_label(&path), path.labels[1]);
    state.step_to(1.3);
    assert!(paths::path_label(state.path().expect("still open")).starts_with("near "));
    state.open_and_play("nowhere");
    assert_eq!(state.errors().len(), 1, "a path that is not there is reported");
}

#[test]
fn a_typed_redshift_is_read_with_point_or_comma() {
    assert_eq!((own_spectra::parse_redshift(" 0,0834 "), own_spectra::parse_redshift("far")), (Some(0.0834), None));
    for (text, invalid) in [("", false), ("0.1", false), ("-0.005", false), ("2", true), ("far", true), ("NaN", true)] {
        assert_eq!(own_spectra::redshift_is_invalid(text), invalid, "{text}");
    }
    let trial = |confidence| TrialRedshift { redshift: 0.1, error: 0.000_17, confidence };
    assert!(own_spectra::scan_text(&trial(1.05), 0.2).contains("do not trust it"));
    assert!(own_spectra::scan_text(&trial(2.0), 0.1).contains("Best at 0.1000 ± 0.0002, far better"));
    assert!(own_spectra::is_another_redshift(0.1, 0.1001) && !own_spectra::is_another_redshift(0.1, 0.1 + 1e-7));
}

#[test]
fn own_spectra_are_described_with_the_vote_of_their_neighbours() {
    let mut state = opened("");
    state.add_file("mine.fits".to_owned(), vec![1]);
    let requests = state.take_outbox();
    let id = requests.last().expect("it is sent").id;
    let latent = cloud(&state).row(3).to_vec();
    crate::page::fixture::answer(&mut state, id, file_encoded("mine.fits", 0.1, &latent));
    let around = Neighbourhood::new(&cloud(&state)).expect("it fits");
    let vote = vote_of(&cloud(&state), &around.around(&latent));
    let text = own_spectra::own_text(&state.files()[0], vote);
    assert!(text.starts_with("redshift 0.1000 · χ² 1.00 · ") && text.contains(" of 15)"), "{text}");
}

#[test]
fn neighbours_and_warnings_follow_the_sliders() {
    let mut state = opened("");
    let around = Neighbourhood::new(&cloud(&state)).expect("it fits");
    state.select_row(5);
    let list = neighbours::neighbour_list(&state, &around).expect("a list");
    assert_eq!((list.neighbours.len(), list.of), (10, state.title()));
    assert!(list.neighbours.iter().all(|neighbour| neighbour.row != 5));
    state.move_to(vec![40.0; DIMS]);
    let list = neighbours::neighbour_list(&state, &around).expect("a list");
    assert_eq!(list.of, "where the sliders are");
    let warning = sliders::extrapolation_text(&state, &around).expect("nothing is near");
    assert!(warning.starts_with("Extrapolating: hardly a spectrum"), "{warning}");
    state.select_row(5);
    assert_eq!(sliders::extrapolation_text(&state, &around), None);
    assert!(sliders::density_path(&cloud(&state), 0).ends_with('Z'));
}

#[test]
fn the_noise_slider_is_even_in_the_logarithm() {
    assert!((noise::level_at(0.0) - 1.0).abs() < 1e-6 && (noise::level_at(0.5) - 10.0).abs() < 1e-4);
    for level in [1.0, 3.0, 100.0] {
        assert!((noise::level_at(noise::position_of(level)) - level).abs() < 1e-3 * level);
    }
}

#[test]
fn short_texts_say_what_is_known() {
    assert_eq!(outliers::reasons_text(None), "looking for a reason…");
    assert_eq!(outliers::reasons_text(Some(&["a".to_owned(), "b".to_owned()])), "a; b");
    let (near, far) = (draws::draw_label(Some(0.02)), draws::draw_label(Some(0.3)));
    assert!(!near.unlike && near.text == "2 % off" && far.unlike && far.spoken.ends_with("unlike any galaxy"));
    assert_eq!(draws::draw_label(None).text, "…");
    assert_eq!(picked::sample_text((3, 64), 100), "Fetching spectra for the mean: 3 of 64.");
    assert!(picked::sample_text((64, 64), 100).contains("64 of them"));
    assert_eq!(picked::sample_text((5, 5), 5), "The spectrum panel shows their mean and spread.");
    let scores = PcaScores { latents: 6, spectra: 20, won: 15, model: 1.0, pca: 1.5 };
    assert!(pca::verdict_text("vae6", Some(&scores), false).starts_with("Of 20 spectra, vae6 fits 15 better"));
    assert!(pca::verdict_text("vae6", None, true).contains("not compared"));
    assert_eq!((pca::chi2_text(None), pca::chi2_text(Some(1.234))), ("–".to_owned(), "1.23".to_owned()));
}

#[test]
fn the_spectrum_and_the_plots_are_described() {
    let mut state = opened("");
    state.select_row(4);
    fetch(&mut state, 4);
    assert!(spectrum_texts::spectrum_text(&state).contains("observed flux"));
    assert_eq!(spectrum_texts::origin_text(&state), Some("simulated"));
    assert!(spectrum_texts::is_region_shown(&REGIONS[0], None) && !spectrum_texts::is_region_shown(&REGIONS[1], None));
    assert!(spectrum_texts::is_region_shown(&REGIONS[1], Some(REGIONS[1].range())));
    assert_eq!(spectrum_texts::custom_range_text(Some(REGIONS[1].range())), None);
    assert_eq!(spectrum_texts::custom_range_text(Some((4000.0, 4500.0))).as_deref(), Some("4000 to 4500 Å"));
    assert_eq!(tables::spectrum_table(&state).map(|table| table.is_empty()), Some(false));
    assert_eq!(tables::picked_table(&state, false), None);
    state.pick_with(vec![1, 2], false);
    state.pick_with(vec![2, 3], true);
    assert_eq!(state.picked().map(|picked| picked.rows.to_vec()), Some(vec![1, 2, 3]));
    assert!(
        corner::corner_text(&state, true, Some((0, 2)))
            .contains("3 spectra are picked. Panel of Latent 1 and Latent 3.")
    );
    assert_eq!(corner::latent_columns(&cloud(&state), false).len(), DIMS);
    assert_eq!(corner::corner_markers(&state, false, cloud(&state).serial, Some(9), &[]).len(), 2);
    assert!(corner::corner_markers(&state, false, 999, Some(9), &[]).is_empty(), "of another embedding");
}

#[test]
fn a_form_takes_what_is_within_its_limits_and_says_what_is_not() {
    let mut errors = FieldErrors::default();
    errors.set("rate", parse_field("fast", false, "learning rate", "Adam's step size.").map(drop));
    assert!(errors.any() && errors.of("rate").is_some_and(|text| text.starts_with("learning rate is a number")));
    errors.set("rate", parse_field(" 0.01 ", false, "learning rate", "").map(drop));
    assert!(!errors.any());
    errors.set("rate", Err("no".to_owned()));
    errors.clear();
    assert!(!errors.any());
    assert_eq!(
        (parse_field("", true, "", ""), field_text(0.0, true)),
        (Ok(0.0), String::new()),
        "an empty field is all"
    );
    assert!(parse_field("", false, "seed", "").is_err());
    let mut plan = VaeConfig::paper(6);
    assert!(set_beta(&mut plan, 101.0).is_err() && set_beta(&mut plan, 4.0).is_ok());
    assert_eq!((plan.alpha, plan.lambda), (-3.0, 4.0));
}

#[test]
fn presets_latents_and_classes_change_the_plan() {
    use training::form::{PRESETS, preset_of, toggle_class, with_latents, with_preset};
    let seeded = VaeConfig { seed: 77, ..training_form::proposed(6) };
    assert_eq!(preset_of(&seeded), Some(2));
    assert_eq!(with_preset(&seeded, PRESETS[0].1).seed, 77, "the seed stays");
    let ten = with_latents(&seeded, 10);
    assert_eq!((ten.latents, ten.hidden1, ten.hidden2, ten.seed), (10, 549, 110, 77));
    let mut plan = seeded.clone();
    toggle_class(&mut plan, 1);
    assert!(!plan.classes.is_empty() && !plan.classes.contains(&1));
    toggle_class(&mut plan, 1);
    assert!(plan.classes.is_empty(), "all are written as none");
    assert!(training::form::size_text(&seeded).starts_with("1000 – 703 – 94 – 6 – "));
}

#[test]
fn the_lab_says_what_it_does() {
    let mut state = opened("");
    assert_eq!(training::state_text(&state), "the shipped model is in use");
    assert_eq!(training::curves::curve_text(&state), "Loss curve: no epoch yet.");
    assert_eq!(
        (training::loss_text(1234.5), training::loss_text(12.34), training::loss_text(1.2345)),
        ("1234".into(), "12.3".into(), "1.234".to_owned())
    );
    assert_eq!(training::storage::size_text(2_500_000_000), "2.5 GB");
    let before = training::curves::curve_revision(&state);
    state.train_start("http://localhost/data/".to_owned(), training_form::proposed(6));
    assert_eq!(training::state_text(&state), "starting the engine");
    let id = crate::page::fixture::started(&mut state);
    assert_eq!(training::state_text(&state), "loading spectra");
    crate::page::fixture::epoch(&mut state, id, 1, vec![0.5; COUNT * DIMS]);
    assert!(training::curves::curve_text(&state).starts_with("Loss curve over 1 epochs"));
    assert_ne!(training::curves::curve_revision(&state), before);
    assert!(training::latents::latents_text(state.training()).contains("carry almost no information"));
    assert_eq!(training::map::map_title(&state, None), "Latents after epoch 1");
}
