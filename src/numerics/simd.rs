//! SIMD: several numbers side by side, in WebAssembly's registers or in those that the processor has.

/// Numbers side by side: in wasm two registers of four.
#[cfg(target_arch = "wasm32")]
pub const WIDTH: usize = 8;
/// Numbers side by side: natively two registers of eight.
#[cfg(not(target_arch = "wasm32"))]
pub const WIDTH: usize = 16;

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub use simd128::Lanes;

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub use plain::Lanes;

/// The rounding of sums of products.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rounding {
    /// The fastest that the processor has: a product and the sum that it goes into are rounded once where it fuses the two.
    #[default]
    Fastest,
    /// Every product and every sum is rounded, as in WebAssembly: the same bits on every machine.
    Portable,
}

impl Rounding {
    /// Returns whether products are fused with sums on this processor.
    #[inline]
    pub fn is_fused(self) -> bool {
        #[cfg(target_arch = "x86_64")]
        return self == Self::Fastest && has_avx2_and_fma();
        #[cfg(not(target_arch = "x86_64"))]
        false
    }
}

/// Returns whether the processor has AVX2 and FMA.
#[cfg(target_arch = "x86_64")]
#[inline]
pub(crate) fn has_avx2_and_fma() -> bool {
    std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma")
}

/// Runs `work` compiled for AVX2 where the processor has it: eight numbers at once where plain x86-64 takes four. Nothing is
/// reordered, nor is a product fused with a sum, so results are the same to the bit everywhere.
///
/// Only code that is inlined into `work` becomes faster: loops over slices, no calls of large functions.
#[inline]
pub(crate) fn with_avx2<R>(work: impl FnOnce() -> R) -> R {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        #[target_feature(enable = "avx2")]
        fn inlined<R>(work: impl FnOnce() -> R) -> R {
            work()
        }
        // SAFETY: the processor has AVX2.
        #[expect(unsafe_code, reason = "a processor's own instructions can be called for in no other way")]
        return unsafe { inlined(work) };
    }
    work()
}

/// Lanes in WebAssembly's registers, explicitly, since the compiler's vectoriser leaves sums in memory.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd128 {
    use core::arch::wasm32::{f32x4, f32x4_add, f32x4_extract_lane, f32x4_mul, f32x4_splat, v128};

    use super::WIDTH;

    /// [`WIDTH`] numbers.
    #[derive(Clone, Copy)]
    pub struct Lanes(v128, v128);

    impl Lanes {
        /// All lanes zero.
        pub const ZERO: Self = Self(f32x4(0.0, 0.0, 0.0, 0.0), f32x4(0.0, 0.0, 0.0, 0.0));

        /// Loads the lanes from memory.
        #[inline(always)]
        pub fn load(from: &[f32; WIDTH]) -> Self {
            let [a, b, c, d, e, f, g, h] = *from;
            Self(f32x4(a, b, c, d), f32x4(e, f, g, h))
        }

        /// Stores the lanes to memory.
        #[inline(always)]
        pub fn store(self, to: &mut [f32; WIDTH]) {
            let quarter = |v| {
                [
                    f32x4_extract_lane::<0>(v),
                    f32x4_extract_lane::<1>(v),
                    f32x4_extract_lane::<2>(v),
                    f32x4_extract_lane::<3>(v),
                ]
            };
            let ([a, b, c, d], [e, f, g, h]) = (quarter(self.0), quarter(self.1));
            *to = [a, b, c, d, e, f, g, h];
        }

        /// Returns the sum of these lanes and `factor` times `other`; wasm rounds the product.
        #[inline(always)]
        pub fn plus_product<const FUSED: bool>(self, factor: f32, other: Self) -> Self {
            let factor = f32x4_splat(factor);
            Self(f32x4_add(self.0, f32x4_mul(factor, other.0)), f32x4_add(self.1, f32x4_mul(factor, other.1)))
        }
    }
}

/// Lanes in an array, which the compiler puts into the registers of the processor.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod plain {
    use super::WIDTH;

    /// [`WIDTH`] numbers.
    #[derive(Clone, Copy)]
    pub struct Lanes([f32; WIDTH]);

    impl Lanes {
        /// All lanes zero.
        pub const ZERO: Self = Self([0.0; WIDTH]);

        /// Loads the lanes from memory.
        #[inline(always)]
        pub fn load(from: &[f32; WIDTH]) -> Self {
            Self(*from)
        }

        /// Stores the lanes to memory.
        #[inline(always)]
        pub fn store(self, to: &mut [f32; WIDTH]) {
            *to = self.0;
        }

        /// Returns the sum of these lanes and `factor` times `other`, the product rounded unless `FUSED`.
        #[inline(always)]
        pub fn plus_product<const FUSED: bool>(mut self, factor: f32, other: Self) -> Self {
            for lane in 0..WIDTH {
                self.0[lane] = match FUSED {
                    true => factor.mul_add(other.0[lane], self.0[lane]),
                    false => self.0[lane] + factor * other.0[lane],
                };
            }
            self
        }
    }
}
