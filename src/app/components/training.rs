//! Training a model of one's own, from scratch, in the worker.

use leptos::html;
use leptos::prelude::*;

use super::legend::thousands;
use super::save_menu::SaveMenu;
use crate::app::canvas::{follow_size, paint, redraw_on};
use crate::app::page::{Page, use_page};
use crate::app::state::{AppState, Engine};
use crate::plot::{LossCurve, figure};
use crate::protocol::TrainingState;
use crate::vae::config::VaeConfig;

/// The training panel.
#[component]
pub fn TrainingPanel() -> impl IntoView {
    let page = use_page();
    let latents = RwSignal::new(6usize);
    let seed = RwSignal::new(1u64);
    let epochs = RwSignal::new(30usize);
    let state = Memo::new(move |_| page.state.with(|s| s.training.state));
    let engine_ready =
        Memo::new(move |_| page.state.with(|s| matches!(s.engine, Engine::Ready(_)) && s.card.is_some()));
    let busy = Memo::new(move |_| matches!(state.get(), Some(TrainingState::Loading | TrainingState::Running)));
    let paused = Memo::new(move |_| state.get() == Some(TrainingState::Paused));
    let on = Memo::new(move |_| page.state.with(|s| s.training.is_on()));
    let start = move |_| {
        let config = VaeConfig {
            seed: seed.get_untracked(),
            max_epochs: epochs.get_untracked(),
            ..VaeConfig::paper(latents.get_untracked())
        };
        let set_url = page.set_url();
        page.act(|state| state.train_start(set_url, config));
    };
    view! {
        <div class="card-head">
            <div>
                <h2 id="school-title">"Train it yourself"</h2>
                <p class="sub">"The same InfoVAE from scratch, in this browser. The scatter shows each epoch's latents."</p>
            </div>
            <p class="state" aria-live="polite">{move || words(state.get(), engine_ready.get())}</p>
        </div>
        <div class="school-body">
            <div class="school-left">
                <div class="settings">
                    <label class="field">
                        <span>"latents"</span>
                        <select
                            data-testid="train-latents" disabled=move || on.get()
                            on:change=move |event| latents.set(event_target_value(&event).parse().unwrap_or(6))
                        >
                            {[2usize, 4, 6, 10].into_iter().map(|count| view! {
                                <option value=count.to_string() selected=move || latents.get() == count>{count}</option>
                            }).collect_view()}
                        </select>
                    </label>
                    <label class="field">
                        <span>"seed"</span>
                        <input
                            type="number" min="0" step="1" data-testid="train-seed" disabled=move || on.get()
                            prop:value=move || seed.get().to_string()
                            on:change=move |event| seed.set(event_target_value(&event).parse().unwrap_or(1))
                        />
                    </label>
                    <label class="field">
                        <span>"epochs at most"</span>
                        <input
                            type="number" min="1" max="500" step="1" data-testid="train-epochs" disabled=move || on.get()
                            prop:value=move || epochs.get().to_string()
                            on:change=move |event| {
                                epochs.set(event_target_value(&event).parse::<usize>().unwrap_or(30).clamp(1, 500));
                            }
                        />
                    </label>
                </div>
                <div class="acts">
                    <button type="button" class="primary" data-testid="train-start"
                        disabled=move || !engine_ready.get() || busy.get() || paused.get() on:click=start>
                        {move || if state.get() == Some(TrainingState::Finished) { "Train again" } else { "Train" }}
                    </button>
                    <button type="button" data-testid="train-pause" disabled=move || !(busy.get() || paused.get())
                        on:click=move |_| page.act(AppState::train_pause)>
                        {move || if paused.get() { "Resume" } else { "Pause" }}
                    </button>
                    <button type="button" data-testid="train-step" disabled=move || !paused.get()
                        on:click=move |_| page.act(AppState::train_step)>"One epoch"</button>
                    <button type="button" data-testid="train-stop" disabled=move || !on.get()
                        on:click=move |_| page.act(AppState::train_stop)>"Back to the shipped model"</button>
                </div>
                <Bar />
                <Numbers />
            </div>
            <Curve />
        </div>
    }
}

#[component]
fn Bar() -> impl IntoView {
    let page = use_page();
    let progress = Memo::new(move |_| page.state.with(|s| s.training.progress.clone()));
    view! {
        <div class="progress" class:idle=move || progress.get().is_none()>
            {move || progress.get().map(|p| {
                let count = |n: u64| thousands(n as usize);
                view! {
                    <progress data-testid="train-progress" max=p.total.max(1).to_string() value=p.done.to_string()
                        aria-label=p.what.clone()></progress>
                    <span class="number">{format!("{}: {} of {} {}", p.what, count(p.done), count(p.total), p.unit)}</span>
                }
            })}
        </div>
    }
}

#[component]
fn Numbers() -> impl IntoView {
    let page = use_page();
    let last = Memo::new(move |_| page.state.with(|s| s.training.history.last().copied()));
    let best = Memo::new(move |_| page.state.with(|s| s.training.best));
    let pace = Memo::new(move |_| page.state.with(|s| s.training.ms_per_step));
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
    view! {
        <dl class="numbers">
            <div><dt>"epoch"</dt><dd data-testid="epoch">{move || or_dash(last.get().map(|e| e.epoch.to_string()))}</dd></div>
            <div>
                <dt>"train loss"</dt>
                <dd data-testid="loss-train">{move || or_dash(last.get().map(|e| loss(e.train.total)))}</dd>
            </div>
            <div>
                <dt>"validation loss"</dt>
                <dd data-testid="loss-valid">{move || or_dash(last.get().map(|e| loss(e.valid.total)))}</dd>
            </div>
            <div><dt>"best epoch"</dt><dd>{move || or_dash(best.get().map(|epoch| epoch.to_string()))}</dd></div>
            <div>
                <dt>"ms a step"</dt>
                <dd data-testid="ms-per-step">{move || or_dash(pace.get().map(|ms| format!("{ms:.1}")))}</dd>
            </div>
        </dl>
    }
}

#[component]
fn Curve() -> impl IntoView {
    let page = use_page();
    let canvas = NodeRef::<html::Canvas>::new();
    let size = follow_size(canvas);
    let key = Memo::new(move |_| {
        let epochs = page.state.with(|s| {
            let last = s.training.history.last().map(|report| (report.epoch, report.train.total.to_bits()));
            (s.training.history.len(), last, s.training.best)
        });
        (epochs, size.get(), page.dark.get())
    });
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
                "Loss curve over {} epochs: training {}, validation {}.",
                s.training.history.len(),
                loss(last.train.total),
                loss(last.valid.total)
            ),
        })
    });
    view! {
        <div class="plot loss-plot">
            <canvas data-testid="loss-curve" node_ref=canvas role="img" aria-label=move || description.get()></canvas>
            <div class="plot-menu"><SaveMenu what="losses" canvases=vec![canvas] svg /></div>
        </div>
    }
}

/// The curve of all epochs so far.
fn with_curve<T>(page: Page, draw: impl FnOnce(&LossCurve<'_>) -> T) -> T {
    page.state.with_untracked(|state| {
        let history = &state.training.history;
        let train: Vec<f64> = history.iter().map(|report| report.train.total).collect();
        let valid: Vec<f64> = history.iter().map(|report| report.valid.total).collect();
        draw(&LossCurve { train: &train, valid: &valid, best: state.training.best })
    })
}

fn words(state: Option<TrainingState>, engine_ready: bool) -> &'static str {
    match state {
        None | Some(TrainingState::Idle) if !engine_ready => "waiting for the engine",
        None | Some(TrainingState::Idle) => "the shipped model is in use",
        Some(TrainingState::Loading) => "loading spectra",
        Some(TrainingState::Running) => "training",
        Some(TrainingState::Paused) => "paused",
        Some(TrainingState::Finished) => "finished: your best state is in use",
    }
}

fn loss(value: f64) -> String {
    match value.abs() {
        size if size >= 1000.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.3}"),
    }
}
