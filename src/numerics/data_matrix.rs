//! A table of numbers with weights, checked once, so that the fitting loops need no checks.

use super::error::NumericsError;

/// A checked table: whole rows of finite numbers, and weights that are finite and not negative.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Table<'a> {
    /// `[n * width]` values.
    rows: &'a [f32],
    /// `[n * width]` weights; `None` where every value has weight 1.
    weights: Option<&'a [f32]>,
    /// Values per row.
    pub(crate) width: usize,
    /// Smaller values are raised to this: 0 for NMF without weights, as in the paper.
    lowest: f32,
    /// Whether every weight above 0 is read as 1.
    unit_weights: bool,
}

impl<'a> Table<'a> {
    /// Checks a table of rows `[n * width]` and weights `[n * width]`.
    ///
    /// # Errors
    /// Values that are not whole rows, a value that is not finite, weights of another number, negative or not finite, or all 0.
    pub(crate) fn new(rows: &'a [f32], weights: Option<&'a [f32]>, width: usize) -> Result<Self, NumericsError> {
        if width == 0 || rows.is_empty() || !rows.len().is_multiple_of(width) {
            return Err(NumericsError::NoRows { values: rows.len(), width });
        }
        if let Some(index) = rows.iter().position(|value| !value.is_finite()) {
            return Err(NumericsError::NotFinite { row: index / width, pixel: index % width, value: rows[index] });
        }
        let table = Self { rows, weights, width, lowest: f32::NEG_INFINITY, unit_weights: false };
        let Some(weights) = weights else { return Ok(table) };
        if weights.len() != rows.len() {
            return Err(NumericsError::Weights { weights: weights.len(), values: rows.len() });
        }
        if let Some(index) = weights.iter().position(|&weight| !(weight >= 0.0 && weight.is_finite())) {
            let (row, pixel) = (index / width, index % width);
            return Err(NumericsError::BadWeight { row, pixel, weight: weights[index] });
        }
        if weights.iter().all(|&weight| weight == 0.0) {
            return Err(NumericsError::Nothing { or_negative: "" });
        }
        Ok(table)
    }

    /// Returns the table with negative values clipped at 0.
    pub(crate) fn clipped(self) -> Self {
        Self { lowest: 0.0, ..self }
    }

    /// Returns the table with weight 1 for every value whose weight is above 0.
    pub(crate) fn with_unit_weights(self) -> Self {
        Self { unit_weights: true, ..self }
    }

    /// Returns the number of rows n.
    pub(crate) fn len(&self) -> usize {
        self.rows.len() / self.width
    }

    /// Returns whether the table has weights.
    pub(crate) fn weighted(&self) -> bool {
        self.weights.is_some()
    }

    /// Copies `values.len()` values of a row, and their weights, from `pixel` on.
    pub(crate) fn read(&self, row: usize, pixel: usize, values: &mut [f64], weights: &mut [f64]) {
        let start = row * self.width + pixel;
        let source = &self.rows[start..start + values.len()];
        values.iter_mut().zip(source).for_each(|(to, &from)| *to = f64::from(from.max(self.lowest)));
        match self.weights {
            Some(all) => weights.iter_mut().zip(&all[start..]).for_each(|(to, &from)| *to = f64::from(from)),
            None => weights.fill(1.0),
        }
        if self.unit_weights {
            weights.iter_mut().filter(|weight| **weight > 0.0).for_each(|weight| *weight = 1.0);
        }
    }

    /// Returns the sum of each row's weights, `[n]`.
    pub(crate) fn row_weights(&self) -> Vec<f64> {
        match self.weights {
            Some(all) => all.chunks_exact(self.width).map(|row| row.iter().map(|&w| f64::from(w)).sum()).collect(),
            None => vec![self.width as f64; self.len()],
        }
    }

    /// Checks that `components` is within 1..=`most`.
    ///
    /// # Errors
    /// Another number of components, or a table of one row (`most` = 0).
    pub(crate) fn allow(&self, components: usize, most: usize) -> Result<(), NumericsError> {
        match most {
            0 => Err(NumericsError::TooFewRows),
            _ if (1..=most).contains(&components) => Ok(()),
            _ => Err(NumericsError::Components { components, rows: self.len(), width: self.width, most }),
        }
    }
}

/// Returns a row and its weights, with 0 for both where the value is not finite or the weight not positive.
pub(crate) fn cleaned(row: &[f32], weight: &[f32]) -> (Vec<f32>, Vec<f32>) {
    let usable = |(&value, &weight): (&f32, &f32)| match value.is_finite() && weight > 0.0 && weight.is_finite() {
        true => (value, weight),
        false => (0.0, 0.0),
    };
    row.iter().zip(weight).map(usable).unzip()
}
