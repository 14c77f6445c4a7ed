//! The latent scatter: points and axes on one canvas, markers on another over it.

mod draw;
mod scatter_view;
mod toolbar;

use leptos::ev;
use leptos::html;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::hover_card::HoverCard;
use super::save_menu::SaveMenu;
use crate::page::canvas::{CanvasSize, follow_size, redraw_on};
use crate::page::context::{Page, now, use_page};
use crate::page::interaction::Pointer;
use crate::page::interaction::gesture::Mode;
use crate::page::interaction::scatter::{
    Intent, Range, ScatterInteraction, Wheel, WheelOwner, ZOOM, key as key_intent, zoomed,
};
use crate::page::view::scatter_columns::Columns;
use crate::page::view::scatter_layers::scatter_text;
use crate::plot::{Axis, Frame, SkyMap, SplatBuffer};
use draw::{draw_over, draw_points, svg};
use scatter_view::ScatterView;
use toolbar::Toolbar;

/// Duration of the points' movement between two epochs, milliseconds.
const GLIDE: f64 = 500.0;
/// Time after which what is shown has come to rest.
const REST: std::time::Duration = std::time::Duration::from_millis(200);
/// Time for which a hint is shown.
const HINT: std::time::Duration = std::time::Duration::from_secs(4);

/// Renders the scatter.
#[component]
pub fn Scatter() -> impl IntoView {
    let page = use_page();
    let canvas = NodeRef::<html::Canvas>::new();
    let overlay = NodeRef::<html::Canvas>::new();
    let size = follow_size(canvas);
    let gliding = RwSignal::new(None::<Columns>);
    let columns = Memo::new(move |_| {
        let current = page.columns.get();
        gliding.get().filter(|on_the_way| current.as_ref().is_some_and(|t| t.serial == on_the_way.serial)).or(current)
    });
    glide(page, gliding);
    let zoom = RwSignal::new(None::<Range>);
    let mode = RwSignal::new(Mode::Move);
    // Other axes or other latents need another range, which the state knows: the link's at first, then none.
    Effect::new(move |_| {
        page.columns.with(|_| ());
        zoom.set(page.state.with_untracked(|state| state.link().zoom));
    });
    keep_zoom(page, zoom);
    let frame = Memo::new(move |_| {
        let columns = columns.get()?;
        let CanvasSize { width, height, .. } = size.get();
        let (left, top, right, bottom) = (52.0, 6.0, width - 8.0, height - 42.0);
        let range = zoom.get().unwrap_or(columns.range);
        let even =
            columns.sky.filter(|_| width > 120.0).map(|_| SkyMap::even_scale(range, (right - left, bottom - top)));
        let ((x0, x1), (y0, y1)) = even.unwrap_or(range);
        let (x, y) = (Axis::linear(x0, x1), Axis::linear(y0, y1));
        (width > 120.0).then_some(Frame { left, top, right, bottom, x, y })
    });
    let inked = page.inked;
    let view = ScatterView {
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
        if drawn && !page.state.with_untracked(|state| state.scatter_is_shown()) {
            page.act(|state| state.on_scatter_shown());
        }
    });
    let over = Memo::new(move |_| draw::over(page, view));
    let over_key = Memo::new(move |_| (over.get(), frame.get(), size.get(), page.dark.get()));
    redraw_on(over_key, move || {
        if let Some(canvas) = overlay.get_untracked() {
            draw_over(page, &canvas, view, &over.get_untracked());
        }
    });

    let zoom_by = move |factor: f64| {
        if let Some(frame) = frame.get_untracked() {
            zoom.set(Some(zoomed(&frame, factor, None)));
        }
    };
    let hint = RwSignal::new(false);
    let carry_out = move |intent: Intent, adds: bool| match intent {
        Intent::Show(range) => zoom.set(range),
        Intent::Outline(line, closed) => view.outline.set((line, closed)),
        Intent::Hint => {
            hint.set(true);
            set_timeout(move || _ = hint.try_set(false), HINT);
        }
        intent => view.carry_out(page, intent, adds),
    };
    let pointers = StoredValue::new(ScatterInteraction::default());
    let position = |event: &ev::PointerEvent| (f64::from(event.offset_x()), f64::from(event.offset_y()));
    let down = move |event: ev::PointerEvent| {
        let (pointer, at) = (event.pointer_id(), position(&event));
        let down = |pointers: &mut ScatterInteraction| {
            pointers.down(pointer, at, event.button(), event.shift_key(), mode.get_untracked())
        };
        if pointers.try_update_value(down) == Some(true)
            && let Some(canvas) = canvas.get_untracked()
        {
            let _ = canvas.set_pointer_capture(pointer);
        }
    };
    let moved = move |event: ev::PointerEvent| {
        let (at, kind) = (position(&event), Pointer::of(&event.pointer_type()));
        let frame = frame.get_untracked();
        let intent = pointers.try_update_value(|p| p.moved(event.pointer_id(), at, kind, frame.as_ref()));
        carry_out(intent.unwrap_or(Intent::Nothing), false);
    };
    let up = move |event: ev::PointerEvent| {
        let intent = pointers.try_update_value(|p| p.up(event.pointer_id(), position(&event)));
        view.outline.set((Vec::new(), false));
        carry_out(intent.unwrap_or(Intent::Nothing), event.shift_key());
    };
    let leave = move |event: ev::PointerEvent| {
        pointers.update_value(|p| p.lost(event.pointer_id()));
        view.outline.set((Vec::new(), false));
        page.cursor.set(None);
        page.own_cursor.set(None);
    };
    let turned = move |event: ev::WheelEvent| {
        let held = event.ctrl_key() || event.meta_key();
        let turn = Wheel { delta: event.delta_y(), in_lines: event.delta_mode() == 1, held };
        let focused = document().active_element().as_ref() == event.target().and_then(|t| t.dyn_into().ok()).as_ref();
        let owner = WheelOwner::of(focused, page.state.with_untracked(|state| state.link().embed));
        let at = (f64::from(event.offset_x()), f64::from(event.offset_y()));
        let intent = pointers.try_update_value(|p| p.wheel(turn, at, frame.get_untracked().as_ref(), owner));
        let intent = intent.unwrap_or(Intent::Nothing);
        if matches!(intent, Intent::Show(_)) {
            event.prevent_default();
        }
        carry_out(intent, false);
    };
    let keys = move |event: ev::KeyboardEvent| {
        let (intent, prevents) = key_intent(&event.key(), frame.get_untracked().as_ref());
        if prevents {
            event.prevent_default();
        }
        carry_out(intent, false);
    };
    let description = Memo::new(move |_| page.state.with(scatter_text));
    let hidden_hint = Memo::new(move |_| mode.get());

    view! {
        <div class="plot scatter-plot" class:drawing=move || hidden_hint.get() != Mode::Move>
            <canvas
                data-testid="scatter" node_ref=canvas tabindex="0" role="application" aria-roledescription="scatter plot"
                aria-label=move || description.get()
                on:pointerdown=down on:pointermove=moved on:pointerup=up on:pointerleave=leave on:pointercancel=leave
                on:wheel=turned on:keydown=keys on:dblclick=move |_| zoom.set(None)
            ></canvas>
            <canvas class="overlay" node_ref=overlay aria-hidden="true"></canvas>
            <div class="tools">
                <Toolbar mode zoomed=Signal::derive(move || zoom.get().is_some()) zoom_in=move || zoom_by(ZOOM)
                    zoom_out=move || zoom_by(1.0 / ZOOM) reset=move || zoom.set(None) />
                <SaveMenu what="scatter" svg=move |_: &str| svg(page, view) />
            </div>
            <HoverCard frame />
            <p class="wheel-hint" class:shown=move || hint.get() role="status" data-testid="wheel-hint">
                {move || hint.get().then_some("Ctrl + wheel zooms the map (⌘ on a Mac)")}
            </p>
        </div>
    }
}

/// Tells the state what is shown once that has come to rest: every step of a drag would be too often.
fn keep_zoom(page: Page, zoom: RwSignal<Option<Range>>) {
    let timer = StoredValue::new(None::<TimeoutHandle>);
    Effect::new(move |before: Option<()>| {
        zoom.track();
        if before.is_none() {
            return;
        }
        if let Some(timer) = timer.get_value() {
            timer.clear();
        }
        let keep = move || {
            if let Some(zoom) = zoom.try_get_untracked() {
                page.act(|state| state.set_zoom(zoom));
            }
        };
        timer.set_value(set_timeout_with_handle(keep, REST).ok());
    });
}

/// Moves the points of a model in training smoothly from one epoch to the next, unless the user prefers little motion.
fn glide(page: Page, gliding: RwSignal<Option<Columns>>) {
    Effect::new(move |before: Option<Option<Columns>>| {
        let current = page.columns.get();
        let from = before.flatten();
        let training = page.state.with_untracked(|state| state.training().is_busy());
        let (Some(from), Some(to)) = (from, current.clone()) else { return current };
        if training && !page.still.get_untracked() && from.leads_to(&to) {
            gliding.set(Some(from.towards(&to, 0.0, 1)));
            advance(from, to, gliding, now(), 2);
        }
        current
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
