//! The user's own spectra: where each lands, what its surroundings say, and its redshift by trial.

use std::sync::Arc;

use leptos::prelude::*;

use super::chart_plot::ChartPlot;
use crate::page::context::{Page, use_page};
use crate::page::state::{Engine, Origin, Scan, Source};
use crate::plot::{Axis, Chart, Series, Theme};

/// The list.
#[component]
pub fn OwnSpectra() -> impl IntoView {
    let page = use_page();
    let names = Memo::new(move |_| {
        page.state.with(|state| state.files.iter().map(|file| (file.title(), file.name.clone())).collect::<Vec<_>>())
    });
    let wanted = Memo::new(move |_| {
        page.state.with(|state| state.redshift_wanted.iter().map(|file| file.name.clone()).collect::<Vec<_>>())
    });
    let waiting = Memo::new(move |_| page.state.with(|state| state.files_waiting));
    view! {
        <p class="sub">
            "SDSS spectra as FITS files (spSpec of DR7, spec of DR8 and later), or tables of wavelength, flux and error as CSV or ECSV. \
             Drop as many as you like anywhere on the page. They stay in this browser."
        </p>
        <Show when=move || { waiting.get() > 0 }><p class="sub" role="status">{move || format!("Reading {} …", waiting.get())}</p></Show>
        {move || wanted.get().into_iter().map(|name| view! { <AskRedshift name /> }).collect_view()}
        <ol class="rows" data-testid="own-spectra">
            {move || names.get().into_iter().enumerate().map(|(index, (title, name))| view! { <Own index title name /> }).collect_view()}
        </ol>
    }
}

/// A file whose redshift nobody knows: the user is asked.
#[component]
fn AskRedshift(name: String) -> impl IntoView {
    let page = use_page();
    let value = RwSignal::new(String::new());
    let wrong = Memo::new(move |_| {
        let text = value.get();
        !text.is_empty()
            && text.trim().replace(',', ".").parse::<f64>().map_or(true, |redshift| !(-0.01..1.5).contains(&redshift))
    });
    let (file, other) = (name.clone(), name.clone());
    let give = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if let Ok(redshift) = value.get_untracked().trim().replace(',', ".").parse::<f64>() {
            page.act(|state| state.give_redshift(&file, redshift));
        }
    };
    view! {
        <form class="ask" data-testid="ask-redshift" on:submit=give>
            <label class="field">
                <span>{format!("{name} says no redshift. At which is it?")}</span>
                <input type="text" inputmode="decimal" placeholder="0.0834" data-testid="redshift-input" aria-invalid=move || wrong.get().to_string()
                    prop:value=move || value.get() on:input=move |event| value.set(event_target_value(&event)) />
            </label>
            <button type="submit" disabled=move || wrong.get() || value.with(String::is_empty)>"Use it"</button>
            <button type="button" class="quiet" on:click=move |_| page.act(|state| state.forget_file(&other))>"Leave it out"</button>
            <Show when=move || wrong.get()><p class="sub">"A redshift is a number such as 0.0834; the models know galaxies up to 0.36."</p></Show>
        </form>
    }
}

/// One spectrum of the user's.
#[component]
fn Own(index: usize, title: String, name: String) -> impl IntoView {
    let page = use_page();
    let current =
        Memo::new(move |_| page.state.with(|s| s.selection.as_ref().is_some_and(|s| s.source == Source::File(index))));
    let facts = Memo::new(move |_| {
        let surroundings = page.surroundings.get();
        page.state.with(|state| {
            let file = state.files.get(index)?;
            let vote = surroundings.as_ref().zip(state.cloud.as_ref()).and_then(|(same, cloud)| {
                (same.0.serial == cloud.serial).then(|| same.0.vote(cloud, file.place()?, None))?
            });
            let around = vote.map_or(String::new(), |vote| {
                format!(" · around it: {} ({} of {})", vote.class.name(), vote.votes, vote.of)
            });
            Some(format!(
                "redshift {:.4} · χ² {:.2} · {}{around}",
                file.redshift,
                file.encoding.chi2,
                file.class.name()
            ))
        })
    });
    let class = Memo::new(move |_| page.state.with(|state| state.files.get(index).map(|file| file.class)));
    let is_file =
        page.state.with_untracked(|s| s.files.get(index).is_some_and(|file| matches!(file.origin, Origin::File(_))));
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

/// The redshift by trial: a button, progress, the curve.
#[component]
fn ScanRow(index: usize) -> impl IntoView {
    let page = use_page();
    let scan = Memo::new(move |_| page.state.with(|state| state.files.get(index).and_then(|file| file.scan.clone())));
    let running = Memo::new(move |_| match scan.get() {
        Some(Scan::Running(request)) => Some(page.state.with(|state| match &state.progress {
            Some((id, progress)) if *id == request => (progress.done, progress.total),
            _ => (0, 1),
        })),
        _ => None,
    });
    let ready =
        Memo::new(move |_| page.state.with(|state| matches!(state.engine, Engine::Ready(_)) && state.card.is_some()));
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
    let used = move || page.state.with(|state| state.files.get(index).map_or(0.0, |file| file.redshift));
    let sure = match confidence {
        c if c > 1.5 => "far better than any other",
        c if c > 1.1 => "better than any other",
        _ => "hardly better than another: do not trust it",
    };
    let words = move || {
        let velocity = crate::latent::redshift::velocity_difference(best, used());
        let text = format!("Best at {best:.4}, {sure}; {velocity:+.0} km/s from the redshift used.");
        text.replace('-', "−")
    };
    view! {
        <ChartPlot what="scan" testid="scan-curve" class="scan-plot" label=Signal::derive(words)
            chart=move |theme| scan_chart(&redshift, &score, best, theme) />
        <p class="sub" data-testid="scan-result">{words}" "
            {move || ((used() - best).abs() > 1e-5).then(|| view! {
                <button type="button" class="mini" on:click=move |_| page.act(|state| state.redo_with_redshift(index, best))>"Use this redshift"</button>
            })}
        </p>
    }
}

fn scan_chart(redshift: &[f32], score: &[f32], best: f64, theme: &Theme) -> Chart {
    let x: Vec<f64> = redshift.iter().map(|value| f64::from(*value)).collect();
    let y: Vec<f64> = score.iter().map(|value| f64::from(*value)).collect();
    let (low, high) = y.iter().fold((f64::INFINITY, 0f64), |(a, b), value| (a.min(*value), b.max(*value)));
    // A logarithm of less than a decade has no round ticks.
    let log = low > 0.0 && high > 10.0 * low;
    let axes = (
        Axis::linear(x.first().copied().unwrap_or(0.0), x.last().copied().unwrap_or(0.36)),
        Chart::axis_of(y.iter().copied(), log),
    );
    let mut chart = Chart::new(axes.0, axes.1, "trial redshift", "misfit a pixel");
    chart.series.push(Series::line("misfit", x, y, theme.decoded));
    chart.marks.push(best);
    chart
}
