//! The innermost loops: tiles of a matrix product that stay in registers.
//!
//! Activations are kept in *panels*: [`PANEL`] columns at a time, each panel `[rows * PANEL]` in rows. So a column range of any
//! matrix is one piece of memory, a row of a panel is a few SIMD registers, and what one product writes is what the next one
//! reads, with nothing to rearrange but the weights.

use super::simd::Lanes;

/// Columns of a panel: what two registers hold, four numbers each in wasm, eight each natively.
pub const PANEL: usize = super::simd::WIDTH;
/// Rows of a tile: with two registers a row, half of the sixteen that there are hold sums.
pub const TILE: usize = 4;

/// The rows that panels of `rows` have: whole tiles.
pub fn padded(rows: usize) -> usize {
    rows.next_multiple_of(TILE)
}

/// The panels that `width` columns take.
pub fn panels(width: usize) -> usize {
    width.div_ceil(PANEL)
}

/// `out = out + a b` for one panel `[rows * PANEL]` of the output (`out = a b` where `fresh`). `a` has panels of `rows` each,
/// `b` `[k * PANEL]` a row for each of their columns.
pub fn multiply(a: &[f32], b: &[f32], out: &mut [f32], fresh: bool) {
    #[cfg(target_arch = "x86_64")]
    if super::simd::wide() {
        #[target_feature(enable = "avx2,fma")]
        fn with_avx2(a: &[f32], b: &[f32], out: &mut [f32], fresh: bool) {
            multiply_with::<true>(a, b, out, fresh);
        }
        // SAFETY: the processor has AVX2 and FMA.
        #[expect(unsafe_code, reason = "a function for processors with AVX2, called after asking for it")]
        return unsafe { with_avx2(a, b, out, fresh) };
    }
    multiply_with::<false>(a, b, out, fresh);
}

/// A strip of `a' b`, of [`PANEL`] rows, into `strip` `[PANEL * width]`: `a` is one panel, `b` has the panels of `width` columns,
/// all of `rows`.
pub fn outer(a: &[f32], b: &[f32], width: usize, strip: &mut [f32]) {
    #[cfg(target_arch = "x86_64")]
    if super::simd::wide() {
        #[target_feature(enable = "avx2,fma")]
        fn with_avx2(a: &[f32], b: &[f32], width: usize, strip: &mut [f32]) {
            outer_with::<true>(a, b, width, strip);
        }
        // SAFETY: the processor has AVX2 and FMA.
        #[expect(unsafe_code, reason = "a function for processors with AVX2, called after asking for it")]
        return unsafe { with_avx2(a, b, width, strip) };
    }
    outer_with::<false>(a, b, width, strip);
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
