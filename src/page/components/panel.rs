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
use super::row_keys::walk_rows;
use super::simulator_panel::SimulatorPanel;
use crate::page::context::use_page;
use crate::page::state::{AppState, Picked};
use crate::page::tab::Tab;
use crate::page::view::text::thousands;

/// Renders the panel.
#[component]
pub fn Panel() -> impl IntoView {
    let page = use_page();
    let tab = Memo::new(move |_| page.state.with(|state| state.link().tab));
    let show = move |tab: Tab| page.act(|state| state.open_tab(tab));
    // A new file opens its tab.
    let own = Memo::new(move |_| {
        page.state.with(|state| {
            // The first spectrum of a batch opens the tab; those after it leave the reader where they are.
            let has_files = state.files().iter().any(|file| !file.is_simulated());
            let batch = if has_files { state.batch() as usize } else { 0 };
            (batch + state.own_catalogues().list().len(), state.redshift_wanted().len())
        })
    });
    Effect::new(move |before: Option<(usize, usize)>| {
        let now = own.get();
        if before.is_some_and(|before| now.0 > before.0 || now.1 > before.1) {
            show(Tab::Own);
        }
        now
    });
    Effect::new(move |_| match tab.get() {
        Tab::Outliers => page.act(AppState::list_outliers),
        Tab::Own => page.act(AppState::judge_files),
        _ => {}
    });
    let go = move |tab: Tab| {
        show(tab);
        let button = document().get_element_by_id(&format!("tab-{}", tab.key()));
        if let Some(button) = button.and_then(|button| button.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = button.focus();
        }
    };
    let keys = move |event: leptos::ev::KeyboardEvent| match event.key().as_str() {
        "ArrowRight" => go(tab.get_untracked().stepped(1)),
        "ArrowLeft" => go(tab.get_untracked().stepped(-1)),
        "Home" => go(Tab::ends().0),
        "End" => go(Tab::ends().1),
        _ => {}
    };
    let count = move |value: Tab| match value {
        Tab::Picked => page.state.with(|state| state.picked().map(Picked::count)),
        Tab::Own => page.state.with(|state| Some(state.files().len()).filter(|count| *count > 0)),
        _ => None,
    };
    let button = move |value: Tab| {
        let id = format!("tab-{}", value.key());
        view! {
            <button type="button" role="tab" id=id.clone() data-testid=id aria-controls="panel-body"
                aria-selected=move || (tab.get() == value).to_string()
                tabindex=move || if tab.get() == value { "0" } else { "-1" }
                on:click=move |_| show(value)>
                {value.name()}
                {move || count(value).map(|count| view! { <span class="count">{thousands(count)}</span> })}
            </button>
        }
    };
    let labelled = move || format!("tab-{}", tab.get().key());
    view! {
        <div class="tabs" role="tablist" aria-label="More about the spectra" on:keydown=keys>{Tab::all().map(button).collect_view()}</div>
        <div class="panel-body" id="panel-body" role="tabpanel" tabindex="0" aria-labelledby=labelled
            on:keydown=move |event| walk_rows(&event)>
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
