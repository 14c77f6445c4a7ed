//! All weights of the paper's model in one flat buffer: what a step of training changes, a checkpoint keeps and the GPU holds.
//!
//! Layer after layer, each its weight, `[in, out]` in rows (the transpose of PyTorch's, so that y = x W reads it in order and
//! the gradient comes out of its product in the weight's own layout), then its bias, `[out]`. The two heads for the mean and
//! the log variance are one layer of 2 d units, mean first: one matrix product in place of two.

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

/// Where a layer lies in the flat buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// Units in.
    pub inputs: usize,
    /// Units out.
    pub outputs: usize,
    /// Where its weight begins, `[inputs * outputs]`.
    pub weight: usize,
    /// Where its bias begins, `[outputs]`.
    pub bias: usize,
}

/// Where everything lies in the flat buffer: encoder (2 layers), heads, decoder (3 layers).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// pixels-h1, h1-h2, h2-(mean, log variance), d-h2, h2-h1, h1-pixels.
    pub layers: [Slot; 6],
    /// Numbers in all.
    pub len: usize,
}

/// The layers of a configuration, first to last, as model files have them.
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

/// Whether a model is the paper's network, which fits the flat buffer: flux alone enters it, and nothing but spectra comes out.
pub fn is_plain(config: &VaeConfig) -> bool {
    config.head.is_none() && config.input == EncoderInput::Flux
}

impl Layout {
    /// Of a plain configuration ([`is_plain`]); of another, its network without what makes it not plain.
    pub fn new(config: &VaeConfig) -> Self {
        let &VaeConfig { pixels, hidden1, hidden2, latents, .. } = config;
        let mut len = 0;
        let widths = [
            (pixels, hidden1),
            (hidden1, hidden2),
            (hidden2, 2 * latents),
            (latents, hidden2),
            (hidden2, hidden1),
            (hidden1, pixels),
        ];
        let layers = widths.map(|(inputs, outputs)| {
            let weight = len;
            let bias = weight + inputs * outputs;
            len = bias + outputs;
            Slot { inputs, outputs, weight, bias }
        });
        Self { layers, len }
    }
}

/// The numbers before training: uniform within 1 / sqrt(inputs) of 0, as PyTorch does, from the configuration's seed; the same as
/// those of `InfoVae::new`.
pub fn initial(config: &VaeConfig) -> Vec<f32> {
    let mut generator = random::generator(config.seed, Purpose::Weights);
    let layers =
        shapes(&VaeConfig { head: None, input: EncoderInput::Flux, ..config.clone() }).into_iter().map(|shape| {
            let bound = 1.0 / (shape.inputs as f32).sqrt();
            let weight = random::uniform(&mut generator, bound, shape.inputs * shape.outputs);
            (weight, random::uniform(&mut generator, bound, shape.outputs))
        });
    flat(config, layers)
}

/// From layers in PyTorch's layout, in the order of [`shapes`].
pub fn from_pytorch<'a>(config: &VaeConfig, layers: impl IntoIterator<Item = &'a Layer>) -> Vec<f32> {
    flat(
        config,
        layers.into_iter().map(|(shape, weight, bias)| (transposed(weight, shape.outputs, shape.inputs), bias.clone())),
    )
}

/// To layers in PyTorch's layout, in the order of [`shapes`].
pub fn to_pytorch(config: &VaeConfig, parameters: &[f32]) -> Vec<Layer> {
    let layout = Layout::new(config);
    let mut layers = Vec::with_capacity(7);
    let mut names = shapes(config).into_iter();
    for (at, slot) in layout.layers.iter().enumerate() {
        let weight = transposed(&parameters[slot.weight..slot.bias], slot.inputs, slot.outputs);
        let bias = &parameters[slot.bias..slot.bias + slot.outputs];
        let parts = if at == HEADS { 2 } else { 1 };
        let outputs = slot.outputs / parts;
        for part in 0..parts {
            let Some(shape) = names.next() else { return layers };
            let rows = part * outputs * slot.inputs..(part + 1) * outputs * slot.inputs;
            layers.push((shape, weight[rows].to_vec(), bias[part * outputs..(part + 1) * outputs].to_vec()));
        }
    }
    layers
}

/// A matrix [rows, columns] as [columns, rows].
pub(super) fn transposed(values: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    let mut out = Vec::with_capacity(values.len());
    for column in 0..columns {
        out.extend((0..rows).map(|row| values[row * columns + column]));
    }
    out
}

/// Which of [`Layout::layers`] is both heads.
const HEADS: usize = 2;

/// Layers one after the other, weights `[in, out]`, the two heads side by side.
fn flat(config: &VaeConfig, layers: impl IntoIterator<Item = (Vec<f32>, Vec<f32>)>) -> Vec<f32> {
    let layout = Layout::new(config);
    let mut all = Vec::with_capacity(layout.len);
    let mut layers = layers.into_iter();
    for at in 0..layout.layers.len() {
        let Some((weight, bias)) = layers.next() else { break };
        let second = if at == HEADS { layers.next() } else { None };
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
