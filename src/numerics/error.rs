//! Why a table cannot be fitted.

use thiserror::Error;

/// Why a table of numbers cannot be fitted, or not with the parameters given.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum NumericsError {
    /// The values are not whole rows, or there are none.
    #[error("{values} values make no table of rows {width} wide: give at least one whole row")]
    NoRows {
        /// Values given.
        values: usize,
        /// Values per row.
        width: usize,
    },
    /// The number of weights is not the number of values.
    #[error("there are {weights} weights for {values} values: give one weight a value")]
    Weights {
        /// Weights given.
        weights: usize,
        /// Values given.
        values: usize,
    },
    /// A value is not finite.
    #[error("row {row}, pixel {pixel} is {value}: give missing values as 0 with weight 0")]
    NotFinite {
        /// Row, from 0.
        row: usize,
        /// Pixel, from 0.
        pixel: usize,
        /// Value at that pixel.
        value: f32,
    },
    /// A weight is negative or not finite.
    #[error("the weight of row {row}, pixel {pixel} is {weight}: weights are numbers from 0 up")]
    BadWeight {
        /// Row, from 0.
        row: usize,
        /// Pixel, from 0.
        pixel: usize,
        /// Weight at that pixel.
        weight: f32,
    },
    /// Every weight is zero, or for NMF every value at most zero.
    #[error("nothing is left to fit: every value is missing{or_negative}")]
    Nothing {
        /// Empty, or what else counts as missing, as a clause.
        or_negative: &'static str,
    },
    /// One row has no principal components.
    #[error("one row has no principal components: give at least two")]
    TooFewRows,
    /// More components than the table has directions, or none, are asked for.
    #[error("{components} components cannot be fitted to {rows} rows of {width} pixels: ask for 1 to {most}")]
    Components {
        /// Components asked for.
        components: usize,
        /// Rows given.
        rows: usize,
        /// Values per row.
        width: usize,
        /// Largest possible number.
        most: usize,
    },
    /// An array does not fit the shape of the table.
    #[error("{what} holds {found} values, {expected} are needed")]
    Shape {
        /// Name of the array.
        what: &'static str,
        /// Length of the array.
        found: usize,
        /// The length needed.
        expected: usize,
    },
}
