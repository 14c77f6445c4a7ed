//! Every size that the page's form allows trains: on the fused CPU step and on Burn, forward, back and on from a saved state, held
//! against plain loops.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use spectrascape::page::training_form::{Kind, SETTINGS, Setting};
use spectrascape::vae::VaeConfig;
use spectrascape::vae::backend::cpu::Learner;
use spectrascape::vae::backend::wgsl::plan::Plan;
use spectrascape::vae::config::MmdScale;
use spectrascape::vae::objective::LossTerms;
use spectrascape::vae::parameters::Layout;

use crate::backends::inputs::Inputs;
use crate::backends::plain::{Pass, Plain};

/// Of the largest number of a layer. Single precision leaves about 1e-5 in the widest layers.
const TOLERANCE: f64 = 3e-4;

/// Returns whole numbers within the limits of a setting: the limits themselves, small ones, and any size as likely as its logarithm.
fn sizes(key: &str) -> impl Strategy<Value = usize> {
    let Setting { range: (low, high), .. } = SETTINGS.iter().find(|setting| setting.key == key).expect("a setting");
    let (low, high) = (*low as usize, *high as usize);
    let logarithmic = (0.0..1.0_f64).prop_map(move |u| (low as f64 * (high as f64 / low as f64).powf(u)) as usize);
    prop_oneof![1 => Just(low), 1 => Just(high), 3 => low..=high.min(low + 20), 2 => logarithmic]
}

/// Returns configurations that the form can make, and a number of spectra: a batch need not be whole.
fn settings() -> impl Strategy<Value = (VaeConfig, usize)> {
    let widths = (sizes("latents"), sizes("hidden1"), sizes("hidden2"), sizes("batch"));
    let slope = prop_oneof![Just(0.0_f32), Just(0.01), Just(1.0), 0.0..1.0_f32];
    let terms = (prop_oneof![Just(0.0_f32), -100.0..1.0_f32], prop_oneof![Just(0.0_f32), 0.0..1000.0_f32]);
    let mmd = prop_oneof![Just(MmdScale::Plain), Just(MmdScale::PublishedCode)];
    let kind = prop_oneof![Just(Kind::Vae), Just(Kind::Ae), Just(Kind::BetaVae)];
    (widths, slope, terms, mmd, kind, 1..9_usize).prop_map(|(widths, slope, terms, mmd, kind, spectra)| {
        let (latents, hidden1, hidden2, batch) = widths;
        let mut config = VaeConfig { latents, hidden1, hidden2, batch, mmd, ..VaeConfig::paper(latents) };
        kind.set(&mut config);
        config.negative_slope = slope;
        if kind == Kind::Vae {
            (config.alpha, config.lambda) = terms;
        }
        (config, spectra)
    })
}

proptest! {
    // The same cases everywhere: single and double precision may disagree on the side of a kink, and one such case is no fault.
    #![proptest_config(ProptestConfig { cases: 64, rng_seed: RngSeed::Fixed(15), ..ProptestConfig::default() })]

    #[test]
    fn every_size_of_the_form_trains_and_goes_on((config, spectra) in settings()) {
        let inputs = Inputs::draw(&config, spectra, 1.0);
        let all = [&inputs.x, &inputs.weight, &inputs.noise, &inputs.prior].map(Vec::as_slice);
        let [x, weight, noise, prior] = all;
        let mut learner = Learner::new(&config);
        let mut plain = Plain::new(learner.parameters());
        let (terms, gradient) = learner.gradient(x, weight, Some(noise), prior);
        let posterior = learner.encode(x);

        let expected = plain.train(&config, all, 1e-3);
        agree("fused", &config, &terms, &gradient, &expected);
        close("mean", &posterior.mean, &expected.mean);
        close("log variance", &posterior.log_var, &expected.log_var);
        #[cfg(feature = "engine")]
        {
            let (terms, gradient) = burn::gradient(&config, learner.parameters(), all);
            agree("Burn", &config, &terms, &gradient, &expected);
        }

        let first = learner.train(x, weight, noise, prior, 1e-3);
        prop_assert!(near(first.total, expected.terms.total));
        // A second learner goes on from the saved state to the same bits, and both where the plain loops go.
        let mut resumed = Learner::from_state(&config, learner.state()).unwrap();
        let second = plain.train(&config, all, 1e-3).terms;
        prop_assert!(near(learner.train(x, weight, noise, prior, 1e-3).total, second.total));
        resumed.train(x, weight, noise, prior, 1e-3);
        prop_assert!(resumed.state() == learner.state());
        let apart: f64 = plain.parameters.iter().zip(learner.parameters()).map(|(a, b)| (a - f64::from(*b)).abs()).sum();
        prop_assert!(apart / plain.parameters.len() as f64 <= 2e-5, "weights differ by {apart}");
    }

    #[test]
    fn every_size_of_the_form_has_a_place_on_the_gpu((config, _) in settings()) {
        let plan = Plan::new(&config).unwrap();
        let flat: Vec<f32> = (1..=Layout::new(&config).len).map(|number| number as f32).collect();
        prop_assert!(plan.flat(&plan.padded(&config, &flat)) == flat);
    }
}

#[cfg(feature = "engine")]
mod burn {
    use ::burn::tensor::{Tensor, TensorData};
    use spectrascape::vae::backend::burn::backend::gradients;
    use spectrascape::vae::backend::burn::loss::loss;
    use spectrascape::vae::backend::burn::model::InfoVae;
    use spectrascape::vae::inference;

    use super::*;

    pub fn gradient(config: &VaeConfig, parameters: &[f32], inputs: [&[f32]; 4]) -> (LossTerms, Vec<f32>) {
        let device = inference::device();
        let vae = InfoVae::from_parameters(config, parameters, &device.clone().autodiff());
        let rows = |values: &[f32], width: usize| {
            Tensor::<2>::from_data(TensorData::new(values.to_vec(), [values.len() / width, width]), &device)
        };
        let [x, weight] = [0, 1].map(|at| rows(inputs[at], config.pixels));
        let [noise, prior] = [2, 3].map(|at| rows(inputs[at], config.latents));
        let (loss, mut gradients) = gradients(&vae, |vae| loss(vae, x, weight, Some(noise), prior, None));
        (loss.read(), vae.flat_gradient(&mut gradients))
    }
}

fn agree(who: &str, config: &VaeConfig, terms: &LossTerms, gradient: &[f32], expected: &Pass) {
    let Pass { terms: wanted, gradient: all, .. } = expected;
    for (term, found, wanted) in [
        ("total", terms.total, wanted.total),
        ("reconstruction", terms.reconstruction, wanted.reconstruction),
        ("KL", terms.kl * f64::from(u8::from(config.variational)), wanted.kl),
    ] {
        assert!(near(found, wanted), "{who}: {term} is {found}, not {wanted}");
    }
    for (at, slot) in Layout::new(config).layers.into_iter().enumerate() {
        for part in [slot.weight..slot.bias, slot.bias..slot.bias + slot.outputs] {
            close(&format!("{who}, layer {at}"), &gradient[part.clone()], &all[part]);
        }
    }
}

fn near(found: f64, expected: f64) -> bool {
    (found - expected).abs() <= TOLERANCE * expected.abs().max(1.0)
}

fn close(what: &str, found: &[f32], expected: &[f64]) {
    assert_eq!(found.len(), expected.len(), "{what}");
    let scale = expected.iter().fold(1e-6_f64, |top, value| top.max(value.abs()));
    for (at, (&found, expected)) in found.iter().zip(expected).enumerate() {
        let difference = (f64::from(found) - expected).abs();
        assert!(difference <= TOLERANCE * scale, "{what}: [{at}] is {found}, not {expected}");
    }
}
