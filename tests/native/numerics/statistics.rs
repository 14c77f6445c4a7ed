//! Medians and trimmed ranges.

use spectrascape::numerics::statistics::{percentile, sorted, trimmed_range, upper_median, upper_median_f32};

#[test]
fn the_median_is_the_upper_of_two_middle_values() {
    assert_eq!(upper_median(&mut []), None);
    assert_eq!(upper_median(&mut [3.0, -1.0, 2.0]), Some(2.0));
    assert_eq!(upper_median(&mut [4.0, 1.0, 3.0, 2.0]), Some(3.0));
    assert_eq!(upper_median_f32([]), None);
    assert_eq!(upper_median_f32([4.0, 1.0, 3.0, 2.0]), Some(3.0));
}

#[test]
fn single_precision_orders_as_double_does() {
    let values: Vec<f32> = (0..501).map(|i| ((i * 7919) % 1009) as f32 - 504.5).collect();
    let expected = percentile(&sorted(values.iter().map(|&value| f64::from(value))), 50.0) as f32;
    assert_eq!(upper_median_f32(values.iter().copied()), Some(expected));
    assert_eq!(upper_median_f32([-0.0, -2.5, f32::MIN_POSITIVE]), Some(-0.0));
}

#[test]
fn a_trimmed_range_leaves_out_the_ends() {
    let values = (0..101).map(|i| if i == 50 { f32::NAN } else { i as f32 });
    assert_eq!(trimmed_range(values.clone(), 0.0), Some((0.0, 100.0)));
    assert_eq!(trimmed_range(values, 0.02), Some((1.0, 99.0)));
    assert_eq!(trimmed_range([f32::INFINITY, f32::NAN], 0.1), None);
}
