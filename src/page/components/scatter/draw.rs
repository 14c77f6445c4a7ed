//! Draws the scatter: on its canvases and as an SVG file.

use wasm_bindgen::Clamped;
use web_sys::{HtmlCanvasElement, ImageData};

use super::scatter_view::ScatterView;
use crate::page::canvas::{CanvasSize, paint, timed};
use crate::page::client::download::data_url;
use crate::page::components::save_menu::PRINT;
use crate::page::context::{Page, Same};
use crate::page::view::figures::scatter_caption;
use crate::page::view::legend::drawn_titles;
use crate::page::view::neighbourhood::Neighbourhood;
use crate::page::view::scatter_layers::{Plane, markers, overlay, scatter_text};
use crate::plot::{
    Drawn, Frame, Marker, Overlay, Pen, Picture, SkyMap, SplatBuffer, Theme, captioned, draw_markers,
    draw_scatter_axes, point_radius,
};
use leptos::prelude::*;
use plotters_backend::DrawingBackend;

/// The markers and lines over the points.
pub type Over = (Vec<Marker>, Overlay);

/// Returns the markers and lines of the state.
pub fn over(page: Page, view: ScatterView) -> Over {
    let (Some(columns), neighbourhood) = (view.columns.get(), page.neighbourhood.get()) else { return Over::default() };
    let (outline, closed) = view.outline.get();
    let (cursor, stars, own) = (view.cursor.get(), view.stars.get(), page.own_points.get());
    let own_cursor = page.own_cursor.get();
    page.state.with(|state| {
        let known = neighbourhood.as_ref().map(|same: &Same<Neighbourhood>| same.0.as_ref());
        let Some(plane) = Plane::of(state, &columns, known) else { return Over::default() };
        let lines = overlay(state, &plane, stars);
        let own_at = |index: usize| own.get(index).and_then(|point| point.at);
        let cursor = own_cursor.and_then(own_at).or_else(|| cursor.and_then(|row| plane.row(row)));
        (markers(state, &plane, &own), Overlay { cursor, outline, closed, ..lines })
    })
}

/// Draws points and axes, and returns whether there was anything to draw.
pub fn draw_points(page: Page, canvas: &HtmlCanvasElement, view: ScatterView, buffer: &mut SplatBuffer) -> bool {
    let (Some(columns), Some(inked), Some(frame)) =
        (view.columns.get_untracked(), view.inked.get_untracked(), view.frame.get_untracked())
    else {
        return false;
    };
    let size = view.size.get_untracked();
    let theme = page.theme();
    let picture = picture(&frame, size.ratio, inked.count(), theme.background);
    let titles = titles(page);
    timed("scatter", || {
        let pixels = buffer.draw(&picture, &frame, &inked.layers(&columns.x, &columns.y));
        paint(
            canvas,
            size,
            |context| {
                let (width, height) = (picture.width as u32, picture.height as u32);
                if let Ok(image) = ImageData::new_with_u8_clamped_array_and_sh(Clamped(pixels), width, height) {
                    let (x, y) = ((frame.left * size.ratio).round(), (frame.top * size.ratio).round());
                    let _ = context.put_image_data(&image, x, y);
                }
            },
            |pen| {
                let _ = draw_axes(pen, &theme, &frame, &titles, columns.sky);
            },
        );
    });
    true
}

/// Draws the markers and lines over the points.
pub fn draw_over(page: Page, canvas: &HtmlCanvasElement, view: ScatterView, (markers, lines): &Over) {
    let Some(frame) = view.frame.get_untracked() else { return };
    let theme = page.theme();
    paint(
        canvas,
        view.size.get_untracked(),
        |_| (),
        |pen| {
            let _ = lines.draw(pen, &theme, &frame);
            let _ = draw_markers(pen, &theme, &frame, markers);
        },
    );
}

/// Returns the scatter as it is on screen as an SVG file: the points as an embedded picture, all else as lines, with its legend.
pub fn svg(page: Page, view: ScatterView) -> Result<String, String> {
    let missing = || "The scatter is not drawn yet: wait a moment.".to_owned();
    let columns = view.columns.get_untracked().ok_or_else(missing)?;
    let inked = view.inked.get_untracked().ok_or_else(missing)?;
    let frame = view.frame.get_untracked().ok_or_else(missing)?;
    let CanvasSize { width, height, .. } = view.size.get_untracked();
    let theme = page.theme();
    let picture = picture(&frame, PRINT, inked.count(), theme.background);
    let mut buffer = SplatBuffer::default();
    let pixels = buffer.draw(&picture, &frame, &inked.layers(&columns.x, &columns.y));
    let href = data_url(pixels, picture.width, picture.height).ok_or("This browser makes no pictures of canvases.")?;
    let (marks, lines) = untrack(|| over(page, view));
    let titles = titles(page);
    let coloring = page.coloring.get_untracked().ok_or_else(missing)?;
    let (name, caption) =
        page.state.with_untracked(|state| (scatter_text(state), scatter_caption(state, &coloring, &theme)));
    captioned((width, height), &name, &caption, theme, |sheet| {
        sheet.picture(&frame, &href);
        let theme = sheet.theme;
        draw_axes(&mut sheet.pen, &theme, &frame, &titles, columns.sky)?;
        lines.draw(&mut sheet.pen, &theme, &frame)?;
        draw_markers(&mut sheet.pen, &theme, &frame, &marks)
    })
}

fn picture(frame: &Frame, ratio: f64, count: usize, background: crate::plot::Rgb) -> Picture {
    let width = ((frame.right - frame.left) * ratio).round() as usize;
    let height = ((frame.bottom - frame.top) * ratio).round() as usize;
    Picture { width, height, radius: point_radius(count, width, height, ratio), background }
}

fn titles(page: Page) -> (String, String) {
    page.state.with_untracked(drawn_titles)
}

/// Draws the axes: a frame with ticks, or the graticule of a map of the sky.
fn draw_axes<DB: DrawingBackend>(
    pen: &mut Pen<'_, DB>,
    theme: &Theme,
    frame: &Frame,
    titles: &(String, String),
    sky: Option<SkyMap>,
) -> Drawn<DB> {
    match sky {
        Some(map) => map.draw(pen, theme, frame),
        None => draw_scatter_axes(pen, theme, frame, (&titles.0, &titles.1)),
    }
}
