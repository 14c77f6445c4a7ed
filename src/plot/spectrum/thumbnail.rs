//! A spectrum as a thumbnail in a list.

/// Returns the `d` attribute of an SVG path of a spectrum in a box of `width` x `height`: the highest and the lowest pixel of every unit of
/// width, in the order of wavelength, so that a narrow line stays visible. Values that are not finite are skipped, and break the path
/// where a whole unit of width has no other. Empty where there is nothing to draw, or the box is empty.
pub fn thumbnail_path(flux: &[f32], width: f64, height: f64) -> String {
    let finite = flux.iter().copied().filter(|value| value.is_finite());
    let (low, high) = finite.fold((f32::INFINITY, f32::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
    let has_area = width.is_finite() && height.is_finite() && width > 0.0 && height > 0.0;
    if low > high || !has_area {
        return String::new();
    }
    let (low, span) = (f64::from(low), f64::from(high) - f64::from(low));
    let columns = (width.ceil() as usize).clamp(1, flux.len());
    let x_at = |pixel: usize| if flux.len() > 1 { pixel as f64 / (flux.len() - 1) as f64 * width } else { width / 2.0 };
    let y_at = |value: f32| {
        let fraction = if span > 0.0 { (f64::from(value) - low) / span } else { 0.5 };
        height * (1.0 - fraction)
    };
    let mut path = String::new();
    let mut pen_down = false;
    for column in 0..columns {
        let pixels = column * flux.len() / columns..(column + 1) * flux.len() / columns;
        let Some((first, second)) = extremes(flux, pixels) else {
            pen_down = false;
            continue;
        };
        for pixel in [first, second].into_iter().take(if first == second { 1 } else { 2 }) {
            let letter = if pen_down { 'L' } else { 'M' };
            path += &format!("{letter}{:.1} {:.1}", x_at(pixel), y_at(flux[pixel]));
            pen_down = true;
        }
    }
    path
}

/// Returns the pixels of the lowest and the highest finite value, in ascending order.
fn extremes(flux: &[f32], pixels: std::ops::Range<usize>) -> Option<(usize, usize)> {
    let finite = || pixels.clone().filter(|&pixel| flux[pixel].is_finite());
    let low = finite().min_by(|&a, &b| flux[a].total_cmp(&flux[b]))?;
    let high = finite().max_by(|&a, &b| flux[a].total_cmp(&flux[b]))?;
    Some((low.min(high), low.max(high)))
}
