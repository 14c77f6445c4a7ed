//! What a page shows of a set: columns and colours, wavelengths, surroundings, picks and pins, the oddest spectra.

use std::sync::Arc;

use spectrascape::formats::set::{Catalogue, LatentSet};
use spectrascape::page::view::facts::facts_of;
use spectrascape::page::view::tables::spectrum_table;
use spectrascape::page::{AppState, AxisChoice, Cloud, Coloring, LOF, MOST_PINS, Neighbourhood, Scores, names_of};
use spectrascape::plot::{Colormap, Region};
use spectrascape::protocol::{ExploreCommand, ExploreEvent};
use spectrascape::spectrum::{Class, grid};
use spectrascape::vae::config::VaeConfig;
use spectrascape::vae::model_card::ModelCard;

use crate::page::fixture::*;

fn cloud() -> Cloud {
    Cloud::of_set(1, latents())
}

#[test]
fn every_axis_has_its_column() {
    let (cloud, catalogue, factor) = (cloud(), catalogue(), vec![1.5; COUNT]);
    let scores = Scores::new(factor.clone(), None, DIMS);
    let column = |axis: &str| cloud.column(&axis.parse().unwrap(), Some(&catalogue), Some(&scores));
    let row = 123;
    assert_eq!(column("l3").unwrap()[row], cloud.row(row)[2]);
    assert_eq!(column("4").unwrap()[row], cloud.axes.project(cloud.row(row))[3]);
    assert_eq!(column("u2").unwrap()[row], latents().umap.unwrap()[2 * row + 1]);
    assert_eq!(column("c:redshift").unwrap()[row], 0.0615);
    assert_eq!(column("c:truth_sfh").unwrap()[row], 2.0);
    assert!(column("c:width").unwrap()[7].is_nan());
    assert_eq!(column("c:lof").unwrap(), factor);
    for (axis, count) in [("l6", Some(COUNT)), ("l7", None), ("7", None), ("c:nothing", None)] {
        assert_eq!(column(axis).map(|values| values.len()), count, "{axis}");
    }
    let bare = Cloud::new(1, DIMS, latents().mean, Arc::new(classes()));
    for axis in [AxisChoice::Umap(1), AxisChoice::Column("redshift".to_owned()), AxisChoice::Column(LOF.to_owned())] {
        assert_eq!(bare.column(&axis, None, None), None);
    }
    let mut short = Catalogue::default();
    short.push_floats("redshift", vec![0.1; 3]);
    assert_eq!(bare.column(&AxisChoice::Column("redshift".to_owned()), Some(&short), None), None);
    let ill = LatentSet { umap: Some(vec![0.0; 3]), log_var: vec![0.0; 3], ..latents() };
    let ill = Cloud::of_set(1, ill);
    assert!(ill.umap.is_none() && ill.log_var(0).is_none());
    assert_eq!(cloud.log_var(row), Some(&[-2.0; DIMS][..]));
}

#[test]
fn points_are_coloured_by_what_is_known_and_by_class_until_then() {
    let (cloud, catalogue, factor) = (cloud(), catalogue(), (0..COUNT).map(|row| row as f32).collect::<Vec<_>>());
    let scores = Scores::new(factor, None, DIMS);
    let by = |column: &str| Coloring::new(&cloud, Some(&catalogue), Some(&scores), column, None);
    let class = by("class");
    assert_eq!((class.index.as_slice(), class.bar), (classes().as_slice(), None));
    // Rows 0 to 599 without the outermost percent (5 of 599) at either end.
    for coloring in [by(LOF), by("width")] {
        let (low, high) = coloring.bar.unwrap();
        assert!((5.0..=6.0).contains(&low) && (593.0..=594.0).contains(&high), "{low} {high}");
        assert_eq!((coloring.index[0], coloring.index[599], coloring.names()), (0, 254, None));
    }
    assert_eq!(by("width").index[7], Colormap::index(f32::NAN, (0.0, 1.0)));
    let codes = by("truth_sfh");
    assert_eq!(codes.names(), names_of("truth_sfh"));
    assert_eq!(codes.index[0], Colormap::index(f32::NAN, (0.0, 1.0)), "code -1 says that there is none");
    assert_eq!((codes.index[1], codes.index[5], codes.missing), (0, 4, COUNT / 6), "a code is a category of its own");
    for coloring in
        [by("nothing"), Coloring::new(&cloud, None, None, LOF, None), Coloring::new(&cloud, None, None, "width", None)]
    {
        assert_eq!((coloring.column.as_str(), coloring.names()), ("class", None));
    }
}

#[test]
fn axes_are_titled_with_their_units_and_unknown_ones_are_said() {
    let state = opened("#axes=c:width,c:lof&color=truth_sfh");
    let title = |axis: &AxisChoice| state.axis_title(axis);
    assert_eq!(
        (title(&state.link().axes.0), title(&state.link().axes.1)),
        ("line width / km/s".to_owned(), "local outlier factor".to_owned())
    );
    assert_eq!((title(&AxisChoice::Vae(5)), title(&AxisChoice::Umap(1))), ("VAE 5".to_owned(), "UMAP 1".to_owned()));
    assert!(state.errors().is_empty(), "{:?}", state.errors());
    let state = opened("#axes=c:nothing,l9&color=none&hide=0,1,2,3&region=nowhere&track=sweep9");
    assert_eq!(state.errors().len(), 5, "{:?}", state.errors());
    assert_eq!(state.permalink().axes, (AxisChoice::Vae(1), AxisChoice::Vae(2)));
    assert!(state.link().hidden.is_empty() && state.link().color == "class" && state.link().region.is_none());
}

#[test]
fn a_catalogue_that_cannot_be_had_leaves_the_scatter_on_screen() {
    let mut state = opened("#axes=c:width,2&color=redshift");
    state.catalogue_failed("No catalogue.".to_owned());
    assert_eq!(
        (state.link().axes.clone(), state.link().color.as_str()),
        ((AxisChoice::Vae(1), AxisChoice::Vae(2)), "class")
    );
    assert_eq!(state.errors(), ["No catalogue."]);
}

#[test]
fn the_last_class_shown_cannot_be_hidden() {
    let mut state = opened("#hide=3,1,1");
    assert_eq!(state.link().hidden, [1, 3]);
    state.pick((0..12).collect());
    state.toggle_class(2);
    assert_eq!(state.picked().unwrap().rows.as_slice(), [0, 1, 6, 7]);
    state.toggle_class(0);
    assert_eq!(state.link().hidden, [1, 2, 3], "quiescent galaxies are the last");
    assert!(state.permalink().to_string().contains("hide=1,2,3"));
    state.toggle_class(1);
    state.toggle_class(0);
    assert_eq!(state.link().hidden, [0, 2, 3]);
    assert!(state.picked().is_none(), "nothing of what was picked is shown");
}

#[test]
fn a_pick_is_sampled_evenly_and_its_spread_computed() {
    let mut state = opened("#hide=1");
    let first = state.wanted_row().unwrap();
    fetch(&mut state, first);
    state.pick((0..COUNT as u32).rev().chain([5, 5, 9999]).collect());
    let picked = state.picked().cloned().unwrap();
    assert_eq!((picked.rows.len(), picked.sample_len()), (400, 64));
    assert!(picked.rows.is_sorted() && picked.rows.iter().all(|&row| classes()[row as usize] != 1));
    let wanted = state.wanted_rows();
    let gaps: Vec<usize> = wanted.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(wanted.len() >= 63 && gaps.iter().all(|gap| (5..=13).contains(gap)), "{gaps:?}");
    state.select_row(599);
    assert_eq!(state.wanted_rows()[0], 599, "the selected one first");
    assert_eq!(
        state.picked_classes(),
        [(Class::Quiescent, 200), (Class::NarrowLineAgn, 100), (Class::BroadLineAgn, 100)]
    );

    fetch(&mut state, 599);
    let mut rounds = 0;
    while let Some(row) = state.wanted_row() {
        rounds += 1;
        if rounds % 4 == 0 {
            state.pixels_failed(row, "Not there.".to_owned())
        } else {
            fetch(&mut state, row)
        }
        assert!(rounds < 100, "what fails is not asked for over and over");
    }
    let picked = state.picked().cloned().unwrap();
    let (spread, count) = (picked.spread.clone().unwrap(), picked.sample_len());
    assert_eq!((count, spread.count, picked.spread_of), (64 - rounds / 4, count, count));
    assert!(spread.low[0] < spread.mean[0] && spread.mean[0] < spread.high[0]);
    assert_eq!(state.errors(), ["Not there."]);
    state.pick(picked.rows.to_vec());
    assert_eq!(state.picked().unwrap().spread_of, count, "all of these are there");
    state.pick((0..COUNT as u32).collect());
    while let Some(row) = state.wanted_row() {
        fetch(&mut state, row);
    }
    assert_eq!(state.picked().unwrap().spread_of, 64, "what could not be had is tried once more");
    state.pick(vec![2, 3]);
    assert!(state.picked().is_none(), "both hidden");
    for rows in [1usize, 63, 64, 65, 127] {
        state.pick((0..COUNT as u32).filter(|row| classes()[*row as usize] != 1).take(rows).collect());
        assert_eq!(state.picked().unwrap().sample_len(), rows.min(64));
    }
    state.unpick();
    assert!(state.picked().is_none() && state.wanted_rows().is_empty());
}

#[test]
fn pins_are_few_and_different_and_go_where_a_model_puts_them() {
    let mut state = opened("");
    state.pin();
    assert!(state.pins().is_empty(), "nothing is there to pin");
    for row in [1, 1, 2, 3] {
        state.select_row(row);
        fetch(&mut state, row);
        state.pin();
    }
    assert_eq!(state.pins().len(), 3);
    assert!(state.pins()[0].observed && state.pins()[0].flux[3].is_nan() && state.pins()[0].flux[4] == 1.0);
    assert_eq!((state.pins()[0].label.as_str(), state.pins()[0].latent.as_slice()), ("266-51602-2", cloud().row(1)));
    state.set_latent(0, 9.0);
    state.pin();
    assert_eq!(state.pins().len(), 3, "that place is not decoded");
    let place = state.latent().to_vec();
    (1..100).for_each(|id| {
        answer(&mut state, id, ExploreEvent::Decoded { latent: place.clone(), flux: vec![2.0; PIXELS] })
    });
    state.pin();
    state.pin();
    assert_eq!((state.pins().len(), state.pins()[3].observed, state.pins()[3].latent[0]), (MOST_PINS, false, 9.0));
    state.select_row(4);
    fetch(&mut state, 4);
    state.pin();
    state.unpin(9);
    assert_eq!(state.pins().len(), MOST_PINS);

    state.train_start("http://localhost/data/toy/".to_owned(), VaeConfig::paper(2));
    epoch(&mut state, 0, 1, (0..COUNT * 2).map(|i| i as f32).collect());
    assert_eq!(state.pins().len(), 3, "what another model decoded is gone");
    assert_eq!(state.pins()[2].latent, [6.0, 7.0]);
}

#[test]
fn wavelengths_stay_on_the_grid() {
    let (from, to) = (grid::wavelength(0.0), grid::wavelength(999.0));
    let mut state = opened("#region=halpha");
    assert_eq!(state.spectrum_range(), Region::of("halpha").map(|region| region.range()));
    assert!(state.permalink().to_string().contains("region=halpha"));
    state.shift_wavelengths((0.5, 0.5));
    assert_eq!((state.spectrum_range(), state.link().region.clone()), (Some((6640.0, 6960.0)), None));
    for _ in 0..20 {
        state.shift_wavelengths((0.5, 0.5));
    }
    let (a, b) = state.spectrum_range().unwrap();
    assert!((b - to).abs() < 1e-6 && (b - a - 320.0).abs() < 1e-6, "it keeps its width at the end: {a} {b}");
    for _ in 0..20 {
        state.shift_wavelengths((-1.0, 1.0));
    }
    assert_eq!(state.spectrum_range(), None);
    state.shift_wavelengths((-0.5, -0.5));
    assert_eq!(state.spectrum_range(), None);
    for _ in 0..50 {
        state.shift_wavelengths((0.25, -0.25));
    }
    let (a, b) = state.spectrum_range().unwrap();
    assert!(b - a >= 20.0 && b - a < 45.0, "{a} {b}");
    for (range, found) in [((5000.0, 4000.0), Some((4000.0, 5000.0))), ((1.0, 4000.0), Some((from, 4000.0)))] {
        state.show_wavelengths(Some(range));
        assert_eq!(state.spectrum_range(), found);
    }
    for nothing in [(f64::NAN, 4000.0), (4000.0, 4001.0), (1.0, 2.0)] {
        state.show_wavelengths(Some(nothing));
        assert_eq!(state.spectrum_range(), Some((from, 4000.0)), "{nothing:?}");
    }
    state.show_region("all");
    assert_eq!((state.spectrum_range(), state.link().region.clone()), (None, None));
}

#[test]
fn surroundings_are_the_nearest_by_brute_force() {
    let cloud = cloud();
    let around = Neighbourhood::new(&cloud).unwrap();
    let mut far = vec![0.0; DIMS];
    far[2] = 1e3;
    for (place, except) in [(cloud.row(42).to_vec(), Some(42)), (vec![0.3; DIMS], None), (far.clone(), None)] {
        let square = |row: usize| cloud.row(row).iter().zip(&place).map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>();
        let mut rows: Vec<usize> = (0..COUNT).filter(|row| Some(*row) != except).collect();
        rows.sort_by(|&a, &b| square(a).total_cmp(&square(b)));
        let found: Vec<usize> = around.neighbours(&place, except).iter().map(|neighbour| neighbour.row).collect();
        assert_eq!(found, rows[..10]);
        let votes =
            |class: Class| rows[..15].iter().filter(|&&row| i32::from(cloud.class[row]) == class.code()).count();
        let vote = around.vote(&cloud, &place, except).unwrap();
        assert_eq!((vote.of, vote.votes), (15, Class::ALL.into_iter().map(votes).max().unwrap()));
        assert_eq!(votes(vote.class), vote.votes);
        assert_eq!(around.familiarity(&place).unwrap().is_extrapolating(), place == far);
    }
    assert!(around.neighbours(&[0.0], None).is_empty() && around.familiarity(&[f32::NAN; DIMS]).is_none());
    let empty = Neighbourhood::new(&Cloud::new(1, DIMS, Vec::new(), Arc::default())).unwrap();
    assert!(empty.neighbours(&[0.0; DIMS], None).is_empty() && empty.familiarity(&[0.0; DIMS]).is_none());
}

#[test]
fn one_spectrum_at_a_time_is_picked_by_keyboard() {
    let mut state = opened("");
    state.toggle_picked(7);
    state.toggle_picked(3);
    assert_eq!(state.picked().unwrap().rows.as_slice(), [3, 7]);
    state.toggle_picked(7);
    assert_eq!(state.picked().unwrap().rows.as_slice(), [3]);
    state.toggle_picked(3);
    assert!(state.picked().is_none());
}

/// The requests that would draw an uncertainty, or compute a part of it.
fn asks_for_uncertainty(state: &mut AppState) -> bool {
    let kinds = ["Encode", "Band", "NoiseCurve"];
    asked(state).iter().any(|name| kinds.contains(&name.as_str()))
}

#[test]
fn an_autoencoder_has_no_uncertainty_anywhere() {
    for variational in [true, false] {
        let mut state = loaded("");
        answer(&mut state, 0, ExploreEvent::Ready { engine: "CPU".to_owned() });
        let id = id_of(&state.take_outbox(), |command| matches!(command, ExploreCommand::OpenModel { .. }));
        let config = VaeConfig { variational, ..VaeConfig::paper(DIMS) };
        let card = ModelCard { config, ..card(DIMS) };
        answer(&mut state, id, ExploreEvent::ModelOpened { card, head: None });
        asked(&mut state);
        state.select_row(5);
        fetch(&mut state, 5);
        state.ask_noise_curve();
        assert_eq!(asks_for_uncertainty(&mut state), variational);
        // A band that was asked for before, of the same latents.
        let (latent, sigma) = (state.selected_latent().unwrap(), vec![0.1; PIXELS]);
        answer(&mut state, 2, ExploreEvent::Band { latent, sigma });
        assert_eq!(state.has_latent_variance(), variational);
        if !variational {
            assert!(state.band().is_none() && state.shown_band().is_none());
            let table = spectrum_table(&state).expect("a table");
            assert!(!table.lines().any(|line| line.contains("decoded_sigma")), "{}", &table[..400]);
        }
        state.add_file("a.fits".to_owned(), vec![1]);
        let id = id_of(&state.take_outbox(), |command| matches!(command, ExploreCommand::EncodeFile { .. }));
        answer(&mut state, id, file_encoded("a.fits", 0.1, &[0.5; DIMS]));
        let latent = facts_of(&state).into_iter().find(|(name, ..)| name == "Latent 1").expect("a latent").1;
        assert_eq!(latent.contains('±'), variational, "{latent}");
        assert_eq!(asks_for_uncertainty(&mut state), variational);
    }
}

#[test]
fn a_link_to_a_spectrum_brings_its_own_latents_back_whole() {
    let mut first = opened("#sel=266-51602-5");
    let own = first.selected_latent().unwrap();
    assert_eq!((first.latent(), first.moved()), (own.as_slice(), false));
    let link = format!("#{}", first.permalink());
    let linked = opened(&link).link().latent.clone().expect("latents in the link");
    assert_ne!(linked, own, "rounded to three decimals");
    let again = opened(&link);
    assert_eq!((again.latent(), again.moved()), (own.as_slice(), false));
    // A thousandth away is another position.
    first.set_latent(0, own[0] + 0.001);
    assert!(first.moved() && opened(&format!("#{}", first.permalink())).moved());
}
