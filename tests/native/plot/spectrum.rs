//! The spectrum's plot: zoom, bands, pinned curves, brush, what is under the pointer, regions and thumbnails.

use plotters_svg::SVGBackend;
use proptest::prelude::*;
use spectrascape::plot::{
    LineMark, Pen, PinnedCurve, REGIONS, Region, Rgb, SpectrumPlot, Theme, shown_range, smoothed, spread_of,
    thumbnail_path,
};
use spectrascape::spectrum::{PIXELS, grid, lines};

/// A slope with an H-alpha line, ten masked pixels.
fn toy() -> (Vec<f32>, Vec<f32>, Vec<f32>) {
    let line = |w: f64| 2.0 * (-0.5 * ((w - lines::H_ALPHA) / 8.0).powi(2)).exp();
    let decoded: Vec<f32> = grid::wavelengths().iter().map(|w| (0.6 + w / 12_000.0 + line(*w)) as f32).collect();
    let flux = decoded.iter().enumerate().map(|(i, x)| x + 0.05 * ((i % 7) as f32 - 3.0)).collect();
    let mut ivar = vec![100.0; PIXELS];
    ivar[400..410].fill(0.0);
    ivar[731] = 0.0;
    (flux, ivar, decoded)
}

fn svg(size: (u32, u32), plot: &SpectrumPlot<'_>) -> String {
    let mut text = String::new();
    {
        let mut backend = SVGBackend::with_string(&mut text, size);
        let mut pen = Pen::new(&mut backend, 1.0);
        plot.draw(&mut pen, &Theme::LIGHT, f64::from(size.0), f64::from(size.1)).unwrap();
    }
    text
}

fn snapshot(name: &str, text: &str) {
    insta::with_settings!({ snapshot_path => "../../snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(name, text);
    });
}

#[test]
fn a_close_up_with_all_its_parts() {
    let (flux, ivar, decoded) = toy();
    let band = vec![0.1f32; PIXELS];
    let rows: Vec<Vec<f32>> = (0..5).map(|k| decoded.iter().map(|x| x * (0.7 + 0.1 * k as f32)).collect()).collect();
    let rows: Vec<(&[f32], &[f32])> = rows.iter().map(|row| (row.as_slice(), ivar.as_slice())).collect();
    let spread = spread_of(&rows);
    let other: Vec<f32> = decoded.iter().map(|x| x + 0.3).collect();
    let pinned = [PinnedCurve { label: "266-51602-1", flux: &other, color: Theme::LIGHT.pinned(0) }];
    let mark = |label: &str, wavelength| LineMark { label: label.to_owned(), wavelength, main: true };
    let marks = [mark("Hβ", lines::H_BETA), mark("Hα", lines::H_ALPHA), mark("[N II]", lines::N_II)];
    let region = Region::of("halpha").unwrap();
    let plot = SpectrumPlot {
        observed: Some((&flux, &ivar)),
        decoded: Some(&decoded),
        band: Some(&band),
        spread: Some(&spread),
        pinned: &pinned,
        lines: &marks,
        range: Some(region.range()),
        brush: Some((6600.0, 6550.0)),
        unrelated: false,
        smoothing: 1,
    };
    let text = svg((720, 400), &plot);
    for word in ["6500", "6750", "Hα", "[N II]"] {
        assert!(text.contains(word), "{word}");
    }
    let labels: Vec<String> = plot.entries(&Theme::LIGHT).into_iter().map(|entry| entry.label).collect();
    let named = ["observed", "decoded", "decoded ± 1 σ of the latents", "mean of 5 picked, 16–84 %", "266-51602-1"];
    assert_eq!(labels, named);
    assert!(!text.contains("Hβ") && !text.contains("NaN"), "only what is shown");
    // The masked pixel 731 cuts the spread's area in two; the decoded band is one shape.
    assert_eq!(text.matches("<polygon").count(), 3);
    snapshot("spectrum_close_up", &text);
}

#[test]
fn nothing_is_drawn_beside_the_frame() {
    let (flux, ivar, decoded) = toy();
    let plot = SpectrumPlot { observed: Some((&flux, &ivar)), decoded: Some(&decoded), ..SpectrumPlot::default() };
    for region in REGIONS {
        let plot = SpectrumPlot { range: Some(region.range()), band: Some(&flux), ..plot };
        let text = svg((720, 400), &plot);
        let frame = plot.frames(720.0, 400.0).flux;
        for points in text.split("points=\"").skip(1).map(|rest| &rest[..rest.find('"').unwrap()]) {
            for point in points.split_whitespace() {
                let (x, y) = point.split_once(',').unwrap();
                let (x, y): (f64, f64) = (x.parse().unwrap(), y.parse().unwrap());
                assert!((frame.left - 0.5..=frame.right + 0.5).contains(&x), "{}: {x}", region.key);
                assert!((frame.top - 0.5..=400.0).contains(&y), "{}: {y}", region.key);
            }
        }
        // Curves go all the way to both sides.
        assert!(text.contains(&format!("{},", frame.left)) && text.contains(&format!("{},", frame.right)));
    }
}

#[test]
fn the_flux_axis_fits_what_is_shown() {
    let (_, _, decoded) = toy();
    let axis = |range| SpectrumPlot { decoded: Some(&decoded), range, ..SpectrumPlot::default() };
    let axis = |range| axis(range).frames(700.0, 400.0).flux.y;
    let whole = axis(None);
    assert_eq!((whole.min, whole.max), (0.0, 4.0));
    // 0.6 + 4800 / 12000 to 0.6 + 5000 / 12000.
    let quiet = axis(Some((4800.0, 5000.0)));
    assert!(quiet.min > 0.9 && quiet.min < 1.0 && quiet.max > 1.0166 && quiet.max < 1.1, "{quiet:?}");
    let line = axis(Some((6500.0, 6600.0)));
    assert!(line.min < 1.15 && line.max > 3.0 && line.max < 3.6, "{line:?}");
}

#[test]
fn a_range_is_held_to_the_grid() {
    let (first, last) = (grid::wavelength(0.0), grid::wavelength(999.0));
    assert_eq!(shown_range(None), (first, last));
    assert_eq!(shown_range(Some((5000.0, 4000.0))), (4000.0, 5000.0));
    assert_eq!(shown_range(Some((1000.0, 4000.0))), (first, 4000.0));
    assert_eq!(shown_range(Some((f64::NAN, 4000.0))), (first, last));
    assert_eq!(shown_range(Some((100.0, 200.0))), (first, last));
    assert_eq!(shown_range(Some((5000.0, 5000.0))), (4990.0, 5010.0));
    let (a, b) = shown_range(Some((8310.0, 8400.0)));
    assert!(b <= last && (b - a - 20.0).abs() < 0.01, "{a} {b}");
}

#[test]
fn the_pointer_finds_the_wavelengths_that_are_drawn() {
    let (flux, ivar, decoded) = toy();
    let plot = SpectrumPlot { observed: Some((&flux, &ivar)), decoded: Some(&decoded), ..SpectrumPlot::default() };
    for range in [None, Some((6480.0, 6800.0))] {
        let plot = SpectrumPlot { range, ..plot };
        let frame = plot.frames(720.0, 400.0).flux;
        for wavelength in [6500.0, 6564.61, 6700.0] {
            let x = frame.x_at(wavelength);
            assert!((SpectrumPlot::wavelength_at(x, 720.0, range) - wavelength).abs() < 1e-9);
            assert!((SpectrumPlot::x_at(wavelength, 720.0, range) - x).abs() < 1e-9);
            assert_eq!(frame.value_at(x, 50.0).0, SpectrumPlot::wavelength_at(x, 720.0, range));
        }
        assert_eq!(SpectrumPlot::wavelength_at(-50.0, 720.0, range), shown_range(range).0);
        assert_eq!(SpectrumPlot::wavelength_at(f64::NAN, 0.0, range), shown_range(range).0);
        let pixel = grid::pixel(6600.0).round() as usize;
        let x = SpectrumPlot::x_at(grid::wavelength(pixel as f64), 720.0, range);
        let reading = plot.reading(x, 720.0).unwrap();
        assert_eq!(reading.pixel, pixel);
        assert_eq!((reading.observed, reading.decoded), (Some(flux[pixel]), Some(decoded[pixel])));
        let expected = (flux[pixel] - decoded[pixel]) * 10.0;
        assert!(!reading.masked && (reading.residual.unwrap() - expected).abs() < 1e-5);
        assert_eq!(plot.reading(10.0, 720.0), None);
        assert_eq!(plot.reading(719.0, 720.0), None);
    }
    let x = SpectrumPlot::x_at(grid::wavelength(404.0), 720.0, None);
    let masked = plot.reading(x, 720.0).unwrap();
    assert!(masked.masked && masked.observed.is_none() && masked.residual.is_none() && masked.decoded.is_some());
    let nothing = SpectrumPlot::default().reading(x, 720.0).unwrap();
    assert!(!nothing.masked && nothing.observed.is_none() && nothing.decoded.is_none());
}

#[test]
fn regions_hold_their_lines_and_lie_on_the_grid() {
    for region in REGIONS {
        assert!(region.from < region.to && region.from > 3388.0 && region.to < 8310.2, "{}", region.key);
        assert_eq!(Region::of(region.key), Some(region));
    }
    let holds = |key: &str, wavelengths: &[f64]| {
        let region = Region::of(key).unwrap();
        wavelengths.iter().all(|w| (region.from + 15.0..=region.to - 15.0).contains(w))
    };
    assert!(holds("cahk", &[3934.78, 3969.59]));
    assert!(holds("hbeta", &[lines::H_BETA, 4960.30, lines::O_III]));
    assert!(holds("mgb", &[5168.7, 5174.1, 5185.0]));
    assert!(holds("nad", &[5891.6, 5897.6]));
    assert!(holds("halpha", &[6549.86, lines::H_ALPHA, lines::N_II, 6718.29, 6732.67]));
    assert_eq!(Region::of("xray"), None);
}

#[test]
fn a_spread_is_numpy_s() {
    let flux: Vec<Vec<f32>> = (0..7)
        .map(|k| (0..PIXELS).map(|p| ((k * 37) % 11) as f32 / 10.0 + (p as f64 / 1000.0) as f32).collect())
        .collect();
    let ivar: Vec<Vec<f32>> =
        (0..7).map(|k| (0..PIXELS).map(|p| if (p + k) % 3 == 0 { 0.0 } else { 4.0 }).collect()).collect();
    let rows: Vec<(&[f32], &[f32])> = flux.iter().zip(&ivar).map(|(f, w)| (f.as_slice(), w.as_slice())).collect();
    let spread = spread_of(&rows);
    // numpy.nanmean and nanpercentile (16, 84) of the same numbers.
    let expected =
        [(0, 0.65, 0.448, 0.852), (1, 0.241, 0.065, 0.437), (500, 0.9, 0.564, 1.336), (999, 1.649, 1.447, 1.851)];
    for (pixel, mean, low, high) in expected {
        let found = [spread.mean[pixel], spread.low[pixel], spread.high[pixel]];
        for (found, expected) in found.into_iter().zip([mean, low, high]) {
            assert!((found - expected).abs() < 2e-6, "{pixel}: {found} {expected}");
        }
    }
    assert_eq!(spread.count, 7);
    let masked = vec![0.0f32; PIXELS];
    let unknown = spread_of(&[(&flux[0], &masked)]);
    assert!(unknown.mean.iter().chain(&unknown.low).chain(&unknown.high).all(|value| value.is_nan()));
    let none = spread_of(&[]);
    assert!(none.count == 0 && none.mean.len() == PIXELS && none.mean[0].is_nan());
    let text = svg((400, 300), &SpectrumPlot { spread: Some(&none), ..SpectrumPlot::default() });
    assert!(!text.contains("NaN"));
}

#[test]
fn a_thumbnail_keeps_a_narrow_line() {
    let mut flux = vec![1.0f32; PIXELS];
    flux[500] = 9.0;
    flux[600..640].fill(f32::NAN);
    let path = thumbnail_path(&flux, 80.0, 20.0);
    assert!(path.starts_with("M0.0 20.0"), "{path}");
    assert!(path.contains("40.0 0.0"), "the line's peak: {path}");
    assert_eq!(path.matches('M').count(), 2, "one gap: {path}");
    assert!(path.len() < 3000 && !path.contains("NaN"));
    assert_eq!(thumbnail_path(&[], 80.0, 20.0), "");
    assert_eq!(thumbnail_path(&[f32::NAN; 9], 80.0, 20.0), "");
    assert_eq!(thumbnail_path(&flux, 0.0, 20.0), "");
    assert_eq!(thumbnail_path(&flux, f64::NAN, 20.0), "");
    assert_eq!(thumbnail_path(&[2.0], 80.0, 20.0), "M40.0 10.0");
}

#[test]
fn pinned_colours_differ_to_colour_blind_eyes() {
    for theme in [Theme::LIGHT, Theme::DARK] {
        let pinned: Vec<Rgb> = (0..4).map(|index| theme.pinned(index)).collect();
        assert_eq!(theme.pinned(4), pinned[0]);
        let all: Vec<Rgb> = pinned.into_iter().chain([theme.observed, theme.decoded, theme.spread]).collect();
        for cones in CONES {
            for (index, a) in all.iter().enumerate().take(4) {
                for b in &all[index + 1..] {
                    let (a, b) = (lab(*a, cones), lab(*b, cones));
                    let distance = a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt();
                    assert!(distance > 18.0, "{all:?} {distance}");
                }
            }
        }
    }
}

/// As eyes with all cones, without green, red and blue ones see linear RGB (Machado, Oliveira & Fernandes 2009).
const CONES: [[[f64; 3]; 3]; 4] = [
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
];

/// CIE 1976 L*a*b*.
fn lab(Rgb(r, g, b): Rgb, cones: [[f64; 3]; 3]) -> [f64; 3] {
    let linear = [r, g, b].map(|byte| {
        let c = f64::from(byte) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    });
    let times = |m: [[f64; 3]; 3], v: [f64; 3]| m.map(|row| row.iter().zip(v).map(|(a, b)| a * b).sum::<f64>());
    let seen = times(cones, linear).map(|value| value.clamp(0.0, 1.0));
    let [x, y, z] = times([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]], seen);
    let f = |t: f64| if t > 0.008856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
    let (x, y, z) = (f(x / 0.9505), f(y), f(z / 1.089));
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_plot_panics(
        from in proptest::num::f64::ANY, to in proptest::num::f64::ANY, x in proptest::num::f64::ANY,
        values in proptest::collection::vec(proptest::num::f32::ANY, 0..40), repeat in 0usize..30,
        width in 0u32..900, height in 0u32..500,
    ) {
        let flux = values.repeat(repeat);
        let pinned = [PinnedCurve { label: "a", flux: &flux, color: Theme::DARK.pinned(9) }];
        let spread = spread_of(&[(&flux, &flux)]);
        let mark = [LineMark { label: "Hα".to_owned(), wavelength: 6564.61, main: true }];
        let plot = SpectrumPlot {
            observed: Some((&flux, &flux)), decoded: Some(&flux), band: Some(&flux), spread: Some(&spread),
            pinned: &pinned, lines: &mark, range: Some((from, to)), brush: Some((to, x)),
            unrelated: repeat % 2 == 0, smoothing: repeat,
        };
        let text = svg((width, height), &plot);
        prop_assert!(!text.contains("NaN"));
        plot.reading(x, f64::from(width));
        let shown = shown_range(Some((from, to)));
        prop_assert!(shown.1 - shown.0 > 19.9);
        thumbnail_path(&flux, x, to);
        thumbnail_path(&flux, f64::from(width), f64::from(height));
    }
}

#[test]
fn a_decoded_spectrum_of_another_place_has_no_residual() {
    let (flux, ivar) = (vec![1.0; 1000], vec![4.0; 1000]);
    let plot = SpectrumPlot { observed: Some((&flux, &ivar)), decoded: Some(&flux), ..SpectrumPlot::default() };
    for unrelated in [false, true] {
        let plot = SpectrumPlot { unrelated, ..plot };
        assert_eq!(svg((600, 400), &plot).contains("residual"), !unrelated);
        let reading = plot.reading(300.0, 600.0).expect("a pixel");
        assert_eq!((reading.observed, reading.decoded), (Some(1.0), Some(1.0)));
        assert_eq!(reading.residual.is_none(), unrelated);
    }
}

#[test]
fn smoothing_is_a_mean_weighted_by_ivar_of_unmasked_pixels() {
    let flux: Vec<f32> = (0..12).map(|k| ((k * 37) % 11) as f32 / 10.0).collect();
    let mut ivar: Vec<f32> = (0..12).map(|k| 1.0 + (k % 4) as f32).collect();
    for masked in [4, 5, 9] {
        ivar[masked] = 0.0;
    }
    // numpy.average of the same windows with the same weights.
    let expected: [(usize, [f32; 12]); 3] = [
        (3, [0.266667, 0.533333, 0.4, 0.4, 0.1, 0.2, 0.428571, 0.5, 0.68, 0.775, 0.3, 0.3]),
        (5, [0.533333, 0.36, 0.36, 0.4, 0.34, 0.309091, 0.5, 0.5, 0.554545, 0.458333, 0.3875, 0.3]),
        (
            9,
            [
                0.36, 0.36, 0.323077, 0.388235, 0.422222, 0.447059, 0.494444, 0.342105, 0.406667, 0.406667, 0.406667,
                0.458333,
            ],
        ),
    ];
    for (width, means) in expected {
        for (pixel, (found, expected)) in smoothed(&flux, &ivar, width).into_iter().zip(means).enumerate() {
            assert!((found - expected).abs() < 2e-6, "{width}, pixel {pixel}: {found}, NumPy {expected}");
        }
    }
    assert_eq!(smoothed(&flux, &ivar, 1)[..4], flux[..4]);
    assert_eq!(smoothed(&flux, &[0.0; 12], 5), flux, "where no pixel counts flux is unchanged");
    let mut spiked = flux.clone();
    (spiked[4], spiked[5]) = (f32::NAN, 1e9);
    assert_eq!(smoothed(&spiked, &ivar, 5)[3], smoothed(&flux, &ivar, 5)[3], "masked pixels do not count");
}

#[test]
fn the_plot_smooths_flux_and_not_the_residual() {
    let (flux, ivar, decoded) = toy();
    let plot = SpectrumPlot { observed: Some((&flux, &ivar)), decoded: Some(&decoded), ..SpectrumPlot::default() };
    let smooth = SpectrumPlot { smoothing: 5, ..plot };
    let x = SpectrumPlot::x_at(grid::wavelength(204.0), 720.0, None);
    let (one, other) = (plot.reading(x, 720.0).unwrap(), smooth.reading(x, 720.0).unwrap());
    assert_eq!(one.residual, other.residual);
    assert_eq!(other.observed, Some(smoothed(&flux, &ivar, 5)[204]));
    assert!(smooth.entries(&Theme::LIGHT)[0].label.contains("mean of 5 pixels"));
    assert_eq!(plot.entries(&Theme::LIGHT)[0].label, "observed");
}

#[test]
fn the_residual_axis_fits_the_data_and_not_one_pixel() {
    let decoded = vec![1.0f32; PIXELS];
    let ivar = vec![1.0f32; PIXELS];
    let end = |sigmas: &dyn Fn(usize) -> f32| {
        let flux: Vec<f32> = (0..PIXELS).map(|pixel| 1.0 + sigmas(pixel)).collect();
        let plot = SpectrumPlot { observed: Some((&flux, &ivar)), decoded: Some(&decoded), ..SpectrumPlot::default() };
        let text = svg((720, 400), &plot);
        (plot.frames(720.0, 400.0).residual.unwrap().y.max, text.matches("stroke-width=\"2\"").count())
    };
    // The observed curve is as wide as a mark here.
    assert_eq!(end(&|pixel| (pixel % 5) as f32 - 2.0), (3.0, 1));
    // A pixel of 60 and one of -40 standard errors are marked at the frame's edges.
    let spiked = |pixel: usize| [(300, 60.0), (700, -40.0)].iter().find(|p| p.0 == pixel).map_or(1.0, |p| p.1);
    assert_eq!(end(&spiked), (3.0, 3));
    assert_eq!(end(&|pixel| if pixel < 30 { 42.0 } else { 0.5 }).0, 50.0, "the lines of an AGN");
    assert_eq!(end(&|pixel| if pixel < 30 { 4000.0 } else { 0.5 }).0, 4000.0);
}

#[test]
fn masked_pixels_are_a_strip_on_the_axis() {
    let (flux, ivar, decoded) = toy();
    let plot = SpectrumPlot { observed: Some((&flux, &ivar)), decoded: Some(&decoded), ..SpectrumPlot::default() };
    let text = svg((720, 400), &plot);
    let masked = Theme::LIGHT.masked.css().to_uppercase();
    let strips: Vec<&str> = text.lines().filter(|line| line.contains("<rect") && line.contains(&masked)).collect();
    assert_eq!(strips.len(), 2, "two runs of masked pixels: {strips:?}");
    assert!(strips.iter().all(|strip| strip.contains("height=\"4\"")), "{strips:?}");
}
