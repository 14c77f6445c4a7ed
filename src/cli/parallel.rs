//! Pure functions over many inputs on every core, and models that train in parallel.

#[cfg(feature = "cli")]
use anyhow::{Context, Result};

use crate::numerics::parallel::{map_on, threads};

/// Returns `work(i)` for `i` in `0..count`. `done` is called on the calling thread with the number of finished results.
pub(super) fn map<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync, done: impl FnMut(usize)) -> Vec<T> {
    map_on(threads(), count, work, done)
}

/// Returns `work(i)` for `i` in `0..count`, computed on `jobs` threads that share the cores evenly: matrix products within
/// `work` use no more than their share. Results do not depend on `jobs`.
#[cfg(feature = "cli")]
pub(super) fn map_models<T: Send>(
    jobs: usize,
    count: usize,
    work: impl Fn(usize) -> Result<T> + Sync,
    done: impl FnMut(usize),
) -> Vec<Result<T>> {
    let share = (threads() / jobs.clamp(1, count.max(1))).max(1);
    let one = |at: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(share).build();
        pool.context("no threads to train on")?.install(|| work(at))
    };
    map_on(jobs, count, one, done)
}

/// Returns how many models train at once: `wanted`, or one per core.
#[cfg(feature = "cli")]
pub(super) fn jobs(wanted: Option<usize>) -> usize {
    wanted.unwrap_or_else(threads).max(1)
}
