//! A training step allocates nothing. A program of its own, because its allocator counts.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use spectrascape::vae::VaeConfig;
use spectrascape::vae::backend::cpu::Learner;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

/// The system's allocator, counting what this thread asks for.
struct Counting;

#[expect(unsafe_code, reason = "an allocator is one by an unsafe trait; this one only hands on")]
// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How often `work` allocates.
fn allocations(work: impl FnOnce()) -> usize {
    let before = COUNT.get();
    work();
    COUNT.get() - before
}

#[test]
fn a_training_step_allocates_nothing() {
    assert_eq!(allocations(|| drop(std::hint::black_box(vec![0.0_f32; 9]))), 1, "the counter counts");
    let config = VaeConfig { hidden1: 50, hidden2: 20, batch: 16, ..VaeConfig::published_code(6) };
    let mut learner = Learner::new(&config);
    let spectra =
        |count: usize| (vec![0.3; count * config.pixels], vec![1.0; count * config.pixels], vec![0.1; count * 6]);
    let prior = vec![0.5; 200 * 6];
    // The first step, a whole batch, and the epoch's last, which is smaller, and a whole one again.
    for count in [16, 16, 5, 16] {
        let (x, weight, noise) = spectra(count);
        let found = allocations(|| {
            learner.train(&x, &weight, &noise, &prior, 1e-3);
        });
        assert_eq!(found, 0, "in a step of {count} spectra");
        assert_eq!(allocations(|| _ = learner.evaluate(&x, &weight, &prior)), 0, "in a validation of {count} spectra");
    }
}
