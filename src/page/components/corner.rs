//! The corner plot: every pair of latents at once.

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::Clamped;
use web_sys::{HtmlCanvasElement, ImageData};

use super::save_menu::{PRINT, SaveMenu};
use crate::page::axis_choice::AxisChoice;
use crate::page::canvas::{CanvasSize, follow_size, paint, redraw_on, timed};
use crate::page::client::download::data_url;
use crate::page::context::{Page, Same, use_page};
use crate::page::interaction::Pointer;
use crate::page::interaction::corner::{CornerInteraction, Intent};
use crate::page::interaction::gesture::corners as rectangle;
use crate::page::state::AppState;
use crate::page::view::corner::{axis_names, corner_markers, corner_text, diagonal_histograms, latent_columns};
use crate::page::view::embedding::Cloud;
use crate::page::view::figures::corner_caption;
use crate::plot::{CornerLayout, CornerMarker, CornerPicture, Frame, Overlay, captioned, rows_in_rectangle};

/// The layout and data of the corner plot, for drawing and for finding points.
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

/// Renders the card of the corner plot.
#[component]
pub fn Corner() -> impl IntoView {
    let page = use_page();
    let canvas = NodeRef::<html::Canvas>::new();
    let overlay = NodeRef::<html::Canvas>::new();
    let size = follow_size(canvas);
    let raw = Memo::new(move |_| page.state.with(|state| state.link().raw_corner));
    let columns = Memo::new(move |_| Some(Same(std::sync::Arc::new(latent_columns(&page.cloud.get()?.0, raw.get())))));
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
    let interaction = RwSignal::new(CornerInteraction::default());
    // A model with one latent has no pair to show: the last plot belongs to another model.
    let pairs = Memo::new(move |_| page.cloud.get().is_none_or(|cloud| cloud.0.dims > 1));
    let marks = Memo::new(move |_| {
        let cursor = page.cursor.get();
        let own = page.own_points.get();
        corners
            .get()
            .map(|corners| page.state.with(|state| corner_markers(state, raw.get(), corners.serial, cursor, &own)))
    });
    let over_key = Memo::new(move |_| (marks.get(), interaction.get(), corners.get(), page.dark.get()));
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
                for (panel, from, to) in interaction.get_untracked().outlines(&corners.layout) {
                    let outline = rectangle(from, to);
                    let _ = Overlay { outline, closed: true, ..Overlay::default() }.draw(pen, &theme, &panel);
                }
            },
        );
    });

    let carry_out = move |intent: Intent, adds: bool| match intent {
        Intent::Nothing => {}
        Intent::OpenPair((column, row)) => {
            let kind: fn(usize) -> AxisChoice = if raw.get_untracked() { AxisChoice::Latent } else { AxisChoice::Vae };
            page.act(|state| {
                state.set_axis(false, kind(column + 1));
                state.set_axis(true, kind(row + 1));
            });
        }
        Intent::Pick { panel: (column, row), from, to } => {
            let Some(corners) = corners.get_untracked() else { return };
            let frame = corners.layout.frame(column, row);
            let rows = rows_in_rectangle(&frame, &corners.columns.0[column], &corners.columns.0[row], from, to);
            page.act(|state| state.pick_with(rows, adds));
        }
        Intent::Cancel => page.act(AppState::unpick),
    };
    let position = |event: &ev::PointerEvent| (f64::from(event.offset_x()), f64::from(event.offset_y()));
    let down = move |event: ev::PointerEvent| {
        let Some(corners) = corners.get_untracked() else { return };
        let (at, kind) = (position(&event), Pointer::of(&event.pointer_type()));
        let panel = corners.layout.panel_at(at.0, at.1);
        if interaction.try_update(|i| i.down(at, kind, panel)) == Some(true)
            && let Some(canvas) = canvas.get_untracked()
        {
            let _ = canvas.set_pointer_capture(event.pointer_id());
        }
    };
    let moved = move |event: ev::PointerEvent| {
        let (at, kind) = (position(&event), Pointer::of(&event.pointer_type()));
        interaction.update(|i| i.moved(at, kind));
    };
    let up = move |event: ev::PointerEvent| {
        let intent = interaction.try_update(CornerInteraction::up);
        carry_out(intent.unwrap_or(Intent::Nothing), event.shift_key());
    };
    let keys = move |event: ev::KeyboardEvent| {
        let dims = corners.with_untracked(|corners| corners.as_ref().map_or(0, |corners| corners.layout.dims()));
        let Some((intent, prevents)) = interaction.try_update(|i| i.key(&event.key(), dims)) else { return };
        if prevents {
            event.prevent_default();
        }
        carry_out(intent, false);
    };
    let active = Memo::new(move |_| interaction.with(CornerInteraction::active));
    let description = Memo::new(move |_| page.state.with(|state| corner_text(state, raw.get(), active.get())));
    view! {
        <div class="card-head">
            <div>
                <h2 id="corner-title">"All pairs of latents"</h2>
                <p class="sub">"Click a panel to see it large; drag in one to pick spectra in all."</p>
            </div>
            <div class="fit">
                <label class="field">
                    <span>"show"</span>
                    <select data-testid="corner-axes" on:change=move |event| {
                        let chosen = event_target_value(&event) == "raw";
                        page.act(|state| state.show_raw_corner(chosen));
                    }>
                        <option value="vae" selected=move || !raw.get()>"principal axes"</option>
                        <option value="raw" selected=move || raw.get()>"raw latents"</option>
                    </select>
                </label>
                <SaveMenu what="corner" svg=move |_: &str| {
                    let corners = corners.get_untracked().ok_or("The corner plot is not drawn yet: wait a moment.")?;
                    svg(page, &corners, &marks.get_untracked().unwrap_or_default())
                } />
            </div>
        </div>
        <Show when=move || !pairs.get()><p class="sub" data-testid="corner-none">"One latent has no pairs."</p></Show>
        <div class="plot corner-plot" hidden=move || !pairs.get()>
            <canvas data-testid="corner" node_ref=canvas tabindex="0" role="application" aria-roledescription="corner plot"
                aria-label=move || description.get()
                on:pointerdown=down on:pointermove=moved on:pointerup=up on:pointercancel=move |_| interaction.update(CornerInteraction::lost) on:keydown=keys
                on:blur=move |_| interaction.update(CornerInteraction::blur)
            ></canvas>
            <canvas class="overlay" node_ref=overlay aria-hidden="true"></canvas>
        </div>
    }
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
    let titles = axis_names(corners.layout.dims(), corners.raw);
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

/// Returns the histograms of all spectra shown, and of those picked.
fn histograms(page: Page, corners: &Corners) -> (Vec<Vec<f32>>, Vec<Vec<f32>>) {
    let picked = page.state.with_untracked(|state| state.picked().map(|picked| picked.rows.clone()));
    let rows = picked.as_ref().map(|rows| rows.as_slice());
    diagonal_histograms(&corners.layout, &corners.columns.0, page.visible(), rows)
}

fn svg(page: Page, corners: &Corners, marks: &[CornerMarker]) -> Result<String, String> {
    let missing = "The corner plot is not drawn yet: wait a moment.";
    let inked = page.inked.get_untracked().ok_or(missing)?;
    let theme = page.theme();
    let CanvasSize { width, height, .. } = corners.size;
    let columns: Vec<&[f32]> = corners.columns.0.iter().map(Vec::as_slice).collect();
    let mut picture = CornerPicture::default();
    let radius = CornerPicture::point_radius(&corners.layout, PRINT, inked.count());
    picture.prepare(&corners.layout, PRINT, radius, &columns);
    let (across, down) = picture.size();
    let pixels = picture.draw(theme.background, &inked.corner_layers());
    let href = data_url(pixels, across, down).ok_or("This browser makes no pictures of canvases.")?;
    let (histograms, titles) = (histograms(page, corners), axis_names(corners.layout.dims(), corners.raw));
    let whole = Frame { left: 0.0, top: 0.0, right: width, bottom: height, ..corners.layout.frame(0, 1) };
    let coloring = page.coloring.get_untracked().ok_or(missing)?;
    let caption = page.state.with_untracked(|state| corner_caption(state, &coloring, &theme));
    captioned((width, height), "Every pair of latents", &caption, theme, |sheet| {
        sheet.picture(&whole, &href);
        let theme = sheet.theme;
        let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
        corners.layout.draw_histograms(&mut sheet.pen, &histograms.0, theme.muted, 0.15)?;
        corners.layout.draw_histograms(&mut sheet.pen, &histograms.1, theme.decoded, 0.25)?;
        corners.layout.draw_axes(&mut sheet.pen, &theme, &titles)?;
        corners.layout.draw_markers(&mut sheet.pen, &theme, marks)
    })
}
