//! Small maps of the latents of a training.

use std::sync::Arc;

use plotters_backend::DrawingBackend;

use crate::page::state::AppState;
use crate::page::view::embedding::Cloud;
use crate::plot::{Axis, Drawn, Frame, Pen, Theme, draw_scatter_axes};
use crate::spectrum::Class;

/// Returns the title of the map of a kept training, or of the newest epoch.
pub fn map_title(state: &AppState, at: Option<usize>) -> String {
    match at {
        Some(index) => state.kept().get(index).map(|kept| format!("Latents of {}", kept.name)).unwrap_or_default(),
        None => {
            state.training().seen.as_ref().map(|seen| format!("Latents after epoch {}", seen.epoch)).unwrap_or_default()
        }
    }
}

/// Returns the newest embedding of a kept training, or of the training on screen.
pub fn embedding_of(state: &AppState, at: Option<usize>) -> Option<&Arc<Cloud>> {
    match at {
        Some(index) => state.kept().get(index)?.seen.as_ref().map(|seen| &seen.cloud),
        None => state.training().seen.as_ref().map(|seen| &seen.cloud),
    }
}

/// Draws the map: VAE 1 along x, VAE 2 along y, coloured by class.
pub fn draw_map<DB: DrawingBackend>(
    pen: &mut Pen<'_, DB>,
    cloud: &Cloud,
    theme: &Theme,
    width: f64,
    height: f64,
) -> Drawn<DB> {
    let second = usize::from(cloud.dims > 1);
    let x: Vec<f32> = cloud.along.iter().step_by(cloud.dims).copied().collect();
    let y: Vec<f32> = cloud.along.iter().skip(second).step_by(cloud.dims).copied().collect();
    let ((x0, x1), (y0, y1)) = (Cloud::view_range(&x), Cloud::view_range(&y));
    let frame = Frame {
        left: 44.0,
        top: 6.0,
        right: width - 6.0,
        bottom: height - 38.0,
        x: Axis::linear(x0, x1),
        y: Axis::linear(y0, y1),
    };
    draw_scatter_axes(pen, theme, &frame, ("VAE 1", if second == 1 { "VAE 2" } else { "VAE 1" }))?;
    // Two thousand points show where the classes lie.
    let step = cloud.len().div_ceil(2000).max(1);
    for row in (0..cloud.len()).step_by(step) {
        let at = (frame.x_at(f64::from(x[row])), frame.y_at(f64::from(y[row])));
        if frame.contains(at.0, at.1) {
            pen.circle(at, 1.2, theme.class(Class::from_code(i32::from(cloud.class[row]))), None)?;
        }
    }
    Ok(())
}
