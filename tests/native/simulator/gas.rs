//! The simulator's gas: its continuum, thermometers and bursts, and broad-line nuclei, against published numbers.

use spectrascape::simulator::broad::{self, BroadNucleus};
use spectrascape::simulator::draw_gas::{broad_nucleus, liner_ratios, seyfert_ratios, star_forming_gas};
use spectrascape::simulator::history::History;
use spectrascape::simulator::label::above_kewley;
use spectrascape::simulator::lines::{flux_of, narrow_lines};
use spectrascape::simulator::parameters::Object;
use spectrascape::simulator::random::{Purpose, Rng};
use spectrascape::simulator::rest_grid::{PIXELS, mean_over, pixel, wavelengths};
use spectrascape::simulator::{self, draw, nebular, render};
use spectrascape::spectrum::lines::{H_ALPHA, H_BETA, O_III};

/// PyNeb 1.1.x with Ercolano & Storey's (2006) coefficients; tests/fixtures/nebular/make.py.
const PYNEB: &str = include_str!("../../fixtures/nebular/pyneb.csv");

fn random(index: u64) -> Rng {
    Rng::new(11, index, Purpose::Parameters)
}

#[test]
fn nebular_continuum_is_pyneb_s() {
    let mut seen = 0;
    for row in PYNEB.lines().skip(1) {
        let numbers: Vec<f64> = row.split(',').map(|number| number.parse().expect("a number")).collect();
        let [temperature, wavelength, published] = numbers[..] else { panic!("three columns: {row}") };
        let ours = f64::from(nebular::continuum(temperature as f32)[pixel(wavelength).round() as usize]);
        assert!((ours / published - 1.0).abs() < 0.05, "{row}: {ours:.4e}");
        seen += 1;
    }
    assert_eq!(seen, 39);
}

/// At 10,000 K the jump at 3646 Angstrom is 4.4e-3 of H-beta an Angstrom, and all of H-beta's equivalent width over its own
/// continuum is about 1,400 Angstrom (Osterbrock & Ferland 2006, tables 4.4, 4.7 and 4.10 give both within a few per cent).
#[test]
fn pure_gas_has_the_balmer_jump_and_equivalent_width_of_the_books() {
    let continuum = nebular::continuum(1.0);
    let jump = mean_over(&continuum, 3600.0, 3645.0) - mean_over(&continuum, 3680.0, 3720.0);
    assert!((jump / 4.3e-3 - 1.0).abs() < 0.05, "{jump}");
    let equivalent_width = 1.0 / mean_over(&continuum, 4840.0, 4880.0);
    assert!((1300.0..1450.0).contains(&equivalent_width), "{equivalent_width}");
    // The jump shrinks as the gas heats: that is how it serves as a thermometer.
    let hot = nebular::continuum(2.0);
    let ratio = |flux: &[f32]| mean_over(flux, 3600.0, 3645.0) / mean_over(flux, 3680.0, 3720.0);
    assert!(ratio(&continuum) > 1.5 * ratio(&hot));
}

/// A constant rate must ionise as the rate itself says, and a burst of 3 Myr 3.857 Myr's worth: 1 / 3.857e6 a year.
#[test]
fn bursts_ionise_while_they_are_young() {
    let steady = History::Constant { start: 10.0 }.age_distribution();
    assert!((steady.ionising_rate / steady.specific_rate - 1.0).abs() < 0.03, "{}", steady.ionising_rate);
    let burst = |age: f32, duration: f32| {
        History::Burst { start: 10.0, timescale: 1.0, age, duration, fraction: 1.0 }.age_distribution().ionising_rate
    };
    assert!((burst(0.003, 0.003) * 3.857e6 - 1.0).abs() < 0.05, "{}", burst(0.003, 0.003));
    assert!(burst(0.02, 0.003) < 0.01 * burst(0.003, 0.003));
}

/// Osterbrock & Ferland (2006), equation 5.4, by hand: (4960 + 5008) / 4364 = 7.90 e^3.29 = 212 at 10,000 K and
/// 7.90 e^(3.29 / 1.5) = 70.8 at 15,000 K.
#[test]
fn auroral_oxygen_is_a_thermometer() {
    let mut ratios = star_forming_gas(9.0, 80.0, 0.1, false, &mut random(0)).ratios;
    for (temperature, expected) in [(1.0, 212.0), (1.5, 70.8)] {
        ratios.temperature = temperature;
        let lines = narrow_lines(&ratios, 100.0, 0.0);
        let found = (flux_of(&lines, 4960.30) + flux_of(&lines, O_III)) / flux_of(&lines, 4364.44);
        assert!((found / expected - 1.0).abs() < 0.01, "{temperature}: {found}");
    }
    // Storey & Hummer (1995): H-alpha over H-beta falls from 2.86 to 2.79.
    let lines = narrow_lines(&ratios, 100.0, 0.0);
    assert!((flux_of(&lines, H_ALPHA) / flux_of(&lines, H_BETA) - 2.79).abs() < 0.01);
}

/// Heavier galaxies have richer gas; young compact bursts are poorer, hotter and more ionised, and stay below Kewley et al. (2001).
#[test]
fn gas_follows_mass_and_bursts() {
    let mean = |mass: f32, young: bool, of: &dyn Fn(&simulator::lines::LineRatios) -> f32| {
        (0..400).map(|i| of(&star_forming_gas(mass, 80.0, 0.1, young, &mut random(i)).ratios)).sum::<f32>() / 400.0
    };
    assert!(mean(11.0, false, &|r| r.nitrogen) > mean(9.5, false, &|r| r.nitrogen) + 0.2);
    assert!(mean(9.5, false, &|r| r.nitrogen) > mean(8.5, false, &|r| r.nitrogen) + 0.3);
    let ionisation = |r: &simulator::lines::LineRatios| r.oxygen3 - r.oxygen2;
    assert!(mean(8.5, true, &ionisation) > mean(8.5, false, &ionisation) + 0.3);
    assert!(mean(8.5, true, &|r| r.temperature) > 1.25);
    let above = (0..1000)
        .filter(|&i| {
            let ratios = star_forming_gas(9.0, 80.0, 0.1, true, &mut random(i)).ratios;
            above_kewley(ratios.nitrogen, ratios.oxygen3)
        })
        .count();
    assert!(above < 20, "{above} of 1000 young bursts above Kewley's line");
}

/// Kewley et al. (2006), equation 7: Seyferts above log [O III]/H-beta = 1.89 log [S II]/H-alpha + 0.76, LINERs below.
#[test]
fn seyferts_and_liners_part_where_kewley_parts_them() {
    let share = |ratios: &dyn Fn(&mut Rng) -> simulator::lines::LineRatios| {
        (0..1000)
            .filter(|&i| {
                let ratios = ratios(&mut random(i));
                ratios.oxygen3 > 1.89 * ratios.sulfur + 0.76
            })
            .count()
    };
    assert!(share(&seyfert_ratios) > 850, "{} of 1000 Seyferts", share(&seyfert_ratios));
    assert!(share(&liner_ratios) < 150, "{} of 1000 LINERs", share(&liner_ratios));
}

/// Of the whole set: strong starbursts are rare but there, up to the strongest known.
#[test]
fn a_set_holds_strong_starbursts() {
    let (mut strong, mut extreme, mut highest, mut total) = (0, 0, 0.0f32, 0);
    for index in 0..4096 {
        let parameters = draw(&mut Rng::new(5, index, Purpose::Parameters));
        let Object::Galaxy(galaxy) = &parameters.object else { continue };
        total += 1;
        if galaxy.history.burst_fraction() < 0.01 {
            continue;
        }
        let facts = render(&parameters).facts;
        strong += i32::from(facts.halpha_equivalent_width > 200.0);
        extreme += i32::from(facts.halpha_equivalent_width > 600.0);
        highest = highest.max(facts.halpha_equivalent_width);
    }
    let share = |count: i32| f64::from(count) / f64::from(total);
    assert!((0.005..0.03).contains(&share(strong)), "{strong} of {total} over 200 A");
    assert!(extreme >= 8 && (1000.0..3500.0).contains(&highest), "{extreme} of {total} over 600 A, up to {highest}");
}

fn nucleus() -> BroadNucleus {
    BroadNucleus { dust: 0.0, fraction: 0.6, slope: -1.5, ..broad_nucleus(&mut random(3)) }
}

#[test]
fn a_broad_nucleus_has_the_light_and_iron_that_its_dials_say() {
    let host = vec![2.0; PIXELS];
    for index in 0..20 {
        let dials = broad_nucleus(&mut random(index));
        let found = broad::light_fraction(&broad::spectrum(&dials, 2.0), &host);
        assert!((found - dials.fraction).abs() < 2e-3, "{found} {dials:?}");
    }
    // With and without iron: the difference is its equivalent width over the power law at 4560 Angstrom.
    let mut with = nucleus();
    with.width = 1000.0;
    with.halpha_equivalent_width = 0.0;
    with.balmer_continuum = 0.0;
    with.iron.equivalent_width = 50.0;
    let mut without = with;
    without.iron.equivalent_width = 0.0;
    let (with, without) = (broad::spectrum(&with, 1.0), broad::spectrum(&without, 1.0));
    // Both are scaled to the same light at 5100 Angstrom; undo that on a stretch without iron.
    let scale = mean_over(&without, 8000.0, 8200.0) / mean_over(&with, 8000.0, 8200.0);
    let step = 1e-4 * std::f64::consts::LN_10;
    let (from, to) = (pixel(4434.0) as usize, pixel(4684.0) as usize);
    let sum: f64 =
        (from..to).map(|i| f64::from(with[i] * scale - without[i]) * f64::from(wavelengths()[i]) * step).sum();
    let found = sum / f64::from(mean_over(&without, 4555.0, 4565.0));
    assert!((found / 50.0 - 1.0).abs() < 0.06, "{found}");
}

/// SMC dust of E(B-V) = 0.3 leaves 10^(-0.4 x 0.3 x 1.39 x 0.36^-1.2) = 0.270 at 3600 Angstrom and 0.517 at 7000.
#[test]
fn dust_reddens_a_nucleus() {
    let mut dusty = nucleus();
    dusty.dust = 0.3;
    let (dusty, clear) = (broad::spectrum(&dusty, 1.0), broad::spectrum(&nucleus(), 1.0));
    let at = |wavelength: f64| {
        let i = pixel(wavelength).round() as usize;
        f64::from(dusty[i] / clear[i])
    };
    let expected = |micron: f64| 10f64.powf(-0.4 * 0.3 * 1.39 * micron.powf(-1.2));
    assert!((at(3600.0) / at(7000.0) / (expected(0.36) / expected(0.70)) - 1.0).abs() < 2e-3);
}

/// The Milky Way's dust stands at observed wavelengths: the ratio of two observed fluxes falls as Cardelli's curve says.
#[test]
fn foreground_dust_is_at_observed_wavelengths() {
    let mut parameters = (0..)
        .map(|index| draw(&mut Rng::new(5, index, Purpose::Parameters)))
        .find(|parameters| parameters.redshift > 0.1 && parameters.oddity.code() == 0)
        .expect("some galaxy is that far away");
    let rest = render(&parameters).total();
    let mut expose = |foreground: f32| {
        parameters.foreground = foreground;
        simulator::observe::expose(&parameters, &rest, &mut Rng::new(5, 0, Purpose::Noise))
    };
    let (clear, dusty) = (expose(0.0), expose(0.2));
    let at = |wavelength: f64| {
        let i = clear.log_wavelength.partition_point(|&log| log < wavelength.log10());
        f64::from(dusty.noiseless[i] / clear.noiseless[i])
    };
    // k(4400) - k(8000) of `extinction` 0.4.9's ccm89: 4.106016 - 1.852216.
    let expected = 10f64.powf(-0.4 * 0.2 * (4.106_016 - 1.852_216));
    assert!((at(4400.0) / at(8000.0) / expected - 1.0).abs() < 2e-3, "{}", at(4400.0) / at(8000.0));
}
