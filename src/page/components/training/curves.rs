//! The losses over the epochs: the total, and each of its terms.

use leptos::html;
use leptos::prelude::*;

use crate::page::canvas::{follow_size, paint, redraw_on};
use crate::page::components::chart_plot::ChartPlot;
use crate::page::components::save_menu::SaveMenu;
use crate::page::context::{Page, use_page};
use crate::page::view::training::curves::{
    curve_revision, curve_text, ending_text, steps_revision, term_chart, term_text, terms_text, with_curve,
};
use crate::plot::{Theme, figure};
use crate::protocol::TrainingState;
use crate::vae::objective::LossTerms;

/// Returns a signal that changes whenever the curves do.
pub fn curve_key(page: Page) -> Signal<u64> {
    Signal::derive(move || page.state.with(curve_revision))
}

/// Renders the total loss.
#[component]
pub fn Curve() -> impl IntoView {
    let page = use_page();
    let canvas = NodeRef::<html::Canvas>::new();
    let size = follow_size(canvas);
    let follows = curve_key(page);
    let finished = Memo::new(move |_| page.state.with(|s| s.training().state == Some(TrainingState::Finished)));
    let steps = Memo::new(move |_| page.state.with(steps_revision));
    let key = Memo::new(move |_| (follows.get(), steps.get(), finished.get(), size.get(), page.dark.get()));
    redraw_on(key, move || {
        let Some(canvas) = canvas.get_untracked() else { return };
        let size = size.get_untracked();
        page.state.with_untracked(|s| {
            with_curve(s, |curve| {
                paint(
                    &canvas,
                    size,
                    |_| (),
                    |pen| {
                        let _ = curve.draw(pen, &page.theme(), size.width, size.height);
                    },
                );
            })
        });
    });
    let svg = move |_: &str| {
        let (size, theme) = (size.get_untracked(), page.theme());
        let title = "Losses of training and validation";
        page.state.with_untracked(|s| {
            with_curve(s, |curve| {
                figure(size.width, size.height, title, theme, |sheet| {
                    curve.draw(&mut sheet.pen, &theme, size.width, size.height)
                })
            })
        })
    };
    let description = Memo::new(move |_| page.state.with(curve_text));
    let some = Memo::new(move |_| page.state.with(|s| !s.training().history.is_empty()));
    let what_happened = Memo::new(move |_| page.state.with(ending_text));
    view! {
        <div class="plot loss-plot">
            <canvas data-testid="loss-curve" node_ref=canvas role="img" aria-label=move || description.get()></canvas>
            <Show when=move || some.get()>
                <div class="plot-menu"><SaveMenu what="losses" svg /></div>
            </Show>
        </div>
        <p class="sub" data-testid="train-ending">{move || what_happened.get()}</p>
    }
}

/// Renders the terms of the loss, each in its own chart.
#[component]
pub fn Terms() -> impl IntoView {
    let page = use_page();
    let some = Memo::new(move |_| page.state.with(|s| !s.training().history.is_empty()));
    let variational = Memo::new(move |_| page.state.with(|s| s.training().is_variational()));
    let predicts = Memo::new(move |_| {
        page.state.with(|s| s.training().config.as_ref().is_some_and(|config| config.head.is_some()))
    });
    let term = move |name: &'static str, testid: &'static str, of: fn(&LossTerms) -> f64| {
        let label = Signal::derive(move || page.state.with(|s| term_text(s, name, of)));
        let chart = move |theme: &Theme| page.state.with_untracked(|s| term_chart(s, name, of, theme));
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
                <Show when=move || predicts.get()>
                    {term("predictions", "loss-head", |terms| terms.head)}
                </Show>
            </div>
            <p class="sub" data-testid="terms-words">{move || terms_text(variational.get(), predicts.get())}</p>
        </Show>
    }
}
