//! Reasons on simulated spectra whose oddity is known, each kind alone.

use spectrascape::latent::{Evidence, ReasonKind, plain_reason, reasons};
use spectrascape::simulator::oddity::Oddity;
use spectrascape::simulator::random::{Purpose, Rng};
use spectrascape::simulator::{self, Parameters, SimulatedSpectrum, star};

use crate::latent::linear_decoder::model;

const SEED: u64 = 21;

/// What is found in a spectrum; its redshift may be stated wrongly.
fn found_in(spectrum: &SimulatedSpectrum) -> Vec<ReasonKind> {
    let prepared = model().prepare(&spectrum.observed);
    let reconstruction = model().reconstruct(&prepared.flux);
    let evidence = Evidence {
        flux: &prepared.flux,
        ivar: &prepared.ivar,
        reconstruction: &reconstruction,
        redshift: spectrum.observed.redshift.unwrap(),
        median_snr: f64::from(spectrum.observed.median_snr()),
        stars: star::templates(),
        reconstruct: Some(&|flux: &[f32]| model().reconstruct(flux)),
    };
    let found = reasons(&evidence);
    assert_eq!(plain_reason(&evidence).is_none(), found.is_empty());
    assert!(found.iter().all(|reason| reason.strength >= 1.0 && !reason.text.is_empty()));
    let causes: Vec<_> = found.iter().filter(|reason| reason.kind != ReasonKind::BadReconstruction).collect();
    assert!(causes.is_sorted_by(|a, b| a.strength >= b.strength));
    found.into_iter().map(|reason| reason.kind).collect()
}

/// How many of 10 spectra, with dials turned by `make` (none: not one to look at), have a reason.
fn count(kind: ReasonKind, make: impl Fn(Parameters, u64) -> Option<Parameters>) -> usize {
    let spectra = (0..20_000).filter_map(|index| {
        let parameters = simulator::draw(&mut Rng::new(SEED, index, Purpose::Parameters));
        Some(simulator::observe(make(parameters, index)?, SEED, index))
    });
    spectra.take(10).filter(|spectrum| found_in(spectrum).contains(&kind)).count()
}

fn ordinary(parameters: &Parameters) -> bool {
    parameters.oddity == Oddity::None && parameters.median_snr > 8.0
}

/// A galaxy, odd in one way.
fn odd(oddity: impl Fn(u64) -> Oddity) -> impl Fn(Parameters, u64) -> Option<Parameters> {
    move |parameters, index| ordinary(&parameters).then(|| Parameters { oddity: oddity(index), ..parameters })
}

#[test]
fn low_signal_and_missing_data_are_always_found() {
    let faint = |parameters: Parameters, _| {
        ordinary(&parameters).then_some(Parameters { median_snr: 2.0, oddity: Oddity::LowSignal, ..parameters })
    };
    assert_eq!(count(ReasonKind::LowSignal, faint), 10);
    let gap = odd(|index| {
        let from = 4200.0 + 150.0 * (index % 20) as f64;
        Oddity::MissingRange { from, to: from * 1.05 }
    });
    assert_eq!(count(ReasonKind::MissingData, gap), 10);
}

#[test]
fn stars_are_always_found() {
    let star =
        |wanted: Oddity| move |parameters: Parameters, _: u64| (parameters.oddity == wanted).then_some(parameters);
    assert_eq!(count(ReasonKind::Star, star(Oddity::MStar)), 10);
    assert_eq!(count(ReasonKind::Star, star(Oddity::AFStar)), 10);
}

/// What the page says of a star, the command line and the report say too: all three ask for these.
#[test]
fn the_templates_are_the_simulators_stars() {
    let templates = star::templates();
    assert_eq!(templates.len(), star::EXAMPLES.len());
    for (template, (name, star)) in templates.iter().zip(&star::EXAMPLES) {
        assert_eq!((template.name.as_str(), &template.flux), (*name, &simulator::on_paper_grid(&star::spectrum(star))));
        assert!(template.flux.len() == 1000 && template.flux.iter().all(|flux| flux.is_finite() && *flux > 0.0));
    }
    let flat = vec![1.0; 1000];
    let told = |flux: &[f32]| {
        let evidence = Evidence {
            flux,
            ivar: &vec![100.0; 1000],
            reconstruction: &flat,
            redshift: 0.0,
            median_snr: 30.0,
            stars: templates,
            reconstruct: None,
        };
        plain_reason(&evidence).unwrap()
    };
    for template in templates {
        let told = told(&template.flux);
        assert!(told.contains(&format!("like {}", template.name)), "{told}");
    }
}

/// An M star that was put to rest as a galaxy at redshift 0.1: its bands give it away.
#[test]
fn a_star_with_a_wrong_redshift_is_found() {
    let mut found = 0;
    let stars = (0..).map(|index| (index, simulator::draw(&mut Rng::new(SEED, index, Purpose::Parameters))));
    for (index, parameters) in stars.filter(|(_, p)| p.oddity == Oddity::MStar).take(5) {
        let mut spectrum = simulator::observe(parameters, SEED, index);
        spectrum.observed.class = spectrascape::spectrum::Class::Unknown;
        spectrum.observed.redshift = Some(0.1);
        found += usize::from(found_in(&spectrum).contains(&ReasonKind::Star));
    }
    assert!(found >= 4, "{found} of 5");
}

#[test]
fn strong_calibration_breaks_are_mostly_found() {
    let brk = odd(|index| Oddity::CalibrationBreak { factor: if index % 2 == 0 { 1.4 } else { 0.72 } });
    let found = count(ReasonKind::CalibrationBreak, brk);
    assert!(found >= 8, "{found} of 10");
}

/// A reason for an ordinary galaxy is wrong, except that a model of ten components fails on some lines.
#[test]
fn ordinary_spectra_have_no_reason() {
    let parameters = (0..).map(|index| (index, simulator::draw(&mut Rng::new(SEED, index, Purpose::Parameters))));
    let found: Vec<ReasonKind> = parameters
        .filter(|(_, parameters)| ordinary(parameters))
        .take(30)
        .flat_map(|(index, parameters)| found_in(&simulator::observe(parameters, SEED, index)))
        .collect();
    let count = |kind: ReasonKind| found.iter().filter(|&&found| found == kind).count();
    for kind in [ReasonKind::LowSignal, ReasonKind::MissingData, ReasonKind::Star, ReasonKind::CalibrationBreak] {
        assert_eq!(count(kind), 0, "{kind:?}");
    }
    for kind in [ReasonKind::BroadLines, ReasonKind::StrongLines, ReasonKind::BadReconstruction] {
        assert!(count(kind) <= 2, "{kind:?}");
    }
}

/// A line of 40 Angstrom that the reconstruction lacks, on a flat spectrum; and one of 4000 km/s.
#[test]
fn lines_by_hand() {
    let wavelengths = spectrascape::spectrum::grid::wavelengths();
    let flat = vec![1f32; 1000];
    let ivar = vec![900f32; 1000];
    let line = |equivalent_width: f64, sigma: f64| -> Vec<f32> {
        let peak = equivalent_width / (sigma * (2.0 * std::f64::consts::PI).sqrt());
        wavelengths.iter().map(|w| (1.0 + peak * (-0.5 * ((w - 6564.61) / sigma).powi(2)).exp()) as f32).collect()
    };
    let look = |flux: &[f32]| {
        let evidence = Evidence {
            flux,
            ivar: &ivar,
            reconstruction: &flat,
            redshift: 0.1,
            median_snr: 30.0,
            stars: &[],
            reconstruct: None,
        };
        reasons(&evidence)
    };
    assert!(look(&flat).is_empty());
    let narrow = look(&line(40.0, 4.0));
    assert_eq!(narrow[0].kind, ReasonKind::StrongLines);
    assert!(narrow[0].text.contains("Hα") && narrow[0].text.contains(" 40 Å"), "{}", narrow[0].text);
    assert!(narrow.iter().all(|reason| reason.kind != ReasonKind::BroadLines));
    let broad = look(&line(100.0, 6564.61 * 4000.0 / 299_792.458 / 2.3548));
    assert!(broad.iter().any(|reason| reason.kind == ReasonKind::BroadLines), "{broad:?}");
}

#[test]
fn nothing_to_go_by_has_no_reason() {
    let evidence = Evidence {
        flux: &[],
        ivar: &[],
        reconstruction: &[],
        redshift: 0.1,
        median_snr: 30.0,
        stars: star::templates(),
        reconstruct: None,
    };
    assert_eq!(plain_reason(&evidence), None);
    let (nan, none) = ([f32::NAN; 1000], [0f32; 1000]);
    let evidence = Evidence {
        flux: &nan,
        ivar: &nan,
        reconstruction: &nan,
        redshift: f64::NAN,
        median_snr: f64::NAN,
        stars: star::templates(),
        reconstruct: None,
    };
    reasons(&evidence);
    let evidence = Evidence {
        flux: &none,
        ivar: &none,
        reconstruction: &none,
        redshift: 0.1,
        median_snr: 0.0,
        stars: star::templates(),
        reconstruct: None,
    };
    let kinds: Vec<_> = reasons(&evidence).into_iter().map(|reason| reason.kind).collect();
    assert_eq!(kinds, [ReasonKind::LowSignal, ReasonKind::MissingData]);
}

/// A model that follows half of any step at the joint, as a VAE that has seen breaks does.
fn follower(flux: &[f32], joint: usize) -> Vec<f32> {
    let level = |part: &[f32]| part.iter().map(|&value| f64::from(value)).sum::<f64>() / part.len() as f64;
    let (blue, red) = (level(&flux[joint - 60..joint]), level(&flux[joint..joint + 60]));
    let half = (red / blue).sqrt().sqrt() as f32;
    (0..1000).map(|i| if i < joint { 1.0 / half } else { half }).collect()
}

#[test]
fn the_size_of_a_break_is_measured_on_the_flux_although_the_model_follows_it() {
    let joint = ((6000f64 / 1.1).log10() - 3.53) / 0.00039;
    let joint = joint.round() as usize;
    for (factor, per_cent, said) in [(1.51, 51.0, "brighter"), (0.67, 33.0, "fainter")] {
        let flux: Vec<f32> = (0..1000).map(|i| if i < joint { 1.0 } else { factor }).collect();
        let ivar = vec![400f32; 1000];
        let reconstruct = |flux: &[f32]| follower(flux, joint);
        let reconstruction = reconstruct(&flux);
        let evidence = |with: bool| Evidence {
            flux: &flux,
            ivar: &ivar,
            reconstruction: &reconstruction,
            redshift: 0.1,
            median_snr: 20.0,
            stars: &[],
            reconstruct: if with { Some(&reconstruct) } else { None },
        };
        let size = |with: bool| {
            let text = plain_reason(&evidence(with)).expect("it is broken");
            assert!(text.contains(said), "{text}");
            let size = text.split("the red side is ").nth(1).and_then(|rest| rest.split(' ').next());
            size.and_then(|size| size.parse::<f64>().ok()).expect("a number of per cent")
        };
        assert!((size(true) - per_cent).abs() <= 2.0, "{}", size(true));
        assert!((size(false) - per_cent).abs() > 10.0, "the model hides half of it: {}", size(false));
    }
}

#[test]
fn dust_and_hard_radiation_are_read_from_line_ratios() {
    let wavelengths = spectrascape::spectrum::grid::wavelengths();
    // Equivalent widths over a flat continuum; a line of 1 Angstrom of stars is filled in.
    let look = |h_alpha: f64, h_beta: f64, o_iii: f64| {
        let line = |at: f64, width: f64, w: f64| width / (2.5 * 2.5066) * (-0.5 * ((w - at) / 2.5).powi(2)).exp();
        let flux: Vec<f32> = wavelengths
            .iter()
            .map(|&w| (1.0 + line(6564.61, h_alpha, w) + line(4862.68, h_beta, w) + line(5008.24, o_iii, w)) as f32)
            .collect();
        let ivar = vec![2500f32; 1000];
        let evidence = Evidence {
            flux: &flux,
            ivar: &ivar,
            reconstruction: &flux,
            redshift: 0.1,
            median_snr: 50.0,
            stars: &[],
            reconstruct: None,
        };
        reasons(&evidence).into_iter().map(|reason| (reason.kind, reason.text)).collect::<Vec<_>>()
    };
    assert!(look(30.0, 9.0, 20.0).is_empty());
    let dusty = look(39.0, 4.0, 3.0);
    assert_eq!(dusty[0].0, ReasonKind::BalmerDecrement);
    // (39 + 1) / (4 + 1), within what pixels of 4 and 6 Angstrom allow.
    let ratio = dusty[0].1.split("Hα/Hβ is ").nth(1).and_then(|rest| rest.split(',').next());
    let ratio: f64 = ratio.and_then(|ratio| ratio.parse().ok()).expect("a number");
    assert!((6.5..9.5).contains(&ratio), "{ratio}");
    let hard = look(20.0, 4.0, 60.0);
    assert_eq!(hard[0].0, ReasonKind::HighIonisation);
    assert!(look(39.0, 2.0, 60.0).is_empty(), "H-beta is too weak for a ratio");
}
