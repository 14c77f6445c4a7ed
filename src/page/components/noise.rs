//! Noise added to the selected spectrum: where it then lands, again and again, against what the encoder thinks (figure 17).

use leptos::prelude::*;

use super::chart_plot::ChartPlot;
use crate::page::context::use_page;
use crate::page::state::{AppState, Noise};
use crate::plot::{Chart, Mark, Rgb, Series, Theme};

/// Lowest and highest signal-to-noise of the slider; it is even in the logarithm.
const RANGE: (f32, f32) = (1.0, 100.0);

/// The slider, what came of it, and figure 17.
#[component]
pub fn NoisePanel() -> impl IntoView {
    let page = use_page();
    let has_pixels =
        Memo::new(move |_| page.state.with(|state| state.selection.as_ref().is_some_and(|s| s.pixels.is_some())));
    let position = RwSignal::new(0.5f32);
    let level = move || level_at(position.get());
    let noise = Memo::new(move |_| page.state.with(|state| state.noise.clone()));
    let summary = Memo::new(move |_| noise.with(|noise| noise.as_ref().map(in_words)));
    let under_way = Memo::new(move |_| page.state.with(AppState::noise_curve_under_way));
    let curve = Memo::new(move |_| {
        noise
            .with(|noise| noise.as_ref().and_then(|noise| noise.curve.clone()))
            .map(|ratios| (ratios.snr.to_vec(), ratios.variance_ratio.to_vec()))
    });
    let add = move || page.act(|state| state.add_noise(level_at(position.get_untracked())));
    // A lesson adds noise too: the slider stands where the newest noise is. One that is dragged stays where the pointer is.
    let newest = Memo::new(move |_| noise.with(|noise| noise.as_ref().map(|noise| noise.snr).filter(|snr| *snr > 0.0)));
    Effect::new(move || {
        if let Some(snr) = newest.get()
            && (level_at(position.get_untracked()) - snr).abs() > 1e-3 * snr
        {
            position.set(position_of(snr));
        }
    });
    view! {
        <p class="sub">
            "White noise on the selected spectrum. Each draw lands elsewhere: were the encoder right about its uncertainty, the draws would \
             scatter as its latent variance says. The paper finds that they scatter more (its figure 17)."
        </p>
        <label class="dial">
            <span class="slider-name">"signal-to-noise a pixel of the grid"</span>
            <input type="range" min="0" max="1" step="any" data-testid="noise-slider" disabled=move || !has_pixels.get()
                aria-valuetext=move || format!("{:.1}", level()) prop:value=move || position.get().to_string()
                on:input=move |event| if let Ok(value) = event_target_value(&event).parse() {
                    position.set(value);
                    add();
                } />
            <output class="number">{move || format!("{:.1}", level())}</output>
        </label>
        <div class="acts">
            <button type="button" data-testid="noise-again" disabled=move || !has_pixels.get() on:click=move |_| add()>"Draw again"</button>
            <button type="button" class="quiet" data-testid="noise-off" disabled=move || noise.with(Option::is_none)
                on:click=move |_| page.act(AppState::return_to_selection)>"Without noise"</button>
            <button type="button" class="quiet" data-testid="noise-curve" disabled=move || !has_pixels.get() || under_way.get()
                on:click=move |_| page.act(AppState::ask_noise_curve)>
                {move || if under_way.get() { "Computing figure 17…" } else { "All levels (figure 17)" }}
            </button>
        </div>
        <p class="sub" data-testid="noise-summary" aria-live="polite">{move || summary.get()}</p>
        {move || curve.get().map(|(snr, ratio)| view! {
            <ChartPlot what="noise" testid="noise-plot" class="noise-plot" chart=move |theme| chart(&snr, &ratio, theme)
                label="Variance of the latent means over the latent variance, against signal-to-noise, a curve a latent".to_owned() />
        })}
    }
}

/// The signal-to-noise at a place of the slider, 0 to 1.
fn level_at(position: f32) -> f32 {
    RANGE.0 * (RANGE.1 / RANGE.0).powf(position)
}

fn position_of(level: f32) -> f32 {
    ((level / RANGE.0).ln() / (RANGE.1 / RANGE.0).ln()).clamp(0.0, 1.0)
}

/// How much the newest draws scatter, over what the encoder says.
fn in_words(noise: &Noise) -> String {
    let Some(level) = noise.trail.last().map(|newest| newest.level) else { return String::new() };
    let same: Vec<_> = noise.trail.iter().rev().take_while(|point| point.level == level).collect();
    let newest = same[0];
    if same.len() < 4 {
        return format!("{} of at least 4 draws at this level: draw again to see the scatter.", same.len());
    }
    let dims = newest.mean.len();
    let count = same.len() as f32;
    let mut ratios: Vec<f32> = (0..dims)
        .map(|latent| {
            let mean = same.iter().map(|point| point.mean[latent]).sum::<f32>() / count;
            let variance = same.iter().map(|point| (point.mean[latent] - mean).powi(2)).sum::<f32>() / (count - 1.0);
            variance / (same.iter().map(|point| point.log_var[latent].exp()).sum::<f32>() / count)
        })
        .collect();
    ratios.sort_by(f32::total_cmp);
    format!(
        "{} draws near S/N {:.1}: the latents scatter by {:.1} times the variance that the encoder states (median over latents).",
        same.len(),
        level,
        ratios[dims / 2]
    )
}

fn chart(snr: &[f32], ratio: &[f32], theme: &Theme) -> Chart {
    let dims = (ratio.len() / snr.len().max(1)).max(1);
    let x: Vec<f64> = snr.iter().map(|value| f64::from(*value)).collect();
    let values = ratio.iter().map(|value| f64::from(*value));
    let (across, up) = (Chart::axis_of(x.iter().copied(), true), Chart::axis_of(values.chain([1.0]), true));
    let mut chart = Chart::new(across, up, "median signal-to-noise a pixel of the grid", "scatter / latent variance");
    for latent in 0..dims {
        let y: Vec<f64> = ratio.iter().skip(latent).step_by(dims).map(|value| f64::from(*value)).collect();
        let fraction = latent as f64 / (dims - 1).max(1) as f64;
        let color: Rgb = theme.colormap().at(0.1 + 0.75 * fraction);
        chart
            .series
            .push(Series::line(&format!("latent {}", latent + 1), x.clone(), y, color).drawn(Mark::LineAndDots));
    }
    chart.rules.push(1.0);
    chart.y = Chart::with_legend_space(chart.y);
    chart.legend = true;
    chart
}
