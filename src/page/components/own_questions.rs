//! Questions about files of the user's: a redshift that no file says, and which spectra of a file that holds several.

use std::collections::BTreeSet;

use leptos::prelude::*;

use crate::page::context::use_page;
use crate::page::state::{MOST_ROWS, RowChoice};
use crate::page::view::own_spectra::{listed_text, parse_redshift, redshift_hint, redshift_is_invalid, unknown_text};

/// Asks for the redshift of a spectrum that has none, while it is tried by trial.
#[component]
pub fn AskRedshift(name: String) -> impl IntoView {
    let page = use_page();
    let value = RwSignal::new(String::new());
    let invalid = Memo::new(move |_| value.with(|text| redshift_is_invalid(text)));
    let of = name.clone();
    let unknown = Memo::new(move |_| {
        page.state.with(|state| state.redshift_wanted().iter().find(|unknown| unknown.name == of).cloned())
    });
    let done = Memo::new(move |_| {
        let request = unknown.get()?.trial?;
        page.state.with(|state| match state.progress() {
            Some((id, progress)) if *id == request => Some((progress.done, progress.total)),
            _ => Some((0, 1)),
        })
    });
    let (file, left, stopped, tried) =
        (name.clone(), name.clone(), StoredValue::new(name.clone()), StoredValue::new(name));
    let give = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if let Some(redshift) = parse_redshift(&value.get_untracked()) {
            page.act(|state| state.give_redshift(&file, redshift));
        }
    };
    view! {
        <form class="ask" data-testid="ask-redshift" on:submit=give>
            <label class="field">
                <span>{move || unknown.get().map(|unknown| unknown_text(&unknown))}</span>
                <input type="text" inputmode="decimal" placeholder="0.0834" data-testid="redshift-input" aria-invalid=move || invalid.get().to_string()
                    prop:value=move || value.get() on:input=move |event| value.set(event_target_value(&event)) />
            </label>
            <button type="submit" disabled=move || invalid.get() || value.with(String::is_empty)>"Use it"</button>
            <button type="button" class="quiet" on:click=move |_| page.act(|state| state.forget_file(&left))>"Leave it out"</button>
            {move || match done.get() {
                Some((done, total)) => view! {
                    <div class="progress">
                        <span>{format!("Trying redshifts: {done} of {total}")}</span>
                        <progress max=total value=done aria-label="Redshifts tried"></progress>
                        <button type="button" class="mini" on:click=move |_| page.act(|state| state.stop_unknown(&stopped.get_value()))>"Stop"</button>
                    </div>
                }.into_any(),
                None => view! {
                    <button type="button" class="chip" data-testid="try-redshift"
                        on:click=move |_| page.act(|state| state.try_unknown(&tried.get_value()))>"Find it by trial"</button>
                }.into_any(),
            }}
            <Show when=move || invalid.get()><p class="sub">{redshift_hint()}</p></Show>
        </form>
    }
}

/// Offers the spectra of a file that holds several.
#[component]
pub fn ChooseRows(file: u32) -> impl IntoView {
    let page = use_page();
    let choice =
        page.state.with_untracked(|state| state.row_choices().iter().find(|choice| choice.file == file).cloned());
    let chosen = RwSignal::new(BTreeSet::<usize>::new());
    let take = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let rows: Vec<usize> = chosen.with_untracked(|rows| rows.iter().copied().collect());
        page.act(|state| state.take_rows(file, &rows));
    };
    choice.map(|RowChoice { name, spectra, .. }| {
        let count = spectra.len();
        let all = if count > MOST_ROWS { format!("Take the first {MOST_ROWS}") } else { format!("Take all {count}") };
        let first: Vec<usize> = (0..count.min(MOST_ROWS)).collect();
        let rows = spectra.iter().enumerate().map(|(row, spectrum)| {
            let toggle = move |_| {
                chosen.update(|rows| {
                    if !rows.remove(&row) {
                        rows.insert(row);
                    }
                });
            };
            view! {
                <li><label><input type="checkbox" prop:checked=move || chosen.with(|rows| rows.contains(&row)) on:change=toggle />
                    " "{listed_text(spectrum)}</label></li>
            }
        });
        let rows = rows.collect_view();
        view! {
            <form class="ask" data-testid="choose-rows" on:submit=take>
                <p>{format!("{name} holds {count} spectra. Which of them?")}</p>
                <ol class="choose-rows">{rows}</ol>
                <button type="button" data-testid="take-all-rows" on:click=move |_| page.act(|state| state.take_rows(file, &first))>{all}</button>
                <button type="submit" data-testid="take-rows" disabled=move || chosen.with(BTreeSet::is_empty)>
                    {move || format!("Take {} chosen", chosen.with(BTreeSet::len))}
                </button>
                <button type="button" class="quiet" on:click=move |_| page.act(|state| state.take_rows(file, &[]))>"Leave it out"</button>
            </form>
        }
    })
}
