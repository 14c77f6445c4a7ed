//! One pure function over many rows; natively with the feature `clusters` on every core.

/// `work(row)` for row in 0..count, in order. What comes out does not depend on the number of threads.
#[cfg(feature = "cli")]
pub(crate) fn map<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync + Send) -> Vec<T> {
    use rayon::prelude::*;
    (0..count).into_par_iter().map(work).collect()
}

/// `work(row)` for row in 0..count, in order.
#[cfg(not(feature = "cli"))]
pub(crate) fn map<T>(count: usize, work: impl Fn(usize) -> T) -> Vec<T> {
    (0..count).map(work).collect()
}
