//! One pure function over many inputs, on every core, results in the inputs' order.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

/// `work(i)` for i in 0..count. `done` hears how many are ready, on the calling thread.
pub(super) fn map<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync, mut done: impl FnMut(usize)) -> Vec<T> {
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
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
