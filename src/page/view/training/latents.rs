//! The information in each latent: the variance of its means over the spectra, compared with the encoder's variance.

use crate::page::state::{Seen, Training};
use crate::plot::{Axis, Chart, Mark, Rgb, Series, Theme};

/// A latent whose means vary by less than this share of the prior's variance carries almost no information.
const SILENT: f32 = 0.05;

/// Returns the bars: the variance of the latent means over the spectra, and the mean variance of q(z|x).
pub fn latents_chart(training: &Training, theme: &Theme) -> Chart {
    match &training.seen {
        Some(seen) => chart_of(seen, training.is_variational(), theme),
        None => Chart::new(Axis::linear(0.5, 1.5), Axis::linear(0.0, 1.0), "latent", "variance"),
    }
}

/// Describes which latents carry information.
pub fn latents_text(training: &Training) -> String {
    training.seen.as_ref().map(|seen| text_of(seen, training.is_variational())).unwrap_or_default()
}

/// Lower end of a logarithmic axis of bars.
const LEAST: f64 = 1e-3;

fn chart_of(seen: &Seen, variational: bool, theme: &Theme) -> Chart {
    let latents = seen.spread.len();
    let shown: Vec<(&[f32], f64, &str, Rgb)> = match variational {
        true => vec![
            (&seen.spread, -0.32, "spread of the spectra", theme.decoded),
            (&seen.variance, 0.02, "uncertainty of the encoder", theme.train),
        ],
        false => vec![(&seen.spread, -0.15, "", theme.decoded)],
    };
    let values = shown.iter().flat_map(|(values, ..)| values.iter().copied());
    let most = f64::from(values.fold(1.0_f32, f32::max));
    // An autoencoder's latents have no prior scale, and bars above a large one would be invisible.
    let log = most > 10.0;
    let up = if log { Axis::log(LEAST, most * 2.0) } else { Axis::linear(0.0, most * 1.15) };
    let mut chart = Chart::new(Axis::linear(0.4, latents as f64 + 0.6), up, "latent", "variance");
    chart.x_ticks = (1..=latents).map(|latent| latent as f64).collect();
    let floor = if log { LEAST } else { 0.0 };
    for (values, shift, name, color) in shown {
        for (at, &value) in values.iter().enumerate() {
            let left = at as f64 + 1.0 + shift;
            let height = f64::from(value).max(floor);
            let name = if at == 0 { name } else { "" };
            let bar = Series::line(name, vec![left, left + 0.3], vec![height; 2], color);
            chart.series.push(bar.drawn(Mark::Band(vec![floor; 2])));
        }
    }
    if variational {
        chart.rules.push(1.0);
        chart.y = Chart::with_legend_space(chart.y);
        chart.legend = true;
    }
    chart
}

fn text_of(seen: &Seen, variational: bool) -> String {
    let silent: Vec<String> = seen
        .spread
        .iter()
        .enumerate()
        .filter(|(_, spread)| **spread < SILENT)
        .map(|(at, _)| (at + 1).to_string())
        .collect();
    let used = match (silent.as_slice(), seen.spread.len()) {
        ([], 1) => "The one latent is used.".to_owned(),
        ([], 2) => "Both latents are used.".to_owned(),
        ([], all) => format!("All {all} latents are used."),
        ([one], _) => format!("Latent {one} carries almost no information."),
        (several, _) => format!("Latents {} carry almost no information.", several.join(", ")),
    };
    match variational {
        true => format!("{used} The dashed line is the prior's variance, 1."),
        false => format!("{used} A plain autoencoder has no prior to keep them near."),
    }
}
