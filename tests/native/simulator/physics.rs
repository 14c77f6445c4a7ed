//! The simulator's parts against published numbers.

use spectrascape::simulator::broaden::broaden;
use spectrascape::simulator::colours::colours;
use spectrascape::simulator::draw_gas::sequence;
use spectrascape::simulator::dust::{calzetti, cardelli, line_transmission, sodium_equivalent_width};
use spectrascape::simulator::history::History;
use spectrascape::simulator::label::above_kewley;
use spectrascape::simulator::lines::{Line, LineRatios, add_line, flux_of, narrow_lines};
use spectrascape::simulator::parameters::{Object, Parameters};
use spectrascape::simulator::random::{Purpose, Rng};
use spectrascape::simulator::rest_grid::{self, PIXELS, pixel, pixel_width, wavelength};
use spectrascape::simulator::{draw, render, ssp};
use spectrascape::spectrum::grid;
use spectrascape::spectrum::lines::{H_ALPHA, H_BETA};

fn galaxies(count: u64) -> impl Iterator<Item = Parameters> {
    (0..count)
        .map(|index| draw(&mut Rng::new(3, index, Purpose::Parameters)))
        .filter(|parameters| matches!(parameters.object, Object::Galaxy(_)))
}

fn integral(flux: &[f32], from: f64, to: f64) -> f64 {
    (pixel(from) as usize..pixel(to) as usize).map(|i| f64::from(flux[i]) * pixel_width(wavelength(i as f64))).sum()
}

/// Calzetti et al. (2000), equation 4, by hand: k(5500 A) = 2.659 (-2.156 + 1.509/0.55 - 0.198/0.3025 + 0.011/0.166375) + 4.05,
/// k(6563 A) = 2.659 (-1.857 + 1.040/0.6563) + 4.05.
#[test]
fn starlight_dust_is_calzetti_s() {
    assert!((calzetti(5500.0) - 4.0481).abs() < 2e-3, "{}", calzetti(5500.0));
    assert!((calzetti(6563.0) - 3.3258).abs() < 2e-3, "{}", calzetti(6563.0));
    // The two branches meet at 6300 Angstrom to within the authors' rounding.
    assert!((calzetti(6299.99) - calzetti(6300.01)).abs() < 0.06);
}

/// Against `ccm89` of the Python package `extinction` 0.4.9 at A_V = R_V = 3.1.
#[test]
fn gas_dust_is_cardelli_s() {
    for (wavelength, published) in [
        (3728.0, 4.770_693),
        (4400.0, 4.106_016),
        (4862.68, 3.607_586),
        (5494.5, 3.100_004),
        (6564.61, 2.534_245),
        (8000.0, 1.852_216),
    ] {
        assert!((cardelli(wavelength) - published).abs() < 2e-6, "{wavelength}: {}", cardelli(wavelength));
    }
}

#[test]
fn balmer_decrement_is_case_b_without_dust_and_grows_with_it() {
    let Some(Object::Galaxy(galaxy)) = galaxies(1).map(|parameters| parameters.object).next() else {
        panic!("the first object is a galaxy");
    };
    let ratios = LineRatios { temperature: 1.0, ..galaxy.gas.ratios };
    let clear = narrow_lines(&ratios, 100.0, 0.0);
    let ratio = flux_of(&clear, H_ALPHA) / flux_of(&clear, H_BETA);
    assert!((ratio - 2.86).abs() < 1e-3, "{ratio}");
    // E(B-V) = log10(ratio / 2.86) / (0.4 (k(H-beta) - k(H-alpha))): Osterbrock's way back to the dust.
    let dusty = narrow_lines(&ratios, 100.0, 0.3);
    let ratio = f64::from(flux_of(&dusty, H_ALPHA) / flux_of(&dusty, H_BETA));
    let back = (ratio / 2.86).log10() / (0.4 * (cardelli(H_BETA) - cardelli(H_ALPHA)));
    assert!((back - 0.3).abs() < 1e-3, "{back}");
    assert_eq!(line_transmission(H_ALPHA, 0.0), 1.0);
}

#[test]
fn a_line_s_integral_is_its_flux_at_every_width() {
    for dispersion in [0.0, 50.0, 250.0, 2000.0] {
        let mut spectrum = vec![0.0; PIXELS];
        add_line(&mut spectrum, Line { wavelength: H_BETA, flux: 7.0 }, dispersion, 30.0);
        let found = integral(&spectrum, 4500.0, 5300.0);
        assert!((found - 7.0).abs() < 0.03, "{dispersion} km/s: {found}");
    }
}

/// Equivalent width of H-alpha, integrated in the rendered spectrum, against the truth column.
#[test]
fn equivalent_width_by_integration_is_the_truth() {
    let mut seen = 0;
    for parameters in galaxies(200) {
        let Object::Galaxy(galaxy) = &parameters.object else { continue };
        let rendered = render(&parameters);
        let truth = f64::from(rendered.facts.halpha_equivalent_width);
        // Narrow enough that [N II] can be set apart: its flux is known.
        let wide = galaxy.narrow.is_some_and(|narrow| narrow.dispersion > 200.0 || narrow.outflow.is_some())
            || galaxy.gas.dispersion > 200.0;
        if truth < 1.0 || wide {
            continue;
        }
        let blend = integral(&rendered.narrow, 6525.0, 6610.0);
        let nitrogen = f64::from(rendered.facts.line_fluxes[3]) * (1.0 + 1.0 / 3.05);
        let continuum: Vec<f32> = rendered.total().iter().zip(&rendered.narrow).map(|(all, line)| all - line).collect();
        let found = (blend - nitrogen) / f64::from(rest_grid::mean_over(&continuum, 6480.0, 6640.0));
        assert!((found / truth - 1.0).abs() < 0.03, "integral {found}, truth {truth}");
        seen += 1;
    }
    assert!(seen > 40, "only {seen} galaxies with H-alpha");
}

/// Baldwin, Phillips & Terlevich's plane: star-forming gas lies below Kauffmann et al. (2003), on average, and below Kewley et
/// al. (2001) always but for scatter; nuclei lie above.
#[test]
fn gas_lies_where_it_should_on_the_bpt_plane() {
    let kauffmann = |nitrogen: f32| 0.61 / (nitrogen - 0.05) + 1.3;
    for nitrogen in [-1.4, -1.0, -0.7, -0.5, -0.4] {
        assert!(sequence(nitrogen) < kauffmann(nitrogen), "{nitrogen}");
    }
    let (mut forming, mut stray, mut lit, mut low) = (0, 0, 0, 0);
    for parameters in galaxies(800) {
        let Object::Galaxy(galaxy) = &parameters.object else { continue };
        let gas = galaxy.gas.ratios;
        forming += 1;
        stray += i32::from(above_kewley(gas.nitrogen, gas.oxygen3));
        if let Some(narrow) = &galaxy.narrow {
            lit += 1;
            low += i32::from(!above_kewley(narrow.ratios.nitrogen, narrow.ratios.oxygen3));
        }
    }
    assert!(stray * 50 < forming, "{stray} of {forming} star-forming above Kewley's line");
    assert!(lit > 100 && low * 4 < lit, "{low} of {lit} nuclei below Kewley's line");
    assert!(above_kewley(0.0, 0.8) && above_kewley(0.5, -1.0) && !above_kewley(-0.5, 0.0));
}

#[test]
fn doppler_broadening_keeps_flux_and_adds_in_quadrature() {
    let mut spectrum = vec![0.0; PIXELS];
    add_line(&mut spectrum, Line { wavelength: 6000.0, flux: 1.0 }, 100.0, 0.0);
    let wide = broaden(&spectrum, 200.0);
    let width = |flux: &[f32]| {
        let total: f64 = flux.iter().map(|&value| f64::from(value)).sum();
        let mean = flux.iter().enumerate().map(|(i, &value)| i as f64 * f64::from(value)).sum::<f64>() / total;
        (flux.iter().enumerate().map(|(i, &value)| (i as f64 - mean).powi(2) * f64::from(value)).sum::<f64>() / total)
            .sqrt()
    };
    let total = |flux: &[f32]| flux.iter().map(|&value| f64::from(value)).sum::<f64>();
    assert!((total(&wide) / total(&spectrum) - 1.0).abs() < 1e-4);
    let expected = width(&spectrum).hypot(200.0 / rest_grid::PIXEL_VELOCITY);
    assert!((width(&wide) / expected - 1.0).abs() < 5e-3, "{} {expected}", width(&wide));
}

/// A constant rate since 10 Gyr: mean age 5 Gyr, a rate of 1e-10 of the mass a year.
#[test]
fn a_constant_history_has_the_mean_age_and_rate_of_arithmetic() {
    let ages = History::Constant { start: 10.0 }.age_distribution();
    let mean: f32 = ages.mass.iter().map(|(age, share)| age * share).sum();
    assert!((mean - 5.0).abs() < 0.15, "{mean}");
    assert!((ages.specific_rate * 1e10 - 1.0).abs() < 0.05, "{}", ages.specific_rate);
    assert!((ages.mass.iter().map(|(_, share)| share).sum::<f32>() - 1.0).abs() < 1e-4);
}

#[test]
fn a_truncated_history_forms_hardly_anything_after_its_end() {
    let history = History::Truncated { start: 8.0, timescale: 3.0, quenched: 0.5, fade: 0.05 };
    assert!(history.age_distribution().specific_rate < 1e-13);
}

/// The strongest lines of an A-star population lie at vacuum wavelengths; in air they would be 1.2 to 1.8 Angstrom bluer.
#[test]
fn stellar_populations_are_in_vacuum() {
    let table = ssp::table();
    assert_eq!((table.ages.len(), table.log_metallicities.len(), table.shapes.len()), (10, 4, 40));
    let a_stars = &table.shapes[2 * table.ages.len() + 4];
    for (line, within) in [(4341.68, 0.7), (4862.68, 0.7), (6564.61, 0.5)] {
        let first = pixel(line - 8.0) as usize;
        let window = &a_stars[first..pixel(line + 8.0) as usize];
        let lowest = first + (0..window.len()).min_by(|&a, &b| window[a].total_cmp(&window[b])).expect("not empty");
        // The vertex of a parabola through the lowest pixels.
        let [a, b, c] = [-3isize, 0, 3].map(|step| a_stars[lowest.saturating_add_signed(step)]);
        let vertex = lowest as f64 + f64::from(1.5 * (a - c) / (a - 2.0 * b + c));
        assert!((wavelength(vertex) - line).abs() < within, "{line} found at {}", wavelength(vertex));
    }
}

/// Poznanski et al. (2012): E(B-V) = 0.3 goes with a Na D equivalent width of (log10 0.3 + 1.85) / 1.17 = 1.134 Angstrom.
#[test]
fn sodium_follows_dust() {
    assert!((sodium_equivalent_width(0.3) - 1.134).abs() < 2e-3);
    assert_eq!(sodium_equivalent_width(0.0), 0.0);
}

/// Flux per wavelength as lambda^-2 is flat in frequency: no colour. Flat in wavelength, a band's mean of lambda^2 over ln lambda is
/// (b^2 - a^2) / (2 ln(b / a)).
#[test]
fn colours_are_those_of_known_spectra() {
    let spectrum =
        |power: f64| (0..1000).map(|i| grid::wavelength(f64::from(i)).powf(power) as f32).collect::<Vec<f32>>();
    assert!(colours(&spectrum(-2.0)).iter().all(|colour| colour.abs() < 1e-5));
    let mean = |a: f64, b: f64| (b * b - a * a) / (2.0 * (b / a).ln());
    let bands = [mean(3400.0, 4000.0), mean(4000.0, 5500.0), mean(5600.0, 7000.0), mean(7000.0, 8300.0)];
    for (found, pair) in colours(&spectrum(0.0)).iter().zip(bands.windows(2)) {
        assert!((f64::from(*found) + 2.5 * (pair[0] / pair[1]).log10()).abs() < 2e-3, "{found}");
    }
}
