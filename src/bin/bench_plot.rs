//! The plots by themselves, for `cargo xtask bench`: what one redraw of the page does, callable from a script.

use plotters_canvas::CanvasBackend;
use spectrascape::plot::{Axis, Frame, Pen, Points, Rgb, Splat, Theme, draw_scatter_axes, splat};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

/// Backend units a CSS pixel, as in the page.
const UNIT: f64 = 4.0;

/// A cloud on a canvas of one device pixel a CSS pixel.
#[wasm_bindgen]
pub struct Scatter {
    canvas: HtmlCanvasElement,
    x: Vec<f32>,
    y: Vec<f32>,
    class: Vec<u8>,
    order: Vec<u32>,
    palette: Vec<Rgb>,
    /// What is in view before any pan: half the width and height about 0.
    reach: f64,
}

#[wasm_bindgen]
impl Scatter {
    /// From `[n]` places and class codes, in the order in which they are drawn; -`reach`..`reach` is in view.
    #[wasm_bindgen(constructor)]
    pub fn new(canvas: HtmlCanvasElement, x: Vec<f32>, y: Vec<f32>, class: Vec<u8>, reach: f64) -> Self {
        let order = (0..x.len() as u32).collect();
        Self { canvas, x, y, class, order, palette: Theme::LIGHT.class_palette(), reach }
    }

    /// One redraw, with the view moved by a fraction of its size.
    pub fn redraw(&mut self, dx: f64, dy: f64) {
        let axis = |by: f64| Axis::linear((2.0 * by - 1.0) * self.reach, (2.0 * by + 1.0) * self.reach);
        let (width, height) = (f64::from(self.canvas.width()), f64::from(self.canvas.height()));
        let (x, y) = (axis(dx), axis(dy));
        let frame = Frame { left: 52.0, top: 6.0, right: width - 8.0, bottom: height - 42.0, x, y };
        let crowd = (self.x.len() as f32 / 8000.0).max(0.1);
        let picture = Splat {
            width: (frame.right - frame.left).round() as usize,
            height: (frame.bottom - frame.top).round() as usize,
            radius: (1.5 / crowd.powf(0.25)).clamp(0.6, 2.2),
            opacity: (0.62 / crowd.powf(0.2)).clamp(0.25, 0.85),
            background: Theme::LIGHT.background,
        };
        let points = Points { x: &self.x, y: &self.y, color: &self.class, order: &self.order, palette: &self.palette };
        let pixels = splat(&picture, &frame, &points);
        let Some(context) = cleared(&self.canvas) else { return };
        put(&context, &pixels, (picture.width, picture.height), (frame.left, frame.top));
        with_pen(&self.canvas, &context, |pen| {
            let _ = draw_scatter_axes(pen, &Theme::LIGHT, &frame, ("VAE 1", "VAE 5"));
        });
    }
}

fn cleared(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    let context = canvas.get_context("2d").ok()??.dyn_into::<CanvasRenderingContext2d>().ok()?;
    let _ = context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0);
    context.clear_rect(0.0, 0.0, f64::from(canvas.width()), f64::from(canvas.height()));
    Some(context)
}

fn put(context: &CanvasRenderingContext2d, pixels: &[u8], (width, height): (usize, usize), (left, top): (f64, f64)) {
    let image = ImageData::new_with_u8_clamped_array_and_sh(Clamped(pixels), width as u32, height as u32);
    if let Ok(image) = image {
        let _ = context.put_image_data(&image, left, top);
    }
}

fn with_pen(
    canvas: &HtmlCanvasElement,
    context: &CanvasRenderingContext2d,
    draw: impl FnOnce(&mut Pen<'_, CanvasBackend>),
) {
    let _ = context.set_transform(1.0 / UNIT, 0.0, 0.0, 1.0 / UNIT, 0.0, 0.0);
    context.set_line_join("round");
    if let Some(mut backend) = CanvasBackend::with_canvas_object(canvas.clone()) {
        draw(&mut Pen::new(&mut backend, UNIT));
    }
}

fn main() {}
