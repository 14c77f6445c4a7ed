//! The latent scatter on its canvas: points splatted beneath, axes over them, markers on a canvas of their own.

mod draw;
mod gestures;
mod layers;
mod toolbar;

use leptos::ev;
use leptos::html;
use leptos::prelude::*;

use super::hover_card::HoverCard;
use super::save_menu::SaveMenu;
use crate::page::canvas::{CanvasSize, follow_size, redraw_on};
use crate::page::context::{Page, now, use_page};
use crate::page::state::Source;
use crate::page::view::points::Inked;
use crate::page::view::scatter_columns::Columns;
use crate::plot::{
    Axis, Frame, SplatBuffer, nearest, nearest_in_direction, rows_in_polygon, rows_in_rectangle, simplify,
};
use draw::{draw_over, draw_points, svg};
pub use gestures::Mode;
use gestures::{Act, Gesture, Range, panned, zoomed};
use toolbar::Toolbar;

/// How far from a click a point may lie, CSS pixels.
const REACH: f64 = 24.0;
/// How far from the pointer a point may lie to be named.
const HOVER_REACH: f64 = 12.0;
/// What a press of a zoom button shrinks the view by.
const ZOOM: f64 = 0.6;
/// How long points take from one epoch's places to the next's, milliseconds.
const GLIDE: f64 = 500.0;
/// Detail of a drawn line that is kept, CSS pixels, and the most places that a path keeps.
const DETAIL: f64 = 6.0;
const MOST_CORNERS: usize = 40;

/// What one needs to know of the scatter to draw it, or to find something in it.
#[derive(Clone, Copy)]
pub struct View {
    /// The two columns.
    pub columns: Memo<Option<Columns>>,
    /// The points' inks.
    pub inked: Memo<Option<Inked>>,
    /// Where the frame is, and which ranges it shows.
    pub frame: Memo<Option<Frame>>,
    /// The canvas.
    pub size: RwSignal<CanvasSize>,
    /// The point that pointer or keyboard is on.
    pub cursor: RwSignal<Option<usize>>,
    /// The outline that is being drawn, and whether it closes.
    pub outline: RwSignal<(Vec<(f64, f64)>, bool)>,
    /// Whether stars are marked.
    pub stars: RwSignal<bool>,
}

/// The scatter.
#[component]
pub fn Scatter() -> impl IntoView {
    let page = use_page();
    let canvas = NodeRef::<html::Canvas>::new();
    let overlay = NodeRef::<html::Canvas>::new();
    let size = follow_size(canvas);
    let gliding = RwSignal::new(None::<Columns>);
    let columns = Memo::new(move |_| {
        let there = page.columns.get();
        gliding.get().filter(|on_the_way| there.as_ref().is_some_and(|t| t.serial == on_the_way.serial)).or(there)
    });
    glide(page, gliding);
    let zoom = RwSignal::new(None::<Range>);
    let mode = RwSignal::new(Mode::Move);
    // Other axes, or other latents, are another map.
    Effect::new(move |_| {
        page.columns.with(|_| ());
        zoom.set(None);
    });
    let frame = Memo::new(move |_| {
        let columns = columns.get()?;
        let CanvasSize { width, height, .. } = size.get();
        let ((x0, x1), (y0, y1)) = zoom.get().unwrap_or(columns.range);
        let (x, y) = (Axis::linear(x0, x1), Axis::linear(y0, y1));
        (width > 120.0).then_some(Frame { left: 52.0, top: 6.0, right: width - 8.0, bottom: height - 42.0, x, y })
    });
    let inked = page.inked;
    let view = View {
        columns,
        inked,
        frame,
        size,
        cursor: page.cursor,
        outline: RwSignal::new((Vec::new(), false)),
        stars: page.stars,
    };

    let buffer = StoredValue::new_local(SplatBuffer::default());
    let key = Memo::new(move |_| (columns.get(), inked.get(), frame.get(), size.get()));
    redraw_on(key, move || {
        let Some(canvas) = canvas.get_untracked() else { return };
        let drawn = buffer.try_update_value(|buffer| draw_points(page, &canvas, view, buffer)).unwrap_or(false);
        if drawn && !page.state.with_untracked(|state| state.scatter_shown) {
            page.act(|state| state.scatter_shown = true);
        }
    });
    let over = Memo::new(move |_| draw::over(page, view));
    let over_key = Memo::new(move |_| (over.get(), frame.get(), size.get(), page.dark.get()));
    redraw_on(over_key, move || {
        if let Some(canvas) = overlay.get_untracked() {
            draw_over(page, &canvas, view, &over.get_untracked());
        }
    });

    let zoom_by = move |factor: f64, about: Option<(f64, f64)>| {
        let Some(frame) = frame.get_untracked() else { return };
        let middle = ((frame.left + frame.right) / 2.0, (frame.top + frame.bottom) / 2.0);
        zoom.set(Some(zoomed(&frame, factor, about.unwrap_or(middle))));
    };
    let gesture = StoredValue::new(Gesture::default());
    let place_of = |event: &ev::PointerEvent| (f64::from(event.offset_x()), f64::from(event.offset_y()));
    let down = move |event: ev::PointerEvent| {
        if event.button() > 0 {
            return;
        }
        if let Some(canvas) = canvas.get_untracked() {
            let _ = canvas.set_pointer_capture(event.pointer_id());
        }
        let drags = if event.shift_key() { Mode::Rectangle } else { mode.get_untracked() };
        gesture.update_value(|gesture| gesture.down(event.pointer_id(), place_of(&event), drags));
    };
    let moved = move |event: ev::PointerEvent| {
        let place = place_of(&event);
        if !gesture.with_value(Gesture::is_on) {
            page.cursor.set(view.nearest(page, place, HOVER_REACH));
            return;
        }
        // One finger scrolls the page; a mouse or a pen has other means for that.
        let pans = event.pointer_type() != "touch";
        let act = gesture.try_update_value(|gesture| gesture.moved(event.pointer_id(), place, pans));
        match act.unwrap_or(Act::Nothing) {
            Act::Pan(dx, dy) => {
                if let Some(frame) = frame.get_untracked() {
                    zoom.set(Some(panned(&frame, (dx, dy))));
                }
            }
            Act::Pinch(factor, about, by) => {
                if let Some(frame) = frame.get_untracked() {
                    let (x, y) = panned(&frame, by);
                    let frame = Frame { x: Axis::linear(x.0, x.1), y: Axis::linear(y.0, y.1), ..frame };
                    zoom.set(Some(zoomed(&frame, factor, about)));
                }
            }
            Act::Outline(line, closed) => view.outline.set((line, closed)),
            _ => {}
        }
    };
    let up = move |event: ev::PointerEvent| {
        let act = gesture.try_update_value(|gesture| gesture.up(event.pointer_id(), place_of(&event)));
        view.outline.set((Vec::new(), false));
        view.finish(page, act.unwrap_or(Act::Nothing), event.shift_key());
    };
    let gone = move |event: ev::PointerEvent| {
        gesture.update_value(|gesture| gesture.lost(event.pointer_id()));
        view.outline.set((Vec::new(), false));
        page.cursor.set(None);
    };
    let wheel = move |event: ev::WheelEvent| {
        event.prevent_default();
        // Lines, where a browser counts in them, are some 16 pixels; a pinch on a pad comes with Ctrl and in small steps.
        let unit = if event.delta_mode() == 1 { 16.0 } else { 1.0 };
        let speed = if event.ctrl_key() { 0.01 } else { 0.0018 };
        let place = (f64::from(event.offset_x()), f64::from(event.offset_y()));
        zoom_by((event.delta_y() * unit * speed).clamp(-0.5, 0.5).exp(), Some(place));
    };
    let keys = move |event: ev::KeyboardEvent| {
        let direction = match event.key().as_str() {
            "ArrowLeft" => (-1.0, 0.0),
            "ArrowRight" => (1.0, 0.0),
            "ArrowUp" => (0.0, -1.0),
            "ArrowDown" => (0.0, 1.0),
            key @ ("Enter" | " ") => {
                event.prevent_default();
                if let Some(row) = page.cursor.get_untracked() {
                    page.act(|state| if key == " " { state.toggle_picked(row) } else { state.select_row(row) });
                }
                return;
            }
            "Escape" => {
                page.cursor.set(None);
                return page.act(|state| state.unpick());
            }
            "+" | "=" => return zoom_by(ZOOM, None),
            "-" => return zoom_by(1.0 / ZOOM, None),
            "0" => return zoom.set(None),
            _ => return,
        };
        event.prevent_default();
        if let Some(next) = view.step(page, direction) {
            page.cursor.set(Some(next));
        }
    };
    let description = Memo::new(move |_| draw::describe(page));
    let hidden_hint = Memo::new(move |_| mode.get());

    view! {
        <div class="plot scatter-plot" class:drawing=move || hidden_hint.get() != Mode::Move>
            <canvas
                data-testid="scatter" node_ref=canvas tabindex="0" role="application" aria-roledescription="scatter plot"
                aria-label=move || description.get()
                on:pointerdown=down on:pointermove=moved on:pointerup=up on:pointerleave=gone on:pointercancel=gone
                on:wheel=wheel on:keydown=keys on:dblclick=move |_| zoom.set(None)
            ></canvas>
            <canvas class="overlay" node_ref=overlay aria-hidden="true"></canvas>
            <div class="tools">
                <Toolbar mode zoomed=Signal::derive(move || zoom.get().is_some()) zoom_in=move || zoom_by(ZOOM, None)
                    zoom_out=move || zoom_by(1.0 / ZOOM, None) reset=move || zoom.set(None) />
                <SaveMenu what="scatter" canvases=vec![canvas, overlay] svg=move |_: &str| svg(page, view) />
            </div>
            <HoverCard frame />
        </div>
    }
}

/// Lets the points of a model in training glide from where an epoch put them to where the next does, unless little motion is wanted.
fn glide(page: Page, gliding: RwSignal<Option<Columns>>) {
    Effect::new(move |before: Option<Option<Columns>>| {
        let there = page.columns.get();
        let from = before.flatten();
        let training = page.state.with_untracked(|state| state.training.is_busy());
        let (Some(from), Some(to)) = (from, there.clone()) else { return there };
        if training && !page.still.get_untracked() && from.leads_to(&to) {
            gliding.set(Some(from.towards(&to, 0.0, 1)));
            advance(from, to, gliding, now(), 2);
        }
        there
    });
}

fn advance(from: Columns, to: Columns, gliding: RwSignal<Option<Columns>>, start: f64, step: u32) {
    request_animation_frame(move || {
        let newest = gliding.with_untracked(|on_the_way| on_the_way.as_ref().is_some_and(|c| c.serial == to.serial));
        if !newest {
            return;
        }
        let part = ((now() - start) / GLIDE) as f32;
        if part >= 1.0 {
            return gliding.set(None);
        }
        // Slow at both ends.
        let eased = part * part * (3.0 - 2.0 * part);
        gliding.set(Some(from.towards(&to, eased, step)));
        advance(from, to, gliding, start, step + 1);
    });
}

impl View {
    fn nearest(self, page: Page, place: (f64, f64), reach: f64) -> Option<usize> {
        let (frame, columns) = (self.frame.get_untracked()?, self.columns.get_untracked()?);
        let visible = page.visible();
        nearest(&frame, &columns.x, &columns.y, place, reach, visible)
    }

    /// The next point in a direction from the cursor, or from the selected spectrum.
    fn step(self, page: Page, direction: (f64, f64)) -> Option<usize> {
        let (frame, columns) = (self.frame.get_untracked()?, self.columns.get_untracked()?);
        let selected = page.state.with_untracked(|s| s.selection.as_ref().map(|selection| selection.source));
        let place = |row: usize| {
            Some((frame.x_at(f64::from(*columns.x.get(row)?)), frame.y_at(f64::from(*columns.y.get(row)?))))
        };
        let middle = ((frame.left + frame.right) / 2.0, (frame.top + frame.bottom) / 2.0);
        let from = match (page.cursor.get_untracked(), selected) {
            (Some(row), _) | (None, Some(Source::Row(row))) => place(row).unwrap_or(middle),
            _ => middle,
        };
        let visible = page.visible();
        let within = |row: usize| place(row).is_some_and(|(x, y)| frame.contains(x, y)) && visible(row);
        nearest_in_direction(&frame, &columns.x, &columns.y, from, direction, within)
    }

    /// Does what a gesture asked for.
    fn finish(self, page: Page, act: Act, adds: bool) {
        let (Some(frame), Some(columns)) = (self.frame.get_untracked(), self.columns.get_untracked()) else { return };
        let (x, y) = (columns.x.as_slice(), columns.y.as_slice());
        let rows = match act {
            Act::Click(place) => return self.select_at(page, place),
            Act::Path(line) => {
                let line = simplify(&line, DETAIL);
                let step = line.len().div_ceil(MOST_CORNERS).max(1);
                // The end of the line is always kept.
                let kept =
                    line.iter().step_by(step).chain(line.last().filter(|_| !(line.len() - 1).is_multiple_of(step)));
                let corners: Vec<(f64, f64)> = kept.map(|&(x, y)| frame.value_at(x, y)).collect();
                let scale = (frame.x.max - frame.x.min, frame.y.max - frame.y.min);
                return page.act(|state| state.draw_path(&corners, x, y, scale));
            }
            Act::Rectangle(from, to) => rows_in_rectangle(&frame, x, y, from, to),
            Act::Lasso(line) => rows_in_polygon(&frame, x, y, &line),
            _ => return,
        };
        page.act(|state| {
            let before = state.picked.as_ref().filter(|_| adds).map(|picked| picked.rows.to_vec()).unwrap_or_default();
            state.pick(before.into_iter().chain(rows).collect());
        });
    }

    /// A click near a spectrum of the user's selects that; else the nearest point.
    fn select_at(self, page: Page, place: (f64, f64)) {
        let Some(frame) = self.frame.get_untracked() else { return };
        let own = page.state.with_untracked(|state| {
            let columns = self.columns.get_untracked()?;
            let surroundings = page.surroundings.get_untracked();
            let plane = layers::Plane::new(
                state.cloud.as_ref()?,
                &state.link.axes,
                (&columns.x, &columns.y),
                surroundings.as_ref().map(|same| same.0.as_ref()),
            );
            state.files.iter().position(|file| {
                file.place().and_then(|place| plane.place(place)).is_some_and(|(x, y)| {
                    (frame.x_at(f64::from(x)) - place.0).hypot(frame.y_at(f64::from(y)) - place.1) < 10.0
                })
            })
        });
        match (own, self.nearest(page, place, REACH)) {
            (Some(index), _) => page.act(|state| state.select_file(index)),
            (None, Some(row)) => page.act(|state| state.select_row(row)),
            (None, None) => {}
        }
    }
}
