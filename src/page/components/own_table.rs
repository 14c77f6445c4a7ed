//! The table of the user's spectra: sorted by any column, the selected spectrum with its details. No cell reads the state: a row is made
//! anew only where its spectrum has changed.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::reactive::computed::Selector;

use super::own_details::{OwnDetails, OwnTrial};
use crate::page::context::use_page;
use crate::page::state::{OwnKey, Source};
use crate::page::view::own_cells::{Cell, cells};
use crate::page::view::own_table::{OwnColumn, OwnOrder, OwnRow};
use crate::plot::Theme;

/// Renders the table.
#[component]
pub fn Table() -> impl IntoView {
    let page = use_page();
    let order = RwSignal::new(OwnOrder::default());
    let rows = Memo::new(move |_| {
        let mut rows = page.own_rows.get().0.to_vec();
        order.get().sort(&mut rows);
        rows.iter().map(|row| row.key).collect::<Vec<OwnKey>>()
    });
    let selected = Memo::new(move |_| {
        page.state.with(|state| match state.selection()?.source {
            Source::File(index) => state.files().get(index).map(|file| file.key()),
            Source::Row(_) => None,
        })
    });
    let is_selected = Selector::new(move || selected.get());
    let heading = move |(column, name, meaning): (OwnColumn, &'static str, &'static str)| {
        let sorted = move || match order.get() {
            OwnOrder { column: Some(by), descending } if by == column => {
                if descending {
                    "descending"
                } else {
                    "ascending"
                }
            }
            _ => "none",
        };
        view! {
            <th scope="col" aria-sort=sorted>
                <button type="button" class="sort" title=meaning data-testid=format!("own-sort-{}", column.key())
                    on:click=move |_| order.update(|order| *order = order.after_click(column))>
                    {name}
                    <span aria-hidden="true">{move || match sorted() { "ascending" => " ▲", "descending" => " ▼", _ => "" }}</span>
                </button>
            </th>
        }
    };
    view! {
        <div class="own-table" tabindex="0" role="region" aria-label="Your spectra; arrow keys go through them">
            <table data-testid="own-spectra" data-walk="">
                <thead><tr>{OwnColumn::ALL.map(heading).collect_view()}<th scope="col"><span class="unseen">"remove"</span></th></tr></thead>
                <For each=move || rows.get() key=|key| *key children=move |key| view! { <Own key is_selected=is_selected.clone() /> } />
            </table>
        </div>
    }
}

/// Renders one of the user's spectra.
#[component]
fn Own(key: OwnKey, is_selected: Selector<Option<OwnKey>>) -> impl IntoView {
    let page = use_page();
    let row = Memo::new(move |_| page.own_rows.with(|rows| rows.get(key)));
    let current = Signal::derive(move || is_selected.selected(&Some(key)));
    let trial = Memo::new(move |_| row.with(|row| row.as_ref()?.trial_text.clone()));
    let told = move || trial.get().filter(|sentence| sentence.disagrees || current.get());
    let has_more = move || current.get() || told().is_some();
    view! {
        <tbody class="own" class:current=move || current.get()>
            {move || row.get().map(|row| cells_of(row, current))}
            <Show when=has_more>
                <tr class="own-more">
                    <td colspan=(OwnColumn::ALL.len() + 1).to_string()>
                        <div class="own-words">
                            {move || told().map(|sentence| view! { <OwnTrial key sentence /> })}
                            <Show when=move || current.get()><OwnDetails row /></Show>
                        </div>
                    </td>
                </tr>
            </Show>
        </tbody>
    }
}

fn cells_of(row: Arc<OwnRow>, current: Signal<bool>) -> impl IntoView {
    let page = use_page();
    let index = row.index;
    let label = format!("Take {} off the list", row.title);
    let cell = move |(column, cell): (OwnColumn, Cell)| {
        let Cell { text, small, dot, row, title, warns } = cell;
        let dot = dot.map(|class| {
            view! { <span class="dot" style:background=move || Theme::of(page.dark.get()).class(class).css()></span> }
        });
        let small = small.map(|small| view! { <span class="small">{small}</span> });
        let content = match (column, row) {
            (OwnColumn::Name, _) => view! {
                <button type="button" class="row" aria-current=move || current.get().then_some("true")
                    on:click=move |_| page.act(|state| state.select_file(index))>
                    {dot}<span class="row-name">{text}</span>
                </button>
                {small}
            }
            .into_any(),
            (_, Some(row)) => view! {
                <button type="button" class="link" on:click=move |_| page.act(|state| state.select_row(row))>{text}</button>
                {small}
            }
            .into_any(),
            _ => view! { {dot}<span>{text}</span>{small} }.into_any(),
        };
        view! { <td data-cell=column.key() class:warns=warns title=title>{content}</td> }
    };
    view! {
        <tr>
            {cells(&row).into_iter().map(cell).collect_view()}
            <td class="own-remove">
                <button type="button" class="mini" aria-label=label on:click=move |_| page.act(|state| state.remove_file(index))>"×"</button>
            </td>
        </tr>
    }
}
