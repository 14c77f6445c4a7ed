//! Matrix products of packed activations with a layer's weights, `[inputs, outputs]` in rows.
//!
//! Activations are packed: [`PANEL`] columns at a time, each panel `[rows * PANEL]` in rows. So a column range of any matrix is one
//! piece of memory, a row of a panel is a few SIMD registers, and what one product writes is what the next one reads, with nothing to
//! rearrange but the weights. These are packed on their way, a block at a time that stays in the cache, and each block serves all rows of
//! the batch. The innermost loops hold a tile of the product in registers.

use crate::numerics::simd::{self, Lanes, Rounding};

/// Columns of a panel: what two registers hold, four numbers each in wasm, eight each natively.
pub const PANEL: usize = simd::WIDTH;
/// Rows of a tile: with two registers a row, half of the sixteen that there are hold sums.
pub const TILE: usize = 4;

/// Input columns of a block: 16 kB of a packed panel in wasm, which leaves the other half of the first-level cache to tiles.
const BLOCK: usize = 512 / PANEL;
/// Output panels of a block: whole cache lines of the weights' rows.
pub const GROUP: usize = 64 / PANEL;
/// Numbers of packed weights in a block.
pub const SCRATCH: usize = BLOCK * GROUP * PANEL * PANEL;

/// A layer's weights and biases.
#[derive(Debug, Clone, Copy)]
pub struct Weights<'a> {
    /// `[inputs * outputs]` in rows.
    pub values: &'a [f32],
    /// `[outputs]` biases.
    pub bias: &'a [f32],
    /// Rows.
    pub inputs: usize,
    /// Columns.
    pub outputs: usize,
    /// Selects how their products are rounded.
    pub rounding: Rounding,
}

/// Returns the rows of a panel that holds `rows`: whole tiles.
pub fn padded(rows: usize) -> usize {
    rows.next_multiple_of(TILE)
}

/// Returns the panels that `width` columns take.
pub fn panels(width: usize) -> usize {
    width.div_ceil(PANEL)
}

/// Computes `out = out + a b` for one panel `[rows * PANEL]` of the output (`out = a b` where `fresh`). `a` has panels of `rows` each,
/// `b` `[k * PANEL]` a row for each of their columns.
#[cfg_attr(not(target_arch = "x86_64"), expect(unused_variables, reason = "other processors round in one way"))]
pub fn multiply(a: &[f32], b: &[f32], out: &mut [f32], fresh: bool, rounding: Rounding) {
    #[cfg(target_arch = "x86_64")]
    if rounding.is_fused() {
        #[target_feature(enable = "avx2,fma")]
        fn with_avx2(a: &[f32], b: &[f32], out: &mut [f32], fresh: bool) {
            multiply_with::<true>(a, b, out, fresh);
        }
        // SAFETY: the processor has AVX2 and FMA.
        #[expect(unsafe_code, reason = "a function for processors with AVX2, called after asking for it")]
        return unsafe { with_avx2(a, b, out, fresh) };
    }
    simd::with_avx2(|| multiply_with::<false>(a, b, out, fresh));
}

/// Computes a strip of `a' b`, of [`PANEL`] rows, into `strip` `[PANEL * width]`: `a` is one panel, `b` has the panels of `width` columns,
/// all of `rows`.
#[cfg_attr(not(target_arch = "x86_64"), expect(unused_variables, reason = "other processors round in one way"))]
pub fn outer(a: &[f32], b: &[f32], width: usize, strip: &mut [f32], rounding: Rounding) {
    #[cfg(target_arch = "x86_64")]
    if rounding.is_fused() {
        #[target_feature(enable = "avx2,fma")]
        fn with_avx2(a: &[f32], b: &[f32], width: usize, strip: &mut [f32]) {
            outer_with::<true>(a, b, width, strip);
        }
        // SAFETY: the processor has AVX2 and FMA.
        #[expect(unsafe_code, reason = "a function for processors with AVX2, called after asking for it")]
        return unsafe { with_avx2(a, b, width, strip) };
    }
    simd::with_avx2(|| outer_with::<false>(a, b, width, strip));
}

/// Computes x W: `x` has the panels of `inputs` columns, `out` those of `outputs` columns from panel `from` on, as many as it holds; all
/// of `rows`. Calls `finish` with the number
/// of every panel of it that is complete.
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
                multiply(x, &scratch[at * length..][..length], out, block == 0, weights.rounding);
                if block + 1 == blocks {
                    finish(first + at, out);
                }
            }
        }
    }
}

/// Computes d W': `d` has the panels of `outputs` columns, `out` those of `inputs` columns from panel `from` on; otherwise as
/// [`forward`].
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
            pack_transposed(weights, (from + at) * PANEL, block * BLOCK * PANEL, &mut scratch[..length]);
            multiply(d, &scratch[..length], out, block == 0, weights.rounding);
            if block + 1 == blocks {
                finish(from + at, out);
            }
        }
    }
}

/// Packs rows `[n * width]` into panels `[rows * PANEL]` each, as many as `width` takes; zeros in what is left of rows and columns.
pub fn pack_rows(values: &[f32], width: usize, out: &mut [f32]) {
    let count = width.div_ceil(PANEL);
    let rows = out.len() / count / PANEL;
    let filled = values.len() / width;
    for (at, panel) in out.chunks_exact_mut(rows * PANEL).enumerate() {
        let columns = at * PANEL..width.min((at + 1) * PANEL);
        let (whole, padding) = panel.split_at_mut(filled * PANEL);
        for (target, row) in whole.as_chunks_mut::<PANEL>().0.iter_mut().zip(values.chunks_exact(width)) {
            let source = &row[columns.clone()];
            match source.first_chunk::<PANEL>() {
                Some(source) => *target = *source,
                None => {
                    *target = [0.0; PANEL];
                    target[..source.len()].copy_from_slice(source);
                }
            }
        }
        padding.fill(0.0);
    }
}

/// Returns the rows `[n * width]` of packed values.
pub fn unpack_rows(values: &[f32], count: usize, width: usize) -> Vec<f32> {
    let rows = values.len() / width.div_ceil(PANEL) / PANEL;
    let at = |row: usize, column: usize| values[(column / PANEL * rows + row) * PANEL + column % PANEL];
    (0..count).flat_map(|row| (0..width).map(move |column| at(row, column))).collect()
}

#[inline(always)]
fn multiply_with<const FUSED: bool>(a: &[f32], b: &[f32], out: &mut [f32], fresh: bool) {
    let panel = out.len();
    let b = b.as_chunks::<PANEL>().0.as_chunks::<PANEL>().0;
    for (at, tile) in out.as_chunks_mut::<PANEL>().0.as_chunks_mut::<TILE>().0.iter_mut().enumerate() {
        let mut sums = match fresh {
            true => [Lanes::ZERO; TILE],
            false => [Lanes::load(&tile[0]), Lanes::load(&tile[1]), Lanes::load(&tile[2]), Lanes::load(&tile[3])],
        };
        let start = at * TILE * PANEL;
        for (a, b) in a.chunks_exact(panel).zip(b) {
            let Some(rows) = a[start..].as_chunks::<PANEL>().0.first_chunk::<TILE>() else { continue };
            for k in 0..PANEL {
                let b = Lanes::load(&b[k]);
                for row in 0..TILE {
                    sums[row] = sums[row].plus_product::<FUSED>(rows[row][k], b);
                }
            }
        }
        for (row, sum) in tile.iter_mut().zip(sums) {
            sum.store(row);
        }
    }
}

#[inline(always)]
fn outer_with<const FUSED: bool>(a: &[f32], b: &[f32], width: usize, strip: &mut [f32]) {
    let rows = a.as_chunks::<PANEL>().0;
    for (at, b) in b.chunks_exact(a.len()).enumerate() {
        let b = b.as_chunks::<PANEL>().0;
        let column = at * PANEL;
        let columns = PANEL.min(width - column);
        for tile in 0..PANEL / TILE {
            let mut sums = [Lanes::ZERO; TILE];
            for (a, b) in rows.iter().zip(b) {
                let b = Lanes::load(b);
                let factors = &a.as_chunks::<TILE>().0[tile];
                for row in 0..TILE {
                    sums[row] = sums[row].plus_product::<FUSED>(factors[row], b);
                }
            }
            for (row, sum) in sums.into_iter().enumerate() {
                let out = &mut strip[(tile * TILE + row) * width + column..][..columns];
                match out.as_chunks_mut::<PANEL>().0.first_mut() {
                    Some(out) => sum.store(out),
                    None => {
                        let mut whole = [0.0; PANEL];
                        sum.store(&mut whole);
                        out.copy_from_slice(&whole[..columns]);
                    }
                }
            }
        }
    }
}

/// Packs rows of W from `row` on, of `count` panels from `column` on: each panel `[length]`, 0 where W ends.
fn pack(weights: Weights, row: usize, column: usize, count: usize, length: usize, scratch: &mut [f32]) {
    let Weights { values, inputs, outputs, .. } = weights;
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

/// Packs the transpose: columns of W from `column` on, as rows of one panel of W's rows from `row` on, 0 where W ends.
fn pack_transposed(weights: Weights, row: usize, column: usize, packed: &mut [f32]) {
    let Weights { values, inputs, outputs, .. } = weights;
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

/// Copies a panel's row, with zeros behind where the source is shorter.
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
