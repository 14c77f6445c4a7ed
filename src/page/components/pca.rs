//! PCA of the set compared with the model: the same spectrum by both, with any number of components.

use leptos::html;
use leptos::prelude::*;

use crate::page::canvas::{follow_size, paint, redraw_on};
use crate::page::context::use_page;
use crate::page::state::AppState;
use crate::page::view::pca::{PCA_COLOR, ShownFits, amount_text, chi2_text, verdict_text};
use crate::plot::{Theme, thumbnail_path};
use crate::spectrum::PIXELS;

/// Size of a component's thumbnail, CSS pixels.
const THUMB: (f64, f64) = (96.0, 36.0);

/// Renders the tab.
#[component]
pub fn PcaPanel() -> impl IntoView {
    let page = use_page();
    Effect::new(move |_| page.act(AppState::open_pca));
    let loaded = Memo::new(move |_| page.state.with(|state| state.pca().sample().map(|sample| sample.len())));
    let components = Memo::new(move |_| page.state.with(|state| state.pca().components()));
    let wanted = Memo::new(move |_| page.state.with(|state| state.pca().wanted()));
    view! {
        <p class="sub">
            "Principal components: the ten shapes in which some of the set’s spectra vary most. A spectrum is the mean of them \
             plus so much of each."
        </p>
        <Show when=move || loaded.get().is_some() fallback=move || view! {
            <p class="sub" role="status">{move || if wanted.get() { "Fetching 512 spectra and finding their components…" }
                else { "The spectra could not be had: open this tab again." }}</p>
        }>
            <label class="dial">
                <span class="slider-name">"components"</span>
                <input type="range" min="1" max="10" step="1" data-testid="pca-components"
                    prop:value=move || components.get().to_string()
                    on:input=move |event| if let Ok(count) = event_target_value(&event).parse() {
                        page.act(|state| state.set_components(count));
                    } />
                <output class="number">{move || components.get()}</output>
            </label>
            <Fits />
            <FitPlot />
            <Verdict />
            <Shapes />
        </Show>
    }
}

/// Renders the chi-squared of both fits.
#[component]
fn Fits() -> impl IntoView {
    let page = use_page();
    let pca = Memo::new(move |_| page.state.with(|state| state.reconstructed_by_pca().and_then(|(_, chi2)| chi2)));
    let components = Memo::new(move |_| page.state.with(|state| state.pca().components()));
    let model = Memo::new(move |_| page.state.with(|state| state.chi2().filter(|_| !state.moved())));
    let name = Memo::new(move |_| page.state.with(|state| (state.model_name(), state.latent().len())));
    let moved = Memo::new(move |_| page.state.with(|state| state.selection().is_some() && state.moved()));
    view! {
        <ul class="strokes fits">
            <li>
                <span class="stroke" style:background=move || Theme::of(page.dark.get()).pinned(PCA_COLOR).css()></span>
                {move || format!("PCA, {} {}: χ² / pixel ", components.get(), if components.get() == 1 { "number" } else { "numbers" })}
                <b class="number" data-testid="pca-chi2">{move || chi2_text(pca.get())}</b>
            </li>
            <li>
                <span class="stroke" style:background=move || Theme::of(page.dark.get()).decoded.css()></span>
                {move || { let (name, latents) = name.get(); format!("{name}, {latents} numbers: χ² / pixel ") }}
                <b class="number" data-testid="pca-model-chi2">{move || chi2_text(model.get())}</b>
                <Show when=move || moved.get()>
                    <button type="button" class="mini" data-testid="pca-return" title="Its sliders have left the spectrum"
                        on:click=move |_| page.act(AppState::return_to_selection)>"Back to its own latents"</button>
                </Show>
            </li>
        </ul>
    }
}

#[component]
fn FitPlot() -> impl IntoView {
    let page = use_page();
    let canvas = NodeRef::<html::Canvas>::new();
    let size = follow_size(canvas);
    let shown = Memo::new(move |_| page.state.with(ShownFits::of));
    let key = Memo::new(move |_| (shown.get(), size.get(), page.dark.get()));
    redraw_on(key, move || {
        // The tab may be closed before the next frame.
        let (Some(Some(canvas)), Some(size), Some(shown)) =
            (canvas.try_get_untracked(), size.try_get_untracked(), shown.try_get_untracked())
        else {
            return;
        };
        shown.draw_with(&page.theme(), |plot, theme| {
            paint(
                &canvas,
                size,
                |_| (),
                |pen| {
                    let _ = plot.draw(pen, theme, size.width, size.height);
                },
            );
        });
    });
    let label = move || {
        let title = page.state.with(AppState::title);
        format!("Spectrum {title} with what principal components and the model make of it")
    };
    view! {
        <div class="plot pca-plot"><canvas node_ref=canvas role="img" data-testid="pca-plot" aria-label=label></canvas></div>
    }
}

/// Renders the number of spectra that each of the two fits better.
#[component]
fn Verdict() -> impl IntoView {
    let page = use_page();
    let scores = Memo::new(move |_| page.state.with(|state| state.pca().scores().cloned()));
    let name = Memo::new(move |_| page.state.with(AppState::model_name));
    let own = Memo::new(move |_| page.state.with(|state| state.training().is_on()));
    let hidden = Memo::new(move |_| page.state.with(AppState::hides_verdict));
    let text = move || match hidden.get() {
        true => "Which of the two fits more spectra better is the question that ends lesson 3.".to_owned(),
        false => verdict_text(&name.get(), scores.get().as_ref(), own.get()),
    };
    view! { <p class="verdict" data-testid="pca-verdict" role="status">{text}</p> }
}

/// Renders the mean and the components in use.
#[component]
fn Shapes() -> impl IntoView {
    let page = use_page();
    let shapes = Memo::new(move |_| {
        page.state.with(|state| {
            let sample = state.pca().sample()?;
            let pca = &sample.pca;
            let rows = std::iter::once(pca.mean.as_slice()).chain(pca.components.chunks_exact(PIXELS));
            Some(rows.map(|row| thumbnail_path(row, THUMB.0, THUMB.1)).collect::<Vec<String>>())
        })
    });
    let amounts = Memo::new(move |_| {
        page.state.with(|state| {
            let (pixels, sample) = (state.shown_pixels()?, state.pca().sample()?);
            Some(sample.pca.project(&pixels.flux))
        })
    });
    let components = Memo::new(move |_| page.state.with(|state| state.pca().components()));
    let shape = move |(index, path): (usize, String)| {
        let used = move || index <= components.get();
        let amount = move || {
            let amounts = amounts.get()?;
            Some(amount_text(*amounts.get(index.checked_sub(1)?)?))
        };
        let name = if index == 0 { "mean".to_owned() } else { format!("shape {index}") };
        view! {
            <li class="thumb shape" class:unused=move || !used()>
                <svg viewBox=format!("0 0 {} {}", THUMB.0, THUMB.1) preserveAspectRatio="none" aria-hidden="true"><path d=path></path></svg>
                <span>{name}" "<span class="number">{amount}</span></span>
            </li>
        }
    };
    view! {
        <h3>"Mean and shapes, and how much of each is in this spectrum"</h3>
        <ol class="gallery" data-testid="pca-shapes">{move || shapes.get().unwrap_or_default().into_iter().enumerate().map(shape).collect_view()}</ol>
    }
}
