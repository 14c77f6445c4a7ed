//! Scalar products of one row with several, and sums of several rows, in one pass each, so that every number is loaded once. Every sum
//! is accumulated in the order of [`dot`] and [`add_scaled`], so results equal theirs to the bit, with AVX2 too: it takes eight
//! numbers at once where plain x86-64 takes four, and rounds none of them differently.

use super::simd::with_avx2;

/// Partial sums of a scalar product.
const LANES: usize = 16;
/// Rows in one pass of [`dots`]: three times sixteen sums are what the registers hold.
const TOGETHER: usize = 3;
/// Rows in one pass of [`add_combination`].
const ADDED: usize = 4;

/// Returns the scalar product. Sixteen sums run side by side, which the compiler turns into SIMD.
pub(crate) fn dot(left: &[f32], right: &[f32]) -> f32 {
    let sums = with_avx2(|| {
        let mut sums = [0.0; LANES];
        for (left, right) in left.as_chunks::<LANES>().0.iter().zip(right.as_chunks::<LANES>().0) {
            for lane in 0..LANES {
                sums[lane] += left[lane] * right[lane];
            }
        }
        sums
    });
    total(&sums) + total_rest(left, right)
}

/// Returns the scalar product in double precision. Eight sums run side by side, which the compiler turns into SIMD.
pub(crate) fn dot_f64(left: &[f64], right: &[f64]) -> f64 {
    let (left_chunks, left_rest) = left.as_chunks::<8>();
    let (right_chunks, right_rest) = right.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for (a, b) in left_chunks.iter().zip(right_chunks) {
        for lane in 0..8 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest: f64 = left_rest.iter().zip(right_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f64>() + rest
}

/// Adds `factor` times `row` to `sum`.
pub(crate) fn add_scaled(sum: &mut [f32], factor: f32, row: &[f32]) {
    sum.iter_mut().zip(row).for_each(|(sum, value)| *sum += factor * value);
}

/// Writes the scalar product of `row` `[width]` with each of `rows` `[n * width]` into `products` `[n]`.
pub(crate) fn dots(rows: &[f32], row: &[f32], products: &mut [f32]) {
    let width = row.len();
    let (threes, rest) = products.as_chunks_mut::<TOGETHER>();
    for (at, three) in threes.iter_mut().enumerate() {
        let [a, b, c] = [0, 1, 2].map(|k| &rows[(at * TOGETHER + k) * width..][..width]);
        *three = three_dots(a, b, c, row);
    }
    let start = threes.len() * TOGETHER * width;
    for (product, other) in rest.iter_mut().zip(rows[start..].chunks_exact(width.max(1))) {
        *product = dot(other, row);
    }
}

/// Adds each of `rows` `[n * width]` times its factor to `sum` `[width]`, one after the other. `factors(i)` is the factor of row i.
pub(crate) fn add_combination(sum: &mut [f32], factors: impl Fn(usize) -> f32, rows: &[f32]) {
    let width = sum.len();
    let mut fours = rows.chunks_exact(ADDED * width);
    let mut first = 0;
    for four in &mut fours {
        let (a, rest) = four.split_at(width);
        let (b, rest) = rest.split_at(width);
        let (c, d) = rest.split_at(width);
        add_four(sum, [factors(first), factors(first + 1), factors(first + 2), factors(first + 3)], [a, b, c, d]);
        first += ADDED;
    }
    for (row, k) in fours.remainder().chunks_exact(width).zip(first..) {
        add_scaled(sum, factors(k), row);
    }
}

fn three_dots(a: &[f32], b: &[f32], c: &[f32], row: &[f32]) -> [f32; TOGETHER] {
    let sums = three_sums(a, b, c, row);
    let rest = |left: &[f32]| total_rest(left, row);
    [total(&sums[0]) + rest(a), total(&sums[1]) + rest(b), total(&sums[2]) + rest(c)]
}

fn three_sums(a: &[f32], b: &[f32], c: &[f32], row: &[f32]) -> [[f32; LANES]; TOGETHER] {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has AVX2.
        #[allow(unsafe_code)]
        return unsafe { three_sums_wide(a, b, c, row) };
    }
    three_sums_plain(a, b, c, row)
}

/// Never inlined, as is [`three_sums_plain`]: where the compiler sees how the sums are used it makes no SIMD.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
#[inline(never)]
fn three_sums_wide(a: &[f32], b: &[f32], c: &[f32], row: &[f32]) -> [[f32; LANES]; TOGETHER] {
    side_by_side(a, b, c, row)
}

#[inline(never)]
fn three_sums_plain(a: &[f32], b: &[f32], c: &[f32], row: &[f32]) -> [[f32; LANES]; TOGETHER] {
    side_by_side(a, b, c, row)
}

#[inline(always)]
fn side_by_side(a: &[f32], b: &[f32], c: &[f32], row: &[f32]) -> [[f32; LANES]; TOGETHER] {
    let (mut a_sums, mut b_sums, mut c_sums) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
    let ((row, a), (b, c)) = ((row.as_chunks().0, a.as_chunks().0), (b.as_chunks().0, c.as_chunks().0));
    for (((right, a), b), c) in row.iter().zip(a).zip(b).zip(c) {
        add_products(&mut a_sums, a, right);
        add_products(&mut b_sums, b, right);
        add_products(&mut c_sums, c, right);
    }
    [a_sums, b_sums, c_sums]
}

#[inline(always)]
fn add_products(sums: &mut [f32; LANES], left: &[f32; LANES], right: &[f32; LANES]) {
    let products: [f32; LANES] = std::array::from_fn(|lane| left[lane] * right[lane]);
    sums.iter_mut().zip(products).for_each(|(sum, product)| *sum += product);
}

fn total(sums: &[f32; LANES]) -> f32 {
    sums.iter().sum()
}

/// Returns the scalar product of what whole runs of [`LANES`] leave over.
fn total_rest(left: &[f32], right: &[f32]) -> f32 {
    left.as_chunks::<LANES>().1.iter().zip(right.as_chunks::<LANES>().1).map(|(a, b)| a * b).sum()
}

fn add_four(sum: &mut [f32], factors: [f32; ADDED], rows: [&[f32]; ADDED]) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        #[target_feature(enable = "avx2")]
        fn wide(sum: &mut [f32], factors: [f32; ADDED], rows: [&[f32]; ADDED]) {
            add_each(sum, factors, rows);
        }
        // SAFETY: the processor has AVX2.
        #[allow(unsafe_code)]
        return unsafe { wide(sum, factors, rows) };
    }
    add_each(sum, factors, rows);
}

#[inline(always)]
fn add_each(sum: &mut [f32], factors: [f32; ADDED], rows: [&[f32]; ADDED]) {
    let [a, b, c, d] = rows;
    for ((((sum, a), b), c), d) in sum.iter_mut().zip(a).zip(b).zip(c).zip(d) {
        *sum = *sum + factors[0] * a + factors[1] * b + factors[2] * c + factors[3] * d;
    }
}
