//! Which latents carry information: how much the latent means vary over the spectra, against how unsure the encoder is of each.

use leptos::prelude::*;

use crate::app::components::chart_plot::ChartPlot;
use crate::app::page::use_page;
use crate::app::state::Seen;
use crate::plot::{Axis, Chart, Mark, Series, Theme};

/// A latent whose means vary by less than this share of the prior's variance says next to nothing.
const SILENT: f32 = 0.05;

/// Bars, a latent each.
#[component]
pub fn Latents() -> impl IntoView {
    let page = use_page();
    let serial = Memo::new(move |_| page.state.with(|s| s.training.seen.as_ref().map_or(0, |seen| seen.serial)));
    let label = Signal::derive(move || page.state.with(|s| s.training.seen.as_ref().map(in_words).unwrap_or_default()));
    let chart = move |theme: &Theme| {
        page.state.with_untracked(|s| s.training.seen.as_ref().map_or_else(empty, |seen| of(seen, theme)))
    };
    view! {
        <Show when=move || serial.get() != 0>
            <h3>"Which latents carry information"</h3>
            <ChartPlot what="latent-information" testid="latent-information" class="bars-plot" label
                follows=Signal::derive(move || u64::from(serial.get())) chart />
            <p class="sub" data-testid="latent-words">{move || label.get()}</p>
        </Show>
    }
}

fn empty() -> Chart {
    Chart::new(Axis::linear(0.5, 1.5), Axis::linear(0.0, 1.0), "latent", "variance")
}

fn of(seen: &Seen, theme: &Theme) -> Chart {
    let latents = seen.spread.len();
    let most = seen.spread.iter().chain(&seen.variance).copied().fold(1.0_f32, f32::max);
    let mut chart = Chart::new(
        Axis::linear(0.4, latents as f64 + 0.6),
        Axis::linear(0.0, f64::from(most) * 1.15),
        "latent",
        "variance",
    );
    chart.x_ticks = (1..=latents).map(|latent| latent as f64).collect();
    let bars = |values: &[f32], shift: f64, name: &str, color| {
        let (mut x, mut y) = (Vec::new(), Vec::new());
        for (at, &value) in values.iter().enumerate() {
            let left = at as f64 + 1.0 + shift;
            // NaN parts one bar from the next.
            x.extend([left, left + 0.3, f64::NAN]);
            y.extend([f64::from(value), f64::from(value), f64::NAN]);
        }
        let floor = vec![0.0; x.len()];
        (Series::line(name, x, y, color), floor)
    };
    for (values, shift, name, color) in [
        (&seen.spread, -0.32, "of the means, over the spectra", theme.decoded),
        (&seen.variance, 0.02, "that the encoder leaves open", theme.train),
    ] {
        let (series, floor) = bars(values, shift, name, color);
        for at in 0..values.len() {
            let part = 3 * at..3 * at + 2;
            let name = if at == 0 { series.name.as_str() } else { "" };
            let bar = Series::line(name, series.x[part.clone()].to_vec(), series.y[part.clone()].to_vec(), color);
            chart.series.push(bar.drawn(Mark::Band(floor[part].to_vec())));
        }
    }
    chart.rules.push(1.0);
    chart.y = Chart::with_room(chart.y);
    chart.legend = true;
    chart
}

fn in_words(seen: &Seen) -> String {
    let silent: Vec<String> = seen
        .spread
        .iter()
        .enumerate()
        .filter(|(_, spread)| **spread < SILENT)
        .map(|(at, _)| (at + 1).to_string())
        .collect();
    let rule = "The dashed line is the prior's variance, 1.";
    match silent.len() {
        0 => format!("All {} latents are used. {rule}", seen.spread.len()),
        1 => format!("Latent {} says next to nothing. {rule}", silent[0]),
        _ => format!("Latents {} say next to nothing. {rule}", silent.join(", ")),
    }
}
