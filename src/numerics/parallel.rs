//! The same pure work over many indices, on every core where there are threads. Results keep the order of the indices, so they do not
//! depend on the number of threads.

use std::ops::Range;

/// Returns `work(range)` for ranges that together cover `0..count`, one range per thread.
pub(crate) fn ranges<T: Send>(count: usize, work: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
    let parts = threads().min(count).max(1);
    let part = |i: usize| count * i / parts..count * (i + 1) / parts;
    map_on(parts, parts, |i| work(part(i)), |_| {})
}

/// Returns `work(i)` for `i` in `0..count`.
pub(crate) fn map<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    map_on(threads(), count, work, |_| {})
}

/// Returns `work(i)` for `i` in `0..count`, computed on at most `threads` threads. `done` is called on the calling thread with the
/// number of finished results.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn map_on<T: Send>(
    threads: usize,
    count: usize,
    work: impl Fn(usize) -> T + Sync,
    mut done: impl FnMut(usize),
) -> Vec<T> {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc;

    let threads = threads.clamp(1, count.max(1));
    if threads == 1 {
        return one_by_one(count, work, done);
    }
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    let mut results: Vec<Option<T>> = (0..count).map(|_| None).collect();
    std::thread::scope(|scope| {
        for _ in 0..threads {
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

/// Returns `work(i)` for `i` in `0..count`: wasm runs this crate on one thread.
#[cfg(target_arch = "wasm32")]
pub(crate) fn map_on<T>(_threads: usize, count: usize, work: impl Fn(usize) -> T, done: impl FnMut(usize)) -> Vec<T> {
    one_by_one(count, work, done)
}

/// Returns the number of threads that run at the same time.
pub(crate) fn threads() -> usize {
    if cfg!(target_arch = "wasm32") {
        1
    } else {
        std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
    }
}

fn one_by_one<T>(count: usize, work: impl Fn(usize) -> T, mut done: impl FnMut(usize)) -> Vec<T> {
    let one = |index: usize| {
        let result = work(index);
        done(index + 1);
        result
    };
    (0..count).map(one).collect()
}
