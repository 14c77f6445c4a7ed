//! Why a table cannot be fitted, one clear sentence each.

use thiserror::Error;

/// What is wrong with a table of spectra, or with what is asked of it.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum NumericsError {
    /// Values that do not make whole rows, or none.
    #[error("{values} values make no table of rows {width} wide: give at least one whole row")]
    NoRows {
        /// Values given.
        values: usize,
        /// Values a row.
        width: usize,
    },
    /// Not one weight a value.
    #[error("there are {weights} weights for {values} values: give one weight a value")]
    Weights {
        /// Weights given.
        weights: usize,
        /// Values given.
        values: usize,
    },
    /// A value that is not a number.
    #[error("row {row}, pixel {pixel} is {value}: give missing values as 0 with weight 0")]
    NotFinite {
        /// Row, from 0.
        row: usize,
        /// Pixel, from 0.
        pixel: usize,
        /// The value there.
        value: f32,
    },
    /// A weight that is negative or not a number.
    #[error("the weight of row {row}, pixel {pixel} is {weight}: weights are numbers from 0 up")]
    BadWeight {
        /// Row, from 0.
        row: usize,
        /// Pixel, from 0.
        pixel: usize,
        /// The weight there.
        weight: f32,
    },
    /// Every weight is zero, or for NMF every value at most zero.
    #[error("nothing is left to fit: every value is missing{or_negative}")]
    Nothing {
        /// Empty, or what else counts as missing.
        or_negative: &'static str,
    },
    /// PCA of one row.
    #[error("one row has no principal components: give at least two")]
    TooFewRows,
    /// More components than the table has directions, or none at all.
    #[error("{components} components cannot be fitted to {rows} rows of {width} pixels: ask for 1 to {most}")]
    Components {
        /// Components asked for.
        components: usize,
        /// Rows given.
        rows: usize,
        /// Values a row.
        width: usize,
        /// As many as there can be.
        most: usize,
    },
    /// Factors whose shape is not the table's.
    #[error("{what} holds {found} values, {expected} are needed")]
    Shape {
        /// What has the wrong length.
        what: &'static str,
        /// Its length.
        found: usize,
        /// The length needed.
        expected: usize,
    },
}
