//! The selected spectrum with the decoded one over it, and the picked and pinned spectra.

use leptos::ev;
use leptos::html;
use leptos::prelude::*;

use super::save_menu::SaveMenu;
use crate::page::canvas::{CanvasSize, follow_size, paint, redraw_on, timed};
use crate::page::context::{Page, use_page};
use crate::page::interaction::Pointer;
use crate::page::interaction::spectrum::{Intent, SpectrumInteraction, key as key_intent};
use crate::page::state::{AppState, MOST_PINS, Pin};
use crate::page::view::spectrum::{
    ShownSpectrum, custom_range_text, figure_title, is_region_shown, line_marks, origin_text, reading_text,
    spectrum_text, spread_label,
};
use crate::plot::{LineMark, REGIONS, Region, Rgb, SpectrumPlot, Theme, figure};

/// Renders the spectrum's card.
#[component]
pub fn Spectrum() -> impl IntoView {
    let page = use_page();
    let canvas = NodeRef::<html::Canvas>::new();
    let size = follow_size(canvas);
    let lines = StoredValue::new(line_marks());
    let brush = RwSignal::new(None::<(f64, f64)>);
    let shown = Memo::new(move |_| ShownSpectrum { brush: brush.get(), ..page.state.with(ShownSpectrum::of) });
    let key = Memo::new(move |_| (shown.get(), size.get(), page.dark.get()));
    redraw_on(key, move || {
        let Some(canvas) = canvas.get_untracked() else { return };
        let (size, shown, theme) = (size.get_untracked(), shown.get_untracked(), page.theme());
        timed("spectrum", || {
            lines.with_value(|lines| {
                shown.with_plot(&theme, lines, false, |plot| {
                    paint(
                        &canvas,
                        size,
                        |_| (),
                        |pen| {
                            let _ = plot.draw(pen, &theme, size.width, size.height);
                        },
                    );
                });
            });
        });
        let drawn = shown.decoded.is_some() && size.width > 0.0;
        if drawn && !page.state.with_untracked(|state| state.decoded_shown) {
            page.act(|state| state.decoded_shown = true);
        }
    });

    let reading = RwSignal::new(None::<String>);
    let interaction = StoredValue::new(SpectrumInteraction::default());
    // A redraw follows the interval, not every movement.
    let show_brush = move || {
        let dragged = interaction.with_value(SpectrumInteraction::brush);
        if brush.get_untracked() != dragged {
            brush.set(dragged);
        }
    };
    let wavelength = move |x: f64| {
        SpectrumPlot::wavelength_at(x, size.get_untracked().width, shown.with_untracked(|shown| shown.range))
    };
    let down = move |event: ev::PointerEvent| {
        let (x, kind) = (f64::from(event.offset_x()), Pointer::of(&event.pointer_type()));
        if interaction.try_update_value(|i| i.down(x, kind, event.button())) == Some(true)
            && let Some(canvas) = canvas.get_untracked()
        {
            let _ = canvas.set_pointer_capture(event.pointer_id());
        }
    };
    let moved = move |event: ev::PointerEvent| {
        let x = f64::from(event.offset_x());
        interaction.update_value(|i| i.moved(x, wavelength));
        show_brush();
        let width = size.get_untracked().width;
        let values =
            shown.with_untracked(|shown| shown.with_plot(&page.theme(), &[], false, |plot| plot.reading(x, width)));
        reading.set(values.map(reading_text));
    };
    let up = move |_: ev::PointerEvent| {
        let interval = interaction.try_update_value(SpectrumInteraction::up).flatten();
        show_brush();
        if interval.is_some() {
            page.act(|state| state.show_wavelengths(interval));
        }
    };
    let leave = move |_: ev::PointerEvent| {
        interaction.update_value(SpectrumInteraction::lost);
        show_brush();
        reading.set(None);
    };
    let keys = move |event: ev::KeyboardEvent| {
        let Some((intent, prevents)) = key_intent(&event.key()) else { return };
        if prevents {
            event.prevent_default();
        }
        page.act(|state| match intent {
            Intent::Shift(part) => state.shift_wavelengths(part),
            Intent::ShowAll => state.show_wavelengths(None),
        });
    };

    let id = Memo::new(move |_| page.state.with(AppState::title));
    let class = Memo::new(move |_| page.state.with(AppState::selected_class));
    let origin = Memo::new(move |_| page.state.with(origin_text));
    let chi2 = Memo::new(move |_| page.state.with(AppState::chi2));
    let moved_away = Memo::new(move |_| page.state.with(AppState::moved));
    let description = Memo::new(move |_| page.state.with(spectrum_text));
    let save = move |_: &str| lines.with_value(|lines| svg(page, size.get_untracked(), lines));
    view! {
        <div class="card-head">
            <div>
                <h2 id="light-title">"Spectrum " <span class="id" data-testid="selected-id">{move || id.get()}</span></h2>
                <p class="sub">
                    {move || class.get().map(|class| view! {
                        <span class="dot" style:background=Theme::of(page.dark.get()).class(class).css()></span>
                        {class.name()}
                    })}
                    {move || origin.get().map(|origin| view! { <span class="muted">" · "{origin}</span> })}
                </p>
            </div>
            <div class="fit">
                {move || chi2.get().map(|chi2| view! {
                    <span class="number" data-testid="chi2" title="Mean over unmasked pixels of (observed − decoded)² / σ²">
                        "χ² / pixel " <b>{format!("{chi2:.2}")}</b>
                    </span>
                })}
                {move || moved_away.get().then(|| view! {
                    <button type="button" class="quiet" on:click=move |_| page.act(AppState::return_to_selection)>
                        "Back to its own latents"
                    </button>
                })}
                <PinButton />
                <SaveMenu what="spectrum" canvases=vec![canvas] svg=save />
            </div>
        </div>
        <Presets />
        <div class="plot spectrum-plot">
            <canvas data-testid="spectrum" node_ref=canvas tabindex="0" role="application" aria-roledescription="spectrum plot"
                aria-label=move || description.get()
                on:pointerdown=down on:pointermove=moved on:pointerup=up on:pointerleave=leave on:pointercancel=leave
                on:keydown=keys on:dblclick=move |_| page.act(|state| state.show_wavelengths(None))
            ></canvas>
            <p class="reading number" aria-hidden="true">{move || reading.get()}</p>
        </div>
        <Strokes shown />
    }
}

/// Renders buttons that zoom to the paper's line regions.
#[component]
fn Presets() -> impl IntoView {
    let page = use_page();
    let range = Memo::new(move |_| page.state.with(|state| state.spectrum_range));
    let button = move |region: Region| {
        let pressed = move || is_region_shown(&region, range.get());
        view! {
            <button type="button" class="chip" data-testid=format!("region-{}", region.key)
                aria-pressed=move || pressed().to_string()
                on:click=move |_| page.act(|state| state.show_region(region.key))>{region.label}</button>
        }
    };
    view! {
        <div class="chips" role="group" aria-label="Wavelengths shown">
            {REGIONS.map(button).collect_view()}
            {move || {
                custom_range_text(range.get()).map(|text| view! { <span class="muted number">{text}</span> })
            }}
        </div>
    }
}

#[component]
fn PinButton() -> impl IntoView {
    let page = use_page();
    let full = Memo::new(move |_| page.state.with(|state| state.pins.len() >= MOST_PINS));
    view! {
        <button type="button" class="quiet" data-testid="pin" disabled=move || full.get()
            title=move || if full.get() { "Four spectra are pinned: let one go first" } else { "Keep this spectrum for comparison" }
            on:click=move |_| page.act(AppState::pin)>"Pin"</button>
    }
}

/// Renders the legend of the plot.
#[component]
fn Strokes(shown: Memo<ShownSpectrum>) -> impl IntoView {
    let page = use_page();
    let stroke =
        |name: String, color: Rgb| view! { <li><span class="stroke" style:background=color.css()></span>{name}</li> };
    let main = move || {
        let theme = Theme::of(page.dark.get());
        let has_spread = shown.with(|shown| shown.spread.clone());
        let picked = page.state.with(|state| state.picked.as_ref().map_or(0, |picked| picked.rows.len()));
        let entries = SpectrumPlot::legend(&theme).into_iter().map(move |(name, color)| stroke(name.to_owned(), color));
        let spread = has_spread.map(|spread| stroke(spread_label(&spread, picked), theme.spread));
        view! { {entries.collect_view()} {spread} }
    };
    let pins = move || {
        let theme = Theme::of(page.dark.get());
        let pin = move |(index, pin): (usize, Pin)| {
            let name = pin.label.clone();
            view! {
                <li class="pinned" data-testid="pinned">
                    <span class="stroke" style:background=theme.pinned(index).css()></span>{pin.label}
                    <button type="button" class="mini" title="Play the straight way from here to where the sliders are"
                        aria-label=format!("Path from {name} to here") data-testid="path-from-pin"
                        on:click=move |_| page.act(|state| state.path_from_pin(index))>"path to here"</button>
                    <button type="button" class="mini" aria-label=format!("Let {name} go")
                        on:click=move |_| page.act(|state| state.unpin(index))>"×"</button>
                </li>
            }
        };
        shown.with(|shown| shown.pins.clone()).into_iter().enumerate().map(pin).collect_view()
    };
    let has_band = Memo::new(move |_| shown.with(|shown| shown.band.is_some()));
    view! {
        <ul class="strokes">
            {main}
            <Show when=move || has_band.get()><li><span class="patch band"></span>"± 1σ of the latents"</li></Show>
            <li><span class="patch"></span>"masked"</li>
            {pins}
        </ul>
    }
}

fn svg(page: Page, size: CanvasSize, lines: &[LineMark]) -> Result<String, String> {
    let shown = page.state.with_untracked(ShownSpectrum::of);
    let theme = page.theme();
    let title = page.state.with_untracked(figure_title);
    shown.with_plot(&theme, lines, true, |plot| {
        figure(size.width, size.height, &title, theme, |sheet| {
            plot.draw(&mut sheet.pen, &theme, size.width, size.height)
        })
    })
}
