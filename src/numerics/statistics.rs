//! Percentiles with linear interpolation, as NumPy's default has them.

/// The finite ones of some values, in order.
pub fn sorted(values: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let mut sorted: Vec<f64> = values.into_iter().filter(|value| value.is_finite()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

/// The value below which `percent` (0 to 100, held inside) of `sorted` lie: at position (n - 1) percent / 100, between neighbours
/// on a straight line (Hyndman & Fan 1996, type 7; NumPy's `linear`). NaN of nothing.
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

/// What share of `sorted` lies below `value`, per cent: the inverse of [`percentile`], 0 or 100 beyond the ends, and the middle
/// of those that equal it. NaN of nothing.
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

/// Returns the middle one of some values, the upper one of two, in linear time; none of nothing. The values are reordered.
pub fn upper_median(values: &mut [f64]) -> Option<f64> {
    let middle = values.len() / 2;
    (!values.is_empty()).then(|| *values.select_nth_unstable_by(middle, f64::total_cmp).1)
}
