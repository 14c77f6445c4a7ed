//! The user's own spectra: reading them, and the table of what is known of each.

use leptos::prelude::*;

use super::own_catalogues::OwnCatalogueList;
use super::own_questions::{AskRedshift, ChooseRows};
use super::own_table::Table;
use crate::page::client::download::save_text;
use crate::page::context::use_page;
use crate::page::state::AppState;
use crate::page::view::own_export::own_table_file;
use crate::page::view::own_spectra::{reading_text, trials_text};
use crate::page::view::text::thousands;
use crate::vae::encoding::EncodingMethod;

/// What can be brought.
const WHAT_IS_READ: &str = "Spectra of SDSS, DESI, LAMOST and others as FITS files, or tables of wavelength, flux and error as CSV or ECSV. \
     Drop as many as you like anywhere on the page. A table of objects (plate, mjd and fiber, targetid, or ra and dec) is joined to the set, \
     and its columns colour the points. No spectrum leaves this browser; it keeps them for your next visit until you clear them.";
/// What becomes of what was brought.
const WHERE_KEPT: &str = "No spectrum leaves this browser; it keeps them for your next visit until you clear them.";

/// Renders the list.
#[component]
pub fn OwnSpectra() -> impl IntoView {
    let page = use_page();
    let count = Memo::new(move |_| page.own_files.with(Vec::len));
    let wanted = Memo::new(move |_| {
        page.state.with(|state| state.redshift_wanted().iter().map(|unknown| unknown.name.clone()).collect::<Vec<_>>())
    });
    let choices = Memo::new(move |_| {
        page.state.with(|state| state.row_choices().iter().map(|choice| choice.file).collect::<Vec<_>>())
    });
    view! {
        <p class="sub">{move || if count.get() == 0 { WHAT_IS_READ } else { WHERE_KEPT }}</p>
        <OwnCatalogueList />
        <Reading />
        {move || choices.get().into_iter().map(|file| view! { <ChooseRows file /> }).collect_view()}
        {move || wanted.get().into_iter().map(|name| view! { <AskRedshift name /> }).collect_view()}
        <Show when=move || { count.get() > 0 }><Acts count /></Show>
        <Trials />
        <Show when=move || { count.get() > 0 }><Table /></Show>
    }
}

/// Renders how far the reading of a batch of files is, and stops it.
#[component]
fn Reading() -> impl IntoView {
    let page = use_page();
    let reading = Memo::new(move |_| page.state.with(AppState::reading));
    view! {
        {move || reading.get().map(|now| view! {
            <div class="progress" data-testid="reading">
                <span role="status">{reading_text(&now)}</span>
                <progress max=now.total value=now.done aria-label="Spectra read"></progress>
                <button type="button" class="mini" data-testid="reading-stop" on:click=move |_| page.act(AppState::stop_reading)>"Stop"</button>
            </div>
        })}
    }
}

/// Renders what can be done to the whole list.
#[component]
fn Acts(count: Memo<usize>) -> impl IntoView {
    let page = use_page();
    let save = move |votable: bool| {
        let (name, kind) = match votable {
            true => ("spectrascape-own-spectra.vot", "application/x-votable+xml"),
            false => ("spectrascape-own-spectra.csv", "text/csv"),
        };
        let rows = page.own_rows.get_untracked();
        save_text(name, kind, &page.state.with_untracked(|state| own_table_file(state, &rows.0, votable)));
    };
    view! {
        <div class="own-acts">
            <Method />
            <div class="acts">
                <button type="button" data-testid="save-own-csv" on:click=move |_| save(false)>"Save as CSV"</button>
                <button type="button" data-testid="save-own-votable" on:click=move |_| save(true)>"Save as VOTable"</button>
                <button type="button" class="quiet" data-testid="clear-own" on:click=move |_| page.act(AppState::clear_files)>
                    {move || if count.get() == 1 { "Clear".to_owned() } else { format!("Clear all {}", thousands(count.get())) }}
                </button>
            </div>
        </div>
    }
}

/// Renders the choice between fitted latents and those of the encoder alone.
#[component]
fn Method() -> impl IntoView {
    let page = use_page();
    let method = Memo::new(move |_| page.state.with(|state| state.encoding_method()));
    let choose = move |event: leptos::ev::Event| {
        let method = EncodingMethod::from_name(&event_target_value(&event)).unwrap_or_default();
        page.act(|state| state.set_encoding_method(method));
    };
    let is = move |value: EncodingMethod| move || method.get() == value;
    view! {
        <label class="field" title="Fitted: the encoder's latents, moved to where the decoded spectrum fits the unmasked pixels best. Encoder alone: as in the paper.">
            <span>"latents"</span>
            <select data-testid="own-encoding" on:change=choose>
                <option value="plain" prop:selected=is(EncodingMethod::Plain)>"encoder alone, as in the paper"</option>
                <option value="fitted" prop:selected=is(EncodingMethod::Fitted)>"fitted to the unmasked pixels"</option>
            </select>
        </label>
    }
}

/// Renders how far the trials in the background are, and stops them.
#[component]
fn Trials() -> impl IntoView {
    let page = use_page();
    let trials = Memo::new(move |_| page.state.with(|state| state.trials()));
    view! {
        {move || {
            let now = trials.get();
            trials_text(&now).map(|text| view! {
                <div class="progress" data-testid="trials">
                    <span>{text}</span>
                    <progress max=now.total value=now.done aria-label="Spectra whose redshift was tried"></progress>
                    <button type="button" class="mini" data-testid="trials-stop"
                        on:click=move |_| page.act(|state| state.stop_trials(!now.stopped))>
                        {if now.stopped { "Go on" } else { "Stop" }}
                    </button>
                </div>
            })
        }}
    }
}
