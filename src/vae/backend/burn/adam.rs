//! Adam's step on Burn's tensors.
//!
//! Burn's own Adam makes about ten passes, each a tensor operation over 1.5 million weights: a third of a training step.
//! This one takes the numbers out of their tensor, changes them in place and puts them back, which on the CPU copies
//! nothing.

use burn_tensor::{Tensor, TensorData};

use super::model::{InfoVae, numbers};
use crate::vae::adam::{StepFactors, update};
use crate::vae::config::VaeConfig;
use crate::vae::learner_state::LearnerState;
use crate::vae::parameters;

/// The first and second moments of a tensor.
type Moments = (Vec<f32>, Vec<f32>);

/// A first and a second moment for each weight.
#[derive(Debug, Clone, Default)]
pub struct Adam {
    step: u32,
    /// Tensor by tensor, weight before bias, in the order of [`parameters::shapes`].
    moments: Vec<Moments>,
}

impl Adam {
    /// Takes the moments of a state.
    pub fn from_state(config: &VaeConfig, state: &LearnerState) -> Self {
        let tensors = |flat: &[f32]| parameters::split(config, flat).into_iter().flat_map(<[Vec<f32>; 2]>::from);
        Self { step: state.step, moments: tensors(&state.first).zip(tensors(&state.second)).collect() }
    }

    /// Returns the state of a model and these moments. Waits for the device.
    pub fn to_state(&self, model: &InfoVae) -> LearnerState {
        let join = |part: fn(&Moments) -> &Vec<f32>| {
            let layers = self.moments.chunks_exact(2).map(|layer| (part(&layer[0]).clone(), part(&layer[1]).clone()));
            parameters::join(model.config(), layers)
        };
        LearnerState {
            parameters: model.to_parameters(),
            first: join(|(first, _)| first),
            second: join(|(_, second)| second),
            step: self.step,
        }
    }

    /// Changes a model's weights by one step. `gradients` has, layer by layer, weight before bias, the derivatives in the
    /// weights' own layout; none where the loss does not depend on them, and those weights stay.
    pub fn step(&mut self, model: &mut InfoVae, gradients: Vec<Option<Vec<f32>>>, learning_rate: f64) {
        self.step = self.step.saturating_add(1);
        self.moments.resize_with(gradients.len(), Default::default);
        let factors = StepFactors::new(learning_rate, self.step);
        let mut updates = gradients.into_iter().zip(&mut self.moments);
        for layer in model.layers_mut() {
            if let Some((gradient, moments)) = updates.next() {
                change(&mut layer.weight, gradient, moments, factors);
            }
            if let Some((gradient, moments)) = updates.next() {
                change(&mut layer.bias, gradient, moments, factors);
            }
        }
    }
}

fn change<const D: usize>(
    tensor: &mut Tensor<D>,
    gradient: Option<Vec<f32>>,
    (first, second): &mut Moments,
    factors: StepFactors,
) {
    let Some(gradient) = gradient else { return };
    first.resize(gradient.len(), 0.0);
    second.resize(gradient.len(), 0.0);
    let (shape, device) = (tensor.shape(), tensor.device());
    let mut weights = numbers(tensor.extract());
    update(&mut weights, &gradient, first, second, factors);
    *tensor = Tensor::from_data(TensorData::new(weights, shape), &device);
}
