//! The corner plot: where its panels lie, what they show, its axes as SVG.

use plotters_svg::SVGBackend;
use spectrascape::plot::{
    Axis, CornerLayer, CornerLayout, CornerMarker, CornerPicture, Layer, MarkerKind, Pen, Picture, Rgb, SplatBuffer,
    Theme, Tone, histogram, inks,
};

const WHITE: Rgb = Rgb(255, 255, 255);
const TONE: Tone = Tone { single: 0.5, dense: 1.0, deep: Rgb(0, 0, 0), depth: 0.2 };

fn layout(dims: usize, side: f64) -> CornerLayout {
    CornerLayout::new(side, side, &vec![(-3.0, 3.0); dims]).unwrap()
}

#[test]
fn panels_fit_and_do_not_overlap() {
    for dims in [2, 6, 10, 16] {
        for side in [360.0, 560.0, 1200.0] {
            let layout = layout(dims, side);
            let panels: Vec<(usize, usize)> = layout.panels().collect();
            assert_eq!(panels.len(), dims * (dims - 1) / 2);
            for &(column, row) in &panels {
                assert!(column < row && row < dims);
                let frame = layout.frame(column, row);
                assert!(frame.left >= 40.0 && frame.top >= 0.0 && frame.right <= side && frame.bottom <= side - 36.0);
                let first = layout.frame(0, 1);
                assert_eq!(
                    (frame.right - frame.left, frame.bottom - frame.top),
                    (first.right - first.left, first.bottom - first.top)
                );
                let (x, y) = ((frame.left + frame.right) / 2.0, (frame.top + frame.bottom) / 2.0);
                assert_eq!(layout.panel_at(x, y), Some((column, row)), "{dims} latents, {side} px");
                let ((_, _), (value_x, value_y)) = layout.value_at(x, y).unwrap();
                assert!(value_x.abs() < 1e-9 && value_y.abs() < 1e-9);
                assert_eq!(layout.panel_at(frame.right + 2.0, y), None, "between panels");
            }
            let last = layout.frame(dims - 1, dims - 1);
            assert!(
                side - last.right < 4.0 + dims as f64 && side - last.bottom < 40.0 + 4.0 + dims as f64,
                "no room is left over"
            );
            assert_eq!(layout.panel_at(last.left + 1.0, 20.0), None, "above the diagonal");
        }
    }
}

#[test]
fn too_little_room_is_no_layout() {
    let ranges = vec![(0.0, 1.0); 6];
    for (width, height) in [(0.0, 0.0), (60.0, 600.0), (600.0, 60.0), (f64::NAN, 600.0), (f64::INFINITY, 600.0)] {
        assert_eq!(CornerLayout::new(width, height, &ranges), None);
    }
    assert_eq!(CornerLayout::new(600.0, 600.0, &ranges[..1]), None);
    assert_eq!(CornerLayout::new(600.0, 600.0, &[]), None);
}

/// Panels show what a scatter of the same size shows, with and without a selection, whatever the size of the points.
#[test]
fn every_panel_is_the_scatter_of_its_latents() {
    let (dims, count) = (4, 500);
    let value = |row: usize, latent: usize| ((row * (7 + 3 * latent) + latent * 11) % 101) as f32 / 15.0 - 3.3;
    let mut columns: Vec<Vec<f32>> =
        (0..dims).map(|latent| (0..count).map(|row| value(row, latent)).collect()).collect();
    columns[1][3] = f32::NAN;
    let columns: Vec<&[f32]> = columns.iter().map(Vec::as_slice).collect();
    let color: Vec<u8> = (0..count).map(|row| (row % 3) as u8).collect();
    let inks = inks(&Theme::LIGHT.class_palette());
    let rows: Vec<u32> = (0..count as u32).step_by(7).collect();
    let dim = Tone { single: 0.1, dense: 0.3, ..TONE };
    for (radius, ratio) in [(0.5, 1.0), (1.7, 1.0), (0.9, 2.0)] {
        let layout = CornerLayout::new(300.0, 260.0, &vec![(-3.0, 3.0); dims]).unwrap();
        let mut corner = CornerPicture::default();
        corner.prepare(&layout, ratio, radius, &columns);
        let (all, chosen) = (
            CornerLayer { color: &color, inks: &inks, rows: None, tone: dim },
            CornerLayer { color: &color, inks: &inks, rows: Some(&rows), tone: TONE },
        );
        let (width, height) = corner.size();
        assert_eq!((width, height), ((300.0 * ratio) as usize, (260.0 * ratio) as usize));
        let pixels = corner.draw(WHITE, &[all, chosen]).to_vec();
        assert_eq!(corner.draw(WHITE, &[all, chosen]), pixels, "a redraw leaves nothing behind");
        let mut outside = vec![true; width * height];
        for (column, row) in layout.panels() {
            let frame = layout.frame(column, row);
            let device = |length: f64| (length * ratio).round() as usize;
            let (left, top) = (device(frame.left), device(frame.top));
            let picture = Picture {
                width: device(frame.right - frame.left),
                height: device(frame.bottom - frame.top),
                radius,
                background: WHITE,
            };
            let layer =
                Layer { x: columns[column], y: columns[row], color: &color, inks: &inks, rows: None, tone: dim };
            let mut buffer = SplatBuffer::default();
            let scatter = buffer.draw(&picture, &frame, &[layer, Layer { rows: Some(&rows), tone: TONE, ..layer }]);
            assert!(scatter.iter().any(|&byte| byte != 255));
            for (line, expected) in scatter.chunks_exact(picture.width * 4).enumerate() {
                let start = (top + line) * width + left;
                assert_eq!(
                    &pixels[start * 4..start * 4 + expected.len()],
                    expected,
                    "panel {column}, {row}, line {line}"
                );
                outside[start..start + picture.width].fill(false);
            }
        }
        let between = pixels.chunks_exact(4).zip(&outside).filter(|(_, outside)| **outside);
        assert!(between.into_iter().all(|(pixel, _)| pixel == [255; 4]));
    }
}

#[test]
fn a_corner_without_columns_or_layers_is_its_background() {
    let layout = layout(3, 200.0);
    let mut corner = CornerPicture::default();
    assert!(corner.draw(WHITE, &[]).is_empty());
    corner.prepare(&layout, 1.0, 0.5, &[&[0.0], &[]]);
    let inks = inks(&[]);
    let layer = CornerLayer { color: &[0], inks: &inks, rows: Some(&[0, 9]), tone: TONE };
    assert!(corner.draw(WHITE, &[layer]).iter().all(|&byte| byte == 255));
    corner.prepare(&layout, 1.0, 0.5, &[&[0.0], &[0.0], &[0.0]]);
    assert!(corner.draw(WHITE, &[layer]).iter().any(|&byte| byte != 255));
    assert!(corner.draw(WHITE, &[]).iter().all(|&byte| byte == 255));
    let night = corner.draw(Rgb(1, 2, 3), &[]).to_vec();
    assert!(night.chunks_exact(4).all(|pixel| pixel == [1, 2, 3, 255]));
}

#[test]
fn histograms_count_what_is_visible_and_on_the_axis() {
    let axis = Axis::linear(0.0, 4.0);
    let values = [0.5, 0.6, 1.0, 3.9, 4.0, 4.1, -0.1, f32::NAN];
    assert_eq!(histogram(&values, axis, 4, |_| true), [1.0, 0.5, 0.0, 1.0]);
    assert_eq!(histogram(&values, axis, 4, |row| row > 1), [0.0, 0.5, 0.0, 1.0]);
    assert_eq!(histogram(&[], axis, 3, |_| true), [0.0; 3]);
    assert!(histogram(&values, axis, 0, |_| true).is_empty());
}

#[test]
fn corner_axes_as_svg() {
    let ranges = [(-3.2, 4.1), (-2.0, 2.5), (-0.4, 0.9)];
    let layout = CornerLayout::new(420.0, 400.0, &ranges).unwrap();
    let heights: Vec<Vec<f32>> =
        (0..3).map(|i| (0..6).map(|bin| 1.0 - (bin as f32 - 2.0 - i as f32).abs() / 6.0).collect()).collect();
    let markers = [
        CornerMarker { latents: vec![0.0, 0.5, 0.2], kind: MarkerKind::Selected },
        CornerMarker { latents: vec![3.0, -1.5, 0.8], kind: MarkerKind::File },
        CornerMarker { latents: vec![1.0, 9.0, f32::NAN], kind: MarkerKind::Latent },
    ];
    let mut svg = String::new();
    {
        let mut backend = SVGBackend::with_string(&mut svg, (420, 400));
        let mut pen = Pen::new(&mut backend, 1.0);
        layout.draw_axes(&mut pen, &Theme::LIGHT, &["VAE 1", "VAE 2", "a title that is much too long for 3"]).unwrap();
        layout.draw_histograms(&mut pen, &heights, Theme::LIGHT.muted, 0.2).unwrap();
        layout.draw_markers(&mut pen, &Theme::LIGHT, &markers).unwrap();
    }
    assert!(svg.contains("VAE 2") && !svg.contains("much too long"));
    insta::with_settings!({ snapshot_path => "../../snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("corner_axes", svg);
    });
}

/// Also where there is hardly any room, words and ticks are drawn, none of them beside the picture.
#[test]
fn axes_are_drawn_at_any_size() {
    for dims in [2, 6, 10, 16] {
        for side in [360.0, 560.0, 1200.0] {
            let layout = layout(dims, side);
            let titles: Vec<String> = (1..=dims).map(|latent| format!("VAE {latent}")).collect();
            let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
            let mut svg = String::new();
            {
                let mut backend = SVGBackend::with_string(&mut svg, (side as u32, side as u32));
                layout.draw_axes(&mut Pen::new(&mut backend, 1.0), &Theme::DARK, &titles).unwrap();
            }
            let words = svg.matches("<text").count();
            assert!(words >= 2 * dims - 1, "{dims} latents, {side} px: {words} words");
            for place in svg.split("<text x=\"").skip(1) {
                let x: f64 = place.split('"').next().unwrap().parse().unwrap();
                assert!((0.0..=side).contains(&x));
            }
        }
    }
}
