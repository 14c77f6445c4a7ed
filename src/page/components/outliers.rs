//! The outliers of the set, the largest factor first, with their reasons.

use leptos::prelude::*;

use super::row_button::{RowButton, Thumbnail};
use crate::page::context::use_page;
use crate::page::view::outliers::reasons_text;

/// Renders the list.
#[component]
pub fn OutlierList() -> impl IntoView {
    let page = use_page();
    let rows = Memo::new(move |_| {
        page.state.with(|state| {
            state.outliers().list().iter().map(|outlier| (outlier.row, outlier.factor)).collect::<Vec<_>>()
        })
    });
    let wanted = Memo::new(move |_| page.state.with(|state| state.outliers().wanted()));
    let known = Memo::new(move |_| page.state.with(|state| state.outliers().factor().is_some()));
    let reason = move |row: usize| {
        Memo::new(move |_| {
            page.state.with(|state| {
                let outlier = state.outliers().list().iter().find(|outlier| outlier.row == row)?;
                Some(reasons_text(outlier.reasons.as_deref()))
            })
        })
    };
    view! {
        <p class="sub">
            "Local outlier factor with 20 neighbours: how much sparser latent space is around a spectrum than around its neighbours; 1 is ordinary."
        </p>
        <Show when=move || !known.get()>
            <p class="sub">{move || if wanted.get() { "The factors are being computed…" } else { "The factors could not be computed: open this tab again." }}</p>
        </Show>
        <ol class="rows" data-testid="outliers" data-walk="" aria-label="Outliers; arrow keys go through them">
            {move || rows.get().into_iter().map(|(row, factor)| {
                let reason = reason(row);
                view! {
                    <li class="odd">
                        <RowButton row note=format!("factor {factor:.2}") />
                        <div class="odd-body"><Thumbnail row /><p class="sub">{move || reason.get()}</p></div>
                    </li>
                }
            }).collect_view()}
        </ol>
    }
}
