//! The selected spectrum with the decoded one over it.

use leptos::html;
use leptos::prelude::*;

use crate::app::canvas::{follow_size, paint, redraw_on};
use crate::app::page::use_page;
use crate::app::state::{AppState, OwnFile, Source};
use crate::plot::{LineMark, SpectrumPlot, Theme};
use crate::spectrum::lines::{LINES, SpectralLine};

/// The spectrum's card.
#[component]
pub fn Spectrum() -> impl IntoView {
    let page = use_page();
    let canvas = NodeRef::<html::Canvas>::new();
    let size = follow_size(canvas);
    let lines = StoredValue::new(marks());
    let key = Memo::new(move |_| {
        let shown = page.state.with(|s| {
            let pixels = s.selection.as_ref().and_then(|selection| selection.pixels.as_ref()).map(|p| p.serial);
            (pixels, s.decoded.as_ref().map(|decoded| decoded.serial))
        });
        (shown, size.get(), page.dark.get())
    });
    redraw_on(key, move || {
        let Some(canvas) = canvas.get_untracked() else { return };
        let size = size.get_untracked();
        let decoded_drawn = page.state.with_untracked(|state| {
            let pixels = state.selection.as_ref().and_then(|selection| selection.pixels.clone());
            let decoded = state.decoded.as_ref().map(|decoded| decoded.flux.clone());
            lines.with_value(|lines| {
                let plot = SpectrumPlot {
                    observed: pixels.as_ref().map(|pixels| (pixels.flux.as_slice(), pixels.ivar.as_slice())),
                    decoded: decoded.as_ref().map(|flux| flux.as_slice()),
                    lines,
                    ..SpectrumPlot::default()
                };
                paint(
                    &canvas,
                    size,
                    |_| (),
                    |pen| {
                        let _ = plot.draw(pen, &page.theme(), size.width, size.height);
                    },
                );
            });
            decoded.is_some() && size.width > 0.0 && !state.decoded_shown
        });
        if decoded_drawn {
            page.act(|state| state.decoded_shown = true);
        }
    });

    let id = Memo::new(move |_| page.state.with(title));
    let class = Memo::new(move |_| page.state.with(AppState::selected_class));
    let chi2 = Memo::new(move |_| page.state.with(AppState::chi2));
    let moved = Memo::new(move |_| page.state.with(AppState::moved));
    let description = Memo::new(move |_| page.state.with(describe));
    let legend = move || {
        let entry = |(name, color): (&'static str, crate::plot::Rgb)| {
            view! {
                <li><span class="stroke" style:background=color.css()></span>{name}</li>
            }
        };
        SpectrumPlot::legend(&Theme::of(page.dark.get())).into_iter().map(entry).collect_view()
    };
    view! {
        <div class="card-head">
            <div>
                <h2 id="light-title">"Spectrum " <span class="id" data-testid="selected-id">{move || id.get()}</span></h2>
                <p class="sub">
                    {move || class.get().map(|class| view! {
                        <span class="dot" style:background=Theme::of(page.dark.get()).class(class).css()></span>
                        {class.name()}
                    })}
                </p>
            </div>
            <div class="fit">
                {move || chi2.get().map(|chi2| view! {
                    <span class="number" data-testid="chi2" title="Mean over unmasked pixels of (observed − decoded)² / σ²">
                        "χ² / pixel " <b>{format!("{chi2:.2}")}</b>
                    </span>
                })}
                {move || moved.get().then(|| view! {
                    <button type="button" class="quiet" on:click=move |_| page.act(AppState::return_to_selection)>
                        "Back to the spectrum's own latents"
                    </button>
                })}
            </div>
        </div>
        <div class="plot spectrum-plot">
            <canvas data-testid="spectrum" node_ref=canvas role="img" aria-label=move || description.get()></canvas>
        </div>
        <ul class="strokes">{legend}<li><span class="patch"></span>"masked"</li></ul>
    }
}

/// The lines to mark: all of them, the strongest named first.
fn marks() -> Vec<LineMark> {
    let minor = ["Hδ", "Hγ", "G", "Ca H", "[N II]"];
    let mark = |line: &SpectralLine| LineMark {
        label: line.label.to_owned(),
        wavelength: line.wavelength,
        main: !minor.contains(&line.label),
    };
    LINES.iter().map(mark).collect()
}

fn title(state: &AppState) -> String {
    match state.selection.as_ref().map(|selection| selection.source) {
        Some(Source::Row(_)) => state.selected_id().map_or("…".to_owned(), |id| id.to_string()),
        Some(Source::File(index)) => state.files.get(index).map(OwnFile::title).unwrap_or_default(),
        None => "none selected".to_owned(),
    }
}

fn describe(state: &AppState) -> String {
    let what = match (&state.selection, &state.decoded) {
        (Some(_), Some(_)) => "observed and decoded flux with the residual in standard errors below",
        (Some(_), None) => "observed flux",
        (None, Some(_)) => "decoded flux",
        (None, None) => "nothing yet",
    };
    let fit = state.chi2().map_or(String::new(), |chi2| format!("; chi squared a pixel {chi2:.2}"));
    format!("Spectrum {}: {what}, against rest-frame vacuum wavelength from 3388 to 8310 Ångström{fit}.", title(state))
}
