//! The corner plot: every pair of latents at once, linked to all else. A drag picks, a click opens the pair in the scatter.

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::Clamped;
use web_sys::{HtmlCanvasElement, ImageData};

use super::save_menu::SaveMenu;
use crate::page::axis_choice::AxisChoice;
use crate::page::canvas::{CanvasSize, follow_size, paint, redraw_on, timed};
use crate::page::client::download::data_url;
use crate::page::context::{Page, Same, use_page};
use crate::page::state::{AppState, Source};
use crate::page::view::embedding::Cloud;
use crate::plot::{
    CornerLayout, CornerMarker, CornerPicture, Frame, MarkerKind, Overlay, figure, histogram, rows_in_rectangle,
};

/// What one needs to know of the corner plot to draw it, or to find something in it.
#[derive(Clone)]
struct Corners {
    serial: u32,
    raw: bool,
    layout: CornerLayout,
    columns: Same<Vec<Vec<f32>>>,
    size: CanvasSize,
}

impl PartialEq for Corners {
    fn eq(&self, other: &Self) -> bool {
        (self.serial, self.raw, self.size) == (other.serial, other.raw, other.size)
    }
}

/// Bars of a histogram on the diagonal.
const BINS: usize = 40;
/// Movement below which a press is a click, CSS pixels.
const STILL: f64 = 4.0;

/// The card of the corner plot.
#[component]
pub fn Corner() -> impl IntoView {
    let page = use_page();
    let canvas = NodeRef::<html::Canvas>::new();
    let overlay = NodeRef::<html::Canvas>::new();
    let size = follow_size(canvas);
    let raw = RwSignal::new(false);
    let columns = Memo::new(move |_| Some(Same(std::sync::Arc::new(columns(&page.cloud.get()?.0, raw.get())))));
    let corners = Memo::new(move |_| {
        let (cloud, columns, size) = (page.cloud.get()?.0, columns.get()?, size.get());
        let ranges: Vec<(f64, f64)> = columns.0.iter().map(|column| Cloud::view_range(column)).collect();
        let layout = CornerLayout::new(size.width, size.height, &ranges)?;
        Some(Corners { serial: cloud.serial, raw: raw.get(), layout, columns, size })
    });
    let picture = StoredValue::new_local((CornerPicture::default(), None::<Corners>));
    let key = Memo::new(move |_| (corners.get(), page.inked.get()));
    redraw_on(key, move || {
        if let (Some(canvas), Some(corners)) = (canvas.get_untracked(), corners.get_untracked()) {
            picture.update_value(|(picture, prepared)| draw(page, &canvas, &corners, picture, prepared));
        }
    });
    let brush = RwSignal::new(None::<((usize, usize), (f64, f64), (f64, f64))>);
    let active = RwSignal::new(None::<(usize, usize)>);
    // A model with one latent has no pair to show: what is there belongs to another model.
    let pairs = Memo::new(move |_| page.cloud.get().is_none_or(|cloud| cloud.0.dims > 1));
    let marks = Memo::new(move |_| {
        let cursor = page.cursor.get();
        corners.get().map(|corners| page.state.with(|state| markers(state, raw.get(), &corners, cursor)))
    });
    let over_key = Memo::new(move |_| (marks.get(), brush.get(), active.get(), corners.get(), page.dark.get()));
    redraw_on(over_key, move || {
        let (Some(canvas), Some(corners)) = (overlay.get_untracked(), corners.get_untracked()) else { return };
        let marks = marks.get_untracked().unwrap_or_default();
        let theme = page.theme();
        paint(
            &canvas,
            corners.size,
            |_| (),
            |pen| {
                let _ = corners.layout.draw_markers(pen, &theme, &marks);
                for (panel, from, to, closed) in outlines(brush.get_untracked(), active.get_untracked(), &corners) {
                    let outline = vec![from, (to.0, from.1), to, (from.0, to.1)];
                    let _ = Overlay { outline, closed, ..Overlay::default() }.draw(pen, &theme, &panel);
                }
            },
        );
    });

    let pair = move |panel: (usize, usize)| {
        let kind: fn(usize) -> AxisChoice = if raw.get_untracked() { AxisChoice::Latent } else { AxisChoice::Vae };
        page.act(|state| {
            state.set_axis(false, kind(panel.0 + 1));
            state.set_axis(true, kind(panel.1 + 1));
        });
    };
    let place_of = |event: &ev::PointerEvent| (f64::from(event.offset_x()), f64::from(event.offset_y()));
    let down = move |event: ev::PointerEvent| {
        let Some(corners) = corners.get_untracked() else { return };
        let place = place_of(&event);
        if let Some(panel) = corners.layout.panel_at(place.0, place.1) {
            if event.pointer_type() != "touch"
                && let Some(canvas) = canvas.get_untracked()
            {
                let _ = canvas.set_pointer_capture(event.pointer_id());
            }
            brush.set(Some((panel, place, place)));
        }
    };
    let moved = move |event: ev::PointerEvent| {
        let place = place_of(&event);
        if event.pointer_type() == "touch" {
            return;
        }
        brush.update(|brush| {
            if let Some((_, _, to)) = brush {
                *to = place;
            }
        });
    };
    let up = move |event: ev::PointerEvent| {
        let (Some((panel, from, to)), Some(corners)) = (brush.get_untracked(), corners.get_untracked()) else { return };
        brush.set(None);
        if (from.0 - to.0).hypot(from.1 - to.1) <= STILL {
            return pair(panel);
        }
        let frame = corners.layout.frame(panel.0, panel.1);
        let (x, y) = (&corners.columns.0[panel.0], &corners.columns.0[panel.1]);
        let rows = rows_in_rectangle(&frame, x, y, from, to);
        let adds = event.shift_key();
        page.act(|state| {
            let before = state.picked.as_ref().filter(|_| adds).map(|picked| picked.rows.to_vec()).unwrap_or_default();
            state.pick(before.into_iter().chain(rows).collect());
        });
    };
    let keys = move |event: ev::KeyboardEvent| {
        let dims = corners.with_untracked(|corners| corners.as_ref().map_or(0, |corners| corners.layout.dims()));
        if dims < 2 {
            return;
        }
        let (column, row) = active.get_untracked().unwrap_or((0, 1));
        let next = match event.key().as_str() {
            "ArrowLeft" => (column.saturating_sub(1), row),
            "ArrowRight" => ((column + 1).min(row - 1), row),
            "ArrowUp" => (column.min(row.max(2) - 2), (row - 1).max(1)),
            "ArrowDown" => (column, (row + 1).min(dims - 1)),
            "Enter" | " " => {
                event.prevent_default();
                return pair((column, row));
            }
            "Escape" => {
                active.set(None);
                return page.act(AppState::unpick);
            }
            _ => return,
        };
        event.prevent_default();
        active.set(Some(next));
    };
    let description = Memo::new(move |_| {
        let dims = page.cloud.get().map_or(0, |cloud| cloud.0.dims);
        let chosen = active.get().map_or(String::new(), |(column, row)| {
            format!(" Panel of {} and {}.", name(raw.get(), column), name(raw.get(), row))
        });
        let picked = page.state.with(|state| state.picked.as_ref().map(|picked| picked.rows.len()));
        let picked = picked.map_or(String::new(), |count| format!(" {count} spectra are picked."));
        format!(
            "Corner plot: every pair of {dims} latents.{picked}{chosen} Arrow keys go from panel to panel, Enter shows the pair in the scatter."
        )
    });
    view! {
        <div class="card-head">
            <div>
                <h2 id="corner-title">"All pairs of latents"</h2>
                <p class="sub">"Click a panel to see it large; drag in one to pick spectra in all."</p>
            </div>
            <div class="fit">
                <label class="field">
                    <span>"show"</span>
                    <select data-testid="corner-axes" on:change=move |event| raw.set(event_target_value(&event) == "raw")>
                        <option value="vae">"principal axes"</option>
                        <option value="raw">"raw latents"</option>
                    </select>
                </label>
                <SaveMenu what="corner" canvases=vec![canvas, overlay] svg=move |_: &str| {
                    let corners = corners.get_untracked().ok_or("The corner plot is not drawn yet: wait a moment.")?;
                    svg(page, &corners, &marks.get_untracked().unwrap_or_default())
                } />
            </div>
        </div>
        <Show when=move || !pairs.get()><p class="sub" data-testid="corner-none">"One latent has no pairs."</p></Show>
        <div class="plot corner-plot" hidden=move || !pairs.get()>
            <canvas data-testid="corner" node_ref=canvas tabindex="0" role="application" aria-roledescription="corner plot"
                aria-label=move || description.get()
                on:pointerdown=down on:pointermove=moved on:pointerup=up on:pointercancel=move |_| brush.set(None) on:keydown=keys
                on:blur=move |_| active.set(None)
            ></canvas>
            <canvas class="overlay" node_ref=overlay aria-hidden="true"></canvas>
        </div>
    }
}

fn name(raw: bool, index: usize) -> String {
    if raw { AxisChoice::Latent(index + 1).label() } else { AxisChoice::Vae(index + 1).label() }
}

/// `[d][n]` the columns shown.
fn columns(cloud: &Cloud, raw: bool) -> Vec<Vec<f32>> {
    let table = if raw { &cloud.mean } else { &cloud.along };
    (0..cloud.dims).map(|index| table.iter().skip(index).step_by(cloud.dims).copied().collect()).collect()
}

/// The frames and corners of what is being dragged, and of the panel that the keyboard is on.
#[allow(clippy::type_complexity)]
fn outlines(
    brush: Option<((usize, usize), (f64, f64), (f64, f64))>,
    active: Option<(usize, usize)>,
    corners: &Corners,
) -> Vec<(Frame, (f64, f64), (f64, f64), bool)> {
    let frame = |(column, row): (usize, usize)| corners.layout.frame(column, row);
    let dragged = brush.map(|(panel, from, to)| {
        let frame = frame(panel);
        let held = |(x, y): (f64, f64)| (x.clamp(frame.left, frame.right), y.clamp(frame.top, frame.bottom));
        (frame, held(from), held(to), true)
    });
    let chosen = active.filter(|(_, row)| *row < corners.layout.dims()).map(|panel| {
        let frame = frame(panel);
        (frame, (frame.left, frame.top), (frame.right, frame.bottom), true)
    });
    dragged.into_iter().chain(chosen).collect()
}

fn draw(
    page: Page,
    canvas: &HtmlCanvasElement,
    corners: &Corners,
    picture: &mut CornerPicture,
    prepared: &mut Option<Corners>,
) {
    let Some(inked) = page.inked.get_untracked() else { return };
    let theme = page.theme();
    if prepared.as_ref() != Some(corners) {
        let columns: Vec<&[f32]> = corners.columns.0.iter().map(Vec::as_slice).collect();
        let radius = CornerPicture::point_radius(&corners.layout, corners.size.ratio, inked.count());
        picture.prepare(&corners.layout, corners.size.ratio, radius, &columns);
        *prepared = Some(corners.clone());
    }
    let histograms = histograms(page, corners);
    let titles = titles(corners);
    timed("corner", || {
        let (width, height) = picture.size();
        let pixels = picture.draw(theme.background, &inked.corner_layers());
        paint(
            canvas,
            corners.size,
            |context| {
                let image = ImageData::new_with_u8_clamped_array_and_sh(Clamped(pixels), width as u32, height as u32);
                if let Ok(image) = image {
                    let _ = context.put_image_data(&image, 0.0, 0.0);
                }
            },
            |pen| {
                let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
                let _ = corners.layout.draw_histograms(pen, &histograms.0, theme.muted, 0.15);
                let _ = corners.layout.draw_histograms(pen, &histograms.1, theme.decoded, 0.25);
                let _ = corners.layout.draw_axes(pen, &theme, &titles);
            },
        );
    });
}

fn titles(corners: &Corners) -> Vec<String> {
    (0..corners.layout.dims()).map(|index| name(corners.raw, index)).collect()
}

/// Of all that is shown, and of what is picked.
fn histograms(page: Page, corners: &Corners) -> (Vec<Vec<f32>>, Vec<Vec<f32>>) {
    let visible = page.visible();
    let bars = |values: &[f32], index: usize, shown: &dyn Fn(usize) -> bool| {
        histogram(values, corners.layout.axes[index], BINS, shown)
    };
    let all = corners.columns.0.iter().enumerate().map(|(index, column)| bars(column, index, &|row| visible(row)));
    let all = all.collect();
    let picked = page.state.with_untracked(|state| state.picked.as_ref().map(|picked| picked.rows.clone()));
    let picked = picked.map_or(Vec::new(), |rows| {
        let of_picked =
            |column: &Vec<f32>| rows.iter().filter_map(|&row| column.get(row as usize).copied()).collect::<Vec<f32>>();
        let columns = corners.columns.0.iter().map(of_picked).enumerate();
        columns.map(|(index, column)| bars(&column, index, &|_| true)).collect()
    });
    (all, picked)
}

/// The selected spectrum, those of the user's, the cursor and where the sliders are.
fn markers(state: &AppState, raw: bool, corners: &Corners, cursor: Option<usize>) -> Vec<CornerMarker> {
    let Some(cloud) = state.cloud.as_ref().filter(|cloud| cloud.serial == corners.serial) else { return Vec::new() };
    let place = |latent: &[f32]| if raw { latent.to_vec() } else { cloud.axes.project(latent) };
    let mut marks: Vec<CornerMarker> = (state.files.iter())
        .filter_map(|file| file.place())
        .map(|latent| CornerMarker { latents: place(latent), kind: MarkerKind::File })
        .collect();
    if let Some(Source::Row(row)) = state.selection.as_ref().map(|selection| selection.source)
        && row < cloud.len()
    {
        marks.push(CornerMarker { latents: place(cloud.row(row)), kind: MarkerKind::Selected });
    }
    if let Some(row) = cursor.filter(|row| *row < cloud.len()) {
        marks.push(CornerMarker { latents: place(cloud.row(row)), kind: MarkerKind::Selected });
    }
    if state.latent.len() == cloud.dims && (state.selection.is_none() || state.moved()) {
        marks.push(CornerMarker { latents: place(&state.latent), kind: MarkerKind::Place });
    }
    marks
}

fn svg(page: Page, corners: &Corners, marks: &[CornerMarker]) -> Result<String, String> {
    let missing = "The corner plot is not drawn yet: wait a moment.";
    let inked = page.inked.get_untracked().ok_or(missing)?;
    let theme = page.theme();
    let CanvasSize { width, height, .. } = corners.size;
    let columns: Vec<&[f32]> = corners.columns.0.iter().map(Vec::as_slice).collect();
    let mut picture = CornerPicture::default();
    let radius = CornerPicture::point_radius(&corners.layout, 2.0, inked.count());
    picture.prepare(&corners.layout, 2.0, radius, &columns);
    let (across, down) = picture.size();
    let pixels = picture.draw(theme.background, &inked.corner_layers());
    let href = data_url(pixels, across, down).ok_or("This browser makes no pictures of canvases.")?;
    let (histograms, titles) = (histograms(page, corners), titles(corners));
    let whole = Frame { left: 0.0, top: 0.0, right: width, bottom: height, ..corners.layout.frame(0, 1) };
    figure(width, height, "Every pair of latents", theme, |sheet| {
        sheet.picture(&whole, &href);
        let theme = sheet.theme;
        let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
        corners.layout.draw_histograms(&mut sheet.pen, &histograms.0, theme.muted, 0.15)?;
        corners.layout.draw_histograms(&mut sheet.pen, &histograms.1, theme.decoded, 0.25)?;
        corners.layout.draw_axes(&mut sheet.pen, &theme, &titles)?;
        corners.layout.draw_markers(&mut sheet.pen, &theme, marks)
    })
}
