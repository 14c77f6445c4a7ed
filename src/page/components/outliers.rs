//! The outliers of the set by one measure or another, the largest first, with their reasons.

use leptos::prelude::*;

use super::row_button::{RowButton, Thumbnail};
use crate::page::context::use_page;
use crate::page::state::{AppState, OutlierRank};
use crate::page::view::outliers::{explained, rank_label, ranks, reasons_text, score_note};

/// Renders the list.
#[component]
pub fn OutlierList() -> impl IntoView {
    let page = use_page();
    let rows = Memo::new(move |_| {
        page.state.with(|state| {
            state.outliers().list().iter().map(|outlier| (outlier.row, outlier.score)).collect::<Vec<_>>()
        })
    });
    let by = Memo::new(move |_| page.state.with(|state| state.outliers().by()));
    let choices = Memo::new(move |_| page.state.with(ranks));
    let waits =
        Memo::new(move |_| page.state.with(|state| (state.outliers().scores().is_none(), state.outliers().wanted())));
    let more = Memo::new(move |_| page.state.with(|state| state.outliers().has_more()));
    let reason = move |row: usize| {
        Memo::new(move |_| {
            page.state.with(|state| {
                let outlier = state.outliers().list().iter().find(|outlier| outlier.row == row)?;
                Some(reasons_text(outlier.reasons.as_deref()))
            })
        })
    };
    let choose = move |event: leptos::ev::Event| {
        let chosen = event_target_value(&event);
        if let Some(by) = OutlierRank::ALL.into_iter().find(|by| rank_label(*by).0 == chosen) {
            page.act(|state| state.rank_outliers(by));
        }
    };
    view! {
        <label class="field">
            <span>"odd by"</span>
            <select data-testid="outliers-by" on:change=choose>
                {move || choices.get().into_iter().map(|choice| {
                    let (key, label) = rank_label(choice);
                    view! { <option value=key selected=move || by.get() == choice>{label}</option> }
                }).collect_view()}
            </select>
        </label>
        <p class="sub">{move || explained(by.get())}</p>
        <Show when=move || { waits.get().0 && by.get() != OutlierRank::Chi2 }>
            <p class="sub">{move || if waits.get().1 { "The factors are being computed…" } else { "The factors could not be computed: open this tab again." }}</p>
        </Show>
        <ol class="rows" data-testid="outliers" data-walk="" aria-label="Outliers; arrow keys go through them">
            <For each=move || rows.get() key=|(row, score)| (*row, score.to_bits()) children=move |(row, score)| {
                let reason = reason(row);
                view! {
                    <li class="odd">
                        <RowButton row note=score_note(by.get_untracked(), score) />
                        <div class="odd-body"><Thumbnail row /><p class="sub">{move || reason.get()}</p></div>
                    </li>
                }
            } />
        </ol>
        <Show when=move || more.get()>
            <button type="button" class="chip" data-testid="outliers-more" on:click=move |_| page.act(AppState::list_more_outliers)>"More"</button>
        </Show>
    }
}
