//! Adam's step on Burn's tensors, by Burn's own Adam with the constants of [`crate::vae::adam`]. Its state is kept here, layer by layer,
//! and not in Burn's optimiser of whole modules, whose record is for files of Burn's own: a checkpoint of any backend goes on here, and
//! the reverse.

use burn::module::Param;
use burn::nn::Linear;
use burn::optim::{Adam as BurnAdam, AdamConfig, AdamState, AdaptiveMomentumState, GradientsParams, Optimizer};
use burn::tensor::{Device, Tensor, TensorData, Transaction};

use super::model::{InfoVae, bias};
use crate::vae::adam::{BETA1, BETA2, EPSILON};
use crate::vae::config::VaeConfig;
use crate::vae::learner_state::LearnerState;
use crate::vae::parameters::{self, LayerShape, shapes};

/// A first and a second moment for each weight of a model.
#[derive(Clone)]
pub struct Adam {
    rule: BurnAdam,
    step: u32,
    /// In the order of [`shapes`].
    moments: Vec<LayerMoments>,
}

/// The moments of a layer; none before its first step.
#[derive(Clone)]
struct LayerMoments {
    shape: LayerShape,
    weight: Option<AdamState<2>>,
    bias: Option<AdamState<1>>,
}

impl Adam {
    /// Returns the optimiser before its first step.
    pub fn new(config: &VaeConfig) -> Self {
        let constants = AdamConfig::new().with_beta_1(BETA1 as f32).with_beta_2(BETA2 as f32);
        let none = |shape| LayerMoments { shape, weight: None, bias: None };
        Self {
            rule: constants.with_epsilon(EPSILON as f32).build(),
            step: 0,
            moments: shapes(config).into_iter().map(none).collect(),
        }
    }

    /// Takes the moments of a state.
    pub fn from_state(config: &VaeConfig, state: &LearnerState, device: &Device) -> Self {
        let mut adam = Self::new(config);
        adam.step = state.step;
        if state.step == 0 {
            return adam;
        }
        let layers = parameters::split(config, &state.first).into_iter().zip(parameters::split(config, &state.second));
        for (layer, ((weight_1, bias_1), (weight_2, bias_2))) in adam.moments.iter_mut().zip(layers) {
            let LayerShape { inputs, outputs, .. } = layer.shape;
            layer.weight = Some(moments([inputs, outputs], [weight_1, weight_2], state.step, device));
            layer.bias = Some(moments([outputs], [bias_1, bias_2], state.step, device));
        }
        adam
    }

    /// Returns how many steps are done.
    pub fn steps(&self) -> u32 {
        self.step
    }

    /// Changes a model's weights by one step. Weights without a gradient stay.
    pub fn step(&mut self, model: &mut InfoVae, gradients: &mut GradientsParams, learning_rate: f64) {
        self.step = self.step.saturating_add(1);
        for (layer, moments) in model.layers_mut().into_iter().zip(&mut self.moments) {
            change(&self.rule, &mut layer.weight, &mut moments.weight, gradients, learning_rate);
            if let Some(bias) = &mut layer.bias {
                change(&self.rule, bias, &mut moments.bias, gradients, learning_rate);
            }
        }
    }

    /// Adds the first moments of all weights to what is read from the device, in the order that [`super::model::flat`] takes, then the
    /// second ones.
    pub(super) fn register(&self, mut transaction: Transaction, model: &InfoVae) -> Transaction {
        let layers = || model.layers().into_iter().zip(&self.moments);
        for (layer, moments) in layers() {
            let weight = moments.weight.as_ref().map(|state| state.momentum.moment_1.clone());
            let bias_moment = moments.bias.as_ref().map(|state| state.momentum.moment_1.clone());
            transaction = register(transaction, layer, weight, bias_moment);
        }
        for (layer, moments) in layers() {
            let weight = moments.weight.as_ref().map(|state| state.momentum.moment_2.clone());
            let bias_moment = moments.bias.as_ref().map(|state| state.momentum.moment_2.clone());
            transaction = register(transaction, layer, weight, bias_moment);
        }
        transaction
    }
}

fn register(
    transaction: Transaction,
    layer: &Linear,
    weight: Option<Tensor<2>>,
    bias_moment: Option<Tensor<1>>,
) -> Transaction {
    transaction
        .register(weight.unwrap_or_else(|| layer.weight.val().inner().zeros_like()))
        .register(bias_moment.unwrap_or_else(|| bias(layer).val().inner().zeros_like()))
}

fn change<const D: usize>(
    rule: &BurnAdam,
    parameter: &mut Param<Tensor<D>>,
    state: &mut Option<AdamState<D>>,
    gradients: &mut GradientsParams,
    learning_rate: f64,
) {
    let Some(gradient) = gradients.remove::<D>(parameter.id) else { return };
    *parameter = parameter.clone().map(|tensor| {
        let (changed, next) = rule.step(learning_rate, tensor.inner(), gradient, state.take());
        *state = next;
        changed.autodiff().require_grad()
    });
}

fn moments<const D: usize>(
    shape: [usize; D],
    [first, second]: [Vec<f32>; 2],
    step: u32,
    device: &Device,
) -> AdamState<D> {
    let put = |values: Vec<f32>| Tensor::<D>::from_data(TensorData::new(values, shape), device);
    AdamState::new(AdaptiveMomentumState::new(step as usize, put(first), put(second)))
}
