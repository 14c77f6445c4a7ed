//! The hash of weights, and the bits behind it.

use spectrascape::vae::VaeConfig;
use spectrascape::vae::backend::cpu::{Learner, Rounding};
use spectrascape::vae::parameters::{self, LayerShape};
use spectrascape::vae::weights_hash::WeightsHash;

use crate::backends::inputs::Inputs;

#[test]
fn the_hash_is_of_the_floats_in_their_order() {
    let layer = |weight: &[f32], bias: &[f32]| {
        (LayerShape { name: "mean", inputs: 2, outputs: 2 }, weight.to_vec(), bias.to_vec())
    };
    let hash = WeightsHash::of(&[layer(&[1.0, -2.5, 0.0, 3.25], &[0.5, -0.0])]);
    // Python: hashlib.sha256(struct.pack('<6f', 1.0, -2.5, 0.0, 3.25, 0.5, -0.0)).hexdigest()
    let expected = "e34f4015455002200fa66cb6240858d744484e0bf4a60cb191c01f74ac4f1b51";
    assert_eq!((hash.to_string().as_str(), hash.short().as_str()), (expected, "e34f4015"));
    assert_eq!(expected.parse(), Ok(hash));
    assert_eq!(expected.to_uppercase().parse(), Ok(hash));
    for wrong in ["", "e34f", &expected.replace('e', "g"), &format!("{expected}00"), &"é".repeat(32)] {
        assert!(wrong.parse::<WeightsHash>().is_err(), "{wrong}");
    }
    assert_ne!(WeightsHash::of(&[layer(&[1.0, -2.5, 0.0, 3.25], &[0.5, 0.0])]), hash, "the sign of zero counts");
}

/// Links carry hashes of weights: whoever changes these bits breaks all of them. `tests/browser/reproduced.test.mjs` holds the page against
/// the command line.
#[test]
fn portable_training_keeps_its_bits_whatever_the_threads() {
    let config = VaeConfig { pixels: 100, hidden1: 37, hidden2: 19, latents: 3, batch: 16, ..VaeConfig::paper(4) };
    let inputs = Inputs::draw(&config, 16, 1.0);
    let trained = |threads: usize| {
        let mut learner = Learner::new(&config);
        learner.use_rounding(Rounding::Portable);
        learner.use_threads(threads);
        for _ in 0..20 {
            learner.train(&inputs.x, &inputs.weight, &inputs.noise, &inputs.prior, 1e-3);
        }
        WeightsHash::of(&parameters::to_pytorch(&config, learner.parameters())).to_string()
    };
    assert_eq!(trained(1), "9f79b43a9cd8ae6cbbfab6be6fb53b9f78f1bd66833e3b8deb453c7b55ba84ae");
    assert_eq!(trained(1), trained(3));
}
