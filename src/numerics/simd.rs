//! The same arithmetic on wider registers.

/// Runs `work` compiled for AVX2 where the processor has it: eight numbers at once where plain x86-64 takes four. Nothing is
/// reordered, nor is a product fused with a sum, so results are the same to the bit everywhere.
///
/// What is to gain must be inlined into `work`: loops over slices, no calls of large functions.
#[inline]
pub(crate) fn wide<R>(work: impl FnOnce() -> R) -> R {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        #[target_feature(enable = "avx2")]
        fn with_avx2<R>(work: impl FnOnce() -> R) -> R {
            work()
        }
        // SAFETY: the processor has AVX2.
        #[expect(unsafe_code, reason = "a processor's own instructions can be called for in no other way")]
        return unsafe { with_avx2(work) };
    }
    work()
}
