//! The decoder in plain memory, with its Jacobian by hand: what a fit of latents evaluates several times for each spectrum.
//!
//! The Jacobian is carried forward through the layers beside the values. A unit of a hidden layer has a value and one derivative in each
//! latent, `1 + latents` numbers, so a layer is one product of `1 + latents` rows with its weights. Units whose value and derivatives are
//! all zero, about half of them behind a ReLU, take no part in the next product.

use super::activation::{activate, activate_gradient};
use super::config::VaeConfig;
use super::parameters::Layer;
use crate::numerics::simd::{self, Lanes};

/// Outputs side by side.
const WIDTH: usize = simd::WIDTH;
/// Rows of a tile of a product: with two registers a row, half of the sixteen that there are hold sums.
const TILE: usize = 4;

/// The decoder of a model: latents to normalised flux.
#[derive(Debug, Clone)]
pub struct Decoder {
    layers: Vec<PackedLayer>,
    /// `[pixels]` added to what the last layer gives.
    mean: Vec<f32>,
    negative_slope: f32,
    latents: usize,
}

/// A decoded spectrum and its derivatives in the latents.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Linearised {
    /// `[pixels]` flux.
    pub flux: Vec<f32>,
    /// `[latents * pixels]` derivative of the flux in each latent, latent by latent.
    pub jacobian: Vec<f32>,
}

/// A layer's weights, [`WIDTH`] outputs side by side.
#[derive(Debug, Clone)]
struct PackedLayer {
    inputs: usize,
    outputs: usize,
    /// Panels of `[inputs * WIDTH]`, 0 beyond the last output.
    panels: Vec<f32>,
    /// `[outputs]`
    bias: Vec<f32>,
}

/// The units of a layer that take part in the next product.
#[derive(Debug, Default)]
struct ActiveUnits {
    /// Indices, increasing.
    index: Vec<u32>,
    /// For each, its value and its derivatives, and zeros up to whole tiles.
    rows: Vec<f32>,
}

impl Decoder {
    /// Packs the decoder's layers of a model; `layers` are all of the model's, in the order of [`super::parameters::shapes`].
    pub fn new(config: &VaeConfig, layers: &[Layer], mean: &[f32]) -> Self {
        let decoder = layers.iter().filter(|(shape, _, _)| shape.name.starts_with("decoder."));
        let layers = decoder.map(|(shape, weight, bias)| PackedLayer::new(shape.inputs, shape.outputs, weight, bias));
        Self {
            layers: layers.collect(),
            mean: mean.to_vec(),
            negative_slope: config.negative_slope,
            latents: config.latents,
        }
    }

    /// Returns the number of latents, d.
    pub fn latents(&self) -> usize {
        self.latents
    }

    /// Decodes one latent position `[latents]` and differentiates the flux there. At a kink of the activation the derivative is that
    /// below zero.
    pub fn linearise(&self, latent: &[f32]) -> Linearised {
        let height = (1 + self.latents).next_multiple_of(TILE);
        let mut active = ActiveUnits::of_latent(latent, height);
        let mut out = Vec::new();
        for (at, layer) in self.layers.iter().enumerate() {
            layer.multiply(&active, height, &mut out);
            if at + 1 < self.layers.len() {
                active.activate(layer, &out, 1 + self.latents, height, self.negative_slope);
            }
        }
        let Some(last) = self.layers.last() else { return Linearised::default() };
        let (pixels, width) = (last.outputs, last.width());
        let sums = out[..pixels].iter().zip(&last.bias).zip(&self.mean);
        let rows = out.chunks_exact(width.max(1)).skip(1).take(self.latents);
        Linearised {
            flux: sums.map(|((sum, bias), mean)| sum + bias + mean).collect(),
            jacobian: rows.flat_map(|row| &row[..pixels]).copied().collect(),
        }
    }
}

impl PackedLayer {
    /// Packs a layer in PyTorch's layout, `weight` `[outputs * inputs]`.
    fn new(inputs: usize, outputs: usize, weight: &[f32], bias: &[f32]) -> Self {
        let mut panels = vec![0.0; outputs.div_ceil(WIDTH) * inputs * WIDTH];
        for (output, row) in weight.chunks_exact(inputs.max(1)).enumerate() {
            let panel = &mut panels[output / WIDTH * inputs * WIDTH..];
            for (input, &value) in row.iter().enumerate() {
                panel[input * WIDTH + output % WIDTH] = value;
            }
        }
        Self { inputs, outputs, panels, bias: bias.to_vec() }
    }

    /// Returns the numbers in a row of a product: outputs and padding.
    fn width(&self) -> usize {
        self.outputs.next_multiple_of(WIDTH)
    }

    /// Writes the products of the active units' rows with the weights into `out` `[height * width]`.
    fn multiply(&self, active: &ActiveUnits, height: usize, out: &mut Vec<f32>) {
        out.clear();
        out.resize(height * self.width(), 0.0);
        #[cfg(target_arch = "x86_64")]
        if simd::has_avx2_and_fma() {
            #[target_feature(enable = "avx2,fma")]
            fn with_avx2(layer: &PackedLayer, active: &ActiveUnits, height: usize, out: &mut [f32]) {
                layer.multiply_with::<true>(active, height, out);
            }
            // SAFETY: the processor has AVX2 and FMA.
            #[expect(unsafe_code, reason = "a function for processors with AVX2, called after asking for it")]
            return unsafe { with_avx2(self, active, height, out) };
        }
        self.multiply_with::<false>(active, height, out);
    }

    #[inline(always)]
    fn multiply_with<const FUSED: bool>(&self, active: &ActiveUnits, height: usize, out: &mut [f32]) {
        let width = self.width();
        let panels = self.panels.chunks_exact((self.inputs * WIDTH).max(1));
        for (at, panel) in panels.enumerate() {
            let panel = panel.as_chunks::<WIDTH>().0;
            for tile in (0..height).step_by(TILE) {
                let mut sums = [Lanes::ZERO; TILE];
                for (&index, rows) in active.index.iter().zip(active.rows.chunks_exact(height)) {
                    let weights = Lanes::load(&panel[index as usize]);
                    let Some(factors) = rows[tile..].first_chunk::<TILE>() else { continue };
                    for row in 0..TILE {
                        sums[row] = sums[row].plus_product::<FUSED>(factors[row], weights);
                    }
                }
                for (row, sum) in sums.into_iter().enumerate() {
                    let from = (tile + row) * width + at * WIDTH;
                    if let Some(target) = out[from..].first_chunk_mut::<WIDTH>() {
                        sum.store(target);
                    }
                }
            }
        }
    }
}

impl ActiveUnits {
    /// Returns the latents themselves as units: each has the derivative 1 in itself.
    fn of_latent(latent: &[f32], height: usize) -> Self {
        let mut rows = vec![0.0; latent.len() * height];
        for (k, (row, &value)) in rows.chunks_exact_mut(height).zip(latent).enumerate() {
            row[0] = value;
            row[1 + k] = 1.0;
        }
        Self { index: (0..latent.len() as u32).collect(), rows }
    }

    /// Takes the units of a layer from its product `out`, of which the first `filled` rows are values and derivatives.
    fn activate(&mut self, layer: &PackedLayer, out: &[f32], filled: usize, height: usize, negative_slope: f32) {
        self.index.clear();
        self.rows.clear();
        let width = layer.width();
        for (unit, &bias) in layer.bias.iter().enumerate() {
            let value = activate(out[unit] + bias, negative_slope);
            let slope = activate_gradient(1.0, value, negative_slope);
            if value == 0.0 && slope == 0.0 {
                continue;
            }
            self.index.push(unit as u32);
            self.rows.push(value);
            self.rows.extend((1..filled).map(|row| slope * out[row * width + unit]));
            self.rows.extend((filled..height).map(|_| 0.0));
        }
    }
}
