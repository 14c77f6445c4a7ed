//! Five spectra that stay the same, and what the model makes of them after every epoch, beside PCA with as many numbers.

use leptos::prelude::*;

use crate::page::components::chart_plot::ChartPlot;
use crate::page::context::use_page;
use crate::page::state::AppState;
use crate::plot::{Axis, Chart, Mark, Series, Theme};
use crate::spectrum::{PIXELS, grid};

/// The five.
#[component]
pub fn Watched() -> impl IntoView {
    let page = use_page();
    let rows = Memo::new(move |_| page.state.with(|s| s.training.watch.clone()));
    let some = Memo::new(move |_| page.state.with(|s| s.training.seen.is_some()));
    let key = Signal::derive(move || {
        page.state.with(|s| {
            let seen = s.training.seen.as_ref().map_or(0, |seen| u64::from(seen.serial));
            let there = s.training.watch.iter().filter(|row| s.pixels_of(**row).is_some()).count() as u64;
            seen << 8 | there << 1 | u64::from(s.training.rival.is_some())
        })
    });
    view! {
        <Show when=move || some.get()>
            <h3>"The same five spectra, after every epoch"</h3>
            <p class="sub">"Grey: the spectrum. Colour: what your model makes of it. Dashes: what PCA makes of it with as many numbers."</p>
            <div class="watched">
                {move || rows.get().into_iter().enumerate().map(|(at, row)| {
                    let label = Signal::derive(move || page.state.with(|s| words(s, at, row)));
                    let chart = move |theme: &Theme| page.state.with_untracked(|s| chart(s, at, row, theme));
                    view! {
                        <figure>
                            <figcaption>{move || page.state.with(|s| caption(s, at, row))}</figcaption>
                            <ChartPlot what="watched" testid="watched" class="watched-plot" label follows=key chart />
                        </figure>
                    }
                }).collect_view()}
            </div>
        </Show>
    }
}

fn chart(state: &AppState, at: usize, row: usize, theme: &Theme) -> Chart {
    let x: Vec<f64> = (0..PIXELS).map(|pixel| grid::wavelength(pixel as f64)).collect();
    let wide = |values: &[f32]| values.iter().map(|&value| f64::from(value)).collect::<Vec<f64>>();
    let observed = state.pixels_of(row).map(|pixels| wide(&pixels.flux));
    let part = |all: &[f32]| all.get(at * PIXELS..(at + 1) * PIXELS).map(wide);
    let model = state.training.seen.as_ref().and_then(|seen| part(&seen.watched));
    let rival = state.training.rival.as_ref().and_then(|rival| part(&rival.watched));
    let up = Chart::axis_of(observed.iter().chain(&model).flatten().copied(), false);
    let mut chart = Chart::new(Axis::linear(x[0], x[PIXELS - 1]), up, "wavelength / Å", "flux");
    // A thin line for the model: where it is right it lies on the spectrum, and what sticks out is noise.
    for (values, color, mark, width) in [
        (observed, theme.muted, Mark::Line, 1.25),
        (rival, theme.spread, Mark::Dashes, 1.0),
        (model, theme.decoded, Mark::Line, 1.0),
    ] {
        if let Some(values) = values {
            chart.series.push(Series { width, ..Series::line("", x.clone(), values, color).drawn(mark) });
        }
    }
    chart
}

/// Mean of squared residuals over the noise's variance, of the model and of PCA, where they are known.
fn scores(state: &AppState, at: usize, row: usize) -> Option<[Option<f64>; 2]> {
    let pixels = state.pixels_of(row)?;
    let score = |all: Option<&[f32]>| {
        let guess = all?.get(at * PIXELS..(at + 1) * PIXELS)?;
        let good = pixels.flux.iter().zip(&pixels.ivar).zip(guess).filter(|((_, ivar), _)| **ivar > 0.0);
        let (sum, count) = good.fold((0.0, 0u32), |(sum, count), ((flux, ivar), guess)| {
            (sum + f64::from((flux - guess).powi(2) * ivar), count + 1)
        });
        Some(sum / f64::from(count.max(1)))
    };
    let model = score(state.training.seen.as_ref().map(|seen| seen.watched.as_slice()));
    Some([model, score(state.training.rival.as_ref().map(|rival| rival.watched.as_slice()))])
}

/// Under the plot's name, in short.
fn caption(state: &AppState, at: usize, row: usize) -> String {
    let name = state.name_of_row(row);
    match scores(state, at, row) {
        Some([Some(model), Some(rival)]) => format!("{name}: χ² a pixel {model:.2} yours, {rival:.2} PCA"),
        Some([Some(model), None]) => format!("{name}: χ² a pixel {model:.2} yours"),
        _ => name,
    }
}

/// The same for who only hears it.
fn words(state: &AppState, at: usize, row: usize) -> String {
    let name = state.name_of_row(row);
    let Some([model, rival]) = scores(state, at, row) else { return format!("{name}: loading.") };
    let one = |name: &str, value: Option<f64>| value.map(|v| format!(", chi squared a pixel {v:.2} by {name}"));
    format!("{name}{}{}.", one("your model", model).unwrap_or_default(), one("PCA", rival).unwrap_or_default())
}
