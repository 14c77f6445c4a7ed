//! One pure function over many inputs, on every core, results in the inputs' order.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use anyhow::{Context, Result};

/// `work(i)` for i in 0..count. `done` hears how many are ready, on the calling thread.
pub(super) fn map<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync, done: impl FnMut(usize)) -> Vec<T> {
    map_on(std::thread::available_parallelism().map_or(1, NonZero::get), count, work, done)
}

/// The same on a number of threads.
pub(super) fn map_on<T: Send>(
    threads: usize,
    count: usize,
    work: impl Fn(usize) -> T + Sync,
    mut done: impl FnMut(usize),
) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    let mut results: Vec<Option<T>> = (0..count).map(|_| None).collect();
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, count.max(1)) {
            let sender = sender.clone();
            let (next, work) = (&next, &work);
            scope.spawn(move || {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    if index >= count || sender.send((index, work(index))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        for (ready, (index, result)) in receiver.iter().enumerate() {
            results[index] = Some(result);
            done(ready + 1);
        }
    });
    results.into_iter().map(|result| result.expect("every index was worked on")).collect()
}

/// The same, on `jobs` threads that share the cores evenly: matrix products within `work` take no more than their share. A result
/// does not depend on how many.
#[cfg(feature = "cli")]
pub(super) fn map_models<T: Send>(
    jobs: usize,
    count: usize,
    work: impl Fn(usize) -> Result<T> + Sync,
    done: impl FnMut(usize),
) -> Vec<Result<T>> {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let share = (cores / jobs.clamp(1, count.max(1))).max(1);
    let one = |at: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(share).build();
        pool.context("no threads to train on")?.install(|| work(at))
    };
    map_on(jobs, count, one, done)
}

/// How many models train at once where nobody says: one a core.
#[cfg(feature = "cli")]
pub(super) fn jobs(wanted: Option<usize>) -> usize {
    wanted.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, NonZero::get)).max(1)
}
