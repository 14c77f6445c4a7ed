//! The model on a page of maths: encoder pixels-h1-h2-(mean, log variance), decoder mirrored (the paper, section 3).

use burn_tensor::activation::{leaky_relu, relu};
use burn_tensor::{Device, Tensor, TensorData};

use crate::vae::config::{EncoderInput, VaeConfig};
use crate::vae::parameters::{LayerShape, shapes, transposed};
use crate::vae::random::{self, Purpose};

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

/// q(z|x), a Gaussian with a diagonal covariance.
#[derive(Debug, Clone)]
pub struct LatentDistribution {
    /// `[n, d]`
    pub mean: Tensor<2>,
    /// `[n, d]` natural logarithm of the variance.
    pub log_var: Tensor<2>,
}

impl InfoVae {
    /// A model before training: weights and biases uniform within 1 / sqrt(inputs) of 0, as PyTorch does, from the
    /// configuration's seed.
    pub fn new(config: &VaeConfig, device: &Device) -> Self {
        let mut generator = random::generator(config.seed, Purpose::Weights);
        Self::build(config, device, |shape| {
            let bound = 1.0 / (shape.inputs as f32).sqrt();
            let weight = random::uniform(&mut generator, bound, shape.inputs * shape.outputs);
            (weight, random::uniform(&mut generator, bound, shape.outputs))
        })
    }

    /// A model of given numbers: `layer` gives each layer's weight in PyTorch's layout, `[out * in]`, and bias, `[out]`.
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

    /// Every layer's weight in PyTorch's layout, `[out * in]`, and bias, `[out]`, in the order of [`shapes`].
    pub fn to_pytorch(&self) -> Vec<(LayerShape, Vec<f32>, Vec<f32>)> {
        let layers = shapes(&self.config).into_iter().zip(self.layers());
        layers
            .map(|(shape, layer)| {
                let weight = numbers(layer.weight.clone());
                (shape, transposed(&weight, shape.inputs, shape.outputs), numbers(layer.bias.clone()))
            })
            .collect()
    }

    /// Its configuration.
    pub fn config(&self) -> &VaeConfig {
        &self.config
    }

    /// What enters the encoder, `[n, inputs]`: spectra less the mean spectrum, `x`, and where the configuration says so their
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

    /// q(z|x) of what [`InfoVae::input`] gives, `[n, inputs]`.
    pub fn encode(&self, x: Tensor<2>) -> LatentDistribution {
        let hidden = self.activate(self.encoder[0].forward(x)); // [n, h1]
        let hidden = self.activate(self.encoder[1].forward(hidden)); // [n, h2]
        LatentDistribution {
            mean: self.mean.forward(hidden.clone()), // [n, d]
            log_var: self.log_var.forward(hidden),   // [n, d]
        }
    }

    /// Spectra less the mean spectrum, `[n, pixels]`, from places in latent space, `[n, d]`.
    pub fn decode(&self, latent: Tensor<2>) -> Tensor<2> {
        let hidden = self.activate(self.decoder[0].forward(latent)); // [n, h2]
        let hidden = self.activate(self.decoder[1].forward(hidden)); // [n, h1]
        self.decoder[2].forward(hidden) // [n, pixels]
    }

    /// What the head says of places in latent space: scores of the classes, then standardised measurements, `[n, outputs]`.
    pub fn predict(&self, latent: Tensor<2>) -> Option<Tensor<2>> {
        self.head.as_ref().map(|head| head.forward(latent))
    }

    /// The same model, its tensors leaves of a new graph of derivatives.
    pub fn tracked(&self) -> Self {
        self.map(|layer| Linear {
            weight: layer.weight.clone().autodiff().require_grad(),
            bias: layer.bias.clone().autodiff().require_grad(),
        })
    }

    /// The layers, in the order of [`shapes`].
    pub fn layers(&self) -> Vec<&Linear> {
        let Self { encoder: [e0, e1], mean, log_var, decoder: [d0, d1, d2], head, .. } = self;
        [e0, e1, mean, log_var, d0, d1, d2].into_iter().chain(head).collect()
    }

    /// The layers, to be changed, in the order of [`shapes`].
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

    /// From layers in the order of [`shapes`], as many as it gives.
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
        match self.config.negative_slope {
            0.0 => relu(x),
            slope => leaky_relu(x, f64::from(slope)),
        }
    }
}

impl Linear {
    /// `[n, in]` to `[n, out]`.
    fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        x.matmul(self.weight.clone()) + self.bias.clone().unsqueeze::<2>()
    }
}

impl LatentDistribution {
    /// A draw z = mean + noise sqrt(variance), with noise `[n, d]` from the standard normal distribution.
    pub fn reparameterize(&self, noise: Tensor<2>) -> Tensor<2> {
        self.mean.clone() + noise * (self.log_var.clone() * 0.5).exp()
    }
}

/// A matrix [rows, columns] of numbers in rows.
pub(crate) fn matrix(values: Vec<f32>, rows: usize, columns: usize, device: &Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values, [rows, columns]), device)
}

/// A tensor's numbers; its own memory where nobody else holds it.
pub(crate) fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().expect("every tensor here is of f32")
}
