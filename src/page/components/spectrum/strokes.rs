//! The legend of the spectrum plot: curves that a click hides, the pick's mean, and the pinned spectra.

use leptos::prelude::*;

use crate::page::context::use_page;
use crate::page::state::{Curve, Pin};
use crate::page::view::spectrum::ShownSpectrum;
use crate::page::view::spectrum_texts::{curve_toggle, shows_masked, spread_label};
use crate::plot::Theme;

/// Renders the legend of the plot.
#[component]
pub fn Strokes(shown: Memo<ShownSpectrum>) -> impl IntoView {
    let page = use_page();
    let spread = move || {
        let spread = shown.with(|shown| shown.spread.clone())?;
        let picked = page.state.with(|state| state.picked().map_or(0, |picked| picked.rows.len()));
        let color = Theme::of(page.dark.get()).spread.css();
        Some(view! { <li><span class="stroke" style:background=color></span>{spread_label(&spread, picked)}</li> })
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
    let has_masked = Memo::new(move |_| shown.with(shows_masked));
    view! {
        <ul class="strokes">
            <CurveButton curve=Curve::Observed />
            <CurveButton curve=Curve::Decoded />
            {spread}
            <Show when=move || has_band.get()><li><span class="patch band"></span>"± 1σ of the latents"</li></Show>
            <Show when=move || has_masked.get()><li><span class="patch masked"></span>"masked"</li></Show>
            {pins}
        </ul>
    }
}

/// Renders the entry of a curve that there is: a click hides the curve, another shows it.
#[component]
fn CurveButton(curve: Curve) -> impl IntoView {
    let page = use_page();
    let toggle = Memo::new(move |_| page.state.with(|state| curve_toggle(state, curve)));
    let is_there = Memo::new(move |_| toggle.with(Option::is_some));
    let shown = move || toggle.with(|toggle| toggle.as_ref().is_some_and(|toggle| toggle.shown));
    let (testid, color) = match curve {
        Curve::Observed => ("curve-observed", (|theme: Theme| theme.observed) as fn(Theme) -> _),
        Curve::Decoded => ("curve-decoded", (|theme: Theme| theme.decoded) as fn(Theme) -> _),
    };
    view! {
        <Show when=move || is_there.get()>
            <li>
                <button type="button" class="toggle" data-testid=testid aria-pressed=move || shown().to_string()
                    title=move || if shown() { "Hide this curve" } else { "Show this curve" }
                    on:click=move |_| page.act(|state| state.toggle_curve(curve))>
                    <span class="stroke" style:background=move || color(Theme::of(page.dark.get())).css()></span>
                    {move || toggle.with(|toggle| toggle.as_ref().map(|toggle| toggle.label.clone()))}
                </button>
            </li>
        </Show>
    }
}
