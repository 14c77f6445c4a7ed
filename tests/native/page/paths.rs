//! Ways through latent space on a set of some hundred spectra: where they lead, how they are played, what links say of them.

use std::sync::Arc;

use spectrascape::latent::{TRACKS, sweeps};
use spectrascape::page::{AppState, AxisChoice, Cloud, PathKind};
use spectrascape::protocol::{ExploreCommand, ExploreEvent};
use spectrascape::vae::config::VaeConfig;

use crate::page::fixture::*;

fn cloud() -> Cloud {
    Cloud::new(1, DIMS, latents().mean, Arc::new(classes()))
}

fn nodes(state: &AppState) -> Vec<Vec<f32>> {
    state.path.as_ref().map(|path| path.nodes.clone()).unwrap_or_default()
}

fn at(state: &AppState) -> f32 {
    state.path.as_ref().map_or(f32::NAN, |path| path.at)
}

fn playing(state: &AppState) -> bool {
    state.path.as_ref().is_some_and(|path| path.playing)
}

fn distance(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt()
}

#[test]
fn the_papers_tracks_lead_where_the_core_says() {
    let (cloud, codes) = (cloud(), classes().iter().map(|&code| i32::from(code)).collect::<Vec<_>>());
    for rule in TRACKS {
        let mut state = opened("");
        state.open_path(rule.name).unwrap();
        let track = rule.follow(&cloud.axes, &cloud.mean, &codes).unwrap();
        let centroids: Vec<Vec<f32>> = track.bins.iter().map(|bin| bin.centroid.clone()).collect();
        assert_eq!(nodes(&state), centroids, "track {}", rule.name);
        let path = state.path.as_ref().unwrap();
        assert_eq!((path.kind.clone(), path.labels.len()), (PathKind::Track(rule.name), centroids.len()));
        assert!(path.labels[0].contains(&format!("({})", track.bins[0].members)), "{:?}", path.labels);
        assert_eq!(state.latent, centroids[0], "the sliders are at its start");
        assert!(state.permalink().to_string().contains(&format!("&track={}", rule.name)));
    }
}

#[test]
fn sweeps_run_along_one_axis_through_the_mean() {
    let cloud = cloud();
    let mut state = opened("");
    for axis in 1..=DIMS {
        state.open_path(&format!("sweep{axis}")).unwrap();
        let expected = &sweeps(&cloud.axes, &cloud.mean).unwrap()[axis - 1];
        assert_eq!(nodes(&state), expected.points.iter().map(|point| point.latent.clone()).collect::<Vec<_>>());
        for node in nodes(&state) {
            let along = cloud.axes.project(&node);
            let others = (0..DIMS).filter(|i| i + 1 != axis).map(|i| along[i].abs()).fold(0.0, f32::max);
            assert!(others < 1e-4, "axis {axis}: {along:?}");
        }
    }
    for wrong in ["sweep0", "sweep7", "sweep", "Q", ""] {
        assert!(state.open_path(wrong).is_err(), "{wrong}");
    }
    assert_eq!(state.link.track.as_deref(), Some("sweep6"), "a path that is not there leaves the open one");
}

#[test]
fn nodes_are_decoded_once_and_only_for_the_path_that_is_open() {
    let mut state = opened("");
    state.take_outbox();
    state.open_path("S").unwrap();
    let many = |command: &ExploreCommand| matches!(command, ExploreCommand::DecodeMany { .. });
    let stale = id_of(&state.take_outbox(), many);
    state.open_path("P").unwrap();
    let id = id_of(&state.take_outbox(), many);
    let count = nodes(&state).len();
    answer(&mut state, stale, ExploreEvent::DecodedMany { flux: vec![9.0; PIXELS] });
    assert!(state.path.as_ref().unwrap().decoded.is_empty());
    let flux = (0..count * PIXELS).map(|i| (i / PIXELS) as f32).collect();
    answer(&mut state, id, ExploreEvent::DecodedMany { flux });
    let decoded = state.path.as_ref().unwrap().decoded.clone();
    assert_eq!((decoded.len(), decoded[count - 1].len(), decoded[count - 1][0]), (count, PIXELS, count as f32 - 1.0));
    state.open_path("E").unwrap();
    let id = id_of(&state.take_outbox(), many);
    fails(&mut state, id);
    assert!(state.errors.is_empty() && state.path.is_some(), "the path is there without its spectra");
}

#[test]
fn a_path_is_played_to_its_end_and_from_its_start_again() {
    let mut state = opened("");
    state.open_path("S").unwrap();
    let last = nodes(&state).len() as f32 - 1.0;
    state.play_path(true);
    state.advance_path(0.5, false);
    assert!(at(&state) > 0.0 && at(&state) < 1.0 && playing(&state));
    let place = state.path.as_ref().unwrap().place();
    assert_eq!(state.latent, place);
    for _ in 0..100 {
        state.advance_path(0.5, false);
    }
    assert_eq!((at(&state), playing(&state)), (last, false));
    assert!(distance(&state.latent, nodes(&state).last().unwrap()) < 1e-5);
    state.advance_path(0.5, false);
    assert_eq!(at(&state), last, "it is not played any longer");
    state.play_path(true);
    assert_eq!((at(&state), playing(&state)), (0.0, true));

    for step in 1..=last as usize {
        state.advance_path(0.016, true);
        assert_eq!(at(&state), step as f32, "without motion from place to place");
        assert!(distance(&state.latent, &nodes(&state)[step]) < 1e-5);
    }
    assert!(!playing(&state));
    for (wanted, found) in [(-3.0, 0.0), (99.0, last), (1.5, 1.5), (f32::NAN, 1.5)] {
        state.go_to(wanted);
        assert_eq!(at(&state), found);
    }
}

#[test]
fn whatever_else_moves_the_sliders_pauses_the_path() {
    let acts: [fn(&mut AppState); 4] =
        [|s| s.set_latent(0, 0.5), AppState::return_to_selection, |s| s.select_row(3), |s| s.add_noise(5.0)];
    for act in acts {
        let mut state = opened("");
        state.open_path("S").unwrap();
        state.play_path(true);
        act(&mut state);
        assert!(!playing(&state));
    }
    let mut state = opened("");
    state.open_path("S").unwrap();
    state.close_path();
    assert!(state.path.is_none() && !state.permalink().to_string().contains("track"));
    state.go_to(1.0);
    state.play_path(true);
    state.advance_path(1.0, false);
}

#[test]
fn a_link_opens_a_track_at_its_start_or_where_its_place_is() {
    let state = opened("#track=S");
    assert_eq!(state.latent, nodes(&state)[0]);
    assert_eq!(at(&state), 0.0);

    let mut first = opened("");
    first.open_path("S").unwrap();
    first.go_to(2.25);
    let again = opened(&first.permalink().to_string());
    assert!((at(&again) - 2.25).abs() < 0.01, "{}", at(&again));
    assert!(distance(&again.latent, &first.latent) < 0.01);
    assert!(again.errors.is_empty());

    let wrong = opened("#track=Q");
    assert!(wrong.path.is_none() && wrong.errors.len() == 1, "{:?}", wrong.errors);
    assert!(wrong.errors[0].contains('Q') && !wrong.permalink().to_string().contains("track"));
    assert!(wrong.selection.is_some());
}

#[test]
fn a_line_drawn_across_two_axes_leads_just_there() {
    let cloud = cloud();
    let axes = |x, y| (x, y);
    let (vae, latent) = (AxisChoice::Vae, AxisChoice::Latent);
    for pair in [
        axes(vae(1), vae(2)),
        axes(latent(3), latent(1)),
        axes(latent(2), vae(1)),
        axes(vae(4), latent(4)),
        axes(vae(2), vae(2)),
    ] {
        let column = |axis: &AxisChoice| cloud.column(axis, None, None).unwrap();
        let (x, y) = (column(&pair.0), column(&pair.1));
        let place = cloud.place_in_plane(&pair, (0.7, 0.7), &x, &y, (4.0, 4.0)).unwrap();
        for axis in [&pair.0, &pair.1] {
            let found = cloud.position(&place, axis).unwrap();
            assert!((found - 0.7).abs() < 1e-4, "{pair:?}: {found}");
        }
    }
    // By hand: across a column and an axis, the other latents are the mean of the 15 spectra nearest in the plane.
    let pair = (AxisChoice::Column("width".to_owned()), latent(1));
    let x: Vec<f32> = (0..COUNT).map(|row| row as f32).collect();
    let y = cloud.column(&latent(1), None, None).unwrap();
    let place = cloud.place_in_plane(&pair, (300.0, 0.25), &x, &y, (1e-3, 1e9)).unwrap();
    assert_eq!(place[0], 0.25);
    let mean = (293..=307).map(|row| cloud.row(row)[5]).sum::<f32>() / 15.0;
    assert!((place[5] - mean).abs() < 1e-4, "{} {mean}", place[5]);
    assert_eq!(cloud.place_in_plane(&pair, (f64::NAN, 0.0), &x, &y, (1.0, 1.0)), None);
    assert_eq!(cloud.place_in_plane(&pair, (0.0, 0.0), &[], &[], (1.0, 1.0)), None);
}

#[test]
fn a_drawn_path_and_one_between_two_spectra() {
    let mut state = opened("#axes=1,2");
    let cloud = state.cloud.clone().unwrap();
    let column = |axis: &AxisChoice| cloud.column(axis, None, None).unwrap();
    let (x, y) = (column(&AxisChoice::Vae(1)), column(&AxisChoice::Vae(2)));
    state.draw_path(&[(0.0, 0.0)], &x, &y, (1.0, 1.0));
    assert!(state.path.is_none() && state.errors.len() == 1);
    state.draw_path(&[(0.0, 0.0), (1.0, 0.5), (2.0, -0.5)], &x, &y, (4.0, 4.0));
    assert_eq!((nodes(&state).len(), state.path.as_ref().unwrap().kind.clone()), (3, PathKind::Drawn));
    assert!((cloud.position(&nodes(&state)[2], &AxisChoice::Vae(2)).unwrap() + 0.5).abs() < 1e-4);
    assert_eq!(state.permalink().track, None, "a link could not say where it leads");

    state.select_row(10);
    fetch(&mut state, 10);
    state.pin();
    state.path_from_pin(0);
    assert!(state.errors[1].contains("same place"), "{:?}", state.errors);
    state.select_row(20);
    state.path_from_pin(0);
    let way = nodes(&state);
    assert_eq!((way.len(), way[0].as_slice(), way[4].as_slice()), (5, cloud.row(10), cloud.row(20)));
    assert!((way[2][0] - (cloud.row(10)[0] + cloud.row(20)[0]) / 2.0).abs() < 1e-5);
    assert_eq!(state.path.as_ref().unwrap().title, "From 266-51602-11 to 266-51602-21");
}

#[test]
fn a_track_is_followed_anew_when_training_moves_the_spectra() {
    let mut state = opened("#track=S");
    state.take_outbox();
    state.train_start("http://localhost/data/toy/".to_owned(), VaeConfig::paper(DIMS));
    let before = nodes(&state);
    state.take_outbox();
    epoch(&mut state, 0, 1, latents().mean.iter().map(|value| value * 2.0).collect());
    let after = nodes(&state);
    assert_eq!(after.len(), before.len());
    assert!(before.iter().zip(&after).all(|(a, b)| a.iter().zip(b).all(|(a, b)| (2.0 * a - b).abs() < 1e-3)));
    assert!(asked(&mut state).contains(&"DecodeMany".to_owned()));
    // A path through latent 6 has no place among two.
    state.open_path("sweep6").unwrap();
    epoch(&mut state, 0, 2, vec![0.5; COUNT * 2]);
    assert!(state.path.is_none() && state.link.track.is_none());
    assert_eq!(state.latent.len(), 2);
}
