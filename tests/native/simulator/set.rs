//! The simulator as a whole: reproducible, complete, and a population like the paper's.

use std::collections::HashSet;

use spectrascape::simulator::{self, SimulatedSpectrum, simulate, truth_columns};
use spectrascape::spectrum::Class;

const SEED: u64 = 1;

fn set(count: u64) -> Vec<SimulatedSpectrum> {
    (0..count).map(|index| simulate(SEED, index)).collect()
}

#[test]
fn same_seed_and_index_make_the_same_spectrum_whatever_came_before() {
    let first = simulate(7, 42);
    let _ = simulate(7, 41);
    let again = simulate(7, 42);
    assert_eq!(first.parameters, again.parameters);
    assert_eq!(first.observed, again.observed);
    assert_eq!(first.class, again.class);
    let bits = |spectrum: &SimulatedSpectrum| -> Vec<u32> {
        spectrum.truths.iter().map(|(_, value)| value.to_bits()).collect()
    };
    assert_eq!(bits(&first), bits(&again));
}

#[test]
fn other_seeds_and_indices_make_other_spectra() {
    let all = [simulate(7, 1), simulate(7, 2), simulate(8, 1), simulate(8, 2)];
    let distinct: HashSet<Vec<u32>> =
        all.iter().map(|simulated| simulated.observed.flux.iter().map(|flux| flux.to_bits()).collect()).collect();
    assert_eq!(distinct.len(), all.len());
}

#[test]
fn every_spectrum_is_whole_and_in_the_survey_s_range() {
    for simulated in set(600) {
        let observed = &simulated.observed;
        let count = observed.flux.len();
        assert_eq!((observed.log_wavelength.len(), observed.error.len()), (count, count));
        assert!(observed.flux.iter().chain(&observed.error).all(|value| value.is_finite()), "{}", observed.id);
        assert!(observed.error.iter().all(|&error| error >= 0.0));
        assert!(observed.log_wavelength.windows(2).all(|pair| (pair[1] - pair[0] - 1e-4).abs() < 1e-9));
        assert!(simulated.truth_flux.len() == 1000 && simulated.truth_flux.iter().all(|flux| flux.is_finite()));
        let redshift = observed.redshift.expect("simulated spectra have one");
        let star = simulated.class == Class::Star;
        assert!(if star { redshift.abs() < 0.01 } else { (0.0095..0.3605).contains(&redshift) }, "{redshift}");
    }
}

#[test]
fn truths_are_named_in_order_and_finite_for_galaxies() {
    let columns = truth_columns();
    let names: HashSet<&str> = columns.iter().map(|(name, _, _)| *name).collect();
    assert_eq!(names.len(), columns.len());
    for simulated in set(600) {
        assert!(simulated.truths.iter().map(|(name, _)| *name).eq(columns.iter().map(|(name, _, _)| *name)));
        let finite = simulated.truths.iter().all(|(_, value)| value.is_finite());
        // A star has no age, mass or gas: not a number there.
        assert_eq!(finite, simulated.class != Class::Star, "{:?}", simulated.truths);
    }
}

/// The paper's section 2: 60.1 % quiescent, 31.9 % emission-line, 4.0 % narrow-line, 1.4 % broad-line.
#[test]
fn classes_are_as_frequent_as_in_the_paper() {
    let all = set(4096);
    let share =
        |class: Class| all.iter().filter(|simulated| simulated.class == class).count() as f64 / all.len() as f64;
    for (class, paper, within) in [
        (Class::Quiescent, 0.601, 0.035),
        (Class::EmissionLine, 0.319, 0.035),
        (Class::NarrowLineAgn, 0.040, 0.012),
        (Class::BroadLineAgn, 0.014, 0.006),
    ] {
        assert!((share(class) - paper).abs() < within, "{}: {:.4}, the paper {paper}", class.name(), share(class));
    }
    let odd = all.iter().filter(|simulated| simulated.parameters.oddity.code() != 0).count() as f64 / all.len() as f64;
    assert!((0.009..0.022).contains(&odd), "{odd} odd");
}

/// The paper's sample: median signal-to-noise 14, from 5 to 88; the median redshift of the SDSS main sample is about 0.1.
#[test]
fn signal_to_noise_and_redshift_are_as_in_the_paper() {
    let all = set(2048);
    let median = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let snr = |simulated: &SimulatedSpectrum| {
        let good = simulated.observed.flux.iter().zip(&simulated.observed.error).filter(|(_, error)| **error > 0.0);
        median(good.map(|(flux, error)| f64::from(flux / error)).collect())
    };
    let typical = median(all.iter().map(snr).collect());
    assert!((12.5..15.5).contains(&typical), "{typical}");
    let redshift = median(all.iter().filter_map(|simulated| simulated.observed.redshift).collect());
    assert!((0.09..0.13).contains(&redshift), "{redshift}");
    // The dial is what is reached, to the noise of a median.
    for simulated in all.iter().take(200).filter(|simulated| simulated.parameters.oddity.code() == 0) {
        let (dial, reached) = (f64::from(simulated.parameters.median_snr), snr(simulated));
        assert!((reached / dial - 1.0).abs() < 0.12, "dial {dial}, reached {reached}");
    }
}

/// Residuals over the stated errors: about 0.9 where the sky is dark and 1 and more under its lines, as in real sky fibres.
#[test]
fn stated_errors_are_nearly_the_scatter() {
    let (mut sum, mut count) = (0.0, 0.0);
    for index in 0..60 {
        let parameters =
            simulator::draw(&mut simulator::random::Rng::new(SEED, index, simulator::random::Purpose::Parameters));
        let rest = simulator::render(&parameters).total();
        let mut random = simulator::random::Rng::new(SEED, index, simulator::random::Purpose::Noise);
        let exposure = simulator::observe::expose(&parameters, &rest, &mut random);
        for i in (0..exposure.flux.len()).filter(|&i| exposure.error[i] > 0.0) {
            sum += f64::from((exposure.flux[i] - exposure.noiseless[i]) / exposure.error[i]).powi(2);
            count += 1.0;
        }
    }
    let rms = (sum / count).sqrt();
    assert!((0.87..1.05).contains(&rms), "normalised residual {rms}");
}
