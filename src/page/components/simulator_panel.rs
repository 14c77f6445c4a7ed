//! The simulator's dials: a galaxy with chosen properties.

use leptos::prelude::*;

use crate::page::context::use_page;
use crate::page::state::Engine;
use crate::page::view::simulator::{dial_text, newest_dials};
use crate::simulator::{DIALS, Dial, GalaxyDials};

/// Pause after the last movement of a dial before the galaxy is simulated again, milliseconds: each takes the worker some tens.
const PAUSE: u64 = 60;

/// Renders the dials.
#[component]
pub fn SimulatorPanel() -> impl IntoView {
    let page = use_page();
    let presets = GalaxyDials::presets();
    let first = presets[0].1;
    // The dials continue from the newest simulated galaxy when the tab is opened again.
    let dials = RwSignal::new(page.state.with_untracked(newest_dials).unwrap_or(first));
    let ready =
        Memo::new(move |_| page.state.with(|state| matches!(state.engine, Engine::Ready(_)) && state.card.is_some()));
    let timer = StoredValue::new(None::<leptos::leptos_dom::helpers::TimeoutHandle>);
    let make_soon = move || {
        if let Some(timer) = timer.get_value() {
            timer.clear();
        }
        let make = move || page.act(|state| state.make_galaxy(dials.get_untracked()));
        timer.set_value(set_timeout_with_handle(make, std::time::Duration::from_millis(PAUSE)).ok());
    };
    let preset = move |(name, value): (&'static str, GalaxyDials)| {
        view! {
            <button type="button" class="chip" disabled=move || !ready.get() aria-pressed=move || (dials.get() == value).to_string()
                on:click=move |_| { dials.set(value); make_soon() }>{name}</button>
        }
    };
    view! {
        <p class="sub">"Turn the simulator's dials and watch where the galaxy lands. It is simulated, like the set."</p>
        <div class="chips" role="group" aria-label="Kinds of galaxy" data-testid="galaxy-presets">{presets.map(preset).collect_view()}</div>
        <div class="sliders dials-of-galaxy">
            {DIALS.iter().enumerate().map(|(index, dial)| view! { <DialSlider index dial dials disabled=Signal::derive(move || !ready.get()) changed=make_soon /> }).collect_view()}
        </div>
        <div class="acts">
            <button type="button" class="primary" data-testid="make-galaxy" disabled=move || !ready.get() on:click=move |_| make_soon()>"Make this galaxy"</button>
            <button type="button" class="quiet" disabled=move || !ready.get()
                title="Keep the galaxy made last on the list, and go on with another"
                on:click=move |_| page.act(|state| { state.keep_simulated(); state.make_galaxy(dials.get_untracked()) })>"Keep it and make another"</button>
        </div>
    }
}

#[component]
fn DialSlider(
    index: usize,
    dial: &'static Dial,
    dials: RwSignal<GalaxyDials>,
    disabled: Signal<bool>,
    changed: impl Fn() + Copy + Send + 'static,
) -> impl IntoView {
    let value = Memo::new(move |_| dials.with(|dials| dials.get(index).unwrap_or(dial.min)));
    let text = move || dial_text(dial, value.get());
    let input = move |event| {
        if let Ok(position) = event_target_value(&event).parse::<f32>() {
            dials.update(|dials| dials.set(index, dial.at(position)));
            changed();
        }
    };
    view! {
        <label class="dial">
            <span class="slider-name">{dial.label}</span>
            <input type="range" min="0" max="1" step="any" data-testid=format!("dial-{}", dial.key) aria-valuetext=text
                disabled=move || disabled.get() prop:value=move || dial.position(value.get()).to_string() on:input=input />
            <output class="number">{text}</output>
        </label>
    }
}
