//! The layout of the device's buffers and the order of its dispatches: plain numbers, known before the device is opened.
//!
//! Matrices lie in rows whose stride is a multiple of 32, so that no kernel has to look where a matrix ends. A layer of weights
//! `[in, out]` and its bias are one matrix: the bias is the row behind the last input, and every batch of units has a column of
//! ones behind its last one. So a matrix product adds the bias and, transposed, sums its derivative.

use crate::vae::VaeConfig;
use crate::vae::parameters::Layout;

/// Rows and columns of a tile, and what every side of a matrix is rounded up to.
pub const TILE: usize = 32;
/// Bytes between two steps', or two kernels', settings in their uniform buffers: what every adapter allows.
pub const SLOT: usize = 256;
/// Latents that the kernels take at most.
pub const MOST_LATENTS: usize = 31;
/// Spectra encoded at once.
const ENCODED: usize = 256;
/// Workgroups along one side of a dispatch that every adapter allows.
const MOST_GROUPS: usize = 65_535;

/// A compute kernel: a pipeline of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kernel {
    /// The batch out of the set.
    Gather,
    /// A hidden layer.
    Forward,
    /// Heads, draw, and the decoder's first layer.
    Code,
    /// The last layer and the reconstruction's loss.
    Output,
    /// A derivative by a layer's input.
    Backward,
    /// Back through the latents, with KL and MMD.
    CodeBack,
    /// Derivatives by the weights, and Adam.
    Update,
    /// The loss terms.
    Finish,
}

/// The number of workgroups of a dispatch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Groups {
    /// So many across, one down for each tile of 32 spectra.
    Tiles(u32),
    /// So many across, one down for each row of those tiles.
    Rows(u32),
    /// One for each row of those tiles.
    Spectra,
    /// So many, whatever the batch.
    Fixed(u32),
}

/// A kernel's call: its settings lie in slot `op`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// Kernel.
    pub kernel: Kernel,
    /// Index of its settings.
    pub op: usize,
    /// Number of workgroups.
    pub groups: Groups,
}

/// All that is known before the first step.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The layers, padded.
    pub layers: [PaddedLayer; 6],
    /// Numbers in the padded buffer of weights.
    pub weights: usize,
    /// Numbers in the workspace.
    pub work: usize,
    /// Index of the mean spectrum's first number.
    pub mean: usize,
    /// Index of the first number of the heads, `[rows, head_stride]`: mean and log variance of every spectrum of the batch.
    pub heads: usize,
    /// Stride of the heads.
    pub head_stride: usize,
    /// Spectra that the workspace holds.
    pub rows: usize,
    /// The settings of all calls, [`SLOT`] bytes each.
    pub ops: Vec<u8>,
    /// The calls of a training step.
    pub train: Vec<Call>,
    /// The calls of a batch's loss.
    pub evaluate: Vec<Call>,
    /// The calls that encode.
    pub encode: Vec<Call>,
}

/// A layer of weights in the padded buffer, `[rows, stride]`, its bias in row `inputs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaddedLayer {
    /// Units in.
    pub inputs: usize,
    /// Units out.
    pub outputs: usize,
    /// Index of its first number.
    pub at: usize,
    /// Rows, the units in and one more, rounded up.
    pub rows: usize,
    /// Numbers in a row.
    pub stride: usize,
}

/// Hands out offsets in the workspace.
struct Space(usize);

impl Plan {
    /// Returns the plan of a plain configuration; the error is a sentence that says what the kernels cannot do.
    pub fn new(config: &VaeConfig) -> Result<Self, String> {
        refuse(config)?;
        let (layers, weights) = padded_layers(config);
        let batch_rows = config.batch.next_multiple_of(TILE);
        let rows = batch_rows.max(ENCODED);
        let stride = |units: usize| (units + 1).next_multiple_of(TILE);
        let (pixels, hidden1, hidden2) = (config.pixels, config.hidden1, config.hidden2);
        let (pixel_stride, hidden1_stride, hidden2_stride) = (stride(pixels), stride(hidden1), stride(hidden2));
        let (latent_stride, head_stride) = (stride(config.latents), layers[2].stride);

        let mut space = Space(0);
        let [x, weight, out] = [(); 3].map(|()| space.take(rows * pixel_stride));
        let [enc1, dec1, d_enc1, d_dec1] = [(); 4].map(|()| space.take(rows * hidden1_stride));
        let [enc2, dec2, d_enc2, d_dec2] = [(); 4].map(|()| space.take(rows * hidden2_stride));
        let [heads, d_heads] = [(); 2].map(|()| space.take(rows * head_stride));
        let latent = space.take(rows * latent_stride);
        let mean = space.take(pixel_stride);
        let square_parts = space.take(rows / 4 * pixel_stride);
        let code_parts = space.take(rows * 64 * 4);

        let slope = config.negative_slope.to_bits();
        let at = |layer: usize| quarter(layers[layer].at);
        let q = quarter;
        let mut ops = Ops(Vec::new());
        let gather = ops.push(&[
            q(x),
            q(weight),
            q(mean),
            q(pixel_stride),
            pixels as u32,
            pixels.div_ceil(2) as u32,
            u32::from(config.unweighted),
            config.weight_epsilon.to_bits(),
        ]);
        let mut forward = |left, left_stride: usize, layer: usize, out, width: usize| {
            let weights_stride = q(layers[layer].stride);
            ops.push(&[q(left), q(left_stride), at(layer), weights_stride, q(out), width as u32, slope])
        };
        let to_enc1 = forward(x, pixel_stride, 0, enc1, hidden1);
        let to_enc2 = forward(enc1, hidden1_stride, 1, enc2, hidden2);
        let to_dec1 = forward(dec2, hidden2_stride, 4, dec1, hidden1);
        let to_code = ops.push(&[
            q(enc2),
            q(hidden2_stride),
            hidden2 as u32,
            at(2),
            q(head_stride),
            q(heads),
            q(latent),
            q(latent_stride),
            config.latents as u32,
            at(3),
            q(dec2),
            slope,
        ]);
        let to_output =
            ops.push(&[q(dec1), q(hidden1_stride), at(5), q(pixel_stride), q(out), q(x), q(weight), q(square_parts)]);
        let mut backward = |left, left_stride: usize, layer: usize, unit, out, out_stride: usize, width: usize| {
            ops.push(&[q(left), q(left_stride), at(layer), q(unit), q(out), q(out_stride), width as u32, slope])
        };
        let from_output = backward(out, pixel_stride, 5, dec1, d_dec1, hidden1_stride, hidden1);
        let from_dec1 = backward(d_dec1, hidden1_stride, 4, dec2, d_dec2, hidden2_stride, hidden2);
        let from_enc2 = backward(d_enc2, hidden2_stride, 1, enc1, d_enc1, hidden1_stride, hidden1);
        let from_code = ops.push(&[
            q(d_dec2),
            at(3),
            q(enc2),
            q(hidden2_stride),
            hidden2 as u32,
            at(2),
            q(head_stride),
            q(heads),
            q(latent),
            q(latent_stride),
            config.latents as u32,
            q(d_heads),
            q(d_enc2),
            q(code_parts),
            slope,
        ]);
        let sides = [
            (x, pixel_stride, d_enc1),
            (enc1, hidden1_stride, d_enc2),
            (enc2, hidden2_stride, d_heads),
            (latent, latent_stride, d_dec2),
            (dec2, hidden2_stride, d_dec1),
            (dec1, hidden1_stride, out),
        ];
        let mut table = Vec::with_capacity(48);
        let mut before = 0;
        for ((units, units_stride, derivatives), layer) in sides.into_iter().zip(&layers) {
            let across = layer.stride / TILE;
            let strides = [q(units_stride), q(layer.stride)];
            table.extend([q(units), strides[0], q(derivatives), strides[1], q(layer.at), before, across as u32, 0]);
            before += (across * layer.rows / TILE) as u32;
        }
        let update = ops.push(&table);
        let finish = ops.push(&[q(square_parts), q(pixel_stride), q(code_parts)]);

        let call = |kernel, op, groups| Call { kernel, op, groups };
        let tiles = |stride: usize| Groups::Tiles((stride / TILE) as u32);
        let encode = vec![
            call(Kernel::Gather, gather, Groups::Rows((pixel_stride / 4).div_ceil(64) as u32)),
            call(Kernel::Forward, to_enc1, tiles(hidden1_stride)),
            call(Kernel::Forward, to_enc2, tiles(hidden2_stride)),
            call(Kernel::Code, to_code, Groups::Spectra),
        ];
        let decode = [
            call(Kernel::Forward, to_dec1, tiles(hidden1_stride)),
            call(Kernel::Output, to_output, tiles(pixel_stride)),
        ];
        let back_to_code = [
            call(Kernel::Backward, from_output, tiles(hidden1_stride)),
            call(Kernel::Backward, from_dec1, tiles(hidden2_stride)),
        ];
        let code_back = call(Kernel::CodeBack, from_code, Groups::Spectra);
        let rest = [
            call(Kernel::Backward, from_enc2, tiles(hidden1_stride)),
            call(Kernel::Update, update, Groups::Fixed(before)),
        ];
        let finish = call(Kernel::Finish, finish, Groups::Fixed(1));
        let train = [&encode[..], &decode, &back_to_code, &[code_back], &rest, &[finish]].concat();
        let evaluate = [&encode[..], &decode, &[code_back, finish]].concat();
        if before as usize > MOST_GROUPS || rows > MOST_GROUPS {
            return Err(format!("layers of {hidden1} and {hidden2} units are too many for the GPU engine: take fewer"));
        }
        Ok(Self { layers, weights, work: space.0, mean, heads, head_stride, rows, ops: ops.0, train, evaluate, encode })
    }

    /// The flat buffer of `vae::parameters` as the kernels want it.
    pub fn padded(&self, config: &VaeConfig, flat: &[f32]) -> Vec<f32> {
        let mut padded = vec![0.0; self.weights];
        for (layer, slot) in self.layers.iter().zip(Layout::new(config).layers) {
            let rows = flat[slot.weight..].chunks_exact(slot.outputs).take(slot.inputs + 1);
            for (to, from) in padded[layer.at..].chunks_exact_mut(layer.stride).zip(rows) {
                to[..slot.outputs].copy_from_slice(from);
            }
        }
        padded
    }

    /// The way back from [`Plan::padded`].
    pub fn flat(&self, padded: &[f32]) -> Vec<f32> {
        let mut flat = Vec::with_capacity(self.weights);
        for layer in &self.layers {
            for row in padded[layer.at..].chunks_exact(layer.stride).take(layer.inputs + 1) {
                flat.extend_from_slice(&row[..layer.outputs]);
            }
        }
        flat
    }
}

impl Space {
    fn take(&mut self, numbers: usize) -> usize {
        let at = self.0;
        self.0 += numbers;
        at
    }
}

struct Ops(Vec<u8>);

impl Ops {
    fn push(&mut self, words: &[u32]) -> usize {
        let op = self.0.len() / SLOT;
        self.0.extend(words.iter().flat_map(|word| word.to_le_bytes()));
        self.0.resize((op + 1) * SLOT, 0);
        op
    }
}

fn padded_layers(config: &VaeConfig) -> ([PaddedLayer; 6], usize) {
    let mut at = 0;
    // A layer's units are the rows of the next one's weights, with one more; only the heads' are not.
    let heads = Layout::new(config).layers[2].weight;
    let layers = Layout::new(config).layers.map(|slot| {
        let behind = usize::from(slot.weight != heads);
        let stride = (slot.outputs + behind).next_multiple_of(TILE);
        let rows = (slot.inputs + 1).next_multiple_of(TILE);
        let layer = PaddedLayer { inputs: slot.inputs, outputs: slot.outputs, at, rows, stride };
        at += rows * stride;
        layer
    });
    (layers, at)
}

/// Returns the number of groups of four numbers, in which kernels count.
fn quarter(numbers: usize) -> u32 {
    (numbers / 4) as u32
}

fn refuse(config: &VaeConfig) -> Result<(), String> {
    config.validate().map_err(|error| error.to_string())?;
    if !crate::vae::parameters::is_plain(config) {
        return Err("the GPU engine trains models without a head and without weights as input: use the CPU".into());
    }
    if config.latents > MOST_LATENTS {
        let latents = config.latents;
        return Err(format!("the GPU engine takes up to {MOST_LATENTS} latents, not {latents}: use the CPU"));
    }
    if config.negative_slope < 0.0 {
        let slope = config.negative_slope;
        return Err(format!("the GPU engine takes an activation's slope of 0 or more, not {slope}: use the CPU"));
    }
    Ok(())
}
