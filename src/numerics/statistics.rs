//! Medians, percentiles and ranks.

/// Returns the finite values in ascending order.
pub fn sorted(values: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let mut sorted: Vec<f64> = values.into_iter().filter(|value| value.is_finite()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

/// Returns the value below which `percent` (clamped to 0..100) of `sorted` lie: at position (n - 1) percent / 100, linearly
/// interpolated between neighbours (Hyndman & Fan 1996, type 7; NumPy's `linear`). NaN for an empty slice.
pub fn percentile(sorted: &[f64], percent: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return f64::NAN;
    };
    let position = last as f64 * (percent / 100.0).clamp(0.0, 1.0);
    let (below, above) = (sorted[position as usize], sorted[(position as usize + 1).min(last)]);
    // From the nearer end, as NumPy interpolates, so that rounding is the same.
    let part = position - position.floor();
    if part < 0.5 { below + (above - below) * part } else { above - (above - below) * (1.0 - part) }
}

/// Returns the share of `sorted` that lies below `value`, per cent: the inverse of [`percentile`]. It is 0 or 100 beyond the ends,
/// and the middle of the values equal to `value`. NaN for an empty slice.
pub fn rank(sorted: &[f64], value: f64) -> f64 {
    if sorted.is_empty() || value.is_nan() {
        return f64::NAN;
    }
    let last = sorted.len() - 1;
    let (below, upto) = (sorted.partition_point(|&v| v < value), sorted.partition_point(|&v| v <= value));
    let position = if below < upto {
        (below + upto - 1) as f64 / 2.0
    } else if below == 0 {
        return 0.0;
    } else if below > last {
        return 100.0;
    } else {
        below as f64 - 1.0 + (value - sorted[below - 1]) / (sorted[below] - sorted[below - 1])
    };
    100.0 * position / last.max(1) as f64
}

/// Returns the median in linear time; of an even number of values the upper of the two in the middle, so that it is one of the values.
/// `None` for no value. The values are reordered.
pub fn upper_median(values: &mut [f64]) -> Option<f64> {
    let middle = values.len() / 2;
    (!values.is_empty()).then(|| *values.select_nth_unstable_by(middle, f64::total_cmp).1)
}

/// Returns the median as [`upper_median`] does, in single precision.
pub fn upper_median_f32(values: impl IntoIterator<Item = f32>) -> Option<f32> {
    // Selecting among integers that order as the values do is faster than comparing floats.
    let values = values.into_iter();
    let mut keys: Vec<i32> = Vec::with_capacity(values.size_hint().1.unwrap_or(0));
    keys.extend(values.map(order_key));
    let middle = keys.len() / 2;
    (!keys.is_empty()).then(|| from_order_key(*keys.select_nth_unstable(middle).1))
}

/// Returns the values at the two ends of the finite values once a fraction `cut` (0..0.5) is removed from either side; `None` where no
/// value is finite.
pub fn trimmed_range(values: impl IntoIterator<Item = f32>, cut: f64) -> Option<(f32, f32)> {
    let mut sorted: Vec<f32> = values.into_iter().filter(|value| value.is_finite()).collect();
    sorted.sort_unstable_by(f32::total_cmp);
    let last = sorted.len().checked_sub(1)?;
    let low = (last as f64 * cut).floor() as usize;
    Some((sorted[low], sorted[last - low]))
}

/// Returns an integer that orders as [`f32::total_cmp`] does.
fn order_key(value: f32) -> i32 {
    let bits = value.to_bits().cast_signed();
    bits ^ (((bits >> 31).cast_unsigned()) >> 1).cast_signed()
}

/// Inverts [`order_key`].
fn from_order_key(key: i32) -> f32 {
    f32::from_bits((key ^ (((key >> 31).cast_unsigned()) >> 1).cast_signed()).cast_unsigned())
}
