//! The panel of tabs: facts about the selected spectrum, lists of spectra, and tools.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::draws::DrawsPanel;
use super::facts::Facts;
use super::neighbours::Neighbours;
use super::noise::NoisePanel;
use super::outliers::OutlierList;
use super::own_spectra::OwnSpectra;
use super::pca::PcaPanel;
use super::picked_panel::PickedPanel;
use super::simulator_panel::SimulatorPanel;
use crate::page::context::use_page;
use crate::page::state::{AppState, Picked};
use crate::page::view::text::thousands;

/// A tab of the panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tab {
    /// Facts about the selected spectrum.
    #[default]
    About,
    /// Nearest spectra to the selected one.
    Neighbours,
    /// Outliers of the set.
    Outliers,
    /// Picked spectra.
    Picked,
    /// The user's spectra.
    Own,
    /// Dials of the simulator.
    Make,
    /// Noise added to the selected spectrum.
    Noise,
    /// Model compared with principal components.
    Pca,
    /// Latents drawn from the prior.
    Draws,
}

const TABS: [(Tab, &str, &str); 9] = [
    (Tab::About, "About it", "about"),
    (Tab::Neighbours, "Neighbours", "neighbours"),
    (Tab::Outliers, "Outliers", "outliers"),
    (Tab::Picked, "Picked", "picked"),
    (Tab::Own, "Your spectra", "own"),
    (Tab::Make, "Make a galaxy", "make"),
    (Tab::Noise, "Add noise", "noise"),
    (Tab::Pca, "PCA", "pca"),
    (Tab::Draws, "Draws", "draws"),
];

/// Renders the panel.
#[component]
pub fn Panel() -> impl IntoView {
    let page = use_page();
    let tab = RwSignal::new(Tab::About);
    // A new pick or a new file opens its tab.
    let picked = Memo::new(move |_| page.state.with(|state| state.picked().map(|picked| picked.serial)));
    let own = Memo::new(move |_| {
        page.state.with(|state| {
            // The first spectrum of a batch opens the tab; those after it leave the reader where they are.
            let has_files = state.files().iter().any(|file| !file.is_simulated());
            let batch = if has_files { state.batch() as usize } else { 0 };
            (batch + state.own_catalogues().list().len(), state.redshift_wanted().len())
        })
    });
    Effect::new(move |before: Option<Option<u32>>| {
        let now = picked.get();
        if before.is_some_and(|before| before.is_none()) && now.is_some() {
            tab.set(Tab::Picked);
        }
        now
    });
    Effect::new(move |before: Option<(usize, usize)>| {
        let now = own.get();
        if before.is_some_and(|before| now.0 > before.0 || now.1 > before.1) {
            tab.set(Tab::Own);
        }
        now
    });
    Effect::new(move |_| match tab.get() {
        Tab::Outliers => page.act(AppState::list_outliers),
        Tab::Own => page.act(AppState::judge_files),
        _ => {}
    });
    let go = move |index: usize| {
        let (value, _, key) = TABS[index];
        tab.set(value);
        let button = document().get_element_by_id(&format!("tab-{key}"));
        if let Some(button) = button.and_then(|button| button.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = button.focus();
        }
    };
    let choose = move |step: isize| {
        let at = TABS.iter().position(|(value, ..)| *value == tab.get_untracked()).unwrap_or(0) as isize;
        go((at + step).rem_euclid(TABS.len() as isize) as usize);
    };
    let keys = move |event: leptos::ev::KeyboardEvent| match event.key().as_str() {
        "ArrowRight" => choose(1),
        "ArrowLeft" => choose(-1),
        "Home" => go(0),
        "End" => go(TABS.len() - 1),
        _ => {}
    };
    let count = move |value: Tab| match value {
        Tab::Picked => page.state.with(|state| state.picked().map(Picked::count)),
        Tab::Own => page.state.with(|state| Some(state.files().len()).filter(|count| *count > 0)),
        _ => None,
    };
    let button = move |(value, name, key): (Tab, &'static str, &'static str)| {
        view! {
            <button type="button" role="tab" id=format!("tab-{key}") data-testid=format!("tab-{key}") aria-controls="panel-body"
                aria-selected=move || (tab.get() == value).to_string()
                tabindex=move || if tab.get() == value { "0" } else { "-1" }
                on:click=move |_| tab.set(value)>
                {name}
                {move || count(value).map(|count| view! { <span class="count">{thousands(count)}</span> })}
            </button>
        }
    };
    let labelled =
        move || format!("tab-{}", TABS.iter().find(|(value, ..)| *value == tab.get()).map_or("about", |tab| tab.2));
    view! {
        <div class="tabs" role="tablist" aria-label="More about the spectra" on:keydown=keys>{TABS.map(button).collect_view()}</div>
        <div class="panel-body" id="panel-body" role="tabpanel" tabindex="0" aria-labelledby=labelled>
            {move || match tab.get() {
                Tab::About => view! { <Facts /> }.into_any(),
                Tab::Neighbours => view! { <Neighbours /> }.into_any(),
                Tab::Outliers => view! { <OutlierList /> }.into_any(),
                Tab::Picked => view! { <PickedPanel /> }.into_any(),
                Tab::Own => view! { <OwnSpectra /> }.into_any(),
                Tab::Make => view! { <SimulatorPanel /> }.into_any(),
                Tab::Noise => view! { <NoisePanel /> }.into_any(),
                Tab::Pca => view! { <PcaPanel /> }.into_any(),
                Tab::Draws => view! { <DrawsPanel /> }.into_any(),
            }}
        </div>
    }
}
