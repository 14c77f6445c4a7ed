//! The picked spectra: counts by class, their mean and spread in the spectrum plot, and their table.

use leptos::prelude::*;

use crate::page::client::download::save_text;
use crate::page::context::use_page;
use crate::page::state::{AppState, Picked};
use crate::page::view::picked::{medians, sample_text};
use crate::page::view::tables::picked_table;
use crate::page::view::text::thousands;
use crate::plot::Theme;

/// Renders the facts about the picked spectra as a whole.
#[component]
pub fn PickedPanel() -> impl IntoView {
    let page = use_page();
    let picked = Memo::new(move |_| page.state.with(|state| state.picked().map(|picked| picked.serial)));
    let count = Memo::new(move |_| page.state.with(|state| state.picked().map_or(0, Picked::count)));
    let own = Memo::new(move |_| page.state.with(|state| state.picked().map_or(0, |picked| picked.own.len())));
    let sample = Memo::new(move |_| {
        page.state.with(|state| state.picked().map_or((0, 0), |picked| (picked.spread_of, picked.sample_len())))
    });
    let classes = move || {
        picked.get();
        let classes = page.state.with_untracked(AppState::picked_classes);
        let theme = Theme::of(page.dark.get());
        let entry = move |(class, count): (crate::spectrum::Class, usize)| {
            view! {
                <li><span class="dot" style:background=theme.class(class).css()></span>{class.name()}" "<span class="count">{thousands(count)}</span></li>
            }
        };
        classes.into_iter().map(entry).collect_view()
    };
    let medians = move || {
        picked.get();
        page.state
            .with_untracked(medians)
            .into_iter()
            .map(|(name, value)| {
                view! {
                    <div><dt>{name}</dt><dd class="number">{value}</dd></div>
                }
            })
            .collect_view()
    };
    let save = move |votable: bool| {
        let (name, kind) = match votable {
            true => ("spectrascape-selection.vot", "application/x-votable+xml"),
            false => ("spectrascape-selection.csv", "text/csv"),
        };
        match page.state.with_untracked(|state| picked_table(state, votable)) {
            Some(text) => save_text(name, kind, &text),
            None => page
                .act(|state| state.fail("The catalogue has not loaded: the selection cannot be saved yet.".to_owned())),
        }
    };
    view! {
        <Show when=move || picked.get().is_some() fallback=|| view! {
            <p class="sub">
                "Pick many spectra at once: choose Rectangle or Lasso over the scatter, or hold Shift and drag. They light up in every \
                 plot, and the spectrum panel shows their mean and spread."
            </p>
        }>
            <div class="picked-head">
                <p><b class="number" data-testid="picked-count">{move || thousands(count.get())}</b>" spectra picked"{move || (own.get() > 0).then(|| format!(", {} of them yours", own.get()))}</p>
                <div class="acts">
                    <button type="button" data-testid="save-selection-csv" on:click=move |_| save(false)>"Save as CSV"</button>
                    <button type="button" data-testid="save-selection-votable" on:click=move |_| save(true)>"Save as VOTable"</button>
                    <button type="button" class="quiet" data-testid="unpick" on:click=move |_| page.act(AppState::unpick)>"Clear"</button>
                </div>
            </div>
            <ul class="classes">{classes}</ul>
            <p class="sub" data-testid="spread-note">
                {move || sample_text(sample.get(), count.get() - own.get())}
            </p>
            <h3>"Medians"</h3>
            <dl class="facts">{medians}</dl>
        </Show>
    }
}
