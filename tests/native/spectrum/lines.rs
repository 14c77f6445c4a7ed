//! The catalogue of lines agrees with itself, and simulated gas emits every line of it.

use spectrascape::simulator::lines::{LineRatios, narrow_lines};
use spectrascape::spectrum::lines::{BALMER, EMISSION, H_ALPHA, H_BETA, LINES};

#[test]
fn labelled_lines_are_in_order_and_the_emitted_ones_at_the_same_wavelengths() {
    assert!(LINES.is_sorted_by(|a, b| a.wavelength < b.wavelength));
    let emitted: Vec<f64> = EMISSION.iter().map(|line| line.wavelength).chain(BALMER.map(|(line, _)| line)).collect();
    for line in LINES.iter().filter(|line| line.label.starts_with('[') || line.label.starts_with('H')) {
        assert!(emitted.contains(&line.wavelength), "{} {}", line.label, line.wavelength);
    }
    let mut distinct = emitted.clone();
    distinct.sort_by(f64::total_cmp);
    distinct.dedup();
    assert_eq!(distinct.len(), emitted.len(), "a line is in the catalogue twice");
}

#[test]
fn gas_emits_every_line_of_the_catalogue() {
    let ratios = LineRatios {
        nitrogen: -0.4,
        oxygen3: 0.1,
        sulfur: -0.5,
        oxygen1: -1.5,
        oxygen2: 0.4,
        neon3: -1.0,
        helium2: -2.0,
        temperature: 1.0,
        density: 1.4,
    };
    let lines = narrow_lines(&ratios, 286.0, 0.0);
    assert_eq!(lines.len(), EMISSION.len() + BALMER.len());
    assert!(lines.iter().all(|line| line.flux > 0.0 && line.flux.is_finite()));
    let flux = |wavelength: f64| lines.iter().find(|line| line.wavelength == wavelength).expect("a line").flux;
    assert_eq!(flux(H_ALPHA), 286.0);
    assert!((flux(H_BETA) - 100.0).abs() < 1e-3);
}
