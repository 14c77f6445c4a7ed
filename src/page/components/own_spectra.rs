//! The user's own spectra: redshift and chi-squared of each, the class of its neighbours, and its redshift by trial.

use std::sync::Arc;

use leptos::prelude::*;

use super::chart_plot::ChartPlot;
use super::own_catalogues::OwnCatalogueList;
use crate::page::context::{Page, use_page};
use crate::page::state::{Engine, Origin, Scan, Source};
use crate::page::view::own_spectra::{
    is_another_redshift, own_text, parse_redshift, redshift_is_invalid, scan_chart, scan_text,
};
use crate::plot::Theme;

/// Renders the list.
#[component]
pub fn OwnSpectra() -> impl IntoView {
    let page = use_page();
    let names = Memo::new(move |_| {
        page.state.with(|state| state.files().iter().map(|file| (file.title(), file.name.clone())).collect::<Vec<_>>())
    });
    let wanted = Memo::new(move |_| {
        page.state.with(|state| state.redshift_wanted().iter().map(|file| file.name.clone()).collect::<Vec<_>>())
    });
    let waiting = Memo::new(move |_| page.state.with(|state| state.files_waiting()));
    view! {
        <p class="sub">
            "SDSS spectra as FITS files (spSpec of DR7, spec of DR8 and later), or tables of wavelength, flux and error as CSV or ECSV. \
             Drop as many as you like anywhere on the page. A table of objects (plate, mjd and fiber, targetid, or ra and dec) is joined to \
             the set, and its columns colour the points. They stay in this browser."
        </p>
        <OwnCatalogueList />
        <Show when=move || { waiting.get() > 0 }><p class="sub" role="status">{move || format!("Reading {} …", waiting.get())}</p></Show>
        {move || wanted.get().into_iter().map(|name| view! { <AskRedshift name /> }).collect_view()}
        <ol class="rows" data-testid="own-spectra">
            {move || names.get().into_iter().enumerate().map(|(index, (title, name))| view! { <Own index title name /> }).collect_view()}
        </ol>
    }
}

/// Asks for the redshift of a file that has none.
#[component]
fn AskRedshift(name: String) -> impl IntoView {
    let page = use_page();
    let value = RwSignal::new(String::new());
    let invalid = Memo::new(move |_| value.with(|text| redshift_is_invalid(text)));
    let (file, other) = (name.clone(), name.clone());
    let give = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if let Some(redshift) = parse_redshift(&value.get_untracked()) {
            page.act(|state| state.give_redshift(&file, redshift));
        }
    };
    view! {
        <form class="ask" data-testid="ask-redshift" on:submit=give>
            <label class="field">
                <span>{format!("{name} says no redshift. At which is it?")}</span>
                <input type="text" inputmode="decimal" placeholder="0.0834" data-testid="redshift-input" aria-invalid=move || invalid.get().to_string()
                    prop:value=move || value.get() on:input=move |event| value.set(event_target_value(&event)) />
            </label>
            <button type="submit" disabled=move || invalid.get() || value.with(String::is_empty)>"Use it"</button>
            <button type="button" class="quiet" on:click=move |_| page.act(|state| state.forget_file(&other))>"Leave it out"</button>
            <Show when=move || invalid.get()><p class="sub">"A redshift is a number such as 0.0834; the models know galaxies up to 0.36."</p></Show>
        </form>
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
    let is_file =
        page.state.with_untracked(|s| s.files().get(index).is_some_and(|file| matches!(file.origin, Origin::File(_))));
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
            {is_file.then(|| view! { <ScanRow index /> })}
        </li>
    }
}

/// Renders the redshift by trial: a button, its progress, the curve.
#[component]
fn ScanRow(index: usize) -> impl IntoView {
    let page = use_page();
    let scan = Memo::new(move |_| page.state.with(|state| state.files().get(index).and_then(|file| file.scan.clone())));
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
            (Some(Scan::Done { redshift, score, best, confidence }), _) => view! {
                <ScanCurve page index redshift score best confidence />
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
    best: f64,
    confidence: f64,
) -> impl IntoView {
    let used = move || page.state.with(|state| state.files().get(index).map_or(0.0, |file| file.redshift));
    let text = move || scan_text(best, confidence, used());
    view! {
        <ChartPlot what="scan" testid="scan-curve" class="scan-plot" label=Signal::derive(text)
            chart=move |theme| scan_chart(&redshift, &score, best, theme) />
        <p class="sub" data-testid="scan-result">{text}" "
            {move || (is_another_redshift(used(), best)).then(|| view! {
                <button type="button" class="mini" on:click=move |_| page.act(|state| state.redo_with_redshift(index, best))>"Use this redshift"</button>
            })}
        </p>
    }
}
