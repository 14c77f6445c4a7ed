use spectrascape::page::interaction::Pointer;
use spectrascape::page::interaction::gesture::Mode;
use spectrascape::page::interaction::scatter::{
    Intent, ScatterInteraction, Wheel, WheelOwner, key, marker_at, path_corners, picked_rows, walk, wheel,
};
use spectrascape::plot::{Axis, Frame};

/// A frame of 100 x 100 CSS pixels that shows 0 to 10 along both axes.
fn frame() -> Frame {
    Frame { left: 0.0, top: 0.0, right: 100.0, bottom: 100.0, x: Axis::linear(0.0, 10.0), y: Axis::linear(0.0, 10.0) }
}

fn range(intent: Intent) -> ((f64, f64), (f64, f64)) {
    match intent {
        Intent::Show(Some(range)) => range,
        other => panic!("{other:?}"),
    }
}

fn close((a, b): ((f64, f64), (f64, f64)), (c, d): ((f64, f64), (f64, f64))) {
    for (one, other) in [(a.0, c.0), (a.1, c.1), (b.0, d.0), (b.1, d.1)] {
        assert!((one - other).abs() < 1e-9, "{:?} and {:?}", (a, b), (c, d));
    }
}

#[test]
fn without_a_press_the_pointer_names_points() {
    let mut pointers = ScatterInteraction::default();
    assert_eq!(pointers.moved(1, (3.0, 4.0), Pointer::Fine, Some(&frame())), Intent::Hover((3.0, 4.0)));
    assert_eq!(pointers.up(1, (3.0, 4.0)), Intent::Nothing, "a release without a press");
}

#[test]
fn a_press_without_movement_selects_whatever_the_mode() {
    for mode in [Mode::Move, Mode::Rectangle, Mode::Lasso, Mode::Path] {
        let mut pointers = ScatterInteraction::default();
        assert!(pointers.down(1, (50.0, 50.0), 0, false, mode));
        assert_eq!(pointers.moved(1, (52.0, 51.0), Pointer::Fine, Some(&frame())), Intent::Nothing, "a tremble");
        assert_eq!(pointers.up(1, (52.0, 51.0)), Intent::Select((52.0, 51.0)));
    }
    assert!(!ScatterInteraction::default().down(1, (50.0, 50.0), 2, false, Mode::Move), "another button");
}

#[test]
fn a_drag_moves_the_view_and_one_finger_does_not() {
    let mut pointers = ScatterInteraction::default();
    pointers.down(1, (50.0, 50.0), 0, false, Mode::Move);
    let moved = pointers.moved(1, (60.0, 70.0), Pointer::Fine, Some(&frame()));
    close(range(moved), ((-1.0, 9.0), (2.0, 12.0)));
    assert_eq!(pointers.up(1, (60.0, 70.0)), Intent::Nothing, "a drag is no click");
    pointers.down(2, (50.0, 50.0), 0, false, Mode::Move);
    assert_eq!(pointers.moved(2, (60.0, 70.0), Pointer::Touch, Some(&frame())), Intent::Nothing);
    assert_eq!(pointers.up(2, (60.0, 70.0)), Intent::Nothing);
}

#[test]
fn two_fingers_pinch_about_their_middle() {
    let mut pointers = ScatterInteraction::default();
    pointers.down(1, (40.0, 50.0), 0, false, Mode::Lasso);
    pointers.down(2, (60.0, 50.0), 0, false, Mode::Lasso);
    let apart = pointers.moved(2, (80.0, 50.0), Pointer::Touch, Some(&frame()));
    // Twice as far apart: half the range, and the middle moved by ten pixels, which is one unit.
    let ((left, right), (low, high)) = range(apart);
    assert!((right - left - 5.0).abs() < 1e-9 && (high - low - 5.0).abs() < 1e-9);
    let under_middle = left + 0.6 * (right - left);
    assert!((under_middle - 5.0).abs() < 1e-9, "what was under the fingers' middle stays under it: {under_middle}");
    assert_eq!(pointers.up(2, (80.0, 50.0)), Intent::Nothing);
    assert_eq!(pointers.up(1, (40.0, 50.0)), Intent::Nothing, "nothing is drawn or selected after a pinch");
}

#[test]
fn a_rectangle_picks_what_is_in_it_and_shift_makes_one_in_any_mode() {
    for (mode, shift) in [(Mode::Rectangle, false), (Mode::Move, true), (Mode::Lasso, true)] {
        let mut pointers = ScatterInteraction::default();
        pointers.down(1, (10.0, 90.0), 0, shift, mode);
        let Intent::Outline(line, closed) = pointers.moved(1, (60.0, 40.0), Pointer::Fine, Some(&frame())) else {
            panic!("an outline grows");
        };
        assert_eq!((line.len(), closed), (4, true));
        let intent = pointers.up(1, (60.0, 40.0));
        assert_eq!(intent, Intent::PickRectangle((10.0, 90.0), (60.0, 40.0)));
        let (x, y) = ([2.0, 5.0, 9.0, f32::NAN], [2.0, 5.0, 9.0, 2.0]);
        assert_eq!(picked_rows(&intent, &frame(), &x, &y), Some(vec![0, 1]));
    }
    assert_eq!(picked_rows(&Intent::Nothing, &frame(), &[1.0], &[1.0]), None);
}

#[test]
fn a_lasso_picks_and_a_path_is_drawn_along_its_line() {
    let line = [(10.0, 10.0), (90.0, 10.0), (90.0, 90.0)];
    for mode in [Mode::Lasso, Mode::Path] {
        let mut pointers = ScatterInteraction::default();
        pointers.down(1, line[0], 0, false, mode);
        for at in &line[1..] {
            let Intent::Outline(_, closed) = pointers.moved(1, *at, Pointer::Fine, Some(&frame())) else {
                panic!("an outline grows");
            };
            assert_eq!(closed, mode == Mode::Lasso);
        }
        match (pointers.up(1, line[2]), mode) {
            (intent @ Intent::PickLasso(_), Mode::Lasso) => {
                let rows = picked_rows(&intent, &frame(), &[8.0, 2.0], &[8.0, 2.0]);
                assert_eq!(rows, Some(vec![0]), "the point in the triangle");
            }
            (Intent::DrawPath(drawn), Mode::Path) => {
                let corners = path_corners(&drawn, &frame());
                assert_eq!(corners, [(1.0, 9.0), (9.0, 9.0), (9.0, 1.0)]);
            }
            (other, _) => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_long_path_keeps_its_end_and_some_forty_corners() {
    let line: Vec<(f64, f64)> = (0..400).map(|i| (f64::from(i) / 4.0, if i % 2 == 0 { 10.0 } else { 90.0 })).collect();
    let corners = path_corners(&line, &frame());
    assert!((20..=41).contains(&corners.len()), "{}", corners.len());
    let end = frame().value_at(line[399].0, line[399].1);
    assert_eq!(corners.last(), Some(&end));
}

#[test]
fn a_pointer_that_is_taken_away_does_nothing_more() {
    let mut pointers = ScatterInteraction::default();
    pointers.down(1, (10.0, 10.0), 0, false, Mode::Rectangle);
    pointers.moved(1, (60.0, 60.0), Pointer::Fine, Some(&frame()));
    pointers.lost(1);
    assert_eq!(pointers.up(1, (60.0, 60.0)), Intent::Nothing);
    assert_eq!(pointers.moved(1, (70.0, 70.0), Pointer::Fine, Some(&frame())), Intent::Hover((70.0, 70.0)));
}

#[test]
fn the_wheel_zooms_about_the_pointer_and_lines_count_more() {
    let turn = Wheel { delta: -100.0, in_lines: false, held: false };
    let (x, y) = wheel(turn, (20.0, 50.0), &frame());
    assert!(x.1 - x.0 < 10.0 && y.1 - y.0 < 10.0, "up zooms in");
    assert!((x.0 + 0.2 * (x.1 - x.0) - 2.0).abs() < 1e-9, "what is under the pointer stays");
    let width = |turn: Wheel| {
        let (x, _) = wheel(turn, (50.0, 50.0), &frame());
        x.1 - x.0
    };
    let small = Wheel { delta: 3.0, ..turn };
    assert!(width(Wheel { in_lines: true, ..small }) > width(small));
    assert!(width(Wheel { held: true, ..small }) > width(small), "a pinch on a pad comes in small steps");
    assert!(width(Wheel { delta: 1e6, ..turn }) < 17.0, "one turn zooms by a factor of 1.65 at most");
}

#[test]
fn the_wheel_scrolls_the_page_unless_a_key_is_held_or_the_map_has_the_focus() {
    let plain = Wheel { delta: -100.0, in_lines: false, held: false };
    let held = Wheel { held: true, ..plain };
    let at = (50.0, 50.0);
    let mut scatter = ScatterInteraction::default();
    assert_eq!(scatter.wheel(plain, at, Some(&frame()), WheelOwner::of(false, false)), Intent::Hint);
    assert_eq!(scatter.wheel(plain, at, Some(&frame()), WheelOwner::of(false, false)), Intent::Nothing, "said once");
    let zoomed = Intent::Show(Some(wheel(plain, at, &frame())));
    for (turn, focused, embedded) in [(held, false, false), (plain, true, false), (held, true, true)] {
        let intent = scatter.wheel(turn, at, Some(&frame()), WheelOwner::of(focused, embedded));
        assert_eq!(intent, zoomed, "{turn:?}");
    }
    assert_eq!(
        scatter.wheel(plain, at, Some(&frame()), WheelOwner::of(true, true)),
        Intent::Nothing,
        "the host scrolls"
    );
    assert_eq!(scatter.wheel(held, at, None, WheelOwner::Page), Intent::Nothing);
}

#[test]
fn keys_walk_select_pick_zoom_and_cancel() {
    let ask = |name: &str| key(name, Some(&frame()));
    assert_eq!(ask("ArrowLeft"), (Intent::Walk((-1.0, 0.0)), true));
    assert_eq!(ask("ArrowRight"), (Intent::Walk((1.0, 0.0)), true));
    assert_eq!(ask("ArrowUp"), (Intent::Walk((0.0, -1.0)), true));
    assert_eq!(ask("ArrowDown"), (Intent::Walk((0.0, 1.0)), true));
    assert_eq!((ask("Enter"), ask(" ")), ((Intent::SelectCursor, true), (Intent::TogglePicked, true)));
    assert_eq!((ask("Escape"), ask("0")), ((Intent::Cancel, false), (Intent::Show(None), false)));
    close(range(ask("+").0), ((2.0, 8.0), (2.0, 8.0)));
    let ((left, right), _) = range(ask("-").0);
    assert!(right - left > 16.0);
    assert_eq!(ask("a"), (Intent::Nothing, false));
    assert_eq!(key("+", None), (Intent::Nothing, false), "before the plot has a size");
}

#[test]
fn the_cursor_walks_from_the_selected_point_and_skips_what_is_hidden() {
    let (x, y): (Vec<f32>, Vec<f32>) = (vec![1.0, 3.0, 5.0, 20.0], vec![5.0; 4]);
    let right = (1.0, 0.0);
    assert_eq!(walk(&frame(), (&x, &y), Some(0), right, |_| true), Some(1));
    assert_eq!(walk(&frame(), (&x, &y), Some(0), right, |row| row != 1), Some(2));
    assert_eq!(walk(&frame(), (&x, &y), Some(2), right, |_| true), None, "the last one is out of view");
    assert_eq!(walk(&frame(), (&x, &y), None, (-1.0, 0.0), |_| true), Some(1), "from the middle");
}

#[test]
fn a_click_hits_the_marker_of_an_own_spectrum() {
    let markers = [None, Some((2.0, 2.0)), Some((8.0, 8.0))];
    assert_eq!(marker_at(&frame(), (22.0, 81.0), &markers), Some(1));
    assert_eq!(marker_at(&frame(), (50.0, 50.0), &markers), None);
}
