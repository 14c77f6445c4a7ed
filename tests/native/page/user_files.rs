//! Spectra of the user's own: files with and without a redshift, scans, galaxies to order, noise. A failure loses nothing.

use spectrascape::formats::Medium;
use spectrascape::page::view::own_spectra;
use spectrascape::page::{AppState, MOST_ROWS, Scan, Source};
use spectrascape::protocol::{ExploreCommand, ExploreEvent, ListedSpectrum, Progress, Request, TrainingState};
use spectrascape::simulator::GalaxyDials;
use spectrascape::spectrum::Class;
use spectrascape::vae::config::VaeConfig;
use spectrascape::vae::encoding::EncodingMethod;

use crate::page::fixture::*;

const PLACE: [f32; DIMS] = [0.5, 0.25, 0.0, -0.25, 0.125, 1.0];

fn dials(number: usize) -> GalaxyDials {
    GalaxyDials::presets()[number].1
}

fn made() -> ExploreEvent {
    ExploreEvent::GalaxySimulated {
        flux: vec![1.0; PIXELS],
        ivar: vec![1.0; PIXELS],
        class: Class::EmissionLine,
        median_snr: 20.0,
        encoding: encoding(&PLACE),
        truths: vec![("redshift".to_owned(), 0.1)],
    }
}

/// A page that has read a file of this name.
fn with_file(state: &mut AppState, name: &str) {
    state.take_outbox();
    state.add_file(name.to_owned(), name.as_bytes().to_vec());
    let id = id_of(&state.take_outbox(), |command| matches!(command, ExploreCommand::EncodeFile { .. }));
    answer(state, id, file_encoded(name, 0.1, &PLACE));
    state.take_outbox();
}

fn seeds(requests: &[Request<ExploreCommand>]) -> Vec<u64> {
    let seed = |request: &Request<ExploreCommand>| match &request.command {
        ExploreCommand::SimulateGalaxy { seed, .. } | ExploreCommand::Degrade { seed, .. } => Some(*seed),
        _ => None,
    };
    requests.iter().filter_map(seed).collect()
}

/// What the explorer answers where a file has no redshift that the models cover.
fn unknown(name: &str, file_redshift: Option<f64>) -> ExploreEvent {
    ExploreEvent::RedshiftWanted { name: name.to_owned(), file_redshift }
}

fn source(state: &AppState) -> Option<Source> {
    state.selection().map(|selection| selection.source)
}

#[test]
fn a_file_without_redshift_waits_for_the_users() {
    let mut state = opened("");
    state.take_outbox();
    state.add_file("a.csv".to_owned(), vec![1]);
    let id =
        id_of(&state.take_outbox(), |command| matches!(command, ExploreCommand::EncodeFile { redshift: None, .. }));
    answer(&mut state, id, unknown("a.csv", None));
    assert_eq!((state.files_waiting(), state.redshift_wanted().len(), state.files().len()), (0, 1, 0));
    assert_eq!(asked(&mut state), ["ScanRedshift"], "it is tried by trial at once");
    state.give_redshift("b.csv", 0.1);
    assert!(state.take_outbox().is_empty() && state.redshift_wanted().len() == 1, "of another file");

    state.give_redshift("a.csv", 1.4);
    let mut requests = state.take_outbox();
    assert!(matches!(requests.remove(0).command, ExploreCommand::Cancel { .. }), "the trial is given up");
    let asked_with = |r: &Request<ExploreCommand>| matches!(&r.command, ExploreCommand::EncodeFile { file: 1, row: None, redshift: Some(z), .. } if *z == 1.4);
    assert!(requests.iter().any(asked_with), "{requests:?}");
    assert_eq!((state.files_waiting(), state.redshift_wanted().len()), (1, 0));
    fails(&mut state, requests[0].id);
    assert_eq!(
        (state.files_waiting(), state.redshift_wanted().len()),
        (0, 1),
        "a redshift that does not do is asked for anew"
    );

    state.give_redshift("a.csv", 0.2);
    let id = id_of(&state.take_outbox(), |command| matches!(command, ExploreCommand::EncodeFile { .. }));
    answer(&mut state, id, file_encoded("a.csv", 0.2, &PLACE));
    assert_eq!((state.files_waiting(), state.redshift_wanted().len(), state.files().len()), (0, 0, 1));
    assert_eq!((source(&state), state.latent()), (Some(Source::File(0)), PLACE.as_slice()));
}

#[test]
fn a_file_dropped_twice_is_asked_about_once_and_left_out_one_at_a_time() {
    let mut state = opened("");
    state.take_outbox();
    for bytes in [1, 1, 2] {
        state.add_file("a.csv".to_owned(), vec![bytes]);
    }
    for request in state.take_outbox() {
        answer(&mut state, request.id, unknown("a.csv", None));
    }
    assert_eq!(state.redshift_wanted().len(), 2, "two files have that name");
    state.forget_file("a.csv");
    assert_eq!(state.redshift_wanted().len(), 1);
    state.forget_file("a.csv");
    state.forget_file("a.csv");
    assert!(state.redshift_wanted().is_empty());
}

#[test]
fn the_same_file_again_takes_its_own_place() {
    let mut state = opened("");
    with_file(&mut state, "a.fits");
    with_file(&mut state, "b.fits");
    with_file(&mut state, "a.fits");
    assert_eq!(state.files().iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["a.fits", "b.fits"]);
    assert_eq!(source(&state), Some(Source::File(0)));
    state.redo_with_redshift(1, 0.3);
    let id =
        id_of(&state.take_outbox(), |command| matches!(command, ExploreCommand::EncodeFile { redshift: Some(_), .. }));
    fails(&mut state, id);
    assert_eq!((state.files().len(), state.redshift_wanted().len()), (2, 0), "it is on the list as it was");
    assert_eq!(state.files()[1].redshift, 0.1);
}

#[test]
fn removing_a_file_leaves_the_others_and_what_is_under_way_of_them() {
    let mut state = opened("");
    for name in ["a.fits", "b.fits", "c.fits"] {
        with_file(&mut state, name);
    }
    state.scan_redshift(0);
    state.scan_redshift(2);
    state.scan_redshift(2);
    let scans = state.take_outbox();
    assert_eq!(names(&scans), ["ScanRedshift", "ScanRedshift"], "one scan a file");
    state.redo_with_redshift(0, 0.2);
    let redo = id_of(&state.take_outbox(), |command| matches!(command, ExploreCommand::EncodeFile { .. }));
    state.remove_file(0);
    state.remove_file(7);
    assert_eq!(asked(&mut state), ["Cancel", "CloseFile"]);
    assert_eq!((source(&state), state.files_waiting()), (Some(Source::File(1)), 0));
    answer(&mut state, redo, file_encoded("a.fits", 0.2, &PLACE));
    assert_eq!(state.files().len(), 2, "what was removed does not come back");
    answer(&mut state, scans[1].id, scanned("c.fits"));
    assert!(state.files()[0].scan.is_none());
    assert!(matches!(&state.files()[1].scan, Some(Scan::Done { best, .. }) if *best == 0.2));
    state.remove_file(1);
    assert!(state.selection().is_none() && state.noise().is_none() && state.band().is_none());
}

fn scanned(name: &str) -> ExploreEvent {
    ExploreEvent::RedshiftScanned {
        name: name.to_owned(),
        redshift: vec![0.1, 0.2],
        score: vec![2.0, 1.0],
        best: 0.2,
        error: 0.0001,
        chi2: 1.0,
        confidence: 2.0,
        tried: 2,
    }
}

fn progress(done: u64) -> ExploreEvent {
    ExploreEvent::Progress(Progress { what: "Trying".to_owned(), done, total: 10, unit: "redshifts".to_owned() })
}

#[test]
fn a_scan_can_be_stopped_and_fail_and_be_started_again() {
    let mut state = opened("");
    with_file(&mut state, "a.fits");
    for end in ["stop", "fail", "die"] {
        state.scan_redshift(0);
        let id = id_of(&state.take_outbox(), |command| matches!(command, ExploreCommand::ScanRedshift { .. }));
        assert_eq!(state.files()[0].scan, Some(Scan::Running(id)));
        answer(&mut state, id, progress(3));
        assert_eq!(state.progress().map(|(request, p)| (*request, p.done)), Some((id, 3)));
        match end {
            "stop" => {
                state.stop_scan(0);
                let cancel = state.take_outbox();
                assert!(
                    matches!(&cancel[..], [Request { command: ExploreCommand::Cancel { request }, .. }] if *request == id)
                );
                answer(&mut state, id, progress(4));
                answer(&mut state, cancel[0].id, ExploreEvent::Cancelled { request: id });
                answer(&mut state, id, scanned("a.fits"));
            }
            "fail" => fails(&mut state, id),
            _ => state.explorer_died("Gone.".to_owned()),
        }
        assert!(state.files()[0].scan.is_none() && state.progress().is_none(), "{end}");
        assert!(state.training().progress.is_none(), "{end}: it is no progress of a training");
    }
    assert_eq!(state.errors(), ["No.", "Gone."]);
}

#[test]
fn dialling_changes_one_galaxy_until_it_is_kept() {
    let mut state = opened("");
    state.take_outbox();
    for number in 0..4 {
        state.make_galaxy(dials(number));
    }
    let first = state.take_outbox();
    assert_eq!((names(&first), state.files_waiting()), (vec!["SimulateGalaxy".to_owned()], 1), "one at a time");
    answer(&mut state, first[0].id, made());
    let second = state.take_outbox();
    let id =
        id_of(&second, |command| matches!(command, ExploreCommand::SimulateGalaxy { dials: d, .. } if *d == dials(3)));
    assert_eq!(seeds(&first), seeds(&second), "the same noise while one galaxy is dialled");
    answer(&mut state, id, made());
    assert_eq!((state.files().len(), state.files_waiting()), (1, 0));
    assert_eq!((state.files()[0].name.as_str(), state.files()[0].redshift > 0.09), ("Galaxy 1 made here", true));

    state.keep_simulated();
    assert_eq!(source(&state), Some(Source::File(0)), "it stays on screen meanwhile");
    state.make_galaxy(dials(1));
    let third = state.take_outbox();
    fails(&mut state, id_of(&third, |command| matches!(command, ExploreCommand::SimulateGalaxy { .. })));
    assert_eq!((state.files().len(), state.files_waiting(), source(&state)), (1, 0, Some(Source::File(0))));
    state.make_galaxy(dials(1));
    let again = state.take_outbox();
    assert_ne!(seeds(&again), seeds(&first));
    answer(&mut state, id_of(&again, |command| matches!(command, ExploreCommand::SimulateGalaxy { .. })), made());
    assert_eq!((state.files().len(), state.files()[1].name.as_str()), (2, "Galaxy 2 made here"));

    state.select_file(0);
    state.take_outbox();
    state.make_galaxy(dials(2));
    let id = id_of(&state.take_outbox(), |command| matches!(command, ExploreCommand::SimulateGalaxy { .. }));
    answer(&mut state, id, made());
    assert_eq!(state.files().len(), 3, "a galaxy that was kept is not dialled away");

    state.make_galaxy(dials(4));
    let id = id_of(&state.take_outbox(), |command| matches!(command, ExploreCommand::SimulateGalaxy { .. }));
    state.remove_file(2);
    answer(&mut state, id, made());
    assert_eq!((state.files().len(), state.files_waiting()), (2, 0));
}

#[test]
fn files_wait_for_a_model_and_are_given_back_in_words_when_none_opens() {
    let mut state = loaded("");
    state.add_file("a.fits".to_owned(), vec![1]);
    state.make_galaxy(dials(0));
    answer(&mut state, 0, ExploreEvent::Ready { engine: "CPU".to_owned() });
    let requests = state.take_outbox();
    assert_eq!((names(&requests), state.files_waiting()), (vec!["OpenModel".to_owned()], 2));
    fails(&mut state, requests[0].id);
    assert_eq!((state.files_waiting(), state.errors().len()), (0, 2), "{:?}", state.errors());
    assert!(state.errors()[0].contains("a.fits"));
}

#[test]
fn spectra_of_ones_own_follow_a_model_in_training_and_back() {
    let mut state = opened("");
    with_file(&mut state, "a.fits");
    state.train_start("http://localhost/data/toy/".to_owned(), VaeConfig::paper(2));
    let start = started(&mut state);
    training(&mut state, start, TrainingState::Running);

    epoch(&mut state, start, 1, vec![0.5; COUNT * 2]);
    assert_eq!((state.files()[0].latent(), state.latent().len()), (None, 2));
    state.select_file(0);
    assert_eq!(state.latent().len(), 2, "a place in another space is none in this one");
    let requests = state.take_outbox();
    let again = id_of(&requests, |command| {
        matches!(command, ExploreCommand::EncodeFile { file: 1, row: None, redshift: None, .. })
    });
    assert!(!names(&requests).contains(&"OpenFile".to_owned()), "the explorer has it");
    answer(&mut state, again, file_encoded("a.fits", 0.1, &[0.75, 0.5]));
    assert_eq!((state.files()[0].latent(), state.latent()), (Some(&[0.75, 0.5][..]), &[0.75, 0.5][..]));

    back_to_shipped(&mut state);
    let requests = state.take_outbox();
    let again = id_of(&requests, |command| matches!(command, ExploreCommand::EncodeFile { .. }));
    answer(&mut state, again, file_encoded("a.fits", 0.1, &PLACE));
    assert_eq!((state.files()[0].latent(), state.latent()), (Some(PLACE.as_slice()), PLACE.as_slice()));
}

/// The bytes of files that were sent.
fn sent(requests: &[Request<ExploreCommand>]) -> Vec<(u32, Vec<u8>)> {
    let file = |request: &Request<ExploreCommand>| match &request.command {
        ExploreCommand::OpenFile { file, bytes, .. } => Some((*file, bytes.clone())),
        _ => None,
    };
    requests.iter().filter_map(file).collect()
}

#[test]
fn the_bytes_of_a_file_are_sent_once_and_again_to_another_explorer() {
    let mut state = opened("");
    state.take_outbox();
    state.add_file("a.csv".to_owned(), vec![1, 2, 3]);
    let requests = state.take_outbox();
    assert_eq!(names(&requests), ["OpenFile", "EncodeFile"]);
    assert_eq!(sent(&requests), [(1, vec![1, 2, 3])]);
    answer(&mut state, requests[1].id, unknown("a.csv", None));
    assert_eq!(asked(&mut state), ["ScanRedshift"]);
    state.give_redshift("a.csv", 0.1);
    let requests = state.take_outbox();
    assert_eq!(names(&requests), ["Cancel", "EncodeFile"]);
    answer(&mut state, requests[1].id, file_encoded("a.csv", 0.1, &PLACE));
    state.take_outbox();
    state.redo_with_redshift(0, 0.2);
    state.scan_redshift(0);
    let requests = state.take_outbox();
    assert_eq!(names(&requests), ["EncodeFile", "ScanRedshift"]);
    answer(&mut state, requests[0].id, file_encoded("a.csv", 0.2, &PLACE));
    state.stop_scan(0);

    // Another worker has no file.
    state.explorer_died("Gone.".to_owned());
    answer(&mut state, 0, ExploreEvent::Ready { engine: "CPU".to_owned() });
    state.reopen_model("http://localhost/models/vae6.safetensors".to_owned());
    let id = id_of(&state.take_outbox(), |command| matches!(command, ExploreCommand::OpenModel { .. }));
    answer(&mut state, id, ExploreEvent::ModelOpened { card: card(DIMS), head: None });
    state.take_outbox();
    state.scan_redshift(0);
    let requests = state.take_outbox();
    assert_eq!(names(&requests), ["OpenFile", "ScanRedshift"]);
    assert_eq!(sent(&requests), [(1, vec![1, 2, 3])]);
    state.stop_scan(0);
    state.take_outbox();

    state.remove_file(0);
    assert_eq!(asked(&mut state), ["CloseFile"]);
}

#[test]
fn a_file_that_is_neither_listed_nor_asked_about_is_closed() {
    let mut state = opened("");
    state.take_outbox();
    state.add_file("a.csv".to_owned(), vec![1]);
    let id = id_of(&state.take_outbox(), |command| matches!(command, ExploreCommand::EncodeFile { .. }));
    fails(&mut state, id);
    assert_eq!(asked(&mut state), ["CloseFile"], "it could not be read");
    state.add_file("b.csv".to_owned(), vec![2]);
    let id = id_of(&state.take_outbox(), |command| matches!(command, ExploreCommand::EncodeFile { .. }));
    answer(&mut state, id, unknown("b.csv", None));
    assert_eq!(asked(&mut state), ["ScanRedshift"]);
    state.forget_file("b.csv");
    assert_eq!(asked(&mut state), ["Cancel", "CloseFile"], "its redshift is not known");
}

fn scanned_at(best: f64, confidence: f64) -> ExploreEvent {
    let (redshift, score) = (vec![0.1, 0.2], vec![2.0, 1.0]);
    let name = "a.fits".to_owned();
    ExploreEvent::RedshiftScanned { name, redshift, score, best, error: 0.0001, chi2: 1.0, confidence, tried: 2 }
}

/// A file without a redshift, or with one that the models do not cover, is tried by trial and listed at what is found.
#[test]
fn a_redshift_that_the_file_does_not_have_is_found_by_trial() {
    for (file_redshift, question) in [(None, "says no redshift"), (Some(1.68), "says redshift 1.680, and the models")] {
        let mut state = opened("");
        state.take_outbox();
        state.add_file("a.fits".to_owned(), vec![1]);
        let requests = state.take_outbox();
        answer(&mut state, requests[1].id, unknown("a.fits", file_redshift));
        assert!(own_spectra::unknown_text(&state.redshift_wanted()[0]).contains(question));
        let scan = state.take_outbox();
        assert!(matches!(scan[0].command, ExploreCommand::ScanRedshift { file: 1, row: None, background: false }));
        answer(&mut state, scan[0].id, scanned_at(0.0767, 3.6));
        let encode = state.take_outbox();
        let asked =
            ExploreCommand::EncodeFile { file: 1, row: None, redshift: Some(0.0767), method: EncodingMethod::Plain };
        assert_eq!((encode[0].command.clone(), state.redshift_wanted().len()), (asked, 0));
        answer(&mut state, encode[0].id, file_encoded("a.fits", 0.0767, &PLACE));
        let own = &state.files()[0];
        assert_eq!(
            (own.redshift_from.as_str(), own.tried, own.trial().map(|trial| trial.redshift)),
            ("trial", true, Some(0.0767))
        );
        let text = own_spectra::own_text(own, None);
        assert!(text.starts_with("redshift by trial 0.0767 ± 0.0001 · χ²"), "{text}");
        assert_eq!(own_spectra::trial_sentence(own), None, "it is the redshift used");
    }
}

#[test]
fn a_trial_in_vain_or_stopped_leaves_the_question() {
    let mut state = opened("");
    state.take_outbox();
    state.add_file("a.fits".to_owned(), vec![1]);
    let requests = state.take_outbox();
    answer(&mut state, requests[1].id, unknown("a.fits", None));
    let scan = state.take_outbox();
    fails(&mut state, scan[0].id);
    assert_eq!((state.redshift_wanted().len(), state.take_outbox().len()), (1, 0), "it is not tried again by itself");
    state.try_unknown("a.fits");
    assert_eq!(asked(&mut state), ["ScanRedshift"]);
    state.stop_unknown("a.fits");
    assert_eq!((asked(&mut state), state.redshift_wanted().len()), (vec!["Cancel".to_owned()], 1));
}

/// Every file is tried in the background, one at a time, after all are read; a disagreement is said, and can be taken over.
#[test]
fn the_redshifts_of_files_are_checked_in_the_background() {
    let mut state = opened("");
    for name in ["a.fits", "b.fits", "c.fits"] {
        with_file(&mut state, name);
    }
    assert_eq!((state.trials().done, state.trials().total), (0, 3));
    state.stop_trials(false);
    let mut scans = state.take_outbox();
    assert!(matches!(
        scans[..],
        [Request { command: ExploreCommand::ScanRedshift { file: 1, background: true, .. }, .. }]
    ));
    answer(&mut state, scans[0].id, scanned_at(0.2, 2.0));
    scans = state.take_outbox();
    assert_eq!(names(&scans), ["ScanRedshift"], "the next");
    let sentence = own_spectra::trial_sentence(&state.files()[0]).unwrap();
    assert_eq!(sentence.text, "The file says 0.1000, by trial 0.2000 ± 0.0001 fits far better.");
    assert!(sentence.disagrees && !state.files()[0].curve_wanted);
    // A failure is no news: the spectrum is on screen, and nobody asked for its trial.
    fails(&mut state, scans[0].id);
    assert!(state.errors().is_empty() && own_spectra::trial_sentence(&state.files()[1]).is_none());
    scans = state.take_outbox();
    state.stop_trials(true);
    assert_eq!(asked(&mut state), ["Cancel"]);
    assert_eq!(own_spectra::trials_text(&state.trials()).as_deref(), Some("Redshifts checked by trial: 2 of 3"));
    answer(&mut state, scans[0].id, scanned_at(0.2, 2.0));
    assert!(state.files()[2].scan.is_none(), "stopped");
    state.stop_trials(false);
    scans = state.take_outbox();
    answer(&mut state, scans[0].id, scanned_at(0.2, 1.01));
    let sentence = own_spectra::trial_sentence(&state.files()[2]).unwrap();
    assert!(!sentence.disagrees && sentence.text.contains("not trusted"), "{sentence:?}");
    assert_eq!(own_spectra::trials_text(&state.trials()), None, "all are checked");

    state.use_trial(0);
    let id =
        id_of(&state.take_outbox(), |command| matches!(command, ExploreCommand::EncodeFile { redshift: Some(_), .. }));
    answer(&mut state, id, file_encoded("a.fits", 0.2, &PLACE));
    assert_eq!(state.files()[0].redshift_from, "trial");
    assert!(!asked(&mut state).contains(&"ScanRedshift".to_owned()), "it has been tried");
    state.scan_redshift(0);
    assert!(
        state.files()[0].curve_wanted && !asked(&mut state).contains(&"ScanRedshift".to_owned()),
        "the curve is there"
    );
}

#[test]
fn of_a_file_with_several_spectra_rows_are_chosen() {
    let mut state = opened("");
    let listed = |count: usize| {
        let one = |row: usize| ListedSpectrum { name: format!("spectrum {row}"), redshift: Some(0.1), position: None };
        ExploreEvent::SpectraListed { name: "plate.fits".to_owned(), spectra: (0..count).map(one).collect() }
    };
    state.take_outbox();
    state.add_file("plate.fits".to_owned(), vec![1]);
    let requests = state.take_outbox();
    answer(&mut state, requests[1].id, listed(3));
    assert!(asked(&mut state).is_empty(), "the file stays open meanwhile");
    let choice = state.row_choices()[0].clone();
    assert_eq!(own_spectra::listed_text(&choice.spectra[1]), "spectrum 1 · redshift 0.1000");
    state.take_rows(choice.file, &[0, 2]);
    let requests = state.take_outbox();
    let rows: Vec<Option<usize>> = requests
        .iter()
        .filter_map(|r| match r.command {
            ExploreCommand::EncodeFile { row, .. } => Some(row),
            _ => None,
        })
        .collect();
    assert_eq!((rows, state.row_choices().len()), (vec![Some(0), Some(2)], 0));
    answer(&mut state, requests[0].id, file_encoded("plate.fits#1", 0.1, &PLACE));
    answer(&mut state, requests[1].id, file_encoded("plate.fits#3", 0.1, &PLACE));
    assert_eq!(state.files().len(), 2);
    state.remove_file(0);
    assert!(!asked(&mut state).contains(&"CloseFile".to_owned()), "another row of it is listed");

    state.add_file("none.fits".to_owned(), vec![3]);
    let requests = state.take_outbox();
    answer(&mut state, requests.last().unwrap().id, listed(2));
    state.take_rows(2, &[]);
    assert_eq!(asked(&mut state), ["CloseFile"]);
    state.add_file("large.fits".to_owned(), vec![2]);
    let requests = state.take_outbox();
    answer(&mut state, requests[1].id, listed(MOST_ROWS + 1));
    state.take_rows(3, &(0..=MOST_ROWS).collect::<Vec<usize>>());
    assert_eq!((state.files_waiting(), state.errors().len()), (MOST_ROWS, 1));
}

#[test]
fn a_file_is_read_again_in_the_medium_chosen() {
    let mut state = opened("");
    with_file(&mut state, "a.csv");
    state.set_medium(0, Some(Medium::Air));
    let requests = state.take_outbox();
    assert_eq!(names(&requests), ["OpenFile", "EncodeFile"]);
    assert!(matches!(requests[0].command, ExploreCommand::OpenFile { medium: Some(Medium::Air), .. }));
    answer(&mut state, requests[1].id, file_encoded("a.csv", 0.1, &PLACE));
    assert_eq!((state.files()[0].medium, state.files().len()), (Some(Medium::Air), 1));
    state.take_outbox();
    state.set_medium(0, Some(Medium::Air));
    assert!(asked(&mut state).is_empty(), "it is so already");
}

#[test]
fn a_redrock_file_goes_with_its_coadd() {
    let mut state = opened("");
    state.take_outbox();
    state.add_file("redrock-4-80613.fits".to_owned(), vec![9]);
    state.on_files_added();
    assert!(
        state.errors()[0].contains("drop that file, too") && state.take_outbox().is_empty(),
        "{:?}",
        state.errors()
    );
    let redrock = |requests: &[Request<ExploreCommand>]| match &requests[0].command {
        ExploreCommand::OpenFile { redrock, .. } => {
            redrock.as_ref().map(|file| (file.name.clone(), file.bytes.clone()))
        }
        other => panic!("{other:?}"),
    };
    state.add_file("coadd-4-80613.fits".to_owned(), vec![1]);
    let requests = state.take_outbox();
    assert_eq!(redrock(&requests), Some(("redrock-4-80613.fits".to_owned(), vec![9])));
    answer(&mut state, requests[1].id, file_encoded("coadd-4-80613.fits", 0.1, &PLACE));
    state.take_outbox();
    state.add_file("redrock-4-80613.fits".to_owned(), vec![8]);
    let requests = state.take_outbox();
    assert_eq!(names(&requests), ["OpenFile", "EncodeFile"], "it is read again");
    assert_eq!(redrock(&requests).map(|(_, bytes)| bytes), Some(vec![8]));
    // Also while it is being encoded: the answer to the first reading counts no longer.
    state.add_file("redrock-4-80613.fits".to_owned(), vec![7]);
    let again = state.take_outbox();
    assert_eq!(names(&again), ["OpenFile", "EncodeFile"], "it is read again at once");
    answer(&mut state, requests[1].id, file_encoded("coadd-4-80613.fits", 0.2, &PLACE));
    assert_eq!(state.files()[0].redshift, 0.1);
    answer(&mut state, again[1].id, file_encoded("coadd-4-80613.fits", 0.3, &PLACE));
    assert_eq!((state.files().len(), state.files()[0].redshift), (1, 0.3));
}
