//! Two trainings compared: the settings that differ, their curves in one frame, their latents.

use leptos::prelude::*;

use super::map::Miniature;
use crate::page::components::chart_plot::ChartPlot;
use crate::page::context::use_page;
use crate::page::view::training::compare::{comparison_chart, comparison_table, comparison_text, objectives_text};
use crate::plot::Theme;

/// Renders a kept training and the newest one.
#[component]
pub fn Compare() -> impl IntoView {
    let page = use_page();
    let kept = Memo::new(move |_| page.state.with(|s| s.kept().iter().map(|run| run.name.clone()).collect::<Vec<_>>()));
    let chosen = RwSignal::new(0usize);
    let at = Memo::new(move |_| chosen.get().min(kept.with(Vec::len).saturating_sub(1)));
    let can_compare = Memo::new(move |_| page.state.with(|s| s.can_compare(at.get())));
    let name = Memo::new(move |_| kept.with(|kept| kept.get(at.get()).cloned().unwrap_or_default()));
    let drop_it = move |_| page.act(|state| state.drop_kept(at.get_untracked()));
    let key = Signal::derive(move || {
        let newest = page.state.with(|s| s.training().history.len() as u64);
        newest << 16 ^ (at.get() as u64) << 8 ^ kept.with(Vec::len) as u64
    });
    let both = move |theme: &Theme| page.state.with_untracked(|s| comparison_chart(s, at.get_untracked(), theme));
    let label = Signal::derive(move || page.state.with(|s| comparison_text(s, at.get())));
    view! {
        <Show when=move || kept.with(|kept| !kept.is_empty())>
            <div class="compare" data-testid="compare">
                <div class="compare-head">
                    <h3>"Side by side"</h3>
                    <label class="field">
                        <span>"the newest against"</span>
                        <select data-testid="compare-with" on:change=move |event| {
                            chosen.set(event_target_value(&event).parse().unwrap_or(0));
                        }>
                            {move || kept.get().into_iter().enumerate().map(|(index, name)| view! {
                                <option value=index.to_string() selected=move || at.get() == index>{name}</option>
                            }).collect_view()}
                        </select>
                    </label>
                    <button type="button" class="quiet" data-testid="compare-drop" on:click=drop_it>"Remove it"</button>
                </div>
                <Show when=move || can_compare.get() fallback=move || view! {
                    <p class="sub">{move || format!("{} is kept. Train another to compare it with.", name.get())}</p>
                }>
                    <ChartPlot what="compared-losses" testid="compare-curves" class="compare-plot" label follows=key chart=both />
                    <p class="sub" data-testid="compare-objectives">{move || page.state.with(|s| objectives_text(s, at.get()))}</p>
                    <Table at />
                    <div class="pair">
                        <Miniature at=Signal::derive(move || Some(at.get())) testid="compare-map" />
                        <Miniature at=Signal::derive(|| None) testid="compare-map" />
                    </div>
                </Show>
            </div>
        </Show>
    }
}

/// Renders the settings that differ, and the results.
#[component]
fn Table(at: Memo<usize>) -> impl IntoView {
    let page = use_page();
    let rows = Memo::new(move |_| {
        page.state.with(|s| s.kept().get(at.get()).map(|kept| comparison_table(s, kept)).unwrap_or_default())
    });
    let name = Memo::new(move |_| {
        page.state.with(|s| s.kept().get(at.get()).map(|kept| kept.name.clone()).unwrap_or_default())
    });
    view! {
        <table class="differences" data-testid="compare-table">
            <thead><tr><th scope="col"></th><th scope="col">{move || name.get()}</th><th scope="col">"newest"</th></tr></thead>
            <tbody>
                {move || rows.get().into_iter().map(|(what, one, other)| view! {
                    <tr><th scope="row">{what}</th><td class="number">{one}</td><td class="number">{other}</td></tr>
                }).collect_view()}
            </tbody>
        </table>
    }
}
