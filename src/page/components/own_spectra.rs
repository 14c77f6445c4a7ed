//! The user's own spectra: redshift and chi-squared of each, the class of its neighbours, and its redshift by trial.

use std::sync::Arc;

use leptos::prelude::*;

use super::chart_plot::ChartPlot;
use super::own_catalogues::OwnCatalogueList;
use super::own_questions::{AskRedshift, ChooseRows};
use crate::formats::Medium;
use crate::page::context::{Page, use_page};
use crate::page::state::{Engine, Scan, Source, TrialRedshift};
use crate::page::view::own_spectra::{
    is_another_redshift, own_text, parse_redshift, redshift_hint, redshift_is_invalid, scan_chart, scan_text,
    trial_sentence, trials_text,
};
use crate::plot::Theme;
use crate::vae::encoding::EncodingMethod;

/// Renders the list.
#[component]
pub fn OwnSpectra() -> impl IntoView {
    let page = use_page();
    let names = Memo::new(move |_| {
        page.state.with(|state| state.files().iter().map(|file| (file.title(), file.name.clone())).collect::<Vec<_>>())
    });
    let wanted = Memo::new(move |_| {
        page.state.with(|state| state.redshift_wanted().iter().map(|unknown| unknown.name.clone()).collect::<Vec<_>>())
    });
    let choices = Memo::new(move |_| {
        page.state.with(|state| state.row_choices().iter().map(|choice| choice.file).collect::<Vec<_>>())
    });
    let waiting = Memo::new(move |_| page.state.with(|state| state.files_waiting()));
    view! {
        <p class="sub">
            "Spectra of SDSS, DESI, LAMOST and others as FITS files, or tables of wavelength, flux and error as CSV or ECSV. \
             Drop as many as you like anywhere on the page. A table of objects (plate, mjd and fiber, targetid, or ra and dec) is joined to \
             the set, and its columns colour the points. They stay in this browser."
        </p>
        <OwnCatalogueList />
        <Show when=move || { waiting.get() > 0 }><p class="sub" role="status">{move || format!("Reading {} …", waiting.get())}</p></Show>
        {move || choices.get().into_iter().map(|file| view! { <ChooseRows file /> }).collect_view()}
        {move || wanted.get().into_iter().map(|name| view! { <AskRedshift name /> }).collect_view()}
        <Show when=move || { names.with(|names| !names.is_empty()) }><Method /></Show>
        <Trials />
        <ol class="rows" data-testid="own-spectra" data-walk="" aria-label="Your spectra; arrow keys go through them">
            {move || names.get().into_iter().enumerate().map(|(index, (title, name))| view! { <Own index title name /> }).collect_view()}
        </ol>
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

/// Renders one of the user's spectra.
#[component]
fn Own(index: usize, title: String, name: String) -> impl IntoView {
    let page = use_page();
    let current =
        Memo::new(move |_| page.state.with(|s| s.selection().is_some_and(|s| s.source == Source::File(index))));
    let facts = Memo::new(move |_| {
        let neighbourhood = page.neighbourhood.get();
        page.state.with(|state| own_text(state, index, neighbourhood.as_ref().map(|same| same.0.as_ref())))
    });
    let class = Memo::new(move |_| page.state.with(|state| state.files().get(index).map(|file| file.class)));
    let is_file = page.state.with_untracked(|s| s.files().get(index).is_some_and(|file| file.file_row().is_some()));
    let label = format!("Take {title} off the list");
    view! {
        <li class="own" class:current=move || current.get()>
            <div class="own-head">
                <button type="button" class="row" aria-current=move || current.get().then_some("true")
                    on:click=move |_| page.act(|state| state.select_file(index))>
                    {move || class.get().map(|class| view! {
                        <span class="dot" style:background=Theme::of(page.dark.get()).class(class).css()></span>
                    })}
                    <span class="row-name">{title.clone()}</span>
                    <span class="row-class">{(title != name).then_some(name)}</span>
                </button>
                <button type="button" class="mini" aria-label=label on:click=move |_| page.act(|state| state.remove_file(index))>"×"</button>
            </div>
            <p class="sub">{move || facts.get()}</p>
            {is_file.then(|| view! { <TrialSentence index /> <OwnChoices index title /> <ScanRow index /> })}
        </li>
    }
}

/// Renders what the trial says of the redshift used, and offers the one by trial where they disagree.
#[component]
fn TrialSentence(index: usize) -> impl IntoView {
    let page = use_page();
    let sentence = Memo::new(move |_| page.state.with(|state| state.files().get(index).and_then(trial_sentence)));
    view! {
        {move || sentence.get().map(|sentence| view! {
            <p class="sub" data-testid="own-trial" class:disagrees=sentence.disagrees>
                {sentence.text}" "
                {sentence.disagrees.then(|| view! {
                    <button type="button" class="mini" data-testid="use-trial"
                        on:click=move |_| page.act(|state| state.use_trial(index))>"Use the one by trial"</button>
                })}
            </p>
        })}
    }
}

/// Renders the fields in which a redshift is typed and the medium of the wavelengths is chosen.
#[component]
fn OwnChoices(index: usize, title: String) -> impl IntoView {
    let page = use_page();
    let used = Memo::new(move |_| page.state.with(|state| state.files().get(index).map_or(0.0, |file| file.redshift)));
    let medium = Memo::new(move |_| page.state.with(|state| state.files().get(index).and_then(|file| file.medium)));
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
            page.act(|state| state.redo_with_redshift(index, redshift));
        }
    };
    let choose = move |event: leptos::ev::Event| {
        let medium = match event_target_value(&event).as_str() {
            "air" => Some(Medium::Air),
            "vacuum" => Some(Medium::Vacuum),
            _ => None,
        };
        page.act(|state| state.set_medium(index, medium));
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
fn ScanRow(index: usize) -> impl IntoView {
    let page = use_page();
    // A trial in the background shows no curve: two hundred canvases would.
    let scan = Memo::new(move |_| {
        page.state
            .with(|state| state.files().get(index).filter(|file| file.curve_wanted).and_then(|file| file.scan.clone()))
    });
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
                    on:click=move |_| page.act(|state| state.scan_redshift(index))>"Find the redshift by trial"</button>
            }.into_any(),
            (Some(Scan::Running(_)), progress) => {
                let (done, total) = progress.unwrap_or((0, 1));
                view! {
                    <div class="progress">
                        <span>{format!("Trying redshifts: {done} of {total}")}</span>
                        <progress max=total value=done aria-label="Redshifts tried"></progress>
                        <button type="button" class="mini" on:click=move |_| page.act(|state| state.stop_scan(index))>"Stop"</button>
                    </div>
                }.into_any()
            }
            (Some(Scan::Done { redshift, score, best, error, confidence }), _) => view! {
                <ScanCurve page index redshift score trial=TrialRedshift { redshift: best, error, confidence } />
            }.into_any(),
        }}
    }
}

#[component]
fn ScanCurve(
    page: Page,
    index: usize,
    redshift: Arc<Vec<f32>>,
    score: Arc<Vec<f32>>,
    trial: TrialRedshift,
) -> impl IntoView {
    let used = move || page.state.with(|state| state.files().get(index).map_or(0.0, |file| file.redshift));
    let text = move || scan_text(&trial, used());
    view! {
        <ChartPlot what="scan" testid="scan-curve" class="scan-plot" label=Signal::derive(text)
            chart=move |theme| scan_chart(&redshift, &score, trial.redshift, theme) />
        <p class="sub" data-testid="scan-result">{text}" "
            {move || (is_another_redshift(used(), trial.redshift)).then(|| view! {
                <button type="button" class="mini" on:click=move |_| page.act(|state| state.use_trial(index))>"Use this redshift"</button>
            })}
        </p>
    }
}
