//! A product split between threads. Every number is summed by one thread, in the order that one thread alone takes: the bits do
//! not depend on how many there are.

/// Multiplications below which a product stays whole: another thread would take longer to wake.
const SMALL: usize = 1 << 18;

/// Returns how many of `count` columns or rows of panels a piece has, in whole multiples of `multiple`.
pub fn share(count: usize, multiple: usize, multiplications: usize, threads: usize) -> usize {
    if threads < 2 || multiplications < SMALL {
        return count;
    }
    count.div_ceil(threads).next_multiple_of(multiple)
}

/// Calls `work(i, job, scratch)` for the i-th job, each with a scratch of its own; no more jobs than `scratches`.
pub fn each<J: Send>(
    mut jobs: impl Iterator<Item = J>,
    scratches: &mut [Vec<f32>],
    work: impl Fn(usize, J, &mut [f32]) + Sync,
) {
    let Some((own, others)) = scratches.split_first_mut() else { return };
    let Some(first) = jobs.next() else { return };
    #[cfg(feature = "cli")]
    if !others.is_empty() {
        return rayon::in_place_scope(|scope| {
            for (at, (job, scratch)) in jobs.zip(others).enumerate() {
                let work = &work;
                scope.spawn(move |_| work(at + 1, job, scratch));
            }
            work(0, first, own);
        });
    }
    work(0, first, own);
    for (at, (job, scratch)) in jobs.zip(others).enumerate() {
        work(at + 1, job, scratch);
    }
}
