//! The oddest spectra: factors are computed once and only where they are shown, and reasons follow the pixels.

use spectrascape::page::{AppState, AxisChoice, LOF};
use spectrascape::protocol::{ExploreCommand, ExploreEvent, Request};
use spectrascape::vae::config::VaeConfig;

use crate::page::fixture::*;

fn factors(command: &ExploreCommand) -> bool {
    matches!(command, ExploreCommand::OutlierFactors { dims, .. } if *dims > 0)
}

/// Row 500 is the oddest, then 499...; rows beyond have none.
fn came() -> ExploreEvent {
    ExploreEvent::OutlierFactors {
        factor: (0..COUNT).map(|row| if row > 500 { f32::NAN } else { row as f32 }).collect(),
        k_distance: (0..COUNT).map(|row| 1.0 + (row % 100) as f32).collect(),
        density: vec![1.0; COUNT],
    }
}

fn explained(requests: &[Request<ExploreCommand>]) -> Vec<(u32, f64)> {
    let row = |r: &Request<ExploreCommand>| match &r.command {
        ExploreCommand::Explain { redshift, .. } => Some((r.id, *redshift)),
        _ => None,
    };
    requests.iter().filter_map(row).collect()
}

fn list(state: &AppState) -> Vec<usize> {
    state.outliers().list().iter().map(|outlier| outlier.row).collect()
}

#[test]
fn factors_are_asked_for_once_and_only_where_they_are_shown() {
    let mut state = opened("");
    assert!(!asked(&mut state).contains(&"OutlierFactors".to_owned()));
    let column = AxisChoice::Column(LOF.to_owned());
    let acts: [&dyn Fn(&mut AppState); 4] = [
        &|s| s.set_color(LOF.to_owned()),
        &|s| s.set_axis(false, column.clone()),
        &|s| s.set_axis(true, column.clone()),
        &|s| s.list_outliers(),
    ];
    for act in acts {
        let mut state = opened("");
        state.take_outbox();
        act(&mut state);
        let id = id_of(&state.take_outbox(), factors);
        state.list_outliers();
        state.set_color(LOF.to_owned());
        assert!(asked(&mut state).is_empty(), "it is under way");
        answer(&mut state, id, came());
        state.set_axis(false, column.clone());
        assert!(asked(&mut state).is_empty(), "they are there");
        assert_eq!(state.outliers().factor().map(|factor| factor.len()), Some(COUNT));
    }
    for link in ["#color=lof", "#axes=c:lof,1", "#axes=1,c:lof"] {
        let mut state = loaded(link);
        assert!(asked(&mut state).is_empty(), "{link}: nobody listens");
        let mut state = opened(link);
        id_of(&state.take_outbox(), factors);
    }
}

#[test]
fn the_list_is_worst_first_and_each_is_explained_once_its_pixels_are_there() {
    let mut state = opened("");
    let first = state.wanted_row().unwrap();
    fetch(&mut state, first);
    fetch(&mut state, 498);
    state.take_outbox();
    state.list_outliers();
    let id = id_of(&state.take_outbox(), factors);
    answer(&mut state, id, came());
    assert_eq!(list(&state), (481..=500).rev().collect::<Vec<_>>());
    assert_eq!(state.wanted_rows(), (481..=500).rev().filter(|row| *row != 498).collect::<Vec<_>>());
    let first = explained(&state.take_outbox());
    assert_eq!(first.iter().map(|(_, redshift)| (redshift * 2000.0).round()).collect::<Vec<_>>(), [498.0]);
    fetch(&mut state, 500);
    fetch(&mut state, 500);
    let second = explained(&state.take_outbox());
    assert_eq!(second.len(), 1);
    let reasons = vec!["a star in front".to_owned()];
    answer(
        &mut state,
        second[0].0,
        ExploreEvent::Explained { reasons: reasons.clone(), encoding: encoding(&[0.0; DIMS]) },
    );
    fails(&mut state, first[0].0);
    assert_eq!(
        (&state.outliers().list()[0].reasons, &state.outliers().list()[2].reasons),
        (&Some(reasons), &Some(Vec::new()))
    );
    assert!(state.errors().is_empty());
    let mut fetches = 0;
    while let Some(row) = state.wanted_row() {
        state.pixels_failed(row, "Not there.".to_owned());
        fetches += 1;
        assert!(fetches < 30, "what fails is not asked for over and over");
    }
    state.select_row(490);
    assert_eq!(state.wanted_rows(), [490], "a click asks again");
}

#[test]
fn factors_that_cannot_be_had_leave_the_scatter_on_screen() {
    for dies in [false, true] {
        let mut state = opened("#color=lof&axes=c:lof,1");
        let id = id_of(&state.take_outbox(), factors);
        if dies {
            state.explorer_died("No.".to_owned())
        } else {
            fails(&mut state, id)
        }
        assert_eq!(state.link().color, "class");
        assert_eq!(state.link().axes, (AxisChoice::Vae(1), AxisChoice::Vae(2)));
        assert_eq!(state.errors(), ["No."]);
    }
}

#[test]
fn another_model_has_other_outliers() {
    let mut state = opened("");
    state.list_outliers();
    let stale = id_of(&state.take_outbox(), factors);
    state.train_start("http://localhost/data/toy/".to_owned(), VaeConfig::paper(2));
    epoch(&mut state, 0, 1, vec![0.5; COUNT * 2]);
    let id = id_of(&state.take_outbox(), |command| matches!(command, ExploreCommand::OutlierFactors { dims: 2, .. }));
    answer(&mut state, stale, came());
    assert!(state.outliers().factor().is_none(), "of the model before");
    answer(&mut state, id, came());
    assert_eq!(list(&state).len(), 20);
    state.take_outbox();
    fetch(&mut state, 500);
    let why = explained(&state.take_outbox());
    epoch(&mut state, 0, 2, vec![0.25; COUNT * 2]);
    assert!(list(&state).is_empty() && state.outliers().factor().is_none());
    let id = id_of(&state.take_outbox(), factors);
    answer(&mut state, id, came());
    answer(&mut state, why[0].0, ExploreEvent::Explained { reasons: Vec::new(), encoding: encoding(&[0.0; 2]) });
    assert_eq!(state.outliers().list()[0].reasons, None, "that was said of another model's list");
    assert_eq!(explained(&state.take_outbox()).len(), 1, "its pixels are there already");
}
