//! Rows to panels and back.

use super::gemm::PANEL;

/// Rows `[n * width]` into panels `[rows * PANEL]` each, as many as `width` takes; zeros in what is left of rows and columns.
pub fn to_panels(values: &[f32], width: usize, out: &mut [f32]) {
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

/// Panels to rows `[n * width]`.
pub fn from_panels(values: &[f32], count: usize, width: usize) -> Vec<f32> {
    let rows = values.len() / width.div_ceil(PANEL) / PANEL;
    let at = |row: usize, column: usize| values[(column / PANEL * rows + row) * PANEL + column % PANEL];
    (0..count).flat_map(|row| (0..width).map(move |column| at(row, column))).collect()
}
