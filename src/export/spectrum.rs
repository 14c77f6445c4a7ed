//! One spectrum as CSV, pixel by pixel.

use super::csv::line;
use crate::plot::residuals;
use crate::spectrum::grid::{self, PIXELS};

/// A spectrum with what the model makes of it. Every part may be absent.
#[derive(Debug, Clone, Copy, Default)]
pub struct SpectrumExport<'a> {
    /// Its name; empty for none.
    pub id: &'a str,
    /// Redshift used.
    pub redshift: Option<f64>,
    /// What it was divided by, 1e-17 erg/s/cm^2/Angstrom.
    pub norm: Option<f32>,
    /// The model's name; empty for none.
    pub model: &'a str,
    /// `[latents]` the place that was decoded; empty for none.
    pub latent: &'a [f32],
    /// Whether the spectrum is simulated.
    pub simulated: bool,
    /// `[1000]` normalised flux and inverse variance, 0 = masked.
    pub observed: Option<(&'a [f32], &'a [f32])>,
    /// `[1000]` decoded flux.
    pub decoded: Option<&'a [f32]>,
    /// `[1000]` one standard deviation of it from the variance of the latents.
    pub band: Option<&'a [f32]>,
}

/// A spectrum as CSV: comments that begin with `#`, then a line a pixel. Where pixels are masked, `mask` is 1, `ivar` 0, and the
/// flux that of the infill. The table says that it is in the rest frame, so that it can be opened here again.
pub fn spectrum_csv(spectrum: &SpectrumExport<'_>) -> String {
    let mut text = String::new();
    let mut comment = |words: &str| {
        let words: Vec<&str> = words.split_whitespace().collect();
        line(&mut text, &format!("# {}", words.join(" ")));
    };
    if !spectrum.id.is_empty() {
        comment(&format!("spectrum = {}", spectrum.id));
    }
    if spectrum.simulated {
        comment("simulated = true: this spectrum is SIMULATED, not observed");
    }
    if let Some(redshift) = spectrum.redshift {
        comment(&format!("redshift = {redshift}"));
    }
    comment("frame = rest; wavelengths are in vacuum");
    comment("unit of flux: root mean square of the spectrum; ivar in its inverse square");
    if let Some(norm) = spectrum.norm {
        comment(&format!("norm = {norm:?} (flux x norm is in 1e-17 erg/s/cm^2/Angstrom)"));
    }
    if !spectrum.model.is_empty() {
        comment(&format!("model = {}", spectrum.model));
    }
    if !spectrum.latent.is_empty() {
        let numbers: Vec<String> = spectrum.latent.iter().map(|value| number(*value)).collect();
        comment(&format!("latent = {}", numbers.join(" ")));
    }
    comment(&format!("written by Spectrascape {}", env!("CARGO_PKG_VERSION")));

    let sigmas = spectrum.observed.zip(spectrum.decoded).map(|((flux, ivar), decoded)| residuals(flux, ivar, decoded));
    let (flux, ivar) = spectrum.observed.unzip();
    let columns: [(&str, Option<&[f32]>); 5] = [
        ("flux", flux),
        ("ivar", ivar),
        ("decoded", spectrum.decoded),
        ("decoded_sigma", spectrum.band),
        ("residual_sigma", sigmas.as_deref()),
    ];
    let mut names = vec!["wavelength_vacuum_angstrom"];
    for (name, _) in columns.iter().filter(|(_, values)| values.is_some()) {
        names.push(name);
        names.extend((*name == "ivar").then_some("mask"));
    }
    line(&mut text, &names.join(","));
    for pixel in 0..PIXELS {
        let mut cells = vec![format!("{:.4}", grid::wavelength(pixel as f64))];
        for (name, values) in &columns {
            let Some(values) = values else { continue };
            let value = values.get(pixel).copied().unwrap_or(f32::NAN);
            cells.push(number(value));
            let masked = if value > 0.0 { "0" } else { "1" };
            cells.extend((*name == "ivar").then(|| masked.to_owned()));
        }
        line(&mut text, &cells.join(","));
    }
    text
}

fn number(value: f32) -> String {
    if value.is_finite() { format!("{value:?}") } else { "nan".to_owned() }
}
