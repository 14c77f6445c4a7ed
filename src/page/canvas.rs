//! Canvases that are sharp at any device-pixel ratio, follow the size of their box, and redraw at most once per frame.

use leptos::html;
use leptos::prelude::*;
use plotters_canvas::CanvasBackend;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ResizeObserver};

use crate::plot::Pen;

/// The size of a canvas.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct CanvasSize {
    /// Width, CSS pixels.
    pub width: f64,
    /// Height, CSS pixels.
    pub height: f64,
    /// Device pixels per CSS pixel.
    pub ratio: f64,
}

/// Follows the size of one canvas until it is dropped, with the canvas.
struct Watch {
    observer: ResizeObserver,
    _measure: Closure<dyn Fn()>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// Backend units per CSS pixel: plotters' coordinates are integers, and curves need finer steps.
const UNIT: f64 = 4.0;

/// Returns a signal of the size that the style sheet gives a canvas. It is zero until the canvas is in the page. Nothing holds the canvas
/// once its component is gone.
pub fn follow_size(node: NodeRef<html::Canvas>) -> RwSignal<CanvasSize> {
    let size = RwSignal::new(CanvasSize::default());
    let watch = StoredValue::new_local(None);
    Effect::new(move |_| {
        let Some(canvas): Option<HtmlCanvasElement> = node.get() else { return };
        let watched = canvas.clone();
        let measure = Closure::<dyn Fn()>::new(move || {
            let ratio = window().device_pixel_ratio().clamp(1.0, 3.0);
            let (width, height) = (f64::from(watched.client_width()), f64::from(watched.client_height()));
            size.set(CanvasSize { width, height, ratio });
        });
        if let Ok(observer) = ResizeObserver::new(measure.as_ref().unchecked_ref()) {
            observer.observe(&canvas);
            watch.set_value(Some(Watch { observer, _measure: measure }));
        }
    });
    size
}

/// Calls `draw` in the next frame after any change that `key` tracks, once for any number of changes.
pub fn redraw_on<T: PartialEq + Send + Sync + 'static>(key: Memo<T>, draw: impl Fn() + Clone + 'static) {
    let waiting = StoredValue::new(false);
    Effect::new(move |_| {
        // Read, not only tracked: a memo that was never read has no sources, and never changes.
        key.with(|_| ());
        if waiting.get_value() {
            return;
        }
        waiting.set_value(true);
        let draw = draw.clone();
        request_animation_frame(move || {
            // Its component may be gone by now.
            if waiting.try_get_value().is_some() {
                waiting.set_value(false);
                draw();
            }
        });
    });
}

/// Clears a canvas and draws on it in CSS pixels. `beneath` may draw device pixels first.
pub fn paint(
    canvas: &HtmlCanvasElement,
    size: CanvasSize,
    beneath: impl FnOnce(&CanvasRenderingContext2d),
    draw: impl FnOnce(&mut Pen<'_, CanvasBackend>),
) {
    let (width, height) = ((size.width * size.ratio).round() as u32, (size.height * size.ratio).round() as u32);
    if width == 0 || height == 0 {
        return;
    }
    if canvas.width() != width || canvas.height() != height {
        canvas.set_width(width);
        canvas.set_height(height);
    }
    let context = canvas.get_context("2d").ok().flatten();
    let Some(context) = context.and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok()) else { return };
    let _ = context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0);
    context.clear_rect(0.0, 0.0, f64::from(width), f64::from(height));
    beneath(&context);
    let _ = context.set_transform(size.ratio / UNIT, 0.0, 0.0, size.ratio / UNIT, 0.0, 0.0);
    context.set_line_join("round");
    if let Some(mut backend) = CanvasBackend::with_canvas_object(canvas.clone()) {
        draw(&mut Pen::new(&mut backend, UNIT));
    }
}

/// Runs `work` and records its duration in the browser's timeline as `redraw <name>`, which benches read.
pub fn timed<T>(name: &str, work: impl FnOnce() -> T) -> T {
    let Some(performance) = window().performance() else { return work() };
    let name = format!("redraw {name}");
    let _ = performance.mark(&name);
    let done = work();
    let _ = performance.measure_with_start_mark(&name, &name);
    // Observers have received the entry; without this, entries would accumulate for as long as the page is open.
    performance.clear_marks_with_mark_name(&name);
    performance.clear_measures_with_measure_name(&name);
    done
}
