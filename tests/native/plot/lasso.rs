//! Rows inside rectangles and outlines, simpler strokes, the next point in a direction; each against a naive rule.

use proptest::prelude::*;
use spectrascape::plot::{
    Axis, Frame, is_inside, nearest, nearest_in_direction, rows_in_polygon, rows_in_rectangle, simplify,
};

fn frame() -> Frame {
    Frame { left: 10.0, top: 20.0, right: 110.0, bottom: 220.0, x: Axis::linear(0.0, 1.0), y: Axis::linear(0.0, 2.0) }
}

#[test]
fn a_rectangle_may_be_drawn_from_any_corner() {
    let (x, y) = ([0.1, 0.5, 0.9, f32::NAN, 0.5], [0.2, 1.0, 1.8, 1.0, f32::NAN]);
    // (35, 170) to (85, 70): x from 0.25 to 0.75, y from 0.5 to 1.5.
    for (from, to) in [((35.0, 170.0), (85.0, 70.0)), ((85.0, 70.0), (35.0, 170.0)), ((35.0, 70.0), (85.0, 170.0))] {
        assert_eq!(rows_in_rectangle(&frame(), &x, &y, from, to), [1]);
    }
    assert_eq!(rows_in_rectangle(&frame(), &x, &y, (0.0, 0.0), (500.0, 500.0)), [0, 1, 2]);
    assert!(rows_in_rectangle(&frame(), &x, &y, (f64::NAN, 0.0), (500.0, 500.0)).is_empty());
}

#[test]
fn an_outline_that_crosses_itself_is_hollow_by_the_even_odd_rule() {
    // A pentagram: its five points are inside, its middle is not.
    let star: Vec<(f64, f64)> = (0..5)
        .map(|corner| f64::from(corner) * 0.8 * std::f64::consts::PI)
        .map(|angle| (60.0 + 40.0 * angle.sin(), 120.0 - 40.0 * angle.cos()))
        .collect();
    assert!(!is_inside(&star, (60.0, 120.0)));
    assert!(is_inside(&star, (60.0, 85.0)));
    let place = |px: f64, py: f64| frame().value_at(px, py);
    let points = [place(60.0, 120.0), place(60.0, 85.0), place(5.0, 5.0)];
    let (x, y): (Vec<f32>, Vec<f32>) = points.iter().map(|&(x, y)| (x as f32, y as f32)).unzip();
    assert_eq!(rows_in_polygon(&frame(), &x, &y, &star), [1]);
}

#[test]
fn an_outline_needs_three_corners_that_are_somewhere() {
    let (x, y) = ([0.5], [1.0]);
    let nowhere = (f64::NAN, 0.0);
    for outline in [&[][..], &[(0.0, 0.0)], &[(0.0, 0.0), (200.0, 300.0)], &[(0.0, 0.0), nowhere, (200.0, 300.0)]] {
        assert!(rows_in_polygon(&frame(), &x, &y, outline).is_empty());
    }
    let around = [(0.0, 0.0), nowhere, (300.0, 0.0), (300.0, 300.0), (0.0, 300.0)];
    assert_eq!(rows_in_polygon(&frame(), &x, &y, &around), [0]);
    assert!(rows_in_polygon(&frame(), &[f32::NAN], &[1.0], &around).is_empty());
}

#[test]
fn a_stroke_keeps_its_corners_and_loses_the_rest() {
    let stroke: Vec<(f64, f64)> =
        (0..=100).map(f64::from).map(|t| (t, if t < 50.0 { 0.0 } else { t - 50.0 })).collect();
    assert_eq!(simplify(&stroke, 0.5), [(0.0, 0.0), (50.0, 0.0), (100.0, 50.0)]);
    assert_eq!(simplify(&stroke[..2], 0.5), stroke[..2]);
    assert!(simplify(&[], 1.0).is_empty());
    // Back to where it began: the farthest point stays.
    assert_eq!(simplify(&[(0.0, 0.0), (9.0, 0.0), (0.0, 0.0)], 1.0), [(0.0, 0.0), (9.0, 0.0), (0.0, 0.0)]);
    assert_eq!(simplify(&[(0.0, 0.0), (f64::NAN, 3.0), (1.0, 0.0)], 1.0), [(0.0, 0.0), (1.0, 0.0)]);
}

#[test]
fn arrows_walk_to_the_nearest_point_within_45_degrees() {
    let frame = frame();
    // Right of the first by 10 px; right by 20 and up by 20; up by 38; on the spot.
    let (x, y) = ([0.5, 0.6, 0.7, 0.5, 0.5, f32::NAN], [1.0, 1.0, 1.2, 1.38, 1.0, 1.0]);
    let from = (60.0, 120.0);
    let next = |direction, hidden: usize| nearest_in_direction(&frame, &x, &y, from, direction, |row| row != hidden);
    assert_eq!(next((1.0, 0.0), 99), Some(1));
    assert_eq!(next((1.0, 0.0), 1), Some(2));
    assert_eq!(next((0.0, -1.0), 99), Some(3), "steps aside count: 38 up is nearer than 20 up and 20 right");
    assert_eq!(next((-1.0, 0.0), 99), None);
    assert_eq!(next((0.0, 1.0), 99), None);
}

#[test]
fn what_is_hidden_is_not_picked() {
    let (x, y) = ([0.5, 0.51], [1.0, 1.0]);
    assert_eq!(nearest(&frame(), &x, &y, (60.0, 120.0), 5.0, |_| true), Some(0));
    assert_eq!(nearest(&frame(), &x, &y, (60.0, 120.0), 5.0, |row| row != 0), Some(1));
    assert_eq!(nearest(&frame(), &x, &y, (60.0, 120.0), 5.0, |_| false), None);
}

fn points() -> impl Strategy<Value = Vec<(f32, f32)>> {
    prop::collection::vec((-0.2f32..1.2, -0.2f32..2.2), 0..60)
}

fn place() -> impl Strategy<Value = (f64, f64)> {
    (0.0f64..120.0, 0.0f64..240.0)
}

/// Times that an outline winds round a place, by the angles that its edges are seen under.
fn winding(outline: &[(f64, f64)], (x, y): (f64, f64)) -> i64 {
    let angle = |to: (f64, f64)| (to.1 - y).atan2(to.0 - x);
    let turns: f64 = (0..outline.len())
        .map(|i| angle(outline[(i + 1) % outline.len()]) - angle(outline[i]))
        .map(|turn| turn - (turn / std::f64::consts::TAU).round() * std::f64::consts::TAU)
        .sum();
    (turns / std::f64::consts::TAU).round() as i64
}

proptest! {
    #[test]
    fn outlines_agree_with_winding_numbers(points in points(), outline in prop::collection::vec(place(), 3..12)) {
        let (x, y): (Vec<f32>, Vec<f32>) = points.into_iter().unzip();
        let rows = rows_in_polygon(&frame(), &x, &y, &outline);
        for row in 0..x.len() {
            let at = (frame().x_at(f64::from(x[row])), frame().y_at(f64::from(y[row])));
            prop_assert_eq!(rows.contains(&(row as u32)), winding(&outline, at) % 2 != 0, "row {}", row);
        }
    }

    #[test]
    fn a_rectangle_is_an_outline_of_four_corners(points in points(), from in place(), to in place()) {
        let (x, y): (Vec<f32>, Vec<f32>) = points.into_iter().unzip();
        let corners = [from, (to.0, from.1), to, (from.0, to.1)];
        prop_assert_eq!(rows_in_rectangle(&frame(), &x, &y, from, to), rows_in_polygon(&frame(), &x, &y, &corners));
    }

    #[test]
    fn a_simpler_stroke_passes_all_points_within_its_tolerance(stroke in prop::collection::vec(place(), 0..60), tolerance in 0.0f64..30.0) {
        let simple = simplify(&stroke, tolerance);
        prop_assert!(simple.iter().all(|point| stroke.contains(point)));
        prop_assert_eq!(simple.first(), stroke.first());
        prop_assert_eq!(simple.last(), stroke.last());
        // A hundred places on each piece stand for it.
        let line: Vec<(f64, f64)> = simple.windows(2).flat_map(|pair| (0..=100).map(move |i| {
            let part = f64::from(i) / 100.0;
            (pair[0].0 + part * (pair[1].0 - pair[0].0), pair[0].1 + part * (pair[1].1 - pair[0].1))
        })).collect();
        for point in stroke.iter().filter(|_| simple.len() > 1) {
            let distance = line.iter().map(|at| (at.0 - point.0).hypot(at.1 - point.1)).fold(f64::INFINITY, f64::min);
            prop_assert!(distance <= tolerance + 2.0, "{point:?} lies {distance} px off");
        }
    }

    #[test]
    fn picks_agree_with_the_plain_rule(points in points(), at in place(), reach in 1.0f64..80.0, turn in 0usize..4) {
        let (x, y): (Vec<f32>, Vec<f32>) = points.into_iter().unzip();
        let offset = |row: usize| (frame().x_at(f64::from(x[row])) - at.0, frame().y_at(f64::from(y[row])) - at.1);
        let seen = |row: usize| !row.is_multiple_of(5);
        let distance = |row: usize| offset(row).0.hypot(offset(row).1);
        let best = (0..x.len()).filter(|&row| seen(row)).map(distance).fold(f64::INFINITY, f64::min);
        match nearest(&frame(), &x, &y, at, reach, seen) {
            Some(row) => prop_assert!(seen(row) && distance(row) <= best + 1e-3),
            None => prop_assert!(best >= reach - 1e-3),
        }
        let direction = [(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)][turn];
        let steps = |row: usize| {
            let (dx, dy) = offset(row);
            let (ahead, aside) = (dx * direction.0 + dy * direction.1, (dx * direction.1 - dy * direction.0).abs());
            if ahead > 0.501 && aside <= ahead - 1e-3 { ahead + aside } else { f64::INFINITY }
        };
        let best = (0..x.len()).filter(|&row| seen(row)).map(steps).fold(f64::INFINITY, f64::min);
        let found = nearest_in_direction(&frame(), &x, &y, at, direction, seen);
        prop_assert!(found.is_some() || best.is_infinite());
        if let Some(row) = found {
            let (dx, dy) = offset(row);
            let total = dx.abs() + dy.abs();
            prop_assert!(seen(row) && total <= best + 1e-2);
        }
    }
}
