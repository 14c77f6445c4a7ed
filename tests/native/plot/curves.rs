//! Spectrum and loss curve as SVG snapshots, and the numbers under them.

use plotters_svg::SVGBackend;
use spectrascape::plot::{
    Area, Axis, Chart, LineMark, LossCurve, Mark, Pen, Series, SpectrumPlot, Theme, chi2, residuals,
};
use spectrascape::spectrum::grid;

/// A galaxy as simple as can be: a slope, an H-alpha line, ten masked pixels.
fn toy() -> (Vec<f32>, Vec<f32>, Vec<f32>) {
    let decoded: Vec<f32> = grid::wavelengths()
        .iter()
        .map(|w| (0.6 + w / 12_000.0 + 2.0 * (-0.5 * ((w - 6564.61) / 8.0).powi(2)).exp()) as f32)
        .collect();
    let flux = decoded.iter().enumerate().map(|(i, x)| x + 0.05 * ((i % 7) as f32 - 3.0)).collect();
    let mut ivar = vec![100.0; 1000];
    ivar[400..410].fill(0.0);
    (flux, ivar, decoded)
}

fn svg(size: (u32, u32), draw: impl FnOnce(&mut Pen<'_, SVGBackend<'_>>)) -> String {
    let mut text = String::new();
    {
        let mut backend = SVGBackend::with_string(&mut text, size);
        draw(&mut Pen::new(&mut backend, 1.0));
    }
    text
}

fn snapshot(name: &str, text: &str) {
    insta::with_settings!({ snapshot_path => "../../snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(name, text);
    });
}

#[test]
fn residuals_are_in_sigmas_and_leave_out_masked_pixels() {
    let found = residuals(&[1.0, 2.0, 3.0], &[4.0, 0.0, 1.0], &[0.5, 0.0, 5.0]);
    assert_eq!((found[0], found[2]), (1.0, -2.0));
    assert!(found[1].is_nan());
    assert_eq!(chi2(&[1.0, 2.0, 3.0], &[4.0, 0.0, 1.0], &[0.5, 0.0, 5.0]), Some(2.5));
    assert_eq!(chi2(&[1.0], &[0.0], &[1.0]), None);
}

#[test]
fn a_spectrum_with_all_its_parts() {
    let (flux, ivar, decoded) = toy();
    let mark = |label: &str, wavelength, main| LineMark { label: label.to_owned(), wavelength, main };
    let lines = [
        mark("Hβ", 4862.68, true),
        mark("[O III]", 4960.30, false),
        mark("[O III]", 5008.24, true),
        mark("[N II]", 6549.86, false),
        mark("Hα", 6564.61, true),
        mark("far", 9000.0, true),
    ];
    let plot = SpectrumPlot {
        observed: Some((&flux, &ivar)),
        decoded: Some(&decoded),
        lines: &lines,
        ..SpectrumPlot::default()
    };
    let text = svg((720, 400), |pen| plot.draw(pen, &Theme::LIGHT, 720.0, 400.0).unwrap());
    for word in ["rest-frame vacuum wavelength / Å", "flux / root mean square", "residual / σ", "Hα", "[O III]"] {
        assert!(text.contains(word), "{word}");
    }
    assert!(!text.contains("far"));
    snapshot("spectrum", &text);
}

#[test]
fn a_spectrum_draws_with_any_part_missing_or_not_finite() {
    let (mut flux, ivar, decoded) = toy();
    flux[5] = f32::NAN;
    flux[6] = f32::INFINITY;
    let parts = [
        SpectrumPlot::default(),
        SpectrumPlot { observed: Some((&flux, &ivar)), ..SpectrumPlot::default() },
        SpectrumPlot { decoded: Some(&decoded), ..SpectrumPlot::default() },
        SpectrumPlot { observed: Some((&flux, &[0.0; 1000])), decoded: Some(&decoded), ..SpectrumPlot::default() },
    ];
    for plot in parts {
        let text = svg((390, 300), |pen| plot.draw(pen, &Theme::DARK, 390.0, 300.0).unwrap());
        assert!(text.contains("wavelength"));
        assert!(!text.contains("NaN"));
    }
}

#[test]
fn a_loss_curve_that_spans_decades() {
    let train = [4000.0, 900.0, 420.0, 310.0, 280.0];
    let valid = [1500.0, 600.0, 400.0, 390.0, 400.0];
    let curve = LossCurve { train: &train, valid: &valid, best: Some(4), ..LossCurve::default() };
    let text = svg((480, 220), |pen| curve.draw(pen, &Theme::LIGHT, 480.0, 220.0).unwrap());
    assert!(text.contains("validation") && text.contains("epoch"));
    snapshot("loss_curve", &text);
    assert!(!text.contains("rate / 10") && !text.contains(">end<"));
    let curve = LossCurve { drops: &[3], stopped: true, ..curve };
    let text = svg((480, 220), |pen| curve.draw(pen, &Theme::LIGHT, 480.0, 220.0).unwrap());
    assert!(text.contains("rate / 10") && text.contains("end"), "{text}");
}

#[test]
fn a_loss_curve_before_the_first_epoch_and_after_a_wreck() {
    for losses in [vec![], vec![f64::NAN, f64::INFINITY], vec![-3.0, -2.0], vec![5.0]] {
        let curve = LossCurve {
            train: &losses,
            valid: &losses,
            steps: &[(0.5, 3.0), (0.9, f64::NAN), (1.5, 1e30)],
            best: Some(9),
            drops: &[2, 99],
            stopped: true,
        };
        let text = svg((480, 220), |pen| curve.draw(pen, &Theme::DARK, 480.0, 220.0).unwrap());
        assert!(text.contains("epoch"));
    }
}

#[test]
fn a_chart_draws_every_kind_of_series() {
    let x: Vec<f64> = (0..5).map(f64::from).collect();
    let y = |shift: f64| x.iter().map(|x| x * x / 4.0 + shift).collect::<Vec<f64>>();
    let color = Theme::LIGHT.decoded;
    let line = |name: &str, shift: f64| Series::line(name, x.clone(), y(shift), color);
    let mut chart = Chart::new(Axis::linear(0.0, 4.0), Axis::linear(0.0, 8.0), "epoch", "loss");
    chart.series = vec![
        line("band", 0.0).drawn(Mark::Band(y(0.5))),
        line("line", 1.0),
        line("dashes", 1.5).drawn(Mark::Dashes),
        line("line and dots", 2.0).drawn(Mark::LineAndDots),
        line("dashes and rings", 2.5).drawn(Mark::DashesAndRings),
        Series { spread: vec![0.2; 5], ..line("dots", 3.0).drawn(Mark::Dots) },
    ];
    // A break in a curve is where a value is none.
    chart.series[1].y[2] = f64::NAN;
    chart.rules = vec![7.0];
    chart.marks = vec![3.0];
    chart.x_ticks = vec![0.0, 3.0];
    chart.legend = true;
    let drawn = svg((500, 400), |pen| {
        let area = Area { left: 60.0, top: 30.0, right: 480.0, bottom: 350.0 };
        chart.draw(pen, &Theme::LIGHT, area).unwrap();
    });
    assert!(!drawn.contains("NaN"));
    snapshot("chart", &drawn);
}

#[test]
fn a_chart_s_axis_holds_its_values() {
    let axis = Chart::axis_of([1.0, f64::NAN, 3.0], false);
    assert!(axis.min < 1.0 && axis.max > 3.0 && !axis.log);
    let axis = Chart::axis_of([-1.0, 1.0, 100.0], true);
    assert!(axis.log && axis.min > 0.0 && axis.min < 1.0 && axis.max > 100.0, "{axis:?}");
    assert!(Chart::with_legend_space(axis).max > axis.max * 2.0);
    let empty = Chart::axis_of([], false);
    assert!(empty.min < empty.max);
}
