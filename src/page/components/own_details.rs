//! One of the user's spectra in detail: what its trial says, the fields for redshift and medium, the curve of the trial.

use std::sync::Arc;

use leptos::prelude::*;

use super::chart_plot::ChartPlot;
use crate::formats::Medium;
use crate::page::context::{Page, use_page};
use crate::page::state::{AppState, Engine, OwnFile, OwnKey, Scan, TrialRedshift};
use crate::page::view::own_spectra::{
    TrialSentence, is_another_redshift, parse_redshift, redshift_hint, redshift_is_invalid, scan_chart, scan_text,
};
use crate::page::view::own_table::OwnRow;

/// Renders the details of the selected spectrum.
#[component]
pub fn OwnDetails(row: Memo<Option<Arc<OwnRow>>>) -> impl IntoView {
    let page = use_page();
    let Some(now) = row.get_untracked() else { return ().into_any() };
    let (key, title) = (now.key, now.title.clone());
    let is_file = matches!(key, OwnKey::File(_));
    view! {
        <p class="sub">{move || row.with(|row| row.as_ref().map(|row| row.text.clone()))}</p>
        {is_file.then(|| view! { <OwnChoices page key title /> <ScanRow page key /> })}
    }
    .into_any()
}

/// Returns what `read` returns of a spectrum of the list, where it is still there.
fn of_file<T>(page: Page, key: OwnKey, read: impl Fn(&OwnFile) -> T) -> Option<T> {
    page.own_files.with(|files| files.iter().find(|file| file.0.key() == key).map(|file| read(&file.0)))
}

/// Carries out an act on a spectrum of the list, where it is still there.
fn act_on(page: Page, key: OwnKey, act: impl FnOnce(&mut AppState, usize)) {
    page.act(|state| {
        if let Some(index) = state.files().iter().position(|file| file.key() == key) {
            act(state, index);
        }
    });
}

/// Renders what the trial says of the redshift used, and offers the one by trial where they disagree.
#[component]
pub fn OwnTrial(key: OwnKey, sentence: TrialSentence) -> impl IntoView {
    let page = use_page();
    view! {
        <p class="sub" data-testid="own-trial" class:disagrees=sentence.disagrees>
            {sentence.text}" "
            {sentence.disagrees.then(|| view! {
                <button type="button" class="mini" data-testid="use-trial"
                    on:click=move |_| act_on(page, key, |state, index| state.use_trial(index))>"Use the one by trial"</button>
            })}
        </p>
    }
}

/// Renders the fields in which a redshift is typed and the medium of the wavelengths is chosen.
#[component]
fn OwnChoices(page: Page, key: OwnKey, title: String) -> impl IntoView {
    let used = Memo::new(move |_| of_file(page, key, |file| file.redshift).unwrap_or(0.0));
    let medium = Memo::new(move |_| of_file(page, key, |file| file.medium).flatten());
    let typed = RwSignal::new(None::<String>);
    let text = move || typed.get().unwrap_or_else(|| format!("{:.5}", used.get()));
    let invalid = Memo::new(move |_| typed.with(|typed| typed.as_deref().is_some_and(redshift_is_invalid)));
    // A redshift that is used from now on, whoever gave it, stands in the field.
    Effect::new(move |_| {
        used.track();
        typed.set(None);
    });
    let give = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let given = typed.get_untracked().filter(|text| !redshift_is_invalid(text));
        if let Some(redshift) = given.and_then(|text| parse_redshift(&text)) {
            typed.set(None);
            act_on(page, key, |state, index| state.redo_with_redshift(index, redshift));
        }
    };
    let choose = move |event: leptos::ev::Event| {
        let medium = match event_target_value(&event).as_str() {
            "air" => Some(Medium::Air),
            "vacuum" => Some(Medium::Vacuum),
            _ => None,
        };
        act_on(page, key, |state, index| state.set_medium(index, medium));
    };
    let is = move |value: Option<Medium>| move || medium.get() == value;
    view! {
        <form class="own-choices" on:submit=give>
            <label class="field">
                <span>"redshift"</span>
                <input type="text" inputmode="decimal" data-testid="own-redshift" aria-label=format!("Redshift of {title}")
                    aria-invalid=move || invalid.get().to_string() prop:value=text
                    on:input=move |event| typed.set(Some(event_target_value(&event))) />
            </label>
            <Show when=move || typed.with(Option::is_some)>
                <button type="submit" class="mini" data-testid="own-redshift-use" disabled=move || invalid.get()>"Use it"</button>
            </Show>
            <label class="field">
                <span>"wavelengths"</span>
                <select data-testid="own-medium" aria-label=format!("Medium of the wavelengths of {title}") on:change=choose>
                    <option value="" prop:selected=is(None)>"as the file says"</option>
                    <option value="vacuum" prop:selected=is(Some(Medium::Vacuum))>"vacuum"</option>
                    <option value="air" prop:selected=is(Some(Medium::Air))>"air"</option>
                </select>
            </label>
            <Show when=move || invalid.get()><p class="sub">{redshift_hint()}</p></Show>
        </form>
    }
}

/// Renders the redshift by trial: a button, its progress, the curve.
#[component]
fn ScanRow(page: Page, key: OwnKey) -> impl IntoView {
    // A trial in the background shows no curve: two hundred canvases would.
    let scan = Memo::new(move |_| of_file(page, key, |file| file.scan.clone().filter(|_| file.curve_wanted)).flatten());
    let running = Memo::new(move |_| match scan.get() {
        Some(Scan::Running(request)) => Some(page.state.with(|state| match state.progress() {
            Some((id, progress)) if *id == request => (progress.done, progress.total),
            _ => (0, 1),
        })),
        _ => None,
    });
    let ready = Memo::new(move |_| {
        page.state.with(|state| matches!(state.engine(), Engine::Ready(_)) && state.card().is_some())
    });
    view! {
        {move || match (scan.get(), running.get()) {
            (None, _) => view! {
                <button type="button" class="chip" data-testid="scan-redshift" disabled=move || !ready.get()
                    title="Which redshift does the model reconstruct it best at?"
                    on:click=move |_| act_on(page, key, |state, index| state.scan_redshift(index))>"Find the redshift by trial"</button>
            }.into_any(),
            (Some(Scan::Running(_)), progress) => {
                let (done, total) = progress.unwrap_or((0, 1));
                view! {
                    <div class="progress">
                        <span>{format!("Trying redshifts: {done} of {total}")}</span>
                        <progress max=total value=done aria-label="Redshifts tried"></progress>
                        <button type="button" class="mini" on:click=move |_| act_on(page, key, |state, index| state.stop_scan(index))>"Stop"</button>
                    </div>
                }.into_any()
            }
            (Some(Scan::Done { redshift, score, best, error, confidence }), _) => view! {
                <ScanCurve page key redshift score trial=TrialRedshift { redshift: best, error, confidence } />
            }.into_any(),
        }}
    }
}

#[component]
fn ScanCurve(
    page: Page,
    key: OwnKey,
    redshift: Arc<Vec<f32>>,
    score: Arc<Vec<f32>>,
    trial: TrialRedshift,
) -> impl IntoView {
    let used = move || of_file(page, key, |file| file.redshift).unwrap_or(0.0);
    let text = move || scan_text(&trial, used());
    view! {
        <ChartPlot what="scan" testid="scan-curve" class="scan-plot" label=Signal::derive(text)
            chart=move |theme| scan_chart(&redshift, &score, trial.redshift, theme) />
        <p class="sub" data-testid="scan-result">{text}" "
            {move || (is_another_redshift(used(), trial.redshift)).then(|| view! {
                <button type="button" class="mini" on:click=move |_| act_on(page, key, |state, index| state.use_trial(index))>"Use this redshift"</button>
            })}
        </p>
    }
}
