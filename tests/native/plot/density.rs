//! Density shading, pixel for pixel: where a point lands, that order does not matter, layers, weights, edges.

use proptest::prelude::*;
use spectrascape::plot::{
    Axis, Frame, Ink, Layer, Picture, Rgb, SplatBuffer, Tone, inks, point_radius, rarity_weights,
};

const WHITE: Rgb = Rgb(255, 255, 255);
/// Nothing leans to another colour, so that pixels can be worked out by hand.
const PLAIN: Tone = Tone { single: 0.5, dense: 1.0, deep: Rgb(0, 0, 0), depth: 0.0 };
const RED: u8 = 1;
const BLUE: u8 = 2;

fn unit_frame(side: f64) -> Frame {
    let axis = Axis::linear(0.0, 1.0);
    Frame { left: 0.0, top: 0.0, right: side, bottom: side, x: axis, y: axis }
}

fn picture(side: usize, radius: f32) -> Picture {
    Picture { width: side, height: side, radius, background: WHITE }
}

fn two_inks() -> [Ink; 256] {
    let mut palette = vec![Rgb(0, 0, 0); 256];
    palette[usize::from(RED)] = Rgb(200, 100, 0);
    palette[usize::from(BLUE)] = Rgb(0, 50, 100);
    inks(&palette)
}

/// Columns of a few points.
struct Cloud {
    x: Vec<f32>,
    y: Vec<f32>,
    color: Vec<u8>,
}

impl Cloud {
    fn of(points: &[(f32, f32, u8)]) -> Self {
        Self {
            x: points.iter().map(|point| point.0).collect(),
            y: points.iter().map(|point| point.1).collect(),
            color: points.iter().map(|point| point.2).collect(),
        }
    }

    fn layer<'a>(&'a self, inks: &'a [Ink; 256], tone: Tone) -> Layer<'a> {
        Layer { x: &self.x, y: &self.y, color: &self.color, inks, rows: None, tone }
    }
}

fn rgba(pixels: &[u8]) -> Vec<[u8; 4]> {
    pixels.as_chunks().0.to_vec()
}

fn shaded(points: &[(f32, f32, u8)], picture: Picture) -> Vec<[u8; 4]> {
    let (cloud, inks) = (Cloud::of(points), two_inks());
    rgba(SplatBuffer::default().draw(&picture, &unit_frame(8.0), &[cloud.layer(&inks, PLAIN)]))
}

#[test]
fn a_lone_point_is_one_pixel_of_its_tone() {
    // x = 0.3 of 8 pixels is pixel 2; y = 0.3 from the bottom is row floor(0.7 * 8) = 5; half of 200, 100, 0 on white.
    for (index, pixel) in shaded(&[(0.3, 0.3, RED)], picture(8, 0.5)).iter().enumerate() {
        let expected = if index == 5 * 8 + 2 { [228, 178, 128, 255] } else { [255; 4] };
        assert_eq!(*pixel, expected, "pixel {index}");
    }
}

#[test]
fn values_on_the_edge_of_a_pixel_belong_to_the_pixel_behind_it() {
    for column in 0..8 {
        let pixels = shaded(&[(column as f32 / 8.0, 0.99, RED)], picture(8, 0.5));
        assert_eq!(pixels.iter().position(|pixel| *pixel != [255; 4]), Some(column));
    }
}

#[test]
fn shades_grow_with_the_logarithm_of_the_points() {
    // The scale ends at twice the weight that a point lies on, at 16 at least: 1, 4 and 8 points are at 0, 1/2 and 3/4 of
    // the way, a pile of 4000 at ln(4000) / ln(8000).
    let at = |count: usize| shaded(&vec![(0.5, 0.5, 0); count], picture(1, 0.5))[0];
    let shade = |opacity: f64| (255.0 * (1.0 - opacity)).round() as u8;
    for (count, opacity) in [(1, 0.5), (4, 0.75), (8, 0.875), (4000, 0.961)] {
        let pixel = at(count)[0];
        assert!(pixel.abs_diff(shade(opacity)) <= 1, "{count} points: {pixel}, not {}", shade(opacity));
    }
    let mut shades: Vec<u8> = (0..=8).map(|count| at(count)[0]).collect();
    shades.dedup();
    assert_eq!(shades.len(), 9, "each of the first 8 points is told apart: {shades:?}");
}

#[test]
fn thousands_on_a_pixel_are_still_told_from_a_few() {
    // Column c of four holds 4^c * 10 points.
    let points: Vec<(f32, f32, u8)> =
        (0..4).flat_map(|c| vec![(0.125 + 0.25 * c as f32, 0.5, 0u8); 10 * 4usize.pow(c)]).collect();
    let pixels = shaded(&points, Picture { width: 4, height: 1, radius: 0.5, background: WHITE });
    for pair in pixels.windows(2) {
        assert!(pair[0][0] > pair[1][0] + 15, "{pixels:?}");
    }
}

#[test]
fn colours_mix_by_weight_and_depth_leans_to_ink() {
    let cloud = Cloud::of(&[(0.5, 0.5, RED), (0.5, 0.5, BLUE)]);
    let mut inks = two_inks();
    let full = Tone { single: 1.0, ..PLAIN };
    let pixel = |inks: &[Ink; 256], tone| {
        rgba(SplatBuffer::default().draw(&picture(1, 0.5), &unit_frame(1.0), &[cloud.layer(inks, tone)]))[0]
    };
    assert_eq!(pixel(&inks, full), [100, 75, 50, 255]);
    inks[usize::from(RED)].weight = 3.0;
    assert_eq!(pixel(&inks, full), [150, 88, 25, 255]);
    inks[usize::from(RED)].weight = 0.0;
    assert_eq!(pixel(&inks, full), [0, 50, 100, 255], "a weight of 0 hides a colour");
    inks[usize::from(BLUE)].weight = 16.0;
    // A lone pile of 16 is at 4/5 of the way, and the depth grows as the square of that.
    let deep = Tone { deep: Rgb(255, 255, 255), depth: 0.3125, ..full };
    assert_eq!(pixel(&inks, deep), [51, 91, 131, 255], "a fifth of the way to white");
}

#[test]
fn a_selection_lies_over_the_dimmed_rest() {
    let cloud = Cloud::of(&[(0.1, 0.5, RED), (0.6, 0.5, RED), (0.6, 0.5, BLUE)]);
    let inks = two_inks();
    let dim = Tone { single: 0.1, dense: 0.2, ..PLAIN };
    let full = Tone { single: 1.0, ..PLAIN };
    let chosen = [2, 77];
    let layers = [cloud.layer(&inks, dim), Layer { rows: Some(&chosen), ..cloud.layer(&inks, full) }];
    let narrow = Picture { width: 2, height: 1, ..picture(2, 0.5) };
    let mut buffer = SplatBuffer::default();
    let pixels = rgba(buffer.draw(&narrow, &unit_frame(2.0), &layers));
    // A tenth of 200, 100, 0 on white; and blue alone, whatever lies beneath. Row 77 does not exist.
    assert_eq!(pixels, [[250, 240, 230, 255], [0, 50, 100, 255]]);
    assert_eq!(rgba(buffer.draw(&narrow, &unit_frame(2.0), &[])), [[255; 4]; 2], "nothing to draw: the background");
}

#[test]
fn what_has_no_place_or_lies_outside_is_left_out() {
    let (nan, inf) = (f32::NAN, f32::INFINITY);
    let nowhere = [
        (9.0, 0.5, 1),
        (-1e-3, 0.5, 1),
        (1.0, 0.5, 1),
        (0.5, -1e-3, 1),
        (0.5, 1.01, 1),
        (nan, 0.5, 1),
        (0.5, nan, 1),
        (inf, 0.5, 1),
        (-inf, 0.5, 1),
        (0.5, inf, 1),
        (1e30, 0.5, 1),
        (-1e30, 0.5, 1),
        (f32::MAX, f32::MIN, 1),
        (3e6, 0.5, 1),
        (1.05e6, 0.5, 1),
        (5e8, 0.5, 1),
    ];
    assert_eq!(shaded(&nowhere, picture(8, 0.5)), vec![[255; 4]; 64]);
    // The upper left corner: a disc cut to a quarter.
    let corner = shaded(&[(0.0, 1.0, RED)], picture(8, 1.5));
    assert_eq!(corner[0], [228, 178, 128, 255]);
    assert_ne!(corner[9], [255; 4]);
    assert_eq!((corner[2], corner[63]), ([255; 4], [255; 4]));
    // A disc about a pixel just outside still reaches in; and leaves nothing behind for the next picture.
    let outside = Cloud::of(&[(-0.06, 0.5, RED), (1.06, 0.5, RED)]);
    let inks = two_inks();
    let mut buffer = SplatBuffer::default();
    let touched = rgba(buffer.draw(&picture(8, 1.5), &unit_frame(8.0), &[outside.layer(&inks, PLAIN)]));
    assert_ne!((touched[4 * 8], touched[4 * 8 + 7]), ([255; 4], [255; 4]));
    let none = Cloud::of(&[]);
    let after = rgba(buffer.draw(&picture(8, 1.5), &unit_frame(8.0), &[none.layer(&inks, PLAIN)]));
    assert_eq!(after, vec![[255; 4]; 64]);
}

#[test]
fn a_buffer_may_change_its_size_and_have_none() {
    let (cloud, inks) = (Cloud::of(&[(0.3, 0.3, RED)]), two_inks());
    let mut buffer = SplatBuffer::default();
    for (width, height) in [(0, 0), (3, 0), (0, 3), (8, 8), (5, 2), (40, 30), (0, 0)] {
        for radius in [0.5, 2.0, f32::NAN, -1.0] {
            let picture = Picture { width, height, radius, background: WHITE };
            let pixels = buffer.draw(&picture, &unit_frame(8.0), &[cloud.layer(&inks, PLAIN)]);
            assert_eq!(pixels.len(), width * height * 4);
            assert_eq!(pixels.iter().any(|&byte| byte != 255), width * height > 0, "{width} x {height}, {radius}");
        }
    }
}

#[test]
fn logarithmic_axes_and_large_values_keep_their_pixels() {
    let inks = two_inks();
    let find = |value: f32, x: Axis| {
        let cloud = Cloud::of(&[(value, 0.5, RED)]);
        let frame = Frame { x, ..unit_frame(1.0) };
        let wide = Picture { width: 100, height: 1, ..picture(1, 0.5) };
        let mut buffer = SplatBuffer::default();
        let pixels = rgba(buffer.draw(&wide, &frame, &[cloud.layer(&inks, PLAIN)]));
        pixels.iter().position(|pixel| *pixel != [255; 4])
    };
    assert_eq!(find(10.0, Axis::log(1.0, 1000.0)), Some(33));
    assert_eq!(find(-10.0, Axis::log(1.0, 1000.0)), None);
    assert_eq!(find(0.0, Axis::log(1.0, 1000.0)), None);
    // A night of observation: 52000 and a half in a view of one day, and of a hundredth of that.
    assert_eq!(find(52_000.5, Axis::linear(52_000.0, 52_001.0)), Some(50));
    assert_eq!(find(52_000.5, Axis::linear(52_000.497, 52_000.507)), Some(30));
}

#[test]
fn rare_colours_weigh_more() {
    let color: Vec<u8> = [(0u8, 6400), (1, 1600), (2, 100), (3, 1)].iter().flat_map(|&(c, n)| vec![c; n]).collect();
    let weights = rarity_weights(&color);
    assert_eq!(weights[..5], [1.0, 2.0, 8.0, 8.0, 1.0]);
    assert_eq!(rarity_weights(&[]), [1.0; 256]);
}

#[test]
fn points_shrink_as_they_become_many() {
    let radii: Vec<f32> = [0, 100, 8_192, 64_000, 1_000_000].map(|n| point_radius(n, 560, 520, 1.0)).to_vec();
    assert!(radii.is_sorted_by(|a, b| a >= b), "{radii:?}");
    assert_eq!((radii[0], radii[3], radii[4]), (2.4, 0.6, 0.6));
    assert!(point_radius(64_000, 1120, 1040, 2.0) > 0.6, "a finer screen, points of more pixels");
}

proptest! {
    #[test]
    fn the_order_of_points_does_not_matter(
        points in prop::collection::vec((-0.1f32..1.1, -0.1f32..1.1, 0u8..3), 0..200), radius in 0.3f32..2.5, turn in 0usize..200,
    ) {
        let mut turned = points.clone();
        turned.reverse();
        if !turned.is_empty() {
            let by = turn % turned.len();
            turned.rotate_left(by);
        }
        let (one, other) = (shaded(&points, picture(8, radius)), shaded(&turned, picture(8, radius)));
        for (a, b) in one.iter().zip(&other) {
            // Sums of whole numbers are exact; coverages of discs are not whole.
            let allowed = if radius <= 0.6 { 0 } else { 1 };
            prop_assert!((0..4).all(|i| a[i].abs_diff(b[i]) <= allowed), "{a:?} {b:?}");
        }
    }
}

/// Many points on a large picture are sorted first; few are not. Both come to the same pixels.
#[test]
fn many_points_are_shaded_as_if_they_came_alone() {
    let place = |row: usize| (((row * 7919) % 30_011) as f32 / 30_011.0, ((row * 104_729) % 29_989) as f32 / 29_989.0);
    let points: Vec<(f32, f32, u8)> = (0..140_000).map(|row| (place(row).0, place(row).1, (row % 3) as u8)).collect();
    let (cloud, inks) = (Cloud::of(&points), two_inks());
    for radius in [0.5, 1.4] {
        let mut buffer = SplatBuffer::default();
        let picture = Picture { width: 1000, height: 600, radius, background: WHITE };
        let together = rgba(buffer.draw(&picture, &unit_frame(8.0), &[cloud.layer(&inks, PLAIN)]));
        // Half of the points at a time, too few to be sorted, a pixel that any of them covers is not white.
        let mut covered = vec![false; together.len()];
        for rows in (0..140_000u32).collect::<Vec<_>>().chunks(70_000) {
            let layer = Layer { rows: Some(rows), ..cloud.layer(&inks, PLAIN) };
            let part = rgba(buffer.draw(&picture, &unit_frame(8.0), &[layer]));
            covered.iter_mut().zip(&part).for_each(|(covered, pixel)| *covered |= *pixel != [255; 4]);
        }
        for (index, (pixel, covered)) in together.iter().zip(&covered).enumerate() {
            assert_eq!(*pixel != [255; 4], *covered, "pixel {index}, radius {radius}");
        }
        assert!(covered.iter().filter(|covered| **covered).count() > 10_000);
    }
}
