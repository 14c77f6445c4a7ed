//! The model on a page of maths: encoder pixels-h1-h2-(mean, log variance), decoder mirrored (the paper, section 3).

use burn::module::{Module, Param};
use burn::nn::Linear;
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData, Transaction};

use crate::vae::activation::activate_tensor;
use crate::vae::config::{EncoderInput, VaeConfig};
use crate::vae::parameters::{self, LayerShape, shapes, transposed};
use crate::vae::posterior::Posterior;

/// An InfoVAE on the device of its weights. Cloning shares the numbers until one of the two changes.
///
/// Burn's layers hold their weights as `[in, out]`, the transpose of PyTorch's: so the gradient comes out of its matrix product in the
/// layout of the weights, with no transposing pass over it.
#[derive(Module, Debug)]
pub struct InfoVae {
    encoder: [Linear; 2],
    mean: Linear,
    log_var: Linear,
    decoder: [Linear; 3],
    head: Option<Linear>,
    #[module(skip)]
    config: VaeConfig,
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
        flat(&self.config, self.register(Transaction::default()).execute())
    }

    /// Takes the gradient of the weights out of a backward pass, as a flat buffer; 0 where the loss does not depend on a weight. Waits for
    /// the device.
    pub fn flat_gradient(&self, gradients: &mut GradientsParams) -> Vec<f32> {
        let all = self.layers().into_iter().fold(Transaction::default(), |all, layer| {
            let weight =
                gradients.remove::<2>(layer.weight.id).unwrap_or_else(|| layer.weight.val().inner().zeros_like());
            let bias = bias(layer);
            all.register(weight)
                .register(gradients.remove::<1>(bias.id).unwrap_or_else(|| bias.val().inner().zeros_like()))
        });
        flat(&self.config, all.execute())
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
        parameters::to_pytorch(&self.config, &self.to_parameters())
    }

    /// Returns its configuration.
    pub fn config(&self) -> &VaeConfig {
        &self.config
    }

    /// Returns the device that its weights are on.
    pub fn device(&self) -> Device {
        self.mean.weight.device()
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

    /// Adds all numbers to what is read from the device, layer by layer, weight before bias, as [`flat`] takes them.
    pub(super) fn register(&self, transaction: Transaction) -> Transaction {
        self.layers().into_iter().fold(transaction, |transaction, layer| {
            transaction.register(layer.weight.val()).register(bias(layer).val())
        })
    }

    fn build(config: &VaeConfig, device: &Device, mut layer: impl FnMut(LayerShape) -> (Vec<f32>, Vec<f32>)) -> Self {
        let mut layers = shapes(config).into_iter().map(|shape| {
            let (weight, bias) = layer(shape);
            Linear {
                weight: Param::from_data(TensorData::new(weight, [shape.inputs, shape.outputs]), device),
                bias: Some(Param::from_data(TensorData::new(bias, [shape.outputs]), device)),
            }
        });
        let mut next = || layers.next().expect("as many layers as shapes");
        let encoder = [next(), next()];
        let (mean, log_var) = (next(), next());
        let decoder = [next(), next(), next()];
        let head = config.head.is_some().then(next);
        Self { encoder, mean, log_var, decoder, head, config: config.clone() }
    }

    fn activate(&self, x: Tensor<2>) -> Tensor<2> {
        activate_tensor(x, self.config.negative_slope)
    }
}

/// Returns the bias of a layer.
pub fn bias(layer: &Linear) -> &Param<Tensor<1>> {
    layer.bias.as_ref().expect("every layer has a bias")
}

/// Joins the numbers of all tensors, layer by layer, weight before bias, to a flat buffer.
pub(super) fn flat(config: &VaeConfig, tensors: Vec<TensorData>) -> Vec<f32> {
    let mut tensors = tensors.into_iter().map(floats);
    let layers = std::iter::from_fn(|| Some((tensors.next()?, tensors.next()?)));
    parameters::join(config, layers)
}

/// Returns a matrix [rows, columns] of numbers in rows.
pub(crate) fn matrix(values: Vec<f32>, rows: usize, columns: usize, device: &Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values, [rows, columns]), device)
}

/// Returns a tensor's numbers, in its own memory where nobody else holds it. Waits for the device.
pub(crate) fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    floats(tensor.into_data())
}

/// Returns the numbers that were read from a device.
pub(super) fn floats(data: TensorData) -> Vec<f32> {
    data.try_into_vec().expect("every tensor here is of f32")
}
