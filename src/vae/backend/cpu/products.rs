//! Products of panels with a layer's weights, `[inputs, outputs]` in rows. The weights are rearranged on their way, a block at a
//! time that stays in the cache, and each block serves all rows of the batch.

use super::gemm::{PANEL, multiply, panels};

/// Input columns of a block: 16 kB of a rearranged panel in wasm, which leaves the other half of the first-level cache to tiles.
const BLOCK: usize = 512 / PANEL;
/// Output panels of a block: whole cache lines of the weights' rows.
pub const GROUP: usize = 64 / PANEL;
/// Numbers of rearranged weights.
pub const SCRATCH: usize = BLOCK * GROUP * PANEL * PANEL;

/// A layer's weights.
#[derive(Debug, Clone, Copy)]
pub struct Weights<'a> {
    /// `[inputs * outputs]` in rows.
    pub values: &'a [f32],
    /// Rows.
    pub inputs: usize,
    /// Columns.
    pub outputs: usize,
}

/// x W: `x` has the panels of `inputs` columns, `out` those of `outputs` columns from panel `from` on, as many as it holds; all
/// of `rows`. Every panel of it is shown to `finish`, with its number, when it is complete.
pub fn forward(
    x: &[f32],
    weights: Weights,
    rows: usize,
    from: usize,
    out: &mut [f32],
    scratch: &mut [f32],
    finish: impl Fn(usize, &mut [f32]),
) {
    let blocks = panels(weights.inputs).div_ceil(BLOCK);
    for (group, out) in out.chunks_mut(GROUP * rows * PANEL).enumerate() {
        let first = from + group * GROUP;
        for (block, x) in x.chunks(BLOCK * rows * PANEL).enumerate() {
            let length = x.len() / rows * PANEL;
            pack(weights, block * BLOCK * PANEL, first * PANEL, out.len() / (rows * PANEL), length, scratch);
            for (at, out) in out.chunks_exact_mut(rows * PANEL).enumerate() {
                multiply(x, &scratch[at * length..][..length], out, block == 0);
                if block + 1 == blocks {
                    finish(first + at, out);
                }
            }
        }
    }
}

/// d W': `d` has the panels of `outputs` columns, `out` those of `inputs` columns from panel `from` on; otherwise as [`forward`].
pub fn backward(
    d: &[f32],
    weights: Weights,
    rows: usize,
    from: usize,
    out: &mut [f32],
    scratch: &mut [f32],
    finish: impl Fn(usize, &mut [f32]),
) {
    let blocks = panels(weights.outputs).div_ceil(BLOCK);
    for (at, out) in out.chunks_exact_mut(rows * PANEL).enumerate() {
        for (block, d) in d.chunks(BLOCK * rows * PANEL).enumerate() {
            let length = d.len() / rows * PANEL;
            pack_turned(weights, (from + at) * PANEL, block * BLOCK * PANEL, &mut scratch[..length]);
            multiply(d, &scratch[..length], out, block == 0);
            if block + 1 == blocks {
                finish(from + at, out);
            }
        }
    }
}

/// Rows of W from `row` on, of `count` panels from `column` on: each panel `[length]`, 0 where W ends.
fn pack(weights: Weights, row: usize, column: usize, count: usize, length: usize, scratch: &mut [f32]) {
    let Weights { values, inputs, outputs } = weights;
    for k in 0..length / PANEL {
        let packed = scratch[k * PANEL..].chunks_mut(length).take(count);
        if row + k >= inputs {
            packed.for_each(|packed| packed[..PANEL].fill(0.0));
            continue;
        }
        let source = &values[(row + k) * outputs + column..(row + k + 1) * outputs];
        for (packed, source) in packed.zip(source.chunks(PANEL)) {
            copy_or_pad(source, packed);
        }
    }
}

/// The transpose: columns of W from `column` on, as rows of one panel of W's rows from `row` on, 0 where W ends.
fn pack_turned(weights: Weights, row: usize, column: usize, packed: &mut [f32]) {
    let Weights { values, inputs, outputs } = weights;
    let length = packed.len() / PANEL;
    for lane in 0..PANEL {
        let targets = packed[lane..].iter_mut().step_by(PANEL);
        if row + lane >= inputs {
            targets.for_each(|target| *target = 0.0);
            continue;
        }
        let source = &values[(row + lane) * outputs + column..(row + lane + 1) * outputs];
        let padding = std::iter::repeat_n(&0.0, length.saturating_sub(source.len()));
        targets.zip(source.iter().chain(padding)).for_each(|(target, &value)| *target = value);
    }
}

/// A panel's row, whole from memory where there is one, else with zeros behind.
#[inline(always)]
fn copy_or_pad(source: &[f32], packed: &mut [f32]) {
    let packed = &mut packed[..PANEL];
    match source.first_chunk::<PANEL>() {
        Some(whole) => packed.copy_from_slice(whole),
        None => {
            packed[..source.len()].copy_from_slice(source);
            packed[source.len()..].fill(0.0);
        }
    }
}
