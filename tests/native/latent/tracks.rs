//! Tracks, sweeps, percentiles and residuals against NumPy.

use spectrascape::latent::{
    LatentAxes, LatentError, Residual, ResidualBins, ResidualHistogram, TRACKS, along_line, sweeps,
};
use spectrascape::numerics::statistics::{percentile, rank, sorted};

fn floats(value: &serde_json::Value) -> Vec<f32> {
    let rows = value.as_array().unwrap().iter();
    rows.flat_map(|row| row.as_array().unwrap()).map(|value| value.as_f64().unwrap() as f32).collect()
}

fn near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{found} is not {expected}");
}

#[test]
fn the_four_tracks_and_the_sweeps_by_numpy() {
    let fixture: serde_json::Value = serde_json::from_str(include_str!("../../fixtures/latent/tracks.json")).unwrap();
    let latents = floats(&fixture["latents"]);
    let classes: Vec<i32> =
        fixture["classes"].as_array().unwrap().iter().map(|class| class.as_i64().unwrap() as i32).collect();
    let axes = LatentAxes::fit(&latents, 6);
    let mut empty = 0;
    for rule in &TRACKS {
        let track = rule.follow(&axes, &latents, &classes).unwrap();
        let expected = fixture["tracks"][rule.name].as_array().unwrap();
        assert_eq!(expected.len(), rule.percentiles.len() - 1);
        let filled: Vec<_> = expected.iter().filter(|bin| !bin["centroid"].is_null()).collect();
        assert_eq!(track.bins.len(), filled.len(), "track {}", rule.name);
        assert_eq!(track.left_out.len(), expected.len() - filled.len());
        empty += track.left_out.len();
        for (bin, expected) in track.bins.iter().zip(filled) {
            near(bin.from, expected["edges"][0].as_f64().unwrap(), 1e-5);
            near(bin.to, expected["edges"][1].as_f64().unwrap(), 1e-5);
            let rows: Vec<usize> =
                expected["rows"].as_array().unwrap().iter().map(|row| row.as_u64().unwrap() as usize).collect();
            assert_eq!(bin.rows, rows, "track {}", rule.name);
            assert_eq!(bin.members, rows.len());
            for (found, expected) in bin.centroid.iter().zip(expected["centroid"].as_array().unwrap()) {
                near(f64::from(*found), expected.as_f64().unwrap(), 1e-5);
            }
        }
    }
    assert!(empty > 0, "no bin was empty, so leaving one out is not tested");

    let sweeps = sweeps(&axes, &latents).unwrap();
    assert_eq!(sweeps.len(), 6);
    for (axis, (sweep, expected)) in sweeps.iter().zip(fixture["sweeps"].as_array().unwrap()).enumerate() {
        assert_eq!(sweep.axis, axis + 1);
        assert_eq!(
            sweep.points.iter().map(|p| p.label.as_str()).collect::<Vec<_>>(),
            ["1 %", "16 %", "mean", "84 %", "99 %"]
        );
        for (point, expected) in sweep.points.iter().zip(expected.as_array().unwrap()) {
            for (found, expected) in point.latent.iter().zip(expected.as_array().unwrap()) {
                near(f64::from(*found), expected.as_f64().unwrap(), 2e-5);
            }
        }
    }
}

#[test]
fn tracks_that_a_model_cannot_follow_are_refused() {
    let latents: Vec<f32> = (0..40).map(|i| ((i * 7) % 11) as f32).collect();
    let axes = LatentAxes::fit(&latents, 2);
    let followed: Vec<_> = TRACKS.iter().map(|rule| rule.follow(&axes, &latents, &[0; 20])).collect();
    assert!(followed[0].is_ok() && followed[2].is_ok());
    for (track, axis) in [(1, 3), (3, 5)] {
        let error = followed[track].as_ref().unwrap_err();
        assert!(matches!(error, LatentError::NoSuchAxis { axis: found, dims: 2, .. } if *found == axis), "{error}");
    }
    assert!(matches!(TRACKS[0].follow(&axes, &latents, &[0; 19]), Err(LatentError::Shape { .. })));
    assert!(matches!(TRACKS[0].follow(&axes, &latents, &[3; 20]), Err(LatentError::TooFew { .. })));
    assert!(matches!(TRACKS[0].follow(&LatentAxes::fit(&[], 2), &[], &[]), Err(LatentError::TooFew { .. })));
    assert!(matches!(sweeps(&axes, &[]), Err(LatentError::TooFew { .. })));
    assert!(matches!(sweeps(&axes, &[1.0]), Err(LatentError::Shape { .. })));
    let dirty: Vec<f32> = latents.iter().copied().chain([f32::NAN, 0.0]).collect();
    let clean = TRACKS[0].follow(&axes, &latents, &[0; 20]).unwrap();
    assert_eq!(TRACKS[0].follow(&axes, &dirty, &[0; 21]).unwrap(), clean);
}

/// An L of legs 3 and 1 in five points: the fourth is on its corner.
#[test]
fn a_drawn_track_by_hand() {
    let axes = LatentAxes {
        dims: 3,
        mean: vec![10.0, 20.0, 30.0],
        components: vec![1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0],
        variance: vec![3.0, 2.0, 1.0],
    };
    let corners = [[0.0, 0.0], [3.0, 0.0], [3.0, 0.0], [f64::NAN, 1.0], [3.0, 1.0]];
    let points = along_line(&axes, (3, 1), &corners, 5).unwrap();
    let expected = [[10.0, 20.0, 30.0], [10.0, 20.0, 31.0], [10.0, 20.0, 32.0], [10.0, 20.0, 33.0], [11.0, 20.0, 33.0]];
    for (found, expected) in points.iter().zip(expected.as_flattened()) {
        near(f64::from(*found), *expected, 1e-5);
    }
    assert_eq!(along_line(&axes, (1, 2), &[[1.0, 2.0]], 2).unwrap(), [11.0, 22.0, 30.0, 11.0, 22.0, 30.0]);
    assert!(along_line(&axes, (1, 4), &corners, 5).is_err());
    assert!(along_line(&axes, (0, 1), &corners, 5).is_err());
    assert!(along_line(&axes, (1, 1), &corners, 5).is_err());
    assert!(along_line(&axes, (1, 2), &[], 5).is_err());
}

/// numpy.percentile of the same seven values; ranks by hand.
#[test]
fn percentiles_by_numpy() {
    let values = sorted([4.0, -1.0, f64::NAN, 2.5, 2.5, 10.0, 0.25, 3.0]);
    assert_eq!(values, [-1.0, 0.25, 2.5, 2.5, 3.0, 4.0, 10.0]);
    for (percent, expected) in [
        (0.0, -1.0),
        (1.0, -0.925),
        (16.0, 0.2),
        (50.0, 2.5),
        (84.0, 4.24),
        (99.75, 9.91),
        (100.0, 10.0),
        (120.0, 10.0),
    ] {
        near(percentile(&values, percent), expected, 1e-12);
    }
    assert!(percentile(&[], 50.0).is_nan() && rank(&[], 1.0).is_nan());
    for (value, expected) in
        [(-5.0, 0.0), (-1.0, 0.0), (2.5, 100.0 * 2.5 / 6.0), (7.0, 100.0 * 5.5 / 6.0), (11.0, 100.0)]
    {
        near(rank(&values, value), expected, 1e-12);
    }
}

#[test]
fn residuals_by_numpy() {
    let fixture: serde_json::Value =
        serde_json::from_str(include_str!("../../fixtures/latent/residuals.json")).unwrap();
    let cell = |make: &dyn Fn(usize, usize) -> f64| -> Vec<f32> {
        (0..40_000).map(|i| make(i / 1000, i % 1000) as f32).collect()
    };
    let flux = cell(&|row, pixel| 1.0 + ((row * 37 + pixel * 11) % 101) as f64 / 101.0);
    let model = cell(&|row, pixel| 1.0 + ((row * 53 + pixel * 29) % 97) as f64 / 97.0);
    let ivar = cell(&|row, pixel| if (row + pixel) % 13 == 0 { 0.0 } else { 4.0 * (1 + row % 3) as f64 });
    let bins = ResidualBins { residual: Residual::Sigma, wavelength_bins: 8, residual_bins: 20, low: -2.0, high: 2.0 };
    let mut histogram = ResidualHistogram::new(bins).unwrap();
    for batch in 0..4 {
        let rows = batch * 10_000..(batch + 1) * 10_000;
        histogram.add(&flux[rows.clone()], &ivar[rows.clone()], &model[rows]).unwrap();
    }
    let counts = histogram.counts();
    for (bin, expected) in fixture["counts"].as_array().unwrap().iter().enumerate() {
        for (column, expected) in expected.as_array().unwrap().iter().enumerate() {
            // A residual on an edge may fall to either side by rounding.
            near(counts[bin * 20 + column] as f64, expected.as_f64().unwrap(), 2.0);
        }
    }
    for (bin, summary) in histogram.summary().iter().enumerate() {
        let [below, above, pixels] = [0, 1, 2].map(|i| fixture["outside"][bin][i].as_f64().unwrap());
        near(summary.below, below, 1e-3);
        near(summary.above, above, 1e-3);
        assert_eq!(summary.pixels as f64, pixels);
        for (found, i) in [(summary.p16, 0), (summary.median, 1), (summary.p84, 2)] {
            // A sixteenth of a bin of 0.2, and what discreteness adds.
            near(found, fixture["percentiles"][bin][i].as_f64().unwrap().clamp(-2.0, 2.0), 0.02);
        }
    }
    near(histogram.summary()[0].from, 3388.44, 0.01);
    near(histogram.summary()[7].to, 8310.17, 0.01);
    assert_eq!(histogram.residual_edges().len(), 21);
}

#[test]
fn residuals_of_nothing() {
    let mut histogram = ResidualHistogram::new(ResidualBins::in_flux()).unwrap();
    histogram.add(&[], &[], &[]).unwrap();
    histogram.add(&[f32::NAN; 1000], &[1.0; 1000], &[0.0; 1000]).unwrap();
    histogram.add(&[1.0; 1000], &[0.0; 1000], &[0.0; 1000]).unwrap();
    assert_eq!(histogram.counts().iter().sum::<u64>(), 0);
    assert!(histogram.summary().iter().all(|bin| bin.pixels == 0 && bin.median.is_nan() && bin.below == 0.0));
    assert!(histogram.add(&[1.0; 1000], &[1.0; 999], &[0.0; 1000]).is_err());
    assert!(histogram.add(&[1.0; 10], &[1.0; 10], &[0.0; 10]).is_err());
    // Just at the upper edge is inside, as in NumPy.
    histogram.add(&[0.5; 1000], &[1.0; 1000], &[0.0; 1000]).unwrap();
    assert_eq!(histogram.counts().iter().sum::<u64>(), 1000);
    for bins in [
        ResidualBins { wavelength_bins: 0, ..ResidualBins::in_sigma() },
        ResidualBins { wavelength_bins: 1001, ..ResidualBins::in_sigma() },
        ResidualBins { residual_bins: 0, ..ResidualBins::in_sigma() },
        ResidualBins { low: 1.0, high: 1.0, ..ResidualBins::in_sigma() },
        ResidualBins { low: f64::NAN, ..ResidualBins::in_sigma() },
    ] {
        assert!(ResidualHistogram::new(bins).is_err());
    }
}
