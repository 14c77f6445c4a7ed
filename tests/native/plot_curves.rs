//! Spectrum and loss curve as SVG snapshots, and the numbers under them.

use plotters_svg::SVGBackend;
use spectrascape::plot::{LineMark, LossCurve, Pen, SpectrumPlot, Theme, chi2, residuals};
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
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false }, {
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
    let plot = SpectrumPlot { observed: Some((&flux, &ivar)), decoded: Some(&decoded), lines: &lines };
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
        SpectrumPlot { observed: Some((&flux, &[0.0; 1000])), decoded: Some(&decoded), lines: &[] },
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
    let curve = LossCurve { train: &train, valid: &valid, best: Some(4) };
    let text = svg((480, 220), |pen| curve.draw(pen, &Theme::LIGHT, 480.0, 220.0).unwrap());
    assert!(text.contains("validation") && text.contains("epoch"));
    snapshot("loss_curve", &text);
}

#[test]
fn a_loss_curve_before_the_first_epoch_and_after_a_wreck() {
    for losses in [vec![], vec![f64::NAN, f64::INFINITY], vec![-3.0, -2.0], vec![5.0]] {
        let curve = LossCurve { train: &losses, valid: &losses, best: Some(9) };
        let text = svg((480, 220), |pen| curve.draw(pen, &Theme::DARK, 480.0, 220.0).unwrap());
        assert!(text.contains("epoch"));
    }
}
