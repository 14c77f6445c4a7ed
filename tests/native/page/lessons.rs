//! The guided lessons: their words, their places in links, and that a step is done when it was done and not before.

use spectrascape::latent::{empty_region, nearest_distance};
use spectrascape::numerics::pca::Pca;
use spectrascape::page::view::spectrum::ShownSpectrum;
use spectrascape::page::{AppState, AxisChoice, LESSONS, LessonStep, Permalink, Source, Task, View};
use spectrascape::plot::Region;
use spectrascape::protocol::{ExploreCommand, ExploreEvent};
use spectrascape::spectrum::lines::H_ALPHA;
use spectrascape::spectrum::{Class, grid};

use crate::page::fixture::{COUNT, DIMS, PIXELS, answer, card, classes, encoding, fetch, latents, opened};

fn place(text: &str) -> LessonStep {
    text.parse().expect(text)
}

/// The page at a step that has begun.
fn at(step: &str) -> AppState {
    let mut state = opened(&format!("lesson={step}"));
    play(&mut state);
    state.check_lesson();
    assert!(!state.step_done(), "{step} is not done when it begins");
    state
}

/// Plays the engine and the server until nothing more is asked.
fn play(state: &mut AppState) {
    loop {
        let rows = state.wanted_rows();
        if let Some(name) = state.wanted_model().map(str::to_owned) {
            state.model_chosen(name.clone(), format!("http://localhost/models/{name}.safetensors"), latents());
        }
        if state.sample_wanted() {
            let flux: Vec<f32> = (0..20 * PIXELS).map(|at| ((at * at) % 97) as f32 / 97.0).collect();
            state.on_sample_fetched(flux, vec![1.0; 20 * PIXELS]);
        }
        let requests = state.take_outbox();
        if requests.is_empty() && rows.is_empty() && state.wanted_model().is_none() {
            break;
        }
        rows.into_iter().for_each(|row| fetch(state, row));
        for request in requests {
            let event = match request.command {
                ExploreCommand::OpenModel { url, .. } => {
                    let name = url.rsplit('/').next().unwrap_or_default().trim_end_matches(".safetensors").to_owned();
                    ExploreEvent::ModelOpened {
                        card: spectrascape::vae::model_card::ModelCard { name, ..card(DIMS) },
                        head: None,
                    }
                }
                ExploreCommand::Decode { latent } => ExploreEvent::Decoded { latent, flux: vec![1.0; PIXELS] },
                ExploreCommand::DecodeMany { latents } => {
                    ExploreEvent::DecodedMany { flux: vec![1.0; latents.len() / DIMS * PIXELS] }
                }
                ExploreCommand::Encode { .. } => ExploreEvent::Encoded(encoding(&[0.0; DIMS])),
                ExploreCommand::FitPca { flux, components } => {
                    let Pca { mean, components, eigenvalues } = Pca::fit(&flux, PIXELS, components);
                    ExploreEvent::PcaFitted { mean, components, eigenvalues }
                }
                ExploreCommand::Band { latent, .. } => ExploreEvent::Band { latent, sigma: vec![0.1; PIXELS] },
                ExploreCommand::OutlierFactors { .. } => ExploreEvent::OutlierFactors {
                    factor: (0..COUNT).map(|row| 1.0 + row as f32).collect(),
                    k_distance: vec![1.0; COUNT],
                    density: vec![1.0; COUNT],
                },
                ExploreCommand::Explain { .. } => {
                    ExploreEvent::Explained { reasons: Vec::new(), encoding: encoding(&[0.0; DIMS]) }
                }
                ExploreCommand::Degrade { flux, ivar, snr, .. } => {
                    ExploreEvent::Degraded { snr, flux, ivar, encoding: encoding(&[0.2; DIMS]) }
                }
                _ => continue,
            };
            answer(state, request.id, event);
        }
        state.check_lesson();
    }
}

#[test]
fn there_are_six_lessons_of_four_to_six_short_steps() {
    assert_eq!(LESSONS.len(), 6);
    for lesson in LESSONS {
        assert!((4..=6).contains(&lesson.steps.len()), "{} has {} steps", lesson.title, lesson.steps.len());
        for step in lesson.steps {
            let words = step.text.split_whitespace().count();
            assert!(words <= 62, "“{}” has {words} words", step.title);
            assert!(step.ask.split_whitespace().count() <= 20, "“{}” asks in one short sentence", step.title);
            assert!(!step.text.contains("  ") && !step.ask.is_empty() && !step.text.contains('\n'));
            assert!(step.model.is_none_or(|model| ["ae6", "vae6"].contains(&model)));
            match step.task {
                Task::RegionShown(key) => assert!(Region::of(key).is_some(), "{key}"),
                Task::AxesShown(x, y) => assert!(x.parse::<AxisChoice>().is_ok() && y.parse::<AxisChoice>().is_ok()),
                Task::Answered(question) => {
                    assert!(question.right < question.answers.len() && question.answers.len() >= 2);
                }
                _ => assert!(!step.points_at.is_empty(), "“{}” says where", step.title),
            }
        }
    }
}

#[test]
fn a_link_holds_a_step() {
    let (link, problems) = Permalink::parse("v=1&lesson=3.2&view=explore");
    assert_eq!(problems, Vec::<String>::new());
    assert_eq!((link.lesson, link.view), (Some(place("3.2")), View::Explore));
    assert!(link.to_string().ends_with("&lesson=3.2"), "{link}");
    assert_eq!(Permalink::parse("lesson=4").0.lesson, Some(place("4.1")));
    for every in LessonStep::all() {
        let link = Permalink { lesson: Some(every), ..Permalink::default() };
        assert_eq!(Permalink::parse(&link.to_string()), (link, Vec::new()));
    }
    for wrong in ["0.1", "7.1", "1.7", "1.0", "one", "", "1.2.3", "-1.1", "99999999999999999999.1"] {
        let (link, problems) = Permalink::parse(&format!("lesson={wrong}"));
        assert_eq!((link.lesson, problems.len()), (None, 1), "{wrong}: {problems:?}");
        assert!(problems[0].contains("lesson=3.2"), "{}", problems[0]);
    }
}

#[test]
fn steps_follow_each_other_across_lessons() {
    let all: Vec<LessonStep> = LessonStep::all().collect();
    assert_eq!(all.len(), LESSONS.iter().map(|lesson| lesson.steps.len()).sum::<usize>());
    assert!(all.windows(2).all(|pair| pair[0] < pair[1] && pair[1].back() == Some(pair[0])));
    assert_eq!((all[0].back(), all[all.len() - 1].next()), (None, None));
}

#[test]
fn every_step_can_be_done_by_being_shown_and_is_not_done_before() {
    let mut state = opened("");
    for place in LessonStep::all() {
        play(&mut state);
        state.open_step(place);
        play(&mut state);
        // The model that lesson 3 has opened is open still when lesson 4 begins.
        let open_already = place == self::place("4.1");
        assert_eq!(state.step_done(), open_already, "{place} “{}” when it begins", place.content().title);
        for _ in 0..60 {
            if state.step_done() {
                break;
            }
            if !state.path().is_some_and(|path| path.playing) {
                state.show_step();
            }
            play(&mut state);
            state.advance_path(0.3, false);
            play(&mut state);
        }
        assert!(state.step_done(), "{place} “{}”: {:?}", place.content().title, state.errors());
        assert!(state.errors().is_empty(), "{place}: {:?}", state.errors());
    }
    assert_eq!((1..=6).map(|lesson| state.lessons().done_of(lesson)).sum::<usize>(), LessonStep::all().count());
}

#[test]
fn a_galaxy_of_another_class_does_not_do() {
    let mut state = at("1.2");
    let row = |class: Class| classes().iter().position(|code| i32::from(*code) == class.code()).expect("a row");
    state.select_row(row(Class::BroadLineAgn));
    state.check_lesson();
    assert!(!state.step_done());
    state.select_row(row(Class::Quiescent));
    play(&mut state);
    assert!(state.step_done());
    // What was done stays done, whatever comes.
    state.select_row(row(Class::EmissionLine));
    state.check_lesson();
    assert!(state.step_done());
}

#[test]
fn the_class_that_is_selected_already_must_be_chosen_anew() {
    let mut state = at("1.4");
    assert_eq!(state.selected_class(), Some(Class::EmissionLine));
    let now = state.latent().to_vec();
    state.move_to(now.iter().map(|value| value + 0.1).collect());
    state.check_lesson();
    assert!(!state.step_done());
}

#[test]
fn a_slider_counts_when_it_was_moved_and_not_when_a_spectrum_was_selected() {
    let mut state = at("3.2");
    state.choose_model("ae6");
    play(&mut state);
    state.open_step(place("3.2"));
    state.set_latent(1, 0.7);
    state.check_lesson();
    assert!(!state.step_done(), "another slider");
    state.select_row(5);
    state.check_lesson();
    assert!(!state.step_done(), "another spectrum");
    state.open_step(place("3.2"));
    state.set_latent(0, 0.7);
    state.check_lesson();
    assert!(state.step_done());
}

#[test]
fn a_step_about_one_model_is_not_done_under_another() {
    let mut state = at("3.2");
    state.set_latent(0, 0.7);
    state.check_lesson();
    assert!(!state.step_done());
    state.show_step();
    play(&mut state);
    assert!(state.has_model("ae6") && !state.step_done(), "the model comes first");
}

#[test]
fn a_wrong_answer_is_not_the_right_one() {
    let mut state = at("1.5");
    state.answer_lesson(0);
    assert!(!state.step_done());
    state.answer_lesson(2);
    assert!(state.step_done());
    let other = at("1.5");
    assert_eq!(other.lessons().answer(), None);
}

#[test]
fn what_steps_before_have_left_is_put_away() {
    let mut state = opened("color=redshift&axes=3,c:width&hide=3&region=halpha");
    state.open_step(place("2.4"));
    assert_eq!(
        (state.link().color.as_str(), state.link().hidden.as_slice()),
        ("class", &[][..]),
        "pink points are to be seen"
    );
    assert!(state.spectrum_range().is_some());
    state.open_step(place("5.1"));
    assert_eq!(state.link().axes, Permalink::default().axes);
    assert_eq!(state.spectrum_range(), None, "a lesson begins with the whole spectrum");
}

#[test]
fn pins_and_path_of_one_lesson_are_not_there_in_the_next() {
    let mut state = at("1.3");
    state.pin();
    assert!(state.open_path("S").is_ok());
    state.go_to(4.0);
    state.open_step(place("1.4"));
    assert!(state.pins().len() == 1 && state.path().is_some(), "within a lesson both stay");
    state.open_step(place("2.1"));
    assert!(state.pins().is_empty() && state.path().is_none() && state.link().track.is_none());
    assert!(!state.moved(), "nor are the sliders where the path has led");
}

#[test]
fn steps_that_compare_fits_begin_on_the_spectrum_itself() {
    for step in ["2.1", "3.3", "4.3"] {
        let mut state = opened("");
        play(&mut state);
        state.choose_model("ae6");
        play(&mut state);
        state.set_latent(0, 2.5);
        assert!(state.moved());
        state.open_step(place(step));
        play(&mut state);
        assert!(!state.moved() && state.chi2().is_some(), "{step}");
    }
}

#[test]
fn the_galaxy_at_work_that_is_shown_has_a_line_to_be_seen() {
    let mut catalogue = crate::page::fixture::catalogue();
    let width = |row: usize| if row.is_multiple_of(5) { 20.0 + row as f32 } else { 2.0 };
    catalogue.push_floats("truth_halpha_ew", (0..COUNT).map(width).collect());
    catalogue.push_floats("median_snr", (0..COUNT).map(|row| if row % 5 == 1 { 90.0 } else { 10.0 }).collect());
    let mut state = at("1.4");
    state.on_catalogue_loaded(catalogue);
    state.show_step();
    play(&mut state);
    let Some(Source::Row(row)) = state.selection().map(|selection| selection.source) else { panic!("a row") };
    assert!(state.step_done() && width(row) >= 20.0, "row {row}: {} Å", width(row));
    // A measured set knows no such width: the galaxy nearest to the middle of its class.
    let mut state = at("1.4");
    state.show_step();
    assert!(!state.step_done(), "not before its pixels are there");
    play(&mut state);
    assert!(state.step_done());
    assert_eq!(state.selected_class(), Some(Class::EmissionLine));
}

#[test]
fn what_came_of_a_step_is_named_by_what_shows_it() {
    let results = |of: &str| -> Vec<String> {
        LessonStep::all().filter(|&p| p.content().result_at == of).map(|p| p.to_string()).collect()
    };
    assert_eq!(results("spectrum"), ["1.2", "1.4", "3.2", "5.1", "5.4", "6.2"]);
    assert_eq!(results("draws-count"), ["4.3", "4.5"]);
    assert_eq!(results("pca-plot"), ["2.4", "3.4"]);
    assert_eq!(results("scatter"), ["6.4"]);
    assert_eq!(results("").len(), LessonStep::all().count() - 11);
}

#[test]
fn a_path_counts_when_it_was_followed() {
    let mut state = at("5.4");
    assert!(state.open_path("sweep1").is_ok());
    state.go_to(4.0);
    state.check_lesson();
    assert!(!state.step_done(), "another path");
    assert!(state.open_path("S").is_ok());
    state.check_lesson();
    assert!(!state.step_done(), "opened is not followed");
    state.go_to(4.0);
    state.check_lesson();
    assert!(state.step_done());
}

#[test]
fn lessons_open_as_a_list_and_close() {
    let mut state = opened("");
    state.toggle_lessons();
    assert!(state.lessons().listed());
    state.open_step(place("2.1"));
    assert!(!state.lessons().listed() && state.permalink().to_string().contains("&lesson=2.1"));
    state.list_lessons();
    assert!(state.lessons().listed() && state.link().lesson.is_none());
    state.toggle_lessons();
    assert!(!state.lessons().listed() && !state.permalink().to_string().contains("lesson"));
}

#[test]
fn an_empty_region_is_far_from_every_spectrum_and_within_their_bounds() {
    let state = opened("");
    let cloud = state.embedding().cloned().expect("a cloud");
    for seed in 1..5 {
        let latent = empty_region(&cloud.mean, cloud.dims, seed).expect("a latent");
        let from_empty_region = nearest_distance(&cloud.mean, cloud.dims, &latent).expect("a distance");
        let usual = nearest_distance(&cloud.mean, cloud.dims, &cloud.axes.mean).expect("a distance");
        assert!(from_empty_region > 2.0 * usual, "{from_empty_region} from the empty region, {usual} from the middle");
        for (i, value) in latent.iter().enumerate() {
            let (low, high) = cloud.slider_range(i);
            assert!((low..=high).contains(value));
        }
        assert_ne!(empty_region(&cloud.mean, cloud.dims, seed), empty_region(&cloud.mean, cloud.dims, seed + 1));
    }
    assert!(nearest_distance(&cloud.mean, cloud.dims, cloud.row(7)).expect("a distance") < 1e-6);
    assert_eq!(nearest_distance(&cloud.mean, cloud.dims, &[0.0; 3]), None);
}

/// The pixels of a row arrive, with H-alpha masked or not.
fn fetch_line(state: &mut AppState, row: usize, masked: bool) {
    let mut ivar = vec![1.0; PIXELS];
    let line = grid::pixel(H_ALPHA).floor() as usize;
    ivar[line] = if masked { 0.0 } else { 1.0 };
    state.on_pixels_loaded(row, vec![1.0; PIXELS], ivar);
    state.check_lesson();
}

#[test]
fn a_galaxy_whose_line_is_masked_is_no_answer_to_a_step_about_the_line() {
    let quiescent = |row: &usize| classes()[*row] == Class::Quiescent.code() as u8;
    let mut state = at("1.2");
    let now = state.selected_row();
    let mut rows = (0..COUNT).filter(quiescent).filter(|row| Some(*row) != now);
    let (masked, seen) = (rows.next().unwrap(), rows.next().unwrap());
    state.select_row(masked);
    assert_eq!((state.step_done(), state.lesson_hint()), (false, None), "nobody knows yet");
    fetch_line(&mut state, masked, true);
    assert!(!state.step_done() && state.lesson_hint().expect("a reason").contains("masked"));
    assert_eq!(state.selected_row(), Some(masked), "what the user selects stays");
    state.select_row(seen);
    fetch_line(&mut state, seen, false);
    assert!(state.step_done() && state.lesson_hint().is_none());

    // What the page chooses, it chooses until a line is seen.
    let mut state = at("1.2");
    state.show_step();
    let first = state.selected_row().expect("a row");
    fetch_line(&mut state, first, true);
    let second = state.selected_row().expect("a row");
    assert!(second != first && quiescent(&second) && !state.step_done());
    fetch_line(&mut state, second, false);
    assert!(state.step_done() && state.selected_row() == Some(second));
}

#[test]
fn lessons_do_not_begin_with_an_odd_spectrum() {
    let mut catalogue = crate::page::fixture::catalogue();
    catalogue.push_integers("truth_oddity", (0..COUNT as i32).map(|row| i32::from(row == 30)).collect());
    let agn = classes().iter().position(|&code| code == Class::BroadLineAgn.code() as u8).expect("one");
    for step in ["2.1", "3.1", "3.2", "6.4"] {
        for odd in [30, agn] {
            let mut state = opened("");
            state.on_catalogue_loaded(catalogue.clone());
            state.select_row(odd);
            state.open_step(place(step));
            let row = state.selected_row().expect("a row");
            assert!(row != odd && [Class::Quiescent, Class::EmissionLine].contains(&state.class_of(row).unwrap()));
            assert!(!state.moved());
        }
        let mut state = opened("");
        state.select_row(12);
        state.open_step(place(step));
        assert_eq!(state.selected_row(), Some(12), "a typical one stays");
    }
}

#[test]
fn what_is_decoded_away_from_the_galaxy_is_not_held_against_it() {
    let mut state = opened("");
    state.select_row(12);
    play(&mut state);
    let shown = |state: &mut AppState| {
        play(state);
        assert_eq!(ShownSpectrum::of(state).unrelated, state.chi2().is_none());
        state.chi2().is_some()
    };
    assert!(shown(&mut state));
    state.set_latent(0, 1.0);
    assert!(!shown(&mut state), "sliders moved by hand have left it");
    state.return_to_selection();
    assert!(shown(&mut state));
    state.go_to_empty_region();
    assert!(!shown(&mut state));
    state.return_to_selection();
    assert!(shown(&mut state));
    state.open_path("S").unwrap();
    assert!(!shown(&mut state));
    state.step_to(2.0);
    assert!(!shown(&mut state));
    state.select_row(13);
    assert!(shown(&mut state));
    let latent = vec![0.3; DIMS];
    let model = state.model_name();
    state.go_to_drawn(&model, latent);
    assert!(!shown(&mut state));
}

#[test]
fn the_models_of_lessons_are_kept_for_use_without_a_network() {
    let script = include_str!("../../../www/offline.js");
    let list = script.lines().find(|line| line.starts_with("const LESSON_MODELS")).expect("the list of kept models");
    let opens_with = Permalink::default().model;
    for step in LessonStep::all().map(LessonStep::content) {
        let asked = if let Task::ModelOpened(name) = step.task { Some(name) } else { None };
        for model in step.model.into_iter().chain(asked).filter(|model| *model != opens_with) {
            assert!(list.contains(&format!("'{model}'")), "{model} is not in {list}");
        }
    }
}

#[test]
fn a_path_is_put_away_before_colours_and_axes_are_read() {
    let mut state = at("5.1");
    state.open_path("sweep1").unwrap();
    state.go_to(4.0);
    state.open_step(place("5.2"));
    assert!(state.path().is_none() && !state.moved());
}

#[test]
fn the_verdict_between_pca_and_the_model_waits_for_its_question() {
    let hidden = |step: &str| at(step).hides_verdict();
    assert!(hidden("2.1") && hidden("2.4") && hidden("3.4") && !hidden("3.5") && !hidden("4.1"));
    assert!(!opened("").hides_verdict());
}

#[test]
fn lessons_can_be_started_over() {
    let mut state = opened("");
    state.restore_lessons(vec![place("1.1"), place("2.3")]);
    assert_eq!(state.lessons().done().len(), 2);
    state.start_lessons_over();
    assert!(state.lessons().done().is_empty());
}
