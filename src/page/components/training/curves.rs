//! The losses, epoch by epoch: the whole, and its terms apart.

use leptos::html;
use leptos::prelude::*;

use super::loss;
use crate::page::canvas::{follow_size, paint, redraw_on};
use crate::page::components::chart_plot::ChartPlot;
use crate::page::components::save_menu::SaveMenu;
use crate::page::context::{Page, use_page};
use crate::page::state::AppState;
use crate::plot::{Chart, LossCurve, Mark, Note, Series, Theme, figure};
use crate::protocol::TrainingState;
use crate::vae::model_card::EpochReport;
use crate::vae::objective::LossTerms;

/// Changes whenever the curves do.
pub fn curve_key(page: Page) -> Signal<u64> {
    Signal::derive(move || {
        page.state.with(|s| {
            let last = s.training.history.last().map_or(0, |report| report.train.total.to_bits());
            let rival = u64::from(s.training.rival.is_some());
            last ^ (s.training.history.len() as u64) << 1 ^ rival ^ (s.training.best.unwrap_or(0) as u64) << 20
        })
    })
}

/// The whole loss.
#[component]
pub fn Curve() -> impl IntoView {
    let page = use_page();
    let canvas = NodeRef::<html::Canvas>::new();
    let size = follow_size(canvas);
    let follows = curve_key(page);
    let finished = Memo::new(move |_| page.state.with(|s| s.training.state == Some(TrainingState::Finished)));
    let key = Memo::new(move |_| (follows.get(), finished.get(), size.get(), page.dark.get()));
    redraw_on(key, move || {
        let Some(canvas) = canvas.get_untracked() else { return };
        let size = size.get_untracked();
        with_curve(page, |curve| {
            paint(
                &canvas,
                size,
                |_| (),
                |pen| {
                    let _ = curve.draw(pen, &page.theme(), size.width, size.height);
                },
            );
        });
    });
    let svg = move |_: &str| {
        let (size, theme) = (size.get_untracked(), page.theme());
        let title = "Losses of training and validation";
        with_curve(page, |curve| {
            figure(size.width, size.height, title, theme, |sheet| {
                curve.draw(&mut sheet.pen, &theme, size.width, size.height)
            })
        })
    };
    let description = Memo::new(move |_| {
        page.state.with(|s| match s.training.history.last() {
            None => "Loss curve: no epoch yet.".to_owned(),
            Some(last) => format!(
                "Loss curve over {} epochs: training {}, validation {}.{}",
                s.training.history.len(),
                loss(last.train.total),
                loss(last.valid.total),
                ending(s).unwrap_or_default()
            ),
        })
    });
    let some = Memo::new(move |_| page.state.with(|s| !s.training.history.is_empty()));
    let what_happened = Memo::new(move |_| page.state.with(ending));
    view! {
        <div class="plot loss-plot">
            <canvas data-testid="loss-curve" node_ref=canvas role="img" aria-label=move || description.get()></canvas>
            <Show when=move || some.get()>
                <div class="plot-menu"><SaveMenu what="losses" canvases=vec![canvas] svg /></div>
            </Show>
        </div>
        <p class="sub" data-testid="train-ending">{move || what_happened.get()}</p>
    }
}

/// The terms of the loss, each in its own chart.
#[component]
pub fn Terms() -> impl IntoView {
    let page = use_page();
    let some = Memo::new(move |_| page.state.with(|s| !s.training.history.is_empty()));
    let variational = Memo::new(move |_| page.state.with(|s| s.training.is_variational()));
    let term = move |name: &'static str, testid: &'static str, of: fn(&LossTerms) -> f64| {
        let label = Signal::derive(move || {
            page.state.with(|s| {
                let newest = s.training.history.last().map(|report| loss(of(&report.valid)));
                format!("{name} by epoch; now {} on validation.", newest.unwrap_or_else(|| "–".to_owned()))
            })
        });
        let chart = move |theme: &Theme| {
            page.state.with_untracked(|s| {
                let rival = s.training.rival.as_ref().filter(|_| name == "reconstruction");
                let rival = rival.map(|rival| (rival.components, rival.reconstruction));
                of_history(&s.training.history, name, of, rival, theme)
            })
        };
        view! { <ChartPlot what="loss-terms" testid class="term-plot" label follows=curve_key(page) chart /> }
    };
    view! {
        <Show when=move || some.get()>
            <div class="terms">
                {term("reconstruction", "loss-reconstruction", |terms| terms.reconstruction)}
                <Show when=move || variational.get()>
                    {term("KL divergence", "loss-kl", |terms| terms.kl)}
                    {term("MMD", "loss-mmd", |terms| terms.mmd)}
                </Show>
            </div>
        </Show>
    }
}

/// One term over the epochs, of training and of validation; for the reconstruction, PCA's as a rule.
fn of_history(
    history: &[EpochReport],
    name: &str,
    of: fn(&LossTerms) -> f64,
    rival: Option<(usize, f64)>,
    theme: &Theme,
) -> Chart {
    let epochs: Vec<f64> = history.iter().map(|report| report.epoch as f64).collect();
    let train: Vec<f64> = history.iter().map(|report| of(&report.train)).collect();
    let valid: Vec<f64> = history.iter().map(|report| of(&report.valid)).collect();
    let last = epochs.last().copied().unwrap_or(1.0).max(5.0);
    let all = train.iter().chain(&valid).copied().chain(rival.map(|(_, value)| value));
    let wide = {
        let positive: Vec<f64> = all.clone().filter(|value| *value > 0.0).collect();
        let most = positive.iter().copied().fold(0.0, f64::max);
        positive.iter().copied().fold(f64::INFINITY, f64::min) * 5.0 < most
    };
    let mut up = Chart::axis_of(all, wide);
    if up.max - up.min <= 0.0 {
        up = crate::plot::Axis::linear(up.min - 0.5, up.max + 0.5);
    }
    let mut chart = Chart::new(crate::plot::Axis::linear(1.0, last), up, "epoch", name);
    let mark = if epochs.len() < 3 { Mark::LineAndDots } else { Mark::Line };
    chart.series.push(Series::line("", epochs.clone(), train, theme.train).drawn(mark.clone()));
    chart.series.push(Series::line("", epochs, valid, theme.decoded).drawn(mark));
    if let Some((components, value)) = rival {
        chart.rules.push(value);
        let text = format!("PCA with {components}");
        chart.notes.push(Note {
            x: last,
            y: value,
            text,
            color: theme.muted,
            anchor: crate::plot::Anchor::End,
            lift: 9.0,
        });
    }
    chart
}

/// How the training went on by itself: its step size lowered, its end.
fn ending(state: &AppState) -> Option<String> {
    let training = &state.training;
    let drops = drops(&training.history);
    let mut parts = Vec::new();
    if let Some(last) = drops.last() {
        let rate = training.history.get(last - 1).map_or(0.0, |report| report.learning_rate);
        parts.push(format!("The learning rate fell to {rate:e} before epoch {last}."));
    }
    if training.state == Some(TrainingState::Finished) {
        let epochs = training.history.len();
        let most = training.config.as_ref().map_or(0, |config| config.max_epochs);
        let best = training.best.unwrap_or(0);
        parts.push(match epochs < most {
            true => format!("Stopped early after epoch {epochs}: none was better than epoch {best}."),
            false => format!("Ended with epoch {epochs}, the last allowed; the best is epoch {best}."),
        });
    }
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// Epochs, from 1, that began with a lower learning rate than the one before.
fn drops(history: &[EpochReport]) -> Vec<usize> {
    history.windows(2).filter(|pair| pair[1].learning_rate < pair[0].learning_rate).map(|pair| pair[1].epoch).collect()
}

/// The curve of all epochs so far.
fn with_curve<T>(page: Page, draw: impl FnOnce(&LossCurve<'_>) -> T) -> T {
    page.state.with_untracked(|state| {
        let training = &state.training;
        let train: Vec<f64> = training.history.iter().map(|report| report.train.total).collect();
        let valid: Vec<f64> = training.history.iter().map(|report| report.valid.total).collect();
        let drops = drops(&training.history);
        let stopped = training.state == Some(TrainingState::Finished);
        draw(&LossCurve { train: &train, valid: &valid, best: training.best, drops: &drops, stopped })
    })
}
