//! The flat buffer of weights: the same numbers as the network of layers has.

use spectrascape::vae::config::{EncoderInput, HeadConfig};
use spectrascape::vae::parameters::{self, Layout};
use spectrascape::vae::{InfoVae, VaeConfig, inference};

fn small() -> VaeConfig {
    VaeConfig { pixels: 11, hidden1: 7, hidden2: 5, latents: 3, seed: 9, ..VaeConfig::paper(6) }
}

#[test]
fn starts_as_the_network_does() {
    let config = small();
    let flat = parameters::initial(&config);
    assert_eq!(flat.len(), Layout::new(&config).len);
    let network = InfoVae::new(&config, &inference::device()).to_pytorch();
    assert_eq!(parameters::to_pytorch(&config, &flat), network);
    assert_eq!(parameters::from_pytorch(&config, &network), flat);
}

#[test]
fn heads_lie_side_by_side() {
    let config = small();
    let flat = parameters::initial(&config);
    let layers = parameters::to_pytorch(&config, &flat);
    let heads = Layout::new(&config).layers[2];
    assert_eq!((heads.inputs, heads.outputs), (5, 6));
    for unit in 0..5 {
        let row = &flat[heads.weight + 6 * unit..heads.weight + 6 * (unit + 1)];
        for latent in 0..3 {
            // PyTorch's layout: [out, in].
            assert_eq!(row[latent], layers[2].1[latent * 5 + unit]);
            assert_eq!(row[3 + latent], layers[3].1[latent * 5 + unit]);
        }
    }
    assert_eq!(&flat[heads.bias..heads.bias + 3], layers[2].2);
    assert_eq!(&flat[heads.bias + 3..heads.bias + 6], layers[3].2);
}

#[test]
fn says_which_models_fit() {
    let head = HeadConfig { classes: 4, measurements: Vec::new(), weight: 1.0, labelled_fraction: 1.0 };
    assert!(parameters::is_plain(&small()));
    assert!(!parameters::is_plain(&VaeConfig { head: Some(head), ..small() }));
    assert!(!parameters::is_plain(&VaeConfig { input: EncoderInput::FluxAndWeight, ..small() }));
}
