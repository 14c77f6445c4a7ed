//! The plots by themselves, for `cargo xtask bench`: what one redraw of the page does, callable from a script.

use plotters_canvas::CanvasBackend;
use spectrascape::plot::{
    Axis, CornerLayer, CornerLayout, CornerPicture, Frame, Ink, Layer, Pen, Picture, SplatBuffer, Theme, Tone,
    draw_scatter_axes, histogram, inks, point_radius, rarity_weights,
};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

/// Backend units per CSS pixel, as in the page.
const UNIT: f64 = 4.0;
const THEME: Theme = Theme::LIGHT;

/// A scatter plot on a canvas of one device pixel per CSS pixel.
#[wasm_bindgen]
pub struct Scatter {
    canvas: HtmlCanvasElement,
    x: Vec<f32>,
    y: Vec<f32>,
    class: Vec<u8>,
    inks: [Ink; 256],
    buffer: SplatBuffer,
    /// Half the width and height of the view about 0, before any pan.
    reach: f64,
}

#[wasm_bindgen]
impl Scatter {
    /// Builds a plot of `[n]` coordinates and class codes, with -`reach`..`reach` in view.
    #[wasm_bindgen(constructor)]
    pub fn new(canvas: HtmlCanvasElement, x: Vec<f32>, y: Vec<f32>, class: Vec<u8>, reach: f64) -> Self {
        Self { canvas, x, y, inks: class_inks(&class), class, buffer: SplatBuffer::default(), reach }
    }

    /// Redraws with the view moved by a fraction of its size. Returns the milliseconds that the points took, that their picture took to
    /// reach the canvas, and that the axes took.
    pub fn redraw(&mut self, dx: f64, dy: f64) -> Vec<f64> {
        let begun = now();
        let (width, height) = (f64::from(self.canvas.width()), f64::from(self.canvas.height()));
        let (x, y) = (panned(self.reach, dx), panned(self.reach, dy));
        let frame = Frame { left: 52.0, top: 6.0, right: width - 8.0, bottom: height - 42.0, x, y };
        let (width, height) =
            ((frame.right - frame.left).round() as usize, (frame.bottom - frame.top).round() as usize);
        let radius = point_radius(self.x.len(), width, height, 1.0);
        let picture = Picture { width, height, radius, background: THEME.background };
        let tone = tone();
        let layer = Layer { x: &self.x, y: &self.y, color: &self.class, inks: &self.inks, rows: None, tone };
        let pixels = self.buffer.draw(&picture, &frame, &[layer]);
        let splatted = now();
        let Some(context) = cleared(&self.canvas) else { return Vec::new() };
        put(&context, pixels, (width, height), (frame.left, frame.top));
        let shown = now();
        with_pen(&self.canvas, &context, |pen| {
            let _ = draw_scatter_axes(pen, &THEME, &frame, ("VAE 1", "VAE 5"));
        });
        vec![splatted - begun, shown - splatted, now() - shown]
    }
}

/// A corner plot of six columns on a canvas of one device pixel per CSS pixel.
#[wasm_bindgen]
pub struct Corner {
    canvas: HtmlCanvasElement,
    class: Vec<u8>,
    inks: [Ink; 256],
    layout: CornerLayout,
    picture: CornerPicture,
    histograms: Vec<Vec<f32>>,
}

#[wasm_bindgen]
impl Corner {
    /// Builds a plot of `[6 * n]` coordinates, column by column, and `[n]` class codes, with -`reach`..`reach` in view. `None` where the
    /// canvas is too small.
    pub fn on(canvas: HtmlCanvasElement, columns: Vec<f32>, class: Vec<u8>, reach: f64) -> Option<Self> {
        let columns: Vec<&[f32]> = columns.chunks_exact(class.len().max(1)).collect();
        let (width, height) = (f64::from(canvas.width()), f64::from(canvas.height()));
        let layout = CornerLayout::new(width, height, &vec![(-reach, reach); columns.len()])?;
        let panel = layout.frame(0, 1);
        let (across, down) = ((panel.right - panel.left) as usize, (panel.bottom - panel.top) as usize);
        let mut picture = CornerPicture::default();
        picture.prepare(&layout, 1.0, point_radius(class.len(), across, down, 1.0), &columns);
        let heights = |column: &&[f32]| histogram(column, panned(reach, 0.0), 40, |_| true);
        let histograms = columns.iter().map(heights).collect();
        Some(Self { canvas, inks: class_inks(&class), class, layout, picture, histograms })
    }

    /// Redraws with another shading, since its panels always show the same range. Returns the times of [`Scatter::redraw`].
    pub fn redraw(&mut self, dx: f64, _dy: f64) -> Vec<f64> {
        let begun = now();
        let tone = Tone { single: 0.5 + dx as f32, ..tone() };
        let layer = CornerLayer { color: &self.class, inks: &self.inks, rows: None, tone };
        let size = self.picture.size();
        let pixels = self.picture.draw(THEME.background, &[layer]);
        let splatted = now();
        let Some(context) = cleared(&self.canvas) else { return Vec::new() };
        put(&context, pixels, size, (0.0, 0.0));
        let shown = now();
        with_pen(&self.canvas, &context, |pen| {
            let _ = self.layout.draw_axes(pen, &THEME, &["VAE 1", "VAE 2", "VAE 3", "VAE 4", "VAE 5", "VAE 6"]);
            let _ = self.layout.draw_histograms(pen, &self.histograms, THEME.muted, 0.2);
        });
        vec![splatted - begun, shown - splatted, now() - shown]
    }
}

fn now() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(f64::NAN, |performance| performance.now())
}

fn panned(reach: f64, by: f64) -> Axis {
    Axis::linear((2.0 * by - 1.0) * reach, (2.0 * by + 1.0) * reach)
}

fn class_inks(class: &[u8]) -> [Ink; 256] {
    let mut inks = inks(&THEME.class_palette());
    let weights = rarity_weights(class);
    inks.iter_mut().zip(weights).for_each(|(ink, weight)| ink.weight = weight);
    inks
}

fn tone() -> Tone {
    Tone { single: 0.5, dense: 1.0, deep: THEME.ink, depth: 0.35 }
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
