//! Two trainings side by side: what they differ in, their curves in one frame, their latents.

use leptos::prelude::*;

use super::loss;
use super::map::Miniature;
use crate::page::components::chart_plot::ChartPlot;
use crate::page::context::use_page;
use crate::page::state::{AppState, Kept};
use crate::page::training_form;
use crate::plot::{Axis, Chart, Mark, Series, Theme};

/// What was kept, beside the newest.
#[component]
pub fn Compare() -> impl IntoView {
    let page = use_page();
    let kept = Memo::new(move |_| page.state.with(|s| s.kept.iter().map(|run| run.name.clone()).collect::<Vec<_>>()));
    let chosen = RwSignal::new(0usize);
    let at = Memo::new(move |_| chosen.get().min(kept.with(Vec::len).saturating_sub(1)));
    let can_compare = Memo::new(move |_| page.state.with(|s| s.can_compare(at.get())));
    let name = Memo::new(move |_| kept.with(|kept| kept.get(at.get()).cloned().unwrap_or_default()));
    let drop_it = move |_| page.act(|state| state.drop_kept(at.get_untracked()));
    let key = Signal::derive(move || {
        let newest = page.state.with(|s| s.training.history.len() as u64);
        newest << 16 ^ (at.get() as u64) << 8 ^ kept.with(Vec::len) as u64
    });
    let both = move |theme: &Theme| page.state.with_untracked(|s| curves(s, at.get_untracked(), theme));
    let label = Signal::derive(move || page.state.with(|s| words(s, at.get())));
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

/// Settings that differ, and what came out.
#[component]
fn Table(at: Memo<usize>) -> impl IntoView {
    let page = use_page();
    let rows =
        Memo::new(move |_| page.state.with(|s| s.kept.get(at.get()).map(|kept| table(s, kept)).unwrap_or_default()));
    let name =
        Memo::new(move |_| page.state.with(|s| s.kept.get(at.get()).map(|kept| kept.name.clone()).unwrap_or_default()));
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

fn curves(state: &AppState, at: usize, theme: &Theme) -> Chart {
    let newest = &state.training.history;
    let Some(kept) = state.kept.get(at) else {
        return Chart::new(Axis::linear(1.0, 2.0), Axis::linear(0.0, 1.0), "epoch", "validation loss");
    };
    let valid = |history: &[crate::vae::model_card::EpochReport]| -> (Vec<f64>, Vec<f64>) {
        history.iter().map(|report| (report.epoch as f64, report.valid.total)).unzip()
    };
    let ((x, y), (newest_x, newest_y)) = (valid(&kept.history), valid(newest));
    let all: Vec<f64> = y.iter().chain(&newest_y).copied().collect();
    let last = x.iter().chain(&newest_x).copied().fold(5.0, f64::max);
    let wide = all.iter().copied().fold(f64::INFINITY, f64::min) * 5.0 < all.iter().copied().fold(0.0, f64::max);
    let mut chart = Chart::new(Axis::linear(1.0, last), Chart::axis_of(all, wide), "epoch", "validation loss");
    chart.series.push(Series::line(&kept.name, x, y, theme.train).drawn(Mark::LineAndDots));
    chart.series.push(Series::line("newest", newest_x, newest_y, theme.decoded).drawn(Mark::LineAndDots));
    chart.legend = true;
    chart
}

fn table(state: &AppState, kept: &Kept) -> Vec<(String, String, String)> {
    let mut rows = Vec::new();
    if let Some(config) = &state.training.config {
        rows.extend(
            training_form::differences(&kept.config, config).into_iter().map(|(what, a, b)| (what.to_owned(), a, b)),
        );
    }
    let best = |history: &[crate::vae::model_card::EpochReport], best: Option<usize>| {
        best.and_then(|epoch| history.get(epoch.checked_sub(1)?).copied())
    };
    let (one, other) = (best(&kept.history, kept.best), best(&state.training.history, state.training.best));
    let text = |value: Option<f64>| value.map_or("–".to_owned(), loss);
    rows.push(("epochs".to_owned(), kept.history.len().to_string(), state.training.history.len().to_string()));
    rows.push((
        "best validation loss".to_owned(),
        text(one.map(|e| e.valid.total)),
        text(other.map(|e| e.valid.total)),
    ));
    rows.push((
        "its reconstruction".to_owned(),
        text(one.map(|e| e.valid.reconstruction)),
        text(other.map(|e| e.valid.reconstruction)),
    ));
    let rival = |rival: &Option<std::sync::Arc<crate::protocol::LinearBaseline>>| {
        text(rival.as_ref().map(|r| r.reconstruction))
    };
    rows.push(("PCA's with as many numbers".to_owned(), rival(&kept.rival), rival(&state.training.rival)));
    rows
}

fn words(state: &AppState, at: usize) -> String {
    let Some(kept) = state.kept.get(at) else { return String::new() };
    let last = |history: &[crate::vae::model_card::EpochReport]| {
        history.last().map_or("–".to_owned(), |e| loss(e.valid.total))
    };
    format!(
        "Validation losses by epoch: {} ends at {}, the newest is at {}.",
        kept.name,
        last(&kept.history),
        last(&state.training.history)
    )
}
