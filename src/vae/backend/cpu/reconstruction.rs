//! The reconstruction term of the loss on packed values, with its derivative.

use super::gemm::PANEL;

/// Returns the sum over spectra of w (x - x')^2 of each pixel of one panel: `decoded` x', `x`, both `[rows * PANEL]`. `weight` gives
/// the weights of a spectrum in the panel, of `spectra` of them. x' becomes the derivative, times `scale`; and its sum over
/// spectra, the bias's derivative, goes to `bias` `[up to PANEL]`.
pub fn reconstruction<'a>(
    decoded: &mut [f32],
    x: &[f32],
    weight: impl Fn(usize) -> &'a [f32],
    spectra: usize,
    scale: f32,
    bias: &mut [f32],
) -> [f32; PANEL] {
    let (whole, padding) = decoded.split_at_mut(spectra * PANEL);
    let mut sums = [0.0_f32; PANEL];
    let mut biases = [0.0_f32; PANEL];
    let rows = whole.as_chunks_mut::<PANEL>().0.iter_mut().zip(x.as_chunks::<PANEL>().0);
    for (spectrum, (decoded, x)) in rows.enumerate() {
        let weight = weight(spectrum);
        let row = match weight.first_chunk::<PANEL>() {
            Some(row) => row,
            None => &padded(weight),
        };
        for lane in 0..PANEL {
            let residual = decoded[lane] - x[lane];
            let weighted = row[lane] * residual;
            sums[lane] += weighted * residual;
            let derivative = weighted * scale;
            biases[lane] += derivative;
            decoded[lane] = derivative;
        }
    }
    padding.fill(0.0);
    let width = bias.len();
    bias.copy_from_slice(&biases[..width]);
    sums
}

fn padded(row: &[f32]) -> [f32; PANEL] {
    let mut whole = [0.0; PANEL];
    whole[..row.len()].copy_from_slice(row);
    whole
}
