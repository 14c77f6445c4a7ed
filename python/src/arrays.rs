//! NumPy arrays to slices and back.

use numpy::{
    AllowTypeChange, Element, IntoPyArray, PyArray1, PyArray2, PyArrayLikeDyn, PyArrayMethods, PyUntypedArrayMethods,
};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use crate::errors;

/// The rows of an array.
pub struct Rows<T> {
    /// `[rows * columns]`, row by row.
    pub values: Vec<T>,
    /// Number of rows.
    pub rows: usize,
    /// Whether the array was one row without an axis of rows.
    pub flat: bool,
}

/// Returns the values `[n]` of an array of one axis; `name` is the argument's.
///
/// # Errors
/// Something that is no array of numbers, and another number of axes.
pub fn vector<'py, T>(name: &str, array: &Bound<'py, PyAny>) -> PyResult<Vec<T>>
where
    T: Element + Copy + 'py,
    Vec<T>: for<'a> FromPyObject<'a, 'py>,
{
    let (values, shape) = numbers(name, array)?;
    match shape[..] {
        [_] => Ok(values),
        _ => Err(errors::value(format!("{name} has the shape {}: it must have one axis", written(&shape)))),
    }
}

/// Returns the rows of an array `[n, columns]` or `[columns]`; `columns` is `None` where any number will do.
///
/// # Errors
/// Something that is no array of numbers, and another shape.
pub fn rows<'py, T>(name: &str, array: &Bound<'py, PyAny>, columns: Option<usize>) -> PyResult<Rows<T>>
where
    T: Element + Copy + 'py,
    Vec<T>: for<'a> FromPyObject<'a, 'py>,
{
    let (values, shape) = numbers(name, array)?;
    let fits = |found: usize| columns.is_none_or(|columns| columns == found);
    match shape[..] {
        [rows, found] if fits(found) => Ok(Rows { values, rows, flat: false }),
        [found] if columns == Some(found) => Ok(Rows { values, rows: 1, flat: true }),
        _ => {
            let wanted = columns.map_or("n, d".to_owned(), |columns| format!("n, {columns}"));
            Err(errors::value(format!("{name} has the shape {}: it must be [{wanted}]", written(&shape))))
        }
    }
}

/// Returns values `[n * columns]` as an array `[n, columns]`, or `[columns]` where `flat`.
pub fn matrix<'py, T: Element>(
    py: Python<'py>,
    values: Vec<T>,
    columns: usize,
    flat: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let rows = values.len() / columns;
    let array = values.into_pyarray(py);
    if flat {
        return Ok(array.into_any());
    }
    let matrix: Bound<'py, PyArray2<T>> = array.reshape([rows, columns])?;
    Ok(matrix.into_any())
}

/// Returns a copy of values as an array.
pub fn copied<'py, T: Element + Clone>(py: Python<'py>, values: &[T]) -> Bound<'py, PyArray1<T>> {
    PyArray1::from_slice(py, values)
}

/// Returns the values of an array, row by row, and its shape.
fn numbers<'py, T>(name: &str, array: &Bound<'py, PyAny>) -> PyResult<(Vec<T>, Vec<usize>)>
where
    T: Element + Copy + 'py,
    Vec<T>: for<'a> FromPyObject<'a, 'py>,
{
    let array: PyArrayLikeDyn<'py, T, AllowTypeChange> =
        array.extract().map_err(|_| PyTypeError::new_err(format!("{name} is not an array of numbers")))?;
    // Row by row, also where columns are stored one after the other.
    let values = array.as_array().iter().copied().collect();
    Ok((values, array.shape().to_vec()))
}

fn written(shape: &[usize]) -> String {
    let sizes: Vec<String> = shape.iter().map(usize::to_string).collect();
    format!("[{}]", sizes.join(", "))
}
