//! The four sums of a pixel, added at once: red, green and blue times a weight, and the weight.
//!
//! The page is compiled for size, for which the compiler does not vectorise, so wasm's vector instructions are written out here.

use super::palette::Rgb;

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use core::arch::wasm32::{
    f32x4, f32x4_add, f32x4_extract_lane, f32x4_mul, f32x4_splat, i16x8_narrow_i32x4, i32x4_extract_lane, i32x4_splat,
    i32x4_sub, u8x16_narrow_i16x8, v128,
};

/// Sums of red, green, blue (0..255 times a weight) and of weights.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell(v128);

/// Sums of red, green, blue (0..255 times a weight) and of weights.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
#[derive(Debug, Clone, Copy)]
#[repr(align(16))]
pub(super) struct Cell([f32; 4]);

/// 2^23, from which on the last bit of a float is worth 1: adding it rounds and leaves the integer in the low bits.
pub(super) const ROUNDING: f32 = 8_388_608.0;

impl Cell {
    /// Returns a colour times a weight.
    pub(super) fn of(Rgb(r, g, b): Rgb, weight: f32) -> Self {
        Self::new(f32::from(r) * weight, f32::from(g) * weight, f32::from(b) * weight, weight)
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
impl Cell {
    pub(super) const ZERO: Self = Self(f32x4(0.0, 0.0, 0.0, 0.0));

    #[inline(always)]
    pub(super) fn new(r: f32, g: f32, b: f32, weight: f32) -> Self {
        Self(f32x4(r, g, b, weight))
    }

    #[inline(always)]
    pub(super) fn plus(self, other: Self) -> Self {
        Self(f32x4_add(self.0, other.0))
    }

    #[inline(always)]
    pub(super) fn times(self, factor: f32) -> Self {
        Self(f32x4_mul(self.0, f32x4_splat(factor)))
    }

    #[inline(always)]
    pub(super) fn weight(self) -> f32 {
        f32x4_extract_lane::<3>(self.0)
    }

    /// Returns red, green and blue as bytes, opaque.
    #[inline(always)]
    pub(super) fn rgba(self) -> [u8; 4] {
        let whole = i32x4_sub(f32x4_add(self.0, f32x4_splat(ROUNDING)), i32x4_splat(ROUNDING.to_bits() as i32));
        let halves = i16x8_narrow_i32x4(whole, whole);
        let bytes = i32x4_extract_lane::<0>(u8x16_narrow_i16x8(halves, halves)) as u32;
        (bytes | 0xff00_0000).to_le_bytes()
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
impl Cell {
    pub(super) const ZERO: Self = Self([0.0; 4]);

    #[inline(always)]
    pub(super) fn new(r: f32, g: f32, b: f32, weight: f32) -> Self {
        Self([r, g, b, weight])
    }

    #[inline(always)]
    pub(super) fn plus(self, other: Self) -> Self {
        let (a, b) = (self.0, other.0);
        Self([a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3]])
    }

    #[inline(always)]
    pub(super) fn times(self, factor: f32) -> Self {
        Self(self.0.map(|value| value * factor))
    }

    #[inline(always)]
    pub(super) fn weight(self) -> f32 {
        self.0[3]
    }

    /// Returns red, green and blue as bytes, opaque.
    #[inline(always)]
    pub(super) fn rgba(self) -> [u8; 4] {
        let byte = |value: f32| (value + ROUNDING).to_bits().wrapping_sub(ROUNDING.to_bits()).min(255) as u8;
        [byte(self.0[0]), byte(self.0[1]), byte(self.0[2]), 255]
    }
}
