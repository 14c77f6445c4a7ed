//! The model on a page of maths: encoder pixels-h1-h2-(mean, log variance), decoder mirrored (the paper, section 3).

use burn_tensor::{Device, Tensor, TensorData};

use crate::vae::activation::activate_tensor;
use crate::vae::config::{EncoderInput, VaeConfig};
use crate::vae::parameters::{self, LayerShape, shapes, transposed};
use crate::vae::posterior::Posterior;

/// An InfoVAE. Cloning shares the numbers until one of the two changes.
#[derive(Debug, Clone)]
pub struct InfoVae {
    config: VaeConfig,
    encoder: [Linear; 2],
    mean: Linear,
    log_var: Linear,
    decoder: [Linear; 3],
    head: Option<Linear>,
}

/// A fully connected layer, y = x W + b.
#[derive(Debug, Clone)]
pub struct Linear {
    /// `[in, out]`, the transpose of PyTorch's layout: so the gradient comes out of its matrix product in the layout of the
    /// weights, with no transposing pass over it.
    pub weight: Tensor<2>,
    /// `[out]`
    pub bias: Tensor<1>,
}

impl InfoVae {
    /// Returns a model before training: weights and biases uniform within 1 / sqrt(inputs) of 0, as PyTorch does, from the
    /// configuration's seed.
    pub fn new(config: &VaeConfig, device: &Device) -> Self {
        Self::from_parameters(config, &parameters::initial(config), device)
    }

    /// Returns a model with the numbers of a flat buffer, as [`parameters::Layout`] has them.
    pub fn from_parameters(config: &VaeConfig, flat: &[f32], device: &Device) -> Self {
        let mut layers = parameters::split(config, flat).into_iter();
        Self::build(config, device, |_| layers.next().expect("as many layers as shapes"))
    }

    /// Returns the numbers as a flat buffer. Waits for the device.
    pub fn to_parameters(&self) -> Vec<f32> {
        let layer = |layer: &Linear| (numbers(layer.weight.clone()), numbers(layer.bias.clone()));
        parameters::join(&self.config, self.layers().into_iter().map(layer))
    }

    /// Returns a model of given numbers: `layer` gives each layer's weight in PyTorch's layout, `[out * in]`, and bias, `[out]`.
    pub fn from_pytorch(
        config: &VaeConfig,
        device: &Device,
        mut layer: impl FnMut(LayerShape) -> (Vec<f32>, Vec<f32>),
    ) -> Self {
        Self::build(config, device, |shape| {
            let (weight, bias) = layer(shape);
            (transposed(&weight, shape.outputs, shape.inputs), bias)
        })
    }

    /// Returns every layer's weight in PyTorch's layout, `[out * in]`, and bias, `[out]`, in the order of [`shapes`].
    pub fn to_pytorch(&self) -> Vec<(LayerShape, Vec<f32>, Vec<f32>)> {
        let layers = shapes(&self.config).into_iter().zip(self.layers());
        layers
            .map(|(shape, layer)| {
                let weight = numbers(layer.weight.clone());
                (shape, transposed(&weight, shape.inputs, shape.outputs), numbers(layer.bias.clone()))
            })
            .collect()
    }

    /// Returns its configuration.
    pub fn config(&self) -> &VaeConfig {
        &self.config
    }

    /// Returns what enters the encoder, `[n, inputs]`: spectra less the mean spectrum, `x`, and where the configuration says so their
    /// weights, both `[n, pixels]`.
    pub fn input(&self, x: Tensor<2>, weight: &Tensor<2>) -> Tensor<2> {
        match self.config.input {
            EncoderInput::Flux => x,
            EncoderInput::FluxAndWeight => {
                let certainty = (weight.clone() * self.config.weight_epsilon).sqrt();
                Tensor::cat(vec![x, certainty], 1)
            }
        }
    }

    /// Returns q(z|x) of what [`InfoVae::input`] gives, `[n, inputs]`.
    pub fn encode(&self, x: Tensor<2>) -> Posterior<Tensor<2>> {
        let hidden = self.activate(self.encoder[0].forward(x)); // [n, h1]
        let hidden = self.activate(self.encoder[1].forward(hidden)); // [n, h2]
        Posterior {
            mean: self.mean.forward(hidden.clone()), // [n, d]
            log_var: self.log_var.forward(hidden),   // [n, d]
        }
    }

    /// Decodes latents `[n, d]` to spectra less the mean spectrum, `[n, pixels]`.
    pub fn decode(&self, latent: Tensor<2>) -> Tensor<2> {
        let hidden = self.activate(self.decoder[0].forward(latent)); // [n, h2]
        let hidden = self.activate(self.decoder[1].forward(hidden)); // [n, h1]
        self.decoder[2].forward(hidden) // [n, pixels]
    }

    /// Returns the head's predictions from latents `[n, d]`: scores of the classes, then standardised measurements, `[n, outputs]`.
    pub fn predict(&self, latent: Tensor<2>) -> Option<Tensor<2>> {
        self.head.as_ref().map(|head| head.forward(latent))
    }

    /// Returns the same model, its tensors leaves of a new graph of derivatives.
    pub fn tracked(&self) -> Self {
        self.map(|layer| Linear {
            weight: layer.weight.clone().autodiff().require_grad(),
            bias: layer.bias.clone().autodiff().require_grad(),
        })
    }

    /// Returns the layers, in the order of [`shapes`].
    pub fn layers(&self) -> Vec<&Linear> {
        let Self { encoder: [e0, e1], mean, log_var, decoder: [d0, d1, d2], head, .. } = self;
        [e0, e1, mean, log_var, d0, d1, d2].into_iter().chain(head).collect()
    }

    /// Returns the layers, to be changed, in the order of [`shapes`].
    pub fn layers_mut(&mut self) -> Vec<&mut Linear> {
        let Self { encoder: [e0, e1], mean, log_var, decoder: [d0, d1, d2], head, .. } = self;
        [e0, e1, mean, log_var, d0, d1, d2].into_iter().chain(head).collect()
    }

    fn build(config: &VaeConfig, device: &Device, mut layer: impl FnMut(LayerShape) -> (Vec<f32>, Vec<f32>)) -> Self {
        let layers = shapes(config).into_iter().map(|shape| {
            let (weight, bias) = layer(shape);
            Linear {
                weight: matrix(weight, shape.inputs, shape.outputs, device),
                bias: Tensor::from_data(TensorData::new(bias, [shape.outputs]), device),
            }
        });
        Self::from_layers(config.clone(), layers)
    }

    /// Builds a model from layers in the order of [`shapes`].
    fn from_layers(config: VaeConfig, layers: impl IntoIterator<Item = Linear>) -> Self {
        let mut layers = layers.into_iter();
        let mut next = || layers.next().expect("as many layers as shapes");
        let encoder = [next(), next()];
        let (mean, log_var) = (next(), next());
        let decoder = [next(), next(), next()];
        let head = config.head.is_some().then(next);
        Self { config, encoder, mean, log_var, decoder, head }
    }

    fn map(&self, change: impl Fn(&Linear) -> Linear) -> Self {
        Self::from_layers(self.config.clone(), self.layers().into_iter().map(change))
    }

    fn activate(&self, x: Tensor<2>) -> Tensor<2> {
        activate_tensor(x, self.config.negative_slope)
    }
}

impl Linear {
    /// Maps `[n, in]` to `[n, out]`.
    fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        x.matmul(self.weight.clone()) + self.bias.clone().unsqueeze::<2>()
    }
}

/// Returns a matrix [rows, columns] of numbers in rows.
pub(crate) fn matrix(values: Vec<f32>, rows: usize, columns: usize, device: &Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values, [rows, columns]), device)
}

/// Returns a tensor's numbers, in its own memory where nobody else holds it.
pub(crate) fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().expect("every tensor here is of f32")
}
