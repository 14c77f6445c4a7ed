//! The fused training step on the CPU: sizes, states and threads, and with the feature `engine` its steps beside those of Burn.

use proptest::prelude::*;
use spectrascape::vae::VaeConfig;
use spectrascape::vae::backend::cpu::Learner;
use spectrascape::vae::learner_state::{LearnerError, LearnerState};
use spectrascape::vae::parameters;
use spectrascape::vae::random::{self, Purpose};

use crate::backends::inputs::Inputs;

/// Of the largest number of a tensor: single precision leaves about 1e-6.
const TOLERANCE: f64 = 1e-5;

#[test]
fn widths_that_fill_no_panel_and_batches_of_any_size_agree() {
    // A batch's loss is the mean of its spectra's, but for the discrepancy.
    let config =
        VaeConfig { pixels: 37, hidden1: 19, hidden2: 17, latents: 9, batch: 7, alpha: 1.0, lambda: 0.0, ..small() };
    let inputs = Inputs::draw(&config, 7, 1.0);
    let mut learner = Learner::new(&config);
    let (_, whole) = learner.gradient(&inputs.x, &inputs.weight, Some(&inputs.noise), &inputs.prior);
    let mut sum = vec![0.0; whole.len()];
    for part in [0..1, 1..3, 3..7] {
        let rows = |values: &[f32], width: usize| values[part.start * width..part.end * width].to_vec();
        let (x, weight, noise) = (rows(&inputs.x, 37), rows(&inputs.weight, 37), rows(&inputs.noise, 9));
        let (_, gradient) = learner.gradient(&x, &weight, Some(&noise), &inputs.prior);
        sum.iter_mut().zip(gradient).for_each(|(sum, g)| *sum += f64::from(g) * part.len() as f64 / 7.0);
    }
    close("parts of a batch", &whole, &sum);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Layers of any widths, more latents than units among them: the gradient is that of a batch twice as long with every spectrum in
    /// it twice, for the discrepancy alone knows how many there are.
    #[test]
    fn small_sizes_of_every_kind_train(
        pixels in 1_usize..40,
        hidden1 in 1_usize..20,
        hidden2 in 1_usize..20,
        latents in 1_usize..24,
        batch in 1_usize..7,
    ) {
        let config = VaeConfig { pixels, hidden1, hidden2, latents, batch: 2 * batch, alpha: 1.0, lambda: 0.0, ..small() };
        let inputs = Inputs::draw(&config, batch, 1.0);
        let mut learner = Learner::new(&config);
        let (terms, gradient) = learner.gradient(&inputs.x, &inputs.weight, Some(&inputs.noise), &inputs.prior);
        prop_assert!(terms.total.is_finite());
        let twice = |values: &[f32]| [values, values].concat();
        let (x, weight, noise) = (twice(&inputs.x), twice(&inputs.weight), twice(&inputs.noise));
        let (_, same) = learner.gradient(&x, &weight, Some(&noise), &inputs.prior);
        close("twice", &same, &gradient.iter().copied().map(f64::from).collect::<Vec<f64>>());
        learner.train(&inputs.x, &inputs.weight, &inputs.noise, &inputs.prior, 1e-3);
        prop_assert!(learner.parameters().iter().all(|value| value.is_finite()));
    }
}

#[test]
fn goes_on_from_a_state_to_the_same_bits() {
    let config = small();
    let inputs = Inputs::draw(&config, 5, 1.0);
    let step = |learner: &mut Learner| {
        learner.train(&inputs.x, &inputs.weight, &inputs.noise, &inputs.prior, 1e-3);
    };
    let mut straight = Learner::new(&config);
    (0..6).for_each(|_| step(&mut straight));
    let mut first = Learner::new(&config);
    (0..3).for_each(|_| step(&mut first));
    first.evaluate(&inputs.x, &inputs.weight, &inputs.prior);
    let mut second = Learner::from_state(&config, first.state()).unwrap();
    // Fewer spectra in between leave nothing behind.
    second.evaluate(&inputs.x[..config.pixels], &inputs.weight[..config.pixels], &inputs.prior);
    (0..3).for_each(|_| step(&mut second));
    assert_eq!(second.state(), straight.state());
    assert_eq!(second.state().step, 6);
    assert_ne!(second.parameters(), first.parameters());
}

#[test]
fn the_numbers_do_not_depend_on_how_many_threads_there_are() {
    // Wide enough for pieces, with a last panel and a last piece that are not full.
    let config = VaeConfig { pixels: 500, hidden1: 331, hidden2: 43, latents: 5, batch: 48, ..VaeConfig::paper(5) };
    let draws = |seed: u64, count: usize| random::normal(&mut random::generator(seed, Purpose::Weights), count);
    let (x, weight) = (draws(1, 48 * 500), draws(2, 48 * 500).iter().map(|w| w * w).collect::<Vec<f32>>());
    let (noise, prior) = (draws(3, 48 * 5), draws(4, 48 * 5));
    let after = |threads: usize| {
        let mut learner = Learner::new(&config);
        learner.use_threads(threads);
        let (_, gradient) = learner.gradient(&x, &weight, Some(&noise), &prior);
        let terms: Vec<_> = (0..5).map(|_| learner.train(&x, &weight, &noise, &prior, 1e-3)).collect();
        (gradient, terms, learner.reconstruct(&x), learner.state())
    };
    let alone = after(1);
    for threads in [2, 3, 8, 100] {
        assert!(after(threads) == alone, "{threads} threads");
    }
}

#[test]
fn refuses_states_that_are_not_its_own() {
    let config = small();
    let good = LearnerState::new(&config);
    let refused = |change: &dyn Fn(&mut LearnerState)| {
        let mut state = good.clone();
        change(&mut state);
        Learner::from_state(&config, state).map(|_| ()).unwrap_err()
    };
    let expected = good.parameters.len();
    let short = refused(&|state| state.first.truncate(3));
    assert_eq!(short, LearnerError::Length { what: "first", found: 3, expected });
    assert_eq!(refused(&|state| state.parameters[7] = f32::NAN), LearnerError::Value { what: "parameters", at: 7 });
    assert_eq!(refused(&|state| state.second[2] = -1.0), LearnerError::Value { what: "second", at: 2 });
    assert!(Learner::new(&config).set_parameters(&[0.0]).is_err());
}

#[test]
fn a_loss_that_is_no_number_changes_nothing() {
    let config = small();
    let mut inputs = Inputs::draw(&config, 5, 1.0);
    inputs.x[3] = f32::INFINITY;
    let mut learner = Learner::new(&config);
    let before = learner.state();
    let terms = learner.train(&inputs.x, &inputs.weight, &inputs.noise, &inputs.prior, 1e-3);
    assert!(!terms.total.is_finite());
    assert_eq!(learner.state(), before);
}

#[cfg(feature = "engine")]
mod burn {
    use ::burn::optim::GradientsParams;
    use ::burn::tensor::{Tensor, TensorData};
    use spectrascape::vae::backend::burn::adam::Adam;
    use spectrascape::vae::backend::burn::backend::gradients;
    use spectrascape::vae::backend::burn::loss::loss;
    use spectrascape::vae::objective::LossTerms;
    use spectrascape::vae::{InfoVae, inference};

    use super::*;

    /// One pass of Burn's, as its trainer does it.
    fn pass(vae: &InfoVae, inputs: &Inputs) -> (LossTerms, GradientsParams) {
        let config = vae.config().clone();
        let rows = |values: &[f32], width: usize| {
            let data = TensorData::new(values.to_vec(), [values.len() / width, width]);
            Tensor::<2>::from_data(data, &inference::device())
        };
        let (x, weight) = (rows(&inputs.x, config.pixels), rows(&inputs.weight, config.pixels));
        let (noise, prior) = (rows(&inputs.noise, config.latents), rows(&inputs.prior, config.latents));
        let (loss, gradients) = gradients(vae, |vae| loss(vae, x, weight, Some(noise), prior, None));
        (loss.read(), gradients)
    }

    #[test]
    fn the_gradient_is_that_of_automatic_differentiation() {
        let published = VaeConfig { lambda: 11.2, ..VaeConfig::published_code(6) };
        for config in [VaeConfig::paper(6), published, VaeConfig { variational: false, ..VaeConfig::paper(2) }] {
            let inputs = Inputs::draw(&config, 64, 1.0);
            let vae = InfoVae::new(&config, &inference::device().autodiff());
            let (expected, mut gradients) = pass(&vae, &inputs);
            let mut learner = Learner::new(&config);
            let (terms, gradient) = learner.gradient(&inputs.x, &inputs.weight, Some(&inputs.noise), &inputs.prior);
            assert!((terms.total - expected.total).abs() < TOLERANCE * expected.total, "{terms:?} {expected:?}");
            let expected = vae.flat_gradient(&mut gradients);
            assert_eq!(expected.len(), gradient.len());
            let layers = |flat: &[f32]| parameters::to_pytorch(&config, flat);
            for ((_, weight, bias), (_, weight_there, bias_there)) in layers(&gradient).iter().zip(layers(&expected)) {
                for (found, expected) in [(weight, weight_there), (bias, bias_there)] {
                    close("a layer", found, &expected.iter().copied().map(f64::from).collect::<Vec<f64>>());
                }
            }
        }
    }

    #[test]
    fn fifty_steps_go_where_burns_go() {
        let config = VaeConfig { pixels: 100, hidden1: 70, hidden2: 20, ..VaeConfig::paper(6) };
        let mut vae = InfoVae::new(&config, &inference::device().autodiff());
        let mut adam = Adam::new(&config);
        let mut learner = Learner::new(&config);
        for step in 0..50 {
            let inputs = Inputs::seeded(&config, 64, 1.0, step);
            let (expected, mut gradients) = pass(&vae, &inputs);
            adam.step(&mut vae, &mut gradients, 1e-3);
            let found = learner.train(&inputs.x, &inputs.weight, &inputs.noise, &inputs.prior, 1e-3);
            let difference = (found.total - expected.total).abs() / expected.total;
            assert!(difference < 1e-4, "step {step}: {found:?} {expected:?}");
        }
        let theirs = parameters::from_pytorch(&config, &vae.to_pytorch());
        let worst = theirs.iter().zip(learner.parameters()).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(worst < 1e-3, "weights differ by up to {worst}");
    }
}

fn small() -> VaeConfig {
    VaeConfig { pixels: 11, hidden1: 7, hidden2: 5, latents: 3, batch: 5, seed: 9, ..VaeConfig::paper(6) }
}

fn close(what: &str, found: &[f32], expected: &[f64]) {
    assert_eq!(found.len(), expected.len(), "{what}");
    let scale = expected.iter().fold(0.0_f64, |top, v| top.max(v.abs()));
    for (at, (&found, expected)) in found.iter().zip(expected).enumerate() {
        let difference = (f64::from(found) - expected).abs();
        assert!(difference <= TOLERANCE * scale, "{what}[{at}] is {found}, expected {expected}");
    }
}
