//! Galaxies made to order: what comes out is what the dials say.

use spectrascape::simulator::parameters::Object;
use spectrascape::simulator::random::Rng;
use spectrascape::simulator::{self, DIALS, GalaxyDials, HISTORY_NAMES, SimulatedSpectrum};
use spectrascape::spectrum::Class;

fn preset(name: &str) -> GalaxyDials {
    GalaxyDials::presets().into_iter().find(|(other, _)| *other == name).expect("a preset of that name").1
}

fn truth(simulated: &SimulatedSpectrum, name: &str) -> f32 {
    simulated.truths.iter().find(|(other, _)| *other == name).expect("a column of that name").1
}

fn make(dials: &GalaxyDials) -> SimulatedSpectrum {
    simulator::observe(dials.parameters(), 1, 0)
}

#[test]
fn every_preset_is_classed_as_its_name_says() {
    let expected = [
        ("Quiescent elliptical", Class::Quiescent),
        ("Star-forming spiral", Class::EmissionLine),
        ("Starburst", Class::EmissionLine),
        ("Post-starburst", Class::Quiescent),
        ("Seyfert 2", Class::NarrowLineAgn),
        ("Broad-line AGN", Class::BroadLineAgn),
    ];
    for ((name, dials), (known, class)) in GalaxyDials::presets().into_iter().zip(expected) {
        assert_eq!(name, known);
        let mut unseen = 0;
        for seed in 0..10 {
            let simulated = simulator::observe(dials.parameters(), seed, 0);
            // Bad pixels may hide a line.
            unseen += usize::from(simulated.class == Class::Unknown);
            assert!([class, Class::Unknown].contains(&simulated.class), "{name}, seed {seed}: {:?}", simulated.class);
            let snr = simulated.observed.median_snr();
            assert!((snr / dials.snr - 1.0).abs() < 0.06, "{name}: signal-to-noise {snr}");
            assert!((simulated.observed.redshift.unwrap() - 0.08).abs() < 4e-4);
        }
        assert!(unseen <= 2, "{name}: {unseen} of 10 unclassified");
    }
}

#[test]
fn truths_are_the_dials() {
    for (name, dials) in GalaxyDials::presets() {
        let simulated = make(&dials);
        let near = |column: &str, wanted: f32, within: f32| {
            let found = truth(&simulated, column);
            assert!((found - wanted).abs() <= within, "{name}: {column} is {found}, not {wanted}");
        };
        near("truth_dust", dials.dust, 0.0);
        near("truth_burst_fraction", dials.burst_fraction, 0.0);
        near("truth_velocity_dispersion", dials.velocity_dispersion, 0.0);
        near("truth_gas_dust", dials.dust / 0.44, 1e-6);
        // Over all light: a nucleus that is half of it at 5100 Angstrom.
        near("truth_agn_fraction", dials.broad_fraction, 0.005);
        // The stars that formed first are 0.175 dex poorer than the last.
        near("truth_metallicity", dials.log_metallicity - 0.09, 0.09);
        near("truth_oddity", 0.0, 0.0);
        if dials.broad_fraction > 0.0 {
            near("truth_line_width", dials.broad_width, 0.0);
        }
        let kind = HISTORY_NAMES[truth(&simulated, "truth_sfh") as usize];
        assert_eq!(kind, if dials.burst_fraction > 0.0 { "burst on old" } else { "exponential" }, "{name}");
    }
    let seyfert = make(&preset("Seyfert 2"));
    assert!(truth(&seyfert, "truth_halpha_ew") > 12.0 && truth(&seyfert, "truth_agn_line_share") > 0.7);
    // A single burst long ago: its mean age is its start less about the timescale, within half a bin of the history's.
    let old = make(&preset("Quiescent elliptical"));
    assert!((truth(&old, "truth_mass_age") - (12.0 - 0.6)).abs() < 0.9, "{}", truth(&old, "truth_mass_age"));
}

/// Line fluxes against Case B behind Cardelli's dust, and equivalent widths against the dial.
#[test]
fn lines_follow_their_dials() {
    let spiral = GalaxyDials { dust: 0.0, ..preset("Star-forming spiral") };
    let decrement = |dials: &GalaxyDials| {
        let facts = simulator::render(&dials.parameters()).facts;
        facts.line_fluxes[0] / facts.line_fluxes[1]
    };
    let Object::Galaxy(galaxy) = spiral.parameters().object else { panic!("no galaxy") };
    let case_b = simulator::lines::decrement(galaxy.gas.ratios.temperature);
    assert!((case_b - 2.9).abs() < 0.05 && (decrement(&spiral) - case_b).abs() < 1e-3);
    // E(B-V) of the gas 0.2: 10^(0.4 * 0.2 * (k(Hb) - k(Ha))) = 10^(0.08 * (3.61 - 2.53)) = 1.22 times Case B (Calzetti 2001).
    let dusty = decrement(&GalaxyDials { dust: 0.088, ..spiral }) / case_b;
    assert!((dusty - 1.22).abs() < 0.015, "{dusty}");

    let width = |dials: &GalaxyDials| simulator::render(&dials.parameters()).facts.halpha_equivalent_width;
    let (usual, strong) = (width(&spiral), width(&GalaxyDials { line_strength: 0.3, ..spiral }));
    assert!((strong / usual - 10f32.powf(0.3)).abs() < 0.1, "{}", strong / usual);
    let plain = preset("Quiescent elliptical");
    let lit = GalaxyDials { nucleus_lines: 10.0, ..plain };
    assert!((width(&lit) - width(&plain) - 10.0).abs() < 0.2, "{}", width(&lit));
    // The two ends of the hardness are the two branches.
    let oxygen = |hardness: f32| {
        let facts = simulator::render(&GalaxyDials { nucleus_hardness: hardness, ..lit }.parameters()).facts;
        (facts.line_fluxes[2] / facts.line_fluxes[1]).log10()
    };
    assert!((oxygen(0.0) - 0.30).abs() < 0.02 && (oxygen(1.0) - 0.85).abs() < 0.02, "{} {}", oxygen(0.0), oxygen(1.0));
}

#[test]
fn dials_turn_and_hold() {
    let mut dials = preset("Starburst");
    for (index, dial) in DIALS.iter().enumerate() {
        let value = dials.get(index).unwrap();
        assert!((dial.min..=dial.max).contains(&value), "{}", dial.key);
        assert!((dial.at(dial.position(value)) - value).abs() < 1e-4 * (dial.max - dial.min), "{}", dial.key);
        assert_eq!((dial.position(dial.min), dial.position(dial.max)), (0.0, 1.0), "{}", dial.key);
        assert!(!dial.label.is_empty() && dial.step > 0.0);
        dials.set(index, f32::NAN);
        assert_eq!(dials.get(index), Some(value));
        dials.set(index, 1e9);
        assert_eq!(dials.get(index), Some(dial.max));
        dials.set(index, value);
        assert_eq!(DIALS.iter().filter(|other| other.key == dial.key).count(), 1, "{}", dial.key);
    }
    assert_eq!(dials, preset("Starburst"));
    assert_eq!(dials.get(DIALS.len()), None);
    let copy = dials;
    dials.set(DIALS.len(), 1.0);
    assert_eq!(dials, copy);
    let json = serde_json::to_value(dials).unwrap();
    assert!(DIALS.iter().all(|dial| json.get(dial.key).is_some()) && json.as_object().unwrap().len() == DIALS.len());
}

/// At the ends of all dials, and where numbers are none: spectra are whole.
#[test]
fn no_dial_breaks_a_spectrum() {
    let plain = preset("Quiescent elliptical");
    let mut all = vec![GalaxyDials { age: f32::NAN, redshift: -3.0, snr: f32::INFINITY, dust: f32::NAN, ..plain }];
    for (index, dial) in DIALS.iter().enumerate() {
        for base in [plain, preset("Broad-line AGN"), preset("Starburst")] {
            for end in [dial.min, dial.max] {
                let mut dials = base;
                dials.set(index, end);
                all.push(dials);
            }
        }
    }
    for bound in [|d: &simulator::Dial| d.min, |d: &simulator::Dial| d.max] {
        let mut dials = plain;
        DIALS.iter().enumerate().for_each(|(index, dial)| dials.set(index, bound(dial)));
        all.push(dials);
    }
    for dials in all {
        let simulated = make(&dials);
        assert!(simulated.observed.flux.iter().chain(&simulated.truth_flux).all(|flux| flux.is_finite()), "{dials:?}");
        assert!(simulated.truths.iter().all(|(_, value)| value.is_finite()), "{dials:?}: {:?}", simulated.truths);
    }
}

/// The seed is noise alone, and no random is in a typical draw.
#[test]
fn the_seed_is_noise_alone() {
    let parameters = preset("Seyfert 2").parameters();
    let (one, two) = (simulator::observe(parameters.clone(), 1, 0), simulator::observe(parameters.clone(), 2, 0));
    assert_ne!(one.observed.flux, two.observed.flux);
    assert_eq!(one.truths, two.truths);
    assert_eq!(one.observed, simulator::observe(parameters, 1, 0).observed);
    let mut typical = Rng::typical();
    assert_eq!((typical.unit(), typical.normal(), typical.between(1.0, 3.0)), (0.5, 0.0, 2.0));
    assert!((typical.log_between(1.0, 100.0) - 10.0).abs() < 1e-5);
}
