//! Rows inside a rectangle or a drawn outline, and the simplification of strokes.

use super::axis::Frame;

/// Returns the rows, ascending, whose points lie in the rectangle between two corners (CSS pixels), its edges included.
pub fn rows_in_rectangle(frame: &Frame, x: &[f32], y: &[f32], from: (f64, f64), to: (f64, f64)) -> Vec<u32> {
    let left_right = (frame.value_at(from.0, from.1).0, frame.value_at(to.0, to.1).0);
    let low_high = (frame.value_at(from.0, from.1).1, frame.value_at(to.0, to.1).1);
    let within = |(a, b): (f64, f64)| {
        let (low, high) = (a.min(b), a.max(b));
        move |value: f32| f64::from(value) >= low && f64::from(value) <= high
    };
    let (in_x, in_y) = (within(left_right), within(low_high));
    rows_where(x, y, |x, y| in_x(x) && in_y(y))
}

/// Returns the rows, ascending, whose points lie inside an outline (corners in CSS pixels, the last joined to the first). Where it crosses
/// itself the even-odd rule decides: a point within an odd number of its loops is inside.
pub fn rows_in_polygon(frame: &Frame, x: &[f32], y: &[f32], outline: &[(f64, f64)]) -> Vec<u32> {
    let outline: Vec<(f64, f64)> =
        outline.iter().copied().filter(|corner| corner.0.is_finite() && corner.1.is_finite()).collect();
    if outline.len() < 3 {
        return Vec::new();
    }
    let (left, right) = ends(outline.iter().map(|corner| corner.0));
    let (top, bottom) = ends(outline.iter().map(|corner| corner.1));
    let (low, high) = (frame.value_at(left, bottom), frame.value_at(right, top));
    rows_where(x, y, |x, y| {
        let (x, y) = (f64::from(x), f64::from(y));
        // Most points lie outside the bounding box of the outline; so does NaN.
        x >= low.0 && x <= high.0 && y >= low.1 && y <= high.1 && is_inside(&outline, (frame.x_at(x), frame.y_at(y)))
    })
}

/// Returns whether a position lies inside an outline by the even-odd rule.
pub fn is_inside(outline: &[(f64, f64)], (x, y): (f64, f64)) -> bool {
    let Some(&last) = outline.last() else { return false };
    let mut inside = false;
    let mut from = last;
    for &to in outline {
        // An edge includes its upper end and not its lower one, so that a corner is crossed once.
        if (from.1 > y) != (to.1 > y) && x < from.0 + (y - from.1) / (to.1 - from.1) * (to.0 - from.0) {
            inside = !inside;
        }
        from = to;
    }
    inside
}

/// Returns the points of a stroke that are needed for a line within `tolerance` of all others, by Douglas & Peucker (1973); the first and
/// the last are kept. Points that are not finite are dropped.
pub fn simplify(stroke: &[(f64, f64)], tolerance: f64) -> Vec<(f64, f64)> {
    let points: Vec<(f64, f64)> = stroke.iter().copied().filter(|p| p.0.is_finite() && p.1.is_finite()).collect();
    if points.len() < 3 {
        return points;
    }
    let mut kept = vec![false; points.len()];
    (kept[0], kept[points.len() - 1]) = (true, true);
    let mut spans = vec![(0, points.len() - 1)];
    while let Some((first, last)) = spans.pop() {
        let mut farthest = (tolerance.max(0.0), None);
        for index in first + 1..last {
            let distance = distance_to_segment(points[index], points[first], points[last]);
            if distance > farthest.0 {
                farthest = (distance, Some(index));
            }
        }
        if let Some(index) = farthest.1 {
            kept[index] = true;
            spans.extend([(first, index), (index, last)]);
        }
    }
    points.into_iter().zip(kept).filter_map(|(point, kept)| kept.then_some(point)).collect()
}

fn rows_where(x: &[f32], y: &[f32], inside: impl Fn(f32, f32) -> bool) -> Vec<u32> {
    let rows = x.iter().zip(y).zip(0u32..);
    rows.filter_map(|((&x, &y), row)| inside(x, y).then_some(row)).collect()
}

fn ends(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
}

fn distance_to_segment(point: (f64, f64), from: (f64, f64), to: (f64, f64)) -> f64 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx * dx + dy * dy;
    let along = if length > 0.0 { ((point.0 - from.0) * dx + (point.1 - from.1) * dy) / length } else { 0.0 };
    let along = along.clamp(0.0, 1.0);
    (point.0 - from.0 - along * dx).hypot(point.1 - from.1 - along * dy)
}
