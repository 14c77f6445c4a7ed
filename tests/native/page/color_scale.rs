//! The scales of colours, their limits, and how odd spectra are listed by each measure.

use spectrascape::page::view::color_scale::{ColorScale, ScaleKind};
use spectrascape::page::view::outliers::{rank_label, ranks, score_note};
use spectrascape::page::{AxisChoice, CHI2, OutlierRank, RARITY};
use spectrascape::plot::{MISSING, Theme};
use spectrascape::protocol::{ExploreCommand, ExploreEvent};

use crate::page::fixture::*;

#[test]
fn an_even_column_is_linear_and_a_lopsided_one_logarithmic_or_by_rank() {
    let even: Vec<f32> = (0..1001).map(|i| i as f32).collect();
    let scale = ColorScale::fit(&even, None);
    assert_eq!((scale.kind, scale.chosen_by_page, scale.beyond), (ScaleKind::Linear, true, (10, 10)));
    assert_eq!((scale.index(10.0), scale.index(500.0), scale.index(990.0)), (0, 127, 254));
    assert_eq!((scale.index(-5.0), scale.index(2000.0), scale.index(f32::NAN)), (0, 254, MISSING));
    assert_eq!(scale.note(3).as_deref(), Some("10 below 10 · 10 above 990 · 3 without a value"));

    let powers: Vec<f32> = (0..1001).map(|i| 10f32.powf(i as f32 / 250.0)).collect();
    let scale = ColorScale::fit(&powers, None);
    assert_eq!(scale.kind, ScaleKind::Log);
    assert_eq!(scale.index(100.0), 127, "the middle of four decades");
    let tick = scale.ticks().into_iter().find(|(_, label)| label == "100").expect("a tick at 100");
    assert!((tick.0 - 0.5).abs() < 1e-3);

    // A tenth is as good as 0: four decades are left for the others.
    let tiny: Vec<f32> = (0..1000).map(|i| if i < 100 { 1e-12 } else { 10f32.powf(i as f32 / 500.0) }).collect();
    let scale = ColorScale::fit(&tiny, Some(ScaleKind::Log));
    assert_eq!((scale.range.0, scale.beyond.0), (scale.range.1 / 1e4, 100));
    assert!(scale.ticks().len() <= 5, "{:?}", scale.ticks());

    // Nearly all are 1 to 1.1, and some a thousand: no logarithm helps.
    let factors: Vec<f32> = (0..1000).map(|i| if i < 960 { 1.0 + i as f32 / 1e4 } else { 1000.0 }).collect();
    let scale = ColorScale::fit(&factors, None);
    assert_eq!((scale.kind, scale.beyond), (ScaleKind::Rank, (0, 0)));
    assert_eq!(scale.index(factors[500]), 127);
    let ticks: Vec<f32> = scale.ticks().into_iter().map(|(at, _)| at).collect();
    assert_eq!(ticks, [0.0, 0.25, 0.5, 0.75, 1.0]);

    let chosen = ColorScale::fit(&even, Some(ScaleKind::Rank));
    assert_eq!((chosen.kind, chosen.chosen_by_page), (ScaleKind::Rank, false));
    let negative: Vec<f32> = (0..100).map(|i| -1.0 - i as f32).collect();
    assert_eq!(ColorScale::fit(&negative, Some(ScaleKind::Log)).kind, ScaleKind::Linear, "it has no logarithm");
    assert_eq!(ColorScale::fit(&[], None).index(1.0), 127);
    assert_eq!(ColorScale::fit(&[4.0; 9], None).kind, ScaleKind::Linear);
    for kind in ScaleKind::ALL {
        assert_eq!(ScaleKind::from_name(kind.name()), Some(kind));
    }
}

#[test]
fn codes_have_colours_that_differ_and_none_is_grey() {
    for theme in [Theme::LIGHT, Theme::DARK] {
        let palette = theme.category_palette(&["none", "a", "b", "c", "d", "e", "f", "g", "h"]);
        for (i, color) in palette[..9].iter().enumerate() {
            assert!(!palette[..i].contains(color), "{i}");
        }
        assert_eq!((palette[0], palette[1]), (palette[usize::from(MISSING)], theme.category(0)));
    }
}

#[test]
fn the_scale_is_linked_and_belongs_to_its_column() {
    let mut state = opened("#color=width&scale=log");
    assert_eq!(state.link().scale, Some(ScaleKind::Log));
    state.set_color("width".to_owned());
    assert_eq!(state.link().scale, Some(ScaleKind::Log));
    state.set_color("redshift".to_owned());
    assert_eq!(state.link().scale, None);
    state.set_scale(Some(ScaleKind::Rank));
    assert!(state.permalink().to_string().contains("&color=redshift&scale=rank"));
    assert_eq!(opened("#scale=cubic").errors().len(), 1);
}

#[test]
fn outliers_are_ranked_by_factor_improbability_or_misfit_and_more_are_listed() {
    let mut latents = latents();
    latents.chi2 = Some((0..COUNT).map(|row| if row == 9 { f32::NAN } else { ((row * 7) % COUNT) as f32 }).collect());
    let mut state = opened_with("", latents);
    state.take_outbox();
    state.list_outliers();
    let id = id_of(&state.take_outbox(), |command| matches!(command, ExploreCommand::OutlierFactors { .. }));
    answer(
        &mut state,
        id,
        ExploreEvent::OutlierFactors {
            factor: (0..COUNT).map(|row| row as f32).collect(),
            k_distance: (0..COUNT).map(|row| 1.0 + (COUNT - row) as f32).collect(),
            density: vec![1.0; COUNT],
        },
    );
    let listed = |state: &spectrascape::page::AppState| {
        state.outliers().list().iter().map(|outlier| outlier.row).collect::<Vec<_>>()
    };
    assert_eq!((listed(&state)[0], listed(&state).len(), state.outliers().has_more()), (COUNT - 1, 20, true));
    state.list_more_outliers();
    assert_eq!(listed(&state), (COUNT - 40..COUNT).rev().collect::<Vec<_>>());
    state.rank_outliers(OutlierRank::Rarity);
    assert_eq!((listed(&state)[0], listed(&state).len()), (0, 20), "the farthest from its neighbours");
    state.rank_outliers(OutlierRank::Chi2);
    assert_eq!(listed(&state)[0], (0..COUNT).find(|row| (row * 7) % COUNT == COUNT - 1).unwrap());
    assert_eq!(ranks(&state).len(), 3);
    assert_eq!(ranks(&opened("")).len(), 2, "a model without chi-squared of the set");
    let labels: Vec<_> = OutlierRank::ALL.into_iter().map(rank_label).collect();
    assert!(labels.iter().all(|(key, label)| !key.is_empty() && !label.is_empty()));
    assert_eq!(score_note(OutlierRank::Rarity, -1.0), "improbability −1.0");

    // The median distance is 1 + 300; six latents.
    let rarity = &state.outliers().scores().expect("they are there").rarity;
    assert!((rarity[0] - 6.0 * (601f32 / 301.0).ln()).abs() < 0.05, "{}", rarity[0]);
    for name in [RARITY, CHI2] {
        state.set_axis(false, AxisChoice::Column(name.to_owned()));
        let (cloud, scores) = (state.embedding().unwrap(), state.outliers().scores().map(AsRef::as_ref));
        assert_eq!(cloud.column(&state.link().axes.0, None, scores).map(|values| values.len()), Some(COUNT), "{name}");
    }
}

#[test]
fn a_class_is_shown_alone_in_one_act_and_all_again_in_another() {
    let mut state = opened("");
    state.isolate_class(2);
    assert_eq!(state.link().hidden, [0, 1, 3]);
    state.isolate_class(2);
    assert!(state.link().hidden.is_empty());
    // A double click: its first click hides the class.
    state.toggle_class(1);
    state.isolate_class_again(1);
    assert_eq!(state.link().hidden, [0, 2, 3]);
    state.toggle_class(1);
    state.isolate_class_again(1);
    assert!(state.link().hidden.is_empty(), "it was alone: {:?}", state.link().hidden);
    state.isolate_class(5);
    assert!(state.link().hidden.is_empty(), "the set has none of it");
}
