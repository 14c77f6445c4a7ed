//! The splat, pixel for pixel; the nearest point; the axes and markers as SVG.

use plotters_svg::SVGBackend;
use spectrascape::plot::{
    Axis, Colormap, Frame, MISSING, Marker, MarkerKind, Pen, Points, Rgb, Splat, Theme, draw_markers,
    draw_scatter_axes, nearest, splat, tick_label,
};
use spectrascape::spectrum::Class;

const WHITE: Rgb = Rgb(255, 255, 255);

fn unit_frame(side: f64) -> Frame {
    let axis = Axis::linear(0.0, 1.0);
    Frame { left: 0.0, top: 0.0, right: side, bottom: side, x: axis, y: axis }
}

fn splatted(places: &[(f32, f32, u8)], picture: Splat) -> Vec<[u8; 4]> {
    let x: Vec<f32> = places.iter().map(|place| place.0).collect();
    let y: Vec<f32> = places.iter().map(|place| place.1).collect();
    let color: Vec<u8> = places.iter().map(|place| place.2).collect();
    let order: Vec<u32> = (0..places.len() as u32).collect();
    let mut palette = vec![Rgb(0, 0, 0); 256];
    palette[1] = Rgb(200, 100, 0);
    let points = Points { x: &x, y: &y, color: &color, order: &order, palette: &palette };
    splat(&picture, &unit_frame(8.0), &points).chunks_exact(4).map(|p| [p[0], p[1], p[2], p[3]]).collect()
}

#[test]
fn a_small_opaque_point_is_one_pixel() {
    let picture = Splat { width: 8, height: 8, radius: 0.5, opacity: 1.0, background: WHITE };
    // x = 0.3 of 8 pixels is pixel 2; y = 0.3 from the bottom is row floor(0.7 * 8) = 5.
    let pixels = splatted(&[(0.3, 0.3, 1)], picture);
    for (index, pixel) in pixels.iter().enumerate() {
        let expected = if index == 5 * 8 + 2 { [200, 100, 0, 255] } else { [255, 255, 255, 255] };
        assert_eq!(*pixel, expected, "pixel {index}");
    }
}

#[test]
fn half_opaque_points_blend_by_hand() {
    let picture = Splat { width: 1, height: 1, radius: 0.5, opacity: 0.5, background: WHITE };
    // alpha = round(127.5) = 128: (255 * 127 + 200 * 128 + 127) / 255 = 227, then over that with black.
    assert_eq!(splatted(&[(0.5, 0.5, 1)], picture)[0], [227, 177, 127, 255]);
    assert_eq!(splatted(&[(0.5, 0.5, 1), (0.5, 0.5, 0)], picture)[0], [113, 88, 63, 255]);
}

#[test]
fn points_at_the_edge_and_beyond_are_cut() {
    let picture = Splat { width: 8, height: 8, radius: 1.5, opacity: 1.0, background: WHITE };
    let nan = f32::NAN;
    let blank = splatted(&[], picture);
    assert_eq!(splatted(&[(9.0, 0.5, 1), (0.5, -3.0, 1), (nan, 0.5, 1), (0.5, nan, 1)], picture), blank);
    let corner = splatted(&[(0.0, 1.0, 1)], picture);
    assert_eq!(corner[0], [200, 100, 0, 255]);
    assert_eq!(corner[63], [255, 255, 255, 255]);
}

#[test]
fn the_nearest_point_is_found_within_reach() {
    let frame = unit_frame(100.0);
    let (x, y) = ([0.1, 0.5, 0.52], [0.1, 0.5, 0.5]);
    assert_eq!(nearest(&frame, &x, &y, (50.5, 50.0), 24.0, |_| true), Some(1));
    assert_eq!(nearest(&frame, &x, &y, (52.0, 50.0), 24.0, |_| true), Some(2));
    assert_eq!(nearest(&frame, &x, &y, (90.0, 10.0), 24.0, |_| true), None);
    assert_eq!(nearest(&frame, &[f32::NAN], &[0.5], (50.0, 50.0), 24.0, |_| true), None);
}

#[test]
fn ticks_are_round() {
    assert_eq!(Axis::linear(3388.0, 8310.0).ticks(5), [4000.0, 5000.0, 6000.0, 7000.0, 8000.0]);
    assert_eq!(Axis::linear(-1.0, 1.0).ticks(4), [-1.0, -0.5, 0.0, 0.5, 1.0]);
    assert_eq!(Axis::log(0.5, 200.0).ticks(3), [1.0, 10.0, 100.0]);
    let ticks = Axis::linear(-1.0, 1.0).ticks(4);
    let labels: Vec<String> = ticks.iter().map(|&tick| tick_label(tick, &ticks)).collect();
    assert_eq!(labels, ["−1.0", "−0.5", "0.0", "0.5", "1.0"]);
}

#[test]
fn an_axis_never_collapses() {
    for axis in [Axis::linear(2.0, 2.0), Axis::linear(f64::NAN, 1.0), Axis::log(0.0, 1.0), Axis::log(-1.0, 0.0)] {
        assert!(axis.max > axis.min && axis.fraction(axis.value(0.25)) == 0.25, "{axis:?}");
    }
}

#[test]
fn colours_are_told_apart() {
    for theme in [Theme::LIGHT, Theme::DARK] {
        let palette = theme.class_palette();
        for (index, a) in Class::ALL.iter().enumerate() {
            assert_eq!(palette[index], theme.class(*a));
            for b in &Class::ALL[index + 1..] {
                let (a, b) = (theme.class(*a), theme.class(*b));
                let apart =
                    [(a.0, b.0), (a.1, b.1), (a.2, b.2)].iter().map(|(x, y)| x.abs_diff(*y) as u32).sum::<u32>();
                assert!(apart > 90, "{a:?} and {b:?}");
            }
        }
        assert_eq!(theme.colormap().palette().len(), 256);
    }
    assert_eq!(Colormap::index(f32::NAN, (0.0, 1.0)), MISSING);
    assert_eq!(Colormap::index(0.0, (0.0, 1.0)), 0);
    assert_eq!(Colormap::index(7.0, (0.0, 1.0)), 254);
    assert_eq!(Colormap::index(3.0, (3.0, 3.0)), 127);
}

#[test]
fn axes_and_markers_as_svg() {
    let frame = Frame {
        left: 52.0,
        top: 6.0,
        right: 392.0,
        bottom: 258.0,
        x: Axis::linear(-3.2, 4.1),
        y: Axis::linear(-2.0, 2.5),
    };
    let markers = [
        Marker { x: 0.0, y: 0.0, kind: MarkerKind::Selected, label: String::new() },
        Marker { x: -1.5, y: 1.0, kind: MarkerKind::Latent, label: String::new() },
        Marker { x: 3.9, y: -1.0, kind: MarkerKind::SelectedFile, label: "266-51602-1".to_owned() },
        Marker { x: 2.0, y: -1.0, kind: MarkerKind::File, label: String::new() },
        Marker { x: 30.0, y: 0.0, kind: MarkerKind::File, label: "outside".to_owned() },
    ];
    let mut svg = String::new();
    {
        let mut backend = SVGBackend::with_string(&mut svg, (400, 300));
        let mut pen = Pen::new(&mut backend, 1.0);
        draw_scatter_axes(&mut pen, &Theme::LIGHT, &frame, ("VAE 1", "VAE 2")).unwrap();
        draw_markers(&mut pen, &Theme::LIGHT, &frame, &markers).unwrap();
    }
    assert!(!svg.contains("outside"));
    insta::with_settings!({ snapshot_path => "../../snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("scatter_axes", svg);
    });
}
