//! The selected spectrum with the decoded one over it, and the picked and pinned spectra.

mod strokes;

use leptos::ev;
use leptos::html;
use leptos::prelude::*;

use super::save_menu::SaveMenu;
use crate::page::canvas::{CanvasSize, follow_size, paint, redraw_on, timed};
use crate::page::context::{Page, use_page};
use crate::page::interaction::Pointer;
use crate::page::interaction::spectrum::{Intent, SpectrumInteraction, key as key_intent};
use crate::page::state::{AppState, MOST_PINS};
use crate::page::view::figures::spectrum_caption;
use crate::page::view::spectrum::{ShownSpectrum, line_marks};
use crate::page::view::spectrum_texts::{
    crosshair, custom_range_text, heading, is_region_shown, origin_text, spectrum_text,
};
use crate::plot::{LineMark, REGIONS, Region, SMOOTHINGS, SpectrumPlot, Theme, captioned};
use strokes::Strokes;

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
                shown.with_plot(&theme, lines, |plot| {
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
        let decoded = page.state.with_untracked(|state| state.decoded().is_some() && !state.decoded_is_shown());
        if decoded && size.width > 0.0 {
            page.act(|state| state.on_decoded_shown());
        }
    });

    // The position under the pointer, where there is a crosshair.
    let pointed = RwSignal::new(None::<f64>);
    let interaction = StoredValue::new(SpectrumInteraction::default());
    // A redraw follows the interval, not every movement.
    let follow = move || {
        let (dragged, at) = interaction.with_value(|i| (i.brush(), i.pointed()));
        if brush.get_untracked() != dragged {
            brush.set(dragged);
        }
        if pointed.get_untracked() != at {
            pointed.set(at);
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
        follow();
    };
    let moved = move |event: ev::PointerEvent| {
        let x = f64::from(event.offset_x());
        interaction.update_value(|i| i.moved(x, wavelength));
        follow();
    };
    let up = move |_: ev::PointerEvent| {
        let interval = interaction.try_update_value(SpectrumInteraction::up).flatten();
        follow();
        if interval.is_some() {
            page.act(|state| state.show_wavelengths(interval));
        }
    };
    let leave = move |event: ev::PointerEvent| {
        let kind = Pointer::of(&event.pointer_type());
        interaction.update_value(|i| i.left(kind));
        follow();
    };
    let lost = move |_: ev::PointerEvent| {
        interaction.update_value(SpectrumInteraction::lost);
        follow();
    };
    let crosshair = Memo::new(move |_| {
        let (x, size) = (pointed.get()?, size.get());
        shown.with(|shown| crosshair(shown, x, (size.width, size.height)))
    });
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

    let heading = Memo::new(move |_| page.state.with(heading));
    let own = Memo::new(move |_| heading.with(|heading| heading.own));
    let class = Memo::new(move |_| page.state.with(AppState::selected_class));
    let origin = Memo::new(move |_| page.state.with(origin_text));
    let chi2 = Memo::new(move |_| page.state.with(AppState::chi2));
    let moved_away = Memo::new(move |_| page.state.with(AppState::moved));
    let description = Memo::new(move |_| page.state.with(spectrum_text));
    let save = move |_: &str| lines.with_value(|lines| svg(page, size.get_untracked(), lines));
    view! {
        <div class="card-head">
            <div>
                <h2 id="light-title">
                    {move || heading.with(|heading| heading.title.clone())}
                    {move || own.get().then(|| view! { " " <SelectedId /> })}
                </h2>
                <p class="sub">
                    {move || if own.get() {
                        view! {
                            {move || class.get().map(|class| view! {
                                <span class="dot" style:background=Theme::of(page.dark.get()).class(class).css()></span>
                                {class.name()}
                            })}
                            {move || origin.get().map(|origin| view! { <span class="muted">" · "{origin}</span> })}
                        }.into_any()
                    } else {
                        view! {
                            {move || heading.with(|heading| heading.position.as_ref().map(|position| format!("{position} · ")))}
                            "selected: " <SelectedId />
                        }.into_any()
                    }}
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
                <SaveMenu what="spectrum" svg=save />
            </div>
        </div>
        <Presets />
        <div class="plot spectrum-plot">
            <canvas data-testid="spectrum" node_ref=canvas tabindex="0" role="application" aria-roledescription="spectrum plot"
                aria-label=move || description.get()
                on:pointerdown=down on:pointermove=moved on:pointerup=up on:pointerleave=leave on:pointercancel=lost
                on:keydown=keys on:dblclick=move |_| page.act(|state| state.show_wavelengths(None))
            ></canvas>
            <div class="crosshair" aria-hidden="true" class:shown=move || crosshair.with(Option::is_some)
                class:left=move || crosshair.with(|found| found.as_ref().is_some_and(|found| found.leans_left))
                style:left=move || crosshair.with(|found| found.as_ref().map(|found| format!("{:.1}px", found.left)))
                style:top=move || crosshair.with(|found| found.as_ref().map(|found| format!("{:.1}px", found.top)))
                style:height=move || crosshair.with(|found| found.as_ref().map(|found| format!("{:.1}px", found.height)))>
                <p class="reading number">{move || crosshair.with(|found| found.as_ref().map(|found| found.text.clone()))}</p>
            </div>
        </div>
        <Strokes shown />
    }
}

/// Renders buttons that zoom to the paper's line regions.
#[component]
fn Presets() -> impl IntoView {
    let page = use_page();
    let range = Memo::new(move |_| page.state.with(|state| state.spectrum_range()));
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
                custom_range_text(range.get()).map(|text| view! {
                    <button type="button" class="chip number" aria-pressed="true" title="Show all wavelengths"
                        on:click=move |_| page.act(|state| state.show_wavelengths(None))>{text}" ×"</button>
                })
            }}
            <Smoothing />
        </div>
    }
}

/// Renders the choice of pixels that observed flux is averaged over.
#[component]
fn Smoothing() -> impl IntoView {
    let page = use_page();
    let chosen = Memo::new(move |_| page.state.with(AppState::smoothing));
    let option = move |pixels: usize| {
        let label = if pixels == 1 { "none".to_owned() } else { format!("{pixels} px") };
        view! { <option value=pixels.to_string() prop:selected=move || chosen.get() == pixels>{label}</option> }
    };
    let choose = move |event| {
        if let Ok(pixels) = event_target_value(&event).parse() {
            page.act(|state| state.smooth(pixels));
        }
    };
    view! {
        <label class="field smoothing" title="Observed flux averaged over so many pixels, weighted by inverse variance; masked pixels do not count. χ² and residual stay those of single pixels.">
            <span>"smoothing"</span>
            <select data-testid="smoothing" on:change=choose>{SMOOTHINGS.map(option).collect_view()}</select>
        </label>
    }
}

/// Renders the name of the selected spectrum.
#[component]
fn SelectedId() -> impl IntoView {
    let page = use_page();
    let id = Memo::new(move |_| page.state.with(AppState::title));
    view! { <span class="id" data-testid="selected-id">{move || id.get()}</span> }
}

#[component]
fn PinButton() -> impl IntoView {
    let page = use_page();
    let full = Memo::new(move |_| page.state.with(|state| state.pins().len() >= MOST_PINS));
    view! {
        <button type="button" class="quiet" data-testid="pin" disabled=move || full.get()
            title=move || if full.get() { "Four spectra are pinned: let one go first" } else { "Keep this spectrum for comparison" }
            on:click=move |_| page.act(AppState::pin)>"Pin"</button>
    }
}

fn svg(page: Page, size: CanvasSize, lines: &[LineMark]) -> Result<String, String> {
    let shown = page.state.with_untracked(ShownSpectrum::of);
    let theme = page.theme();
    let caption = page.state.with_untracked(|state| spectrum_caption(state, &shown, &theme));
    shown.with_plot(&theme, lines, |plot| {
        captioned((size.width, size.height), &caption.title, &caption, theme, |sheet| {
            plot.draw(&mut sheet.pen, &theme, size.width, size.height)
        })
    })
}
