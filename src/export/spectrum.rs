//! One spectrum as CSV, pixel by pixel.

use super::csv::CsvWriter;
use crate::plot::residuals;
use crate::spectrum::grid::{self, PIXELS};

/// A spectrum and what a model decodes for it. Every part may be absent.
#[derive(Debug, Clone, Copy, Default)]
pub struct SpectrumExport<'a> {
    /// Identifier; empty for none.
    pub id: &'a str,
    /// Redshift used.
    pub redshift: Option<f64>,
    /// Factor by which the flux was divided, 1e-17 erg/s/cm^2/Angstrom.
    pub norm: Option<f32>,
    /// Name of the model; empty for none.
    pub model: &'a str,
    /// `[d]` latent that was decoded; empty for none.
    pub latent: &'a [f32],
    /// Whether the spectrum is simulated.
    pub simulated: bool,
    /// `[1000]` normalised flux and inverse variance, 0 = masked.
    pub observed: Option<(&'a [f32], &'a [f32])>,
    /// `[1000]` decoded flux.
    pub decoded: Option<&'a [f32]>,
    /// `[1000]` standard deviation of the decoded flux that follows from the variance of the latents.
    pub band: Option<&'a [f32]>,
    /// Tells that the decoded flux is none of the observed spectrum, so that there is no residual.
    pub unrelated: bool,
    /// Further columns: name, description, `[1000]` flux.
    pub extra: &'a [(String, String, &'a [f32])],
}

/// Returns a spectrum as CSV: comments that begin with `#`, then one line per pixel. Where pixels are masked, `mask` is 1, `ivar` 0, and
/// the flux that of the infill. A comment says that wavelengths are in the rest frame, so that the file can be opened here again.
pub fn spectrum_csv(spectrum: &SpectrumExport<'_>) -> String {
    let mut csv = CsvWriter::with_comments(comments(spectrum));
    let compared = spectrum.observed.zip(spectrum.decoded).filter(|_| !spectrum.unrelated);
    let sigmas = compared.map(|((flux, ivar), decoded)| residuals(flux, ivar, decoded));
    let (flux, ivar) = spectrum.observed.unzip();
    let measured: [(&str, Option<&[f32]>); 5] = [
        ("flux", flux),
        ("ivar", ivar),
        ("decoded", spectrum.decoded),
        ("decoded_sigma", spectrum.band),
        ("residual_sigma", sigmas.as_deref()),
    ];
    let extra = spectrum.extra.iter().map(|(name, _, values)| (name.as_str(), Some(*values)));
    let columns: Vec<(&str, Option<&[f32]>)> = measured.into_iter().chain(extra).collect();
    let mut names = vec!["wavelength_vacuum_angstrom"];
    for (name, _) in columns.iter().filter(|(_, values)| values.is_some()) {
        names.push(name);
        names.extend((*name == "ivar").then_some("mask"));
    }
    csv.record(names);
    for pixel in 0..PIXELS {
        let mut cells = vec![format!("{:.4}", grid::wavelength(pixel as f64))];
        for (name, values) in &columns {
            let Some(values) = values else { continue };
            let value = values.get(pixel).copied().unwrap_or(f32::NAN);
            cells.push(number(value));
            let masked = if value > 0.0 { "0" } else { "1" };
            cells.extend((*name == "ivar").then(|| masked.to_owned()));
        }
        csv.record(cells);
    }
    csv.finish()
}

fn comments(spectrum: &SpectrumExport<'_>) -> Vec<String> {
    let mut comments = Vec::new();
    if !spectrum.id.is_empty() {
        comments.push(format!("spectrum = {}", spectrum.id));
    }
    if spectrum.simulated {
        comments.push("simulated = true: this spectrum is SIMULATED, not observed".to_owned());
    }
    if let Some(redshift) = spectrum.redshift {
        comments.push(format!("redshift = {redshift}"));
    }
    comments.push("frame = rest; wavelengths are in vacuum".to_owned());
    comments.push("unit of flux: root mean square of the spectrum; ivar in its inverse square".to_owned());
    if let Some(norm) = spectrum.norm {
        comments.push(format!("norm = {norm:?} (flux x norm is in 1e-17 erg/s/cm^2/Angstrom)"));
    }
    if !spectrum.model.is_empty() {
        comments.push(format!("model = {}", spectrum.model));
    }
    if !spectrum.latent.is_empty() {
        let numbers: Vec<String> = spectrum.latent.iter().map(|value| number(*value)).collect();
        comments.push(format!("latent = {}", numbers.join(" ")));
    }
    comments.extend(spectrum.extra.iter().map(|(name, about, _)| format!("{name}: {about}")));
    comments.push(format!("written by Spectrascape {}", env!("CARGO_PKG_VERSION")));
    comments.iter().map(|comment| comment.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

fn number(value: f32) -> String {
    if value.is_finite() { format!("{value:?}") } else { "nan".to_owned() }
}
