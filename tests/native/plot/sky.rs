//! The map of the sky, against astropy's `WCS` with the projection MOL.

use plotters_svg::SVGBackend;
use spectrascape::plot::{Axis, Frame, Pen, SkyMap, Theme};
use spectrascape::spectrum::SkyPosition;

fn at(ra: f64, dec: f64) -> SkyPosition {
    SkyPosition::new(ra, dec).expect("it is on the sky")
}

#[test]
fn positions_lie_where_astropy_puts_them() {
    for (middle, ra, dec, x, y) in [
        (180.0, 180.0, 0.0, 0.0, 0.0),
        (180.0, 210.0, 30.0, -24.707498180059424, 32.73329349706095),
        (180.0, 10.0, -60.0, 99.04453155679818, -61.77497708913736),
        (180.0, 359.5, 89.0, -11.478408330737896, 80.82382370813873),
        (180.0, 150.0, -89.999, 0.01919367965687473, -81.02844799480884),
        (20.0, 340.25, 12.5, 35.26154099937093, 13.841750859520456),
    ] {
        let map = SkyMap { middle };
        let found = map.project(at(ra, dec));
        // astropy's own steps end 2e-7 degree short next to a pole.
        assert!((found.0 - x).abs() < 1e-6 && (found.1 - y).abs() < 1e-6, "{ra} {dec}: {found:?}");
        let back = map.position(x, y).expect("it is on the map");
        assert!(back.separation(at(ra, dec)) < 1e-4, "{ra} {dec}: {back:?}");
    }
    assert_eq!(SkyMap { middle: 180.0 }.position(150.0, 70.0), None);
}

#[test]
fn the_edge_of_the_map_lies_where_there_are_no_objects() {
    let middle = |ra: &[f64]| SkyMap::around(ra.iter().map(|&ra| at(ra, 0.0))).middle;
    assert_eq!(middle(&[350.0, 10.0, 50.0]), 20.0, "a stripe across 0 h is one piece");
    assert_eq!(middle(&[150.0, 152.0]), 151.0);
    assert_eq!(middle(&(0..24).map(|hour| 15.0 * f64::from(hour)).collect::<Vec<_>>()), 180.0);
    assert_eq!((middle(&[]), middle(&[33.0])), (180.0, 33.0));
}

#[test]
fn a_small_region_fills_the_map_and_the_scale_is_even() {
    let ((x0, x1), (y0, y1)) = SkyMap::range(&[-1.0, 1.0, f32::NAN], &[0.0, 0.5, f32::NAN]);
    assert!(x0 < -1.0 && x0 > -1.3 && x1 < 1.3 && y0 < 0.0 && y1 < 0.8);
    let whole = SkyMap::range(&[-100.0, 100.0], &[0.0, 10.0]);
    assert_eq!(whole, SkyMap::range(&[], &[]));
    let ((x0, x1), (y0, y1)) = SkyMap::even_scale(whole, (500.0, 500.0));
    assert!(((x1 - x0) - (y1 - y0)).abs() < 1e-9 && y1 > 160.0);
}

#[test]
fn the_graticule_is_labelled_with_angles_at_any_zoom() {
    let draw = |map: SkyMap, range: ((f64, f64), (f64, f64))| {
        let width = if range.0.1 > 200.0 { 1200.0 } else { 600.0 };
        let range = SkyMap::even_scale(range, (width, 400.0));
        let (x, y) = (Axis::linear(range.0.0, range.0.1), Axis::linear(range.1.0, range.1.1));
        let frame = Frame { left: 52.0, top: 6.0, right: 52.0 + width, bottom: 406.0, x, y };
        let mut text = String::new();
        {
            let mut backend = SVGBackend::with_string(&mut text, (width as u32 + 100, 450));
            map.draw(&mut Pen::new(&mut backend, 1.0), &Theme::of(false), &frame).expect("an SVG takes all");
        }
        text
    };
    let map = SkyMap { middle: 180.0 };
    let whole = draw(map, SkyMap::range(&[], &[]));
    for label in ["180°", "90°", "+30°", "−60°", "Right ascension", "Declination"] {
        assert!(whole.contains(label), "{label} is missing");
    }
    // The seam has no label: both its ends are at 0 h, and a declination of 0 stands beside one of them.
    let wide = SkyMap::even_scale(SkyMap::range(&[], &[]), (1200.0, 400.0));
    assert!(wide.0.1 > 200.0, "there is room on both sides");
    for (map, seam) in [(map, "0°"), (SkyMap { middle: 30.0 }, "210°")] {
        let found = draw(map, wide).split(['>', '<']).filter(|text| text.trim() == seam).count();
        assert_eq!(found, usize::from(seam == "0°"), "{seam}");
    }
    let (x, y) = map.project(at(150.0, 2.2));
    let zoomed = draw(map, ((x - 0.7, x + 0.7), (y - 0.7, y + 0.7)));
    for label in ["150.0°", "+2.0°"] {
        assert!(zoomed.contains(label), "{label} is missing: {zoomed}");
    }
    assert!(!zoomed.contains("180°"));
}
