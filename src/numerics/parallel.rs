//! The same work over many rows (or columns), on every core where there are threads. Each index is worked on alone and the
//! results keep their order, so they do not depend on the number of threads.

use std::ops::Range;

/// `work` on ranges that together cover `0..count`, results in order.
pub(crate) fn ranges<T: Send>(count: usize, work: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
    let threads = threads().min(count).max(1);
    let part = |i: usize| count * i / threads..count * (i + 1) / threads;
    if threads == 1 {
        return vec![work(0..count)];
    }
    scoped(threads, |i| work(part(i)))
}

#[cfg(not(target_arch = "wasm32"))]
fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

#[cfg(target_arch = "wasm32")]
fn threads() -> usize {
    1
}

#[cfg(not(target_arch = "wasm32"))]
fn scoped<T: Send>(threads: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let work = &work;
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|i| scope.spawn(move || work(i))).collect();
        let mut results = vec![work(0)];
        for other in others {
            match other.join() {
                Ok(result) => results.push(result),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        results
    })
}

#[cfg(target_arch = "wasm32")]
fn scoped<T: Send>(threads: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    (0..threads).map(work).collect()
}
