//! All weights of a model in one flat buffer: what a step of training changes, a checkpoint keeps and the GPU holds.
//!
//! Layer after layer, each its weight, `[in, out]` in rows (the transpose of PyTorch's, so that y = x W reads it in order and
//! the gradient comes out of its product in the weight's own layout), then its bias, `[out]`. The heads for the mean and
//! the log variance are one layer of 2 d units, mean first: one matrix product in place of two. A head of predictions comes last.

use super::config::{EncoderInput, VaeConfig};
use super::random::{self, Purpose};

/// A layer's name in model files (PyTorch's, had the model been two `nn.Sequential`s and two heads) and its widths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LayerShape {
    /// `encoder.0`
    pub name: &'static str,
    /// Units in.
    pub inputs: usize,
    /// Units out.
    pub outputs: usize,
}

/// A layer in PyTorch's layout: its shape, weight `[out * in]` and bias `[out]`.
pub type Layer = (LayerShape, Vec<f32>, Vec<f32>);

/// The position of a layer in the flat buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// Units in.
    pub inputs: usize,
    /// Units out.
    pub outputs: usize,
    /// Index of the first weight, `[inputs * outputs]`.
    pub weight: usize,
    /// Index of the first bias, `[outputs]`.
    pub bias: usize,
}

/// Where everything lies in the flat buffer: encoder (2 layers), mean and log variance, decoder (3 layers), and a head of predictions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// inputs-h1, h1-h2, h2-(mean, log variance), d-h2, h2-h1, h1-pixels.
    pub layers: [Slot; 6],
    /// d-outputs, where the model has a head of predictions.
    pub head: Option<Slot>,
    /// Numbers in all.
    pub len: usize,
}

/// Returns the layers of a configuration, first to last, as model files have them.
pub fn shapes(config: &VaeConfig) -> Vec<LayerShape> {
    let &VaeConfig { pixels, hidden1, hidden2, latents, .. } = config;
    let head = config.head.as_ref().map(|head| ("head", latents, head.outputs()));
    let network = [
        ("encoder.0", config.inputs(), hidden1),
        ("encoder.2", hidden1, hidden2),
        ("mean", hidden2, latents),
        ("log_var", hidden2, latents),
        ("decoder.0", latents, hidden2),
        ("decoder.2", hidden2, hidden1),
        ("decoder.4", hidden1, pixels),
    ];
    let layers = network.into_iter().chain(head);
    layers.map(|(name, inputs, outputs)| LayerShape { name, inputs, outputs }).collect()
}

/// Returns whether a model is the paper's network, which the fused backends train: flux alone enters it, and nothing but spectra comes
/// out.
pub fn is_plain(config: &VaeConfig) -> bool {
    config.head.is_none() && config.input == EncoderInput::Flux
}

impl Layout {
    /// Returns the layout of a configuration.
    pub fn new(config: &VaeConfig) -> Self {
        let &VaeConfig { pixels, hidden1, hidden2, latents, .. } = config;
        let mut len = 0;
        let mut slot = |(inputs, outputs)| {
            let weight = len;
            let bias = weight + inputs * outputs;
            len = bias + outputs;
            Slot { inputs, outputs, weight, bias }
        };
        let layers = [
            (config.inputs(), hidden1),
            (hidden1, hidden2),
            (hidden2, 2 * latents),
            (latents, hidden2),
            (hidden2, hidden1),
            (hidden1, pixels),
        ]
        .map(&mut slot);
        let head = config.head.as_ref().map(|head| slot((latents, head.outputs())));
        Self { layers, head, len }
    }
}

/// Returns the numbers before training: uniform within 1 / sqrt(inputs) of 0, as PyTorch does, from the configuration's seed.
pub fn initial(config: &VaeConfig) -> Vec<f32> {
    let mut generator = random::generator(config.seed, Purpose::Weights);
    let layers = shapes(config).into_iter().map(|shape| {
        let bound = 1.0 / (shape.inputs as f32).sqrt();
        let weight = random::uniform(&mut generator, bound, shape.inputs * shape.outputs);
        (weight, random::uniform(&mut generator, bound, shape.outputs))
    });
    join(config, layers)
}

/// Joins layers in PyTorch's layout, in the order of [`shapes`], to a flat buffer.
pub fn from_pytorch<'a>(config: &VaeConfig, layers: impl IntoIterator<Item = &'a Layer>) -> Vec<f32> {
    join(
        config,
        layers.into_iter().map(|(shape, weight, bias)| (transposed(weight, shape.outputs, shape.inputs), bias.clone())),
    )
}

/// Splits a flat buffer into layers in PyTorch's layout, in the order of [`shapes`].
pub fn to_pytorch(config: &VaeConfig, parameters: &[f32]) -> Vec<Layer> {
    let layers = shapes(config).into_iter().zip(split(config, parameters));
    layers.map(|(shape, (weight, bias))| (shape, transposed(&weight, shape.inputs, shape.outputs), bias)).collect()
}

/// Splits a flat buffer into weights, `[in, out]`, and biases, `[out]`, in the order of [`shapes`].
pub fn split(config: &VaeConfig, parameters: &[f32]) -> Vec<(Vec<f32>, Vec<f32>)> {
    let Layout { layers, head, .. } = Layout::new(config);
    let mut all = Vec::with_capacity(8);
    for (at, slot) in layers.into_iter().chain(head).enumerate() {
        let weight = &parameters[slot.weight..slot.bias];
        let bias = &parameters[slot.bias..slot.bias + slot.outputs];
        if at != POSTERIOR {
            all.push((weight.to_vec(), bias.to_vec()));
            continue;
        }
        let half = slot.outputs / 2;
        let rows = || weight.chunks_exact(slot.outputs);
        all.push((rows().flat_map(|row| &row[..half]).copied().collect(), bias[..half].to_vec()));
        all.push((rows().flat_map(|row| &row[half..]).copied().collect(), bias[half..].to_vec()));
    }
    all
}

/// Joins weights, `[in, out]`, and biases, `[out]`, in the order of [`shapes`], to a flat buffer.
pub fn join(config: &VaeConfig, layers: impl IntoIterator<Item = (Vec<f32>, Vec<f32>)>) -> Vec<f32> {
    let layout = Layout::new(config);
    let mut all = Vec::with_capacity(layout.len);
    let mut layers = layers.into_iter();
    for at in 0..layout.layers.len() + usize::from(layout.head.is_some()) {
        let Some((weight, bias)) = layers.next() else { break };
        let second = if at == POSTERIOR { layers.next() } else { None };
        let Some((log_var, log_var_bias)) = second else {
            all.extend(weight);
            all.extend(bias);
            continue;
        };
        let width = config.latents;
        for (mean, log_var) in weight.chunks_exact(width).zip(log_var.chunks_exact(width)) {
            all.extend_from_slice(mean);
            all.extend_from_slice(log_var);
        }
        all.extend(bias);
        all.extend(log_var_bias);
    }
    all
}

/// Index in [`Layout::layers`] of the layer whose output is mean and log variance.
const POSTERIOR: usize = 2;

/// Returns a matrix [rows, columns] as [columns, rows].
pub(super) fn transposed(values: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    let mut out = Vec::with_capacity(values.len());
    for column in 0..columns {
        out.extend((0..rows).map(|row| values[row * columns + column]));
    }
    out
}
