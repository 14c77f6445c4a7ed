//! What the GPU engine decides before it sees a browser: where numbers lie, what runs, how much at once.

use spectrascape::vae::VaeConfig;
use spectrascape::vae::adam::StepFactors;
use spectrascape::vae::backend::wgsl::Pace;
use spectrascape::vae::backend::wgsl::plan::{Groups, Kernel, Plan, SLOT, TILE};
use spectrascape::vae::backend::wgsl::sources;
use spectrascape::vae::backend::wgsl::steps::{BatchInputs, MOST_STEPS, Steps};
use spectrascape::vae::config::{EncoderInput, MmdScale};
use spectrascape::vae::objective::LossTerms;
use spectrascape::vae::parameters::{self, Layout};

fn odd() -> VaeConfig {
    VaeConfig { pixels: 37, hidden1: 19, hidden2: 11, latents: 3, batch: 5, ..VaeConfig::paper(6) }
}

#[test]
fn weights_go_into_tiles_and_come_back() {
    for config in [odd(), VaeConfig { pixels: 63, hidden1: 31, hidden2: 32, latents: 16, ..odd() }] {
        let plan = Plan::new(&config).unwrap();
        let flat: Vec<f32> = (1..=Layout::new(&config).len).map(|number| number as f32).collect();
        let padded = plan.padded(&config, &flat);
        assert_eq!(padded.len(), plan.weights);
        assert_eq!(plan.flat(&padded), flat);
        // The rest is 0, and stays 0: its derivatives are.
        assert_eq!(padded.iter().sum::<f32>(), flat.iter().sum::<f32>());
        assert_eq!(padded.iter().filter(|&&number| number != 0.0).count(), flat.len());
        for (layer, slot) in plan.layers.iter().zip(Layout::new(&config).layers) {
            assert_eq!((layer.stride % TILE, layer.rows % TILE), (0, 0));
            // The bias is the row behind the last input.
            assert_eq!(padded[layer.at + layer.inputs * layer.stride], flat[slot.bias]);
        }
    }
}

#[test]
fn a_step_is_a_dozen_dispatches() {
    let plan = Plan::new(&VaeConfig::paper(6)).unwrap();
    assert_eq!(plan.train.len(), 12);
    assert_eq!(plan.evaluate.len(), 8);
    assert_eq!(plan.encode.len(), 4);
    assert_eq!(plan.train[10].kernel, Kernel::Update);
    // 703 + 1 units and 1000 + 1 pixels in tiles of 32, both ways, and the small layers.
    let tiles = 2 * 22 * 32 + 2 * 22 * 3 + 3 + 3;
    assert_eq!(plan.train[10].groups, Groups::Fixed(tiles));
    assert!(plan.train.iter().all(|call| (call.op + 1) * SLOT <= plan.ops.len()));
}

#[test]
fn what_the_kernels_cannot_do_is_refused() {
    let refused = |config: VaeConfig| Plan::new(&config).unwrap_err();
    assert!(refused(VaeConfig { latents: 32, ..odd() }).contains("31 latents"));
    assert!(refused(VaeConfig { negative_slope: -0.1, ..odd() }).contains("slope"));
    assert!(refused(VaeConfig { input: EncoderInput::FluxAndWeight, ..odd() }).contains("weights"));
    assert!(refused(VaeConfig { batch: 0, ..odd() }).contains("batch"));
    assert!(refused(VaeConfig { hidden1: 20_000, hidden2: 20_000, ..odd() }).contains("too many"));
}

#[test]
fn steps_lie_one_behind_the_other() {
    let config = odd();
    let mut steps = Steps::default();
    let (noise, prior) = ([0.5; 6], [0.25; 6]);
    let batch = BatchInputs { rows: &[7, 9], noise: Some(&noise), prior: &prior };
    steps.push(&config, batch, Some(StepFactors::new(1e-3, 1)));
    steps.push(&config, BatchInputs { rows: &[3], noise: None, prior: &prior[..3] }, None);
    assert_eq!(steps.settings.len(), 2 * SLOT);
    let word = |step: usize, at: usize| {
        let start = step * SLOT + 4 * at;
        u32::from_le_bytes(steps.settings[start..start + 4].try_into().unwrap())
    };
    let words = |step: usize| (0..8).map(|at| word(step, at)).collect::<Vec<_>>();
    // Spectra, draws, where rows, noise and prior begin, where the losses go, whether the code is drawn, tiles.
    assert_eq!(words(0), [2, 2, 0, 2, 8, 0, 1, 1]);
    assert_eq!(words(1), [1, 1, 14, 15, 15, 4, 0, 1]);
    assert_eq!(steps.inputs[..3], [7, 9, 0.5_f32.to_bits()]);
    assert_eq!(steps.inputs.len(), 18);
    // After one step Adam's corrections undo its decay.
    assert_eq!(f32::from_bits(word(0, 8)), (1e-3 / (1.0 - 0.9_f64)) as f32);
    assert_eq!(f32::from_bits(word(0, 9)), (1.0 / (1.0 - 0.999_f64).sqrt()) as f32);
    assert_eq!((word(1, 8), word(1, 9)), (0, 0));
    assert!(steps.inputs.len() <= Steps::most_inputs(&config, 2));
}

#[test]
fn terms_make_the_loss_as_the_configuration_says() {
    let config = VaeConfig { alpha: 0.25, lambda: 3.0, mmd: MmdScale::PublishedCode, ..odd() };
    let terms = LossTerms::of_batch(&config, 4, 10.0, 2.0, 0.5);
    assert_eq!((terms.reconstruction, terms.kl, terms.mmd), (10.0, 2.0, 6.0));
    assert_eq!(terms.total, 10.0 + 0.75 * 2.0 + 2.25 * 6.0);
    let plain = LossTerms::of_batch(&VaeConfig { variational: false, ..config }, 4, 10.0, 2.0, f64::NAN);
    assert_eq!((plain.total, plain.kl, plain.mmd), (10.0, 0.0, 0.0));
}

#[test]
fn submissions_grow_and_shrink_with_the_adapter() {
    let submissions = |milliseconds_a_step: f64| {
        let mut pace = Pace::default();
        for _ in 0..10 {
            let steps = pace.steps();
            pace.observe(steps, steps as f64 * milliseconds_a_step);
        }
        pace.steps()
    };
    assert_eq!(Pace::default().steps(), 1);
    assert_eq!(submissions(0.1), MOST_STEPS);
    assert_eq!(submissions(0.0), MOST_STEPS);
    assert_eq!(submissions(5.0), 20);
    assert_eq!(submissions(700.0), 1);
    let mut pace = Pace::default();
    pace.observe(1, f64::NAN);
    pace.observe(0, 1.0);
    assert_eq!(pace.steps(), 1);
}

#[test]
fn starts_from_the_same_weights_as_the_cpu() {
    let config = odd();
    let flat = parameters::initial(&config);
    let plan = Plan::new(&config).unwrap();
    assert_eq!(plan.flat(&plan.padded(&config, &flat)), flat);
}

#[test]
fn kernels_have_their_constants_from_rust() {
    for (name, source) in sources::all() {
        for constant in
            ["BETA1: f32 = 0.9;", "BETA2: f32 = 0.999;", "EPSILON: f32 = 1e-8;", "KERNEL_EXPONENT: f32 = -1.0;"]
        {
            assert!(source.contains(&format!("const {constant}")), "{name}: {constant}");
        }
        assert!(source.contains("fn activate("), "{name}");
    }
    for (name, _, kernel) in sources::KERNELS {
        let code: String = kernel.lines().map(|line| line.split("//").next().unwrap_or_default()).collect();
        for literal in ["0.9", "0.999", "0.1", "0.001", "1e-8", "exp(-"] {
            assert!(!code.contains(literal), "{name}.wgsl has a constant of its own: {literal}");
        }
    }
    let adam = sources::KERNELS.iter().find(|kernel| kernel.0 == "update").unwrap().2;
    assert!(adam.contains("ONE_MINUS_BETA1") && adam.contains("ONE_MINUS_BETA2") && adam.contains("EPSILON"));
}
