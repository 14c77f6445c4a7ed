//! The comparison of PCA with the model: what its plot shows, and its texts.

use std::sync::Arc;

use super::text::minus;
use crate::page::state::{AppState, PcaScores, Pixels};
use crate::plot::{PinnedCurve, SpectrumPlot, Theme};
use crate::spectrum::PIXELS;

/// Index of the pinned spectrum whose colour PCA takes.
pub const PCA_COLOR: usize = 0;

/// The selected spectrum with its reconstructions by PCA and by the model.
#[derive(Clone, Default)]
pub struct ShownFits {
    /// Observed pixels.
    pub pixels: Option<Arc<Pixels>>,
    /// Number of components in use.
    pub components: usize,
    /// Reconstruction `[1000]` by PCA; empty until it is computed.
    pub pca: Vec<f32>,
    /// Reconstruction by the model and its serial, while the sliders are at the spectrum.
    pub decoded: Option<(u32, Arc<Vec<f32>>)>,
    /// Interval shown, Angstrom; `None` for all wavelengths.
    pub range: Option<(f64, f64)>,
}

impl PartialEq for ShownFits {
    fn eq(&self, other: &Self) -> bool {
        let key = |shown: &Self| {
            let serials = (shown.pixels.as_ref().map(|p| p.serial), shown.decoded.as_ref().map(|d| d.0));
            (serials, shown.components, shown.range, shown.pca.is_empty())
        };
        key(self) == key(other)
    }
}

impl ShownFits {
    /// Collects the fits from the state.
    pub fn of(state: &AppState) -> Self {
        let pca = state.reconstructed_by_pca().map(|(flux, _)| flux).unwrap_or_default();
        let on_it = !state.moved() && state.selection.is_some();
        let decoded = state.decoded.as_ref().filter(|_| on_it).map(|d| (d.serial, d.flux.clone()));
        let (pixels, range) = (state.shown_pixels(), state.spectrum_range);
        Self { pixels, components: state.pca.components, pca, decoded, range }
    }

    /// Calls `draw` with the plot: PCA in the colour of a pinned spectrum, since the decoded colour is the model's everywhere.
    pub fn draw_with<T>(&self, theme: &Theme, draw: impl FnOnce(&SpectrumPlot<'_>, &Theme) -> T) -> T {
        let theme = Theme { decoded: theme.pinned(PCA_COLOR), ..*theme };
        let model = self.decoded.as_ref().map(|(_, flux)| PinnedCurve {
            label: "the model",
            flux,
            color: Theme::of(theme.dark).decoded,
        });
        let pinned: Vec<PinnedCurve<'_>> = model.into_iter().collect();
        let observed = self.pixels.as_ref().map(|pixels| (pixels.flux.as_slice(), pixels.ivar.as_slice()));
        let decoded = (!self.pca.is_empty()).then_some(self.pca.as_slice());
        draw(&SpectrumPlot { observed, decoded, pinned: &pinned, range: self.range, ..SpectrumPlot::default() }, &theme)
    }
}

/// Returns a chi-squared per pixel as text.
pub fn chi2_text(chi2: Option<f64>) -> String {
    chi2.map_or("–".to_owned(), |chi2| format!("{chi2:.2}"))
}

/// Returns the coordinate along a component as the root mean square flux that it contributes. A component has length 1 over a
/// thousand pixels, so the coordinate itself is hard to read.
pub fn amount_text(coordinate: f32) -> String {
    minus(&format!("{:+.3}", coordinate / (PIXELS as f32).sqrt()))
}

/// Describes which of PCA and model fits more spectra better; `training` is whether the model is in training.
pub fn verdict_text(name: &str, scores: Option<&PcaScores>, training: bool) -> String {
    let Some(PcaScores { latents, spectra, won, model, pca }) = scores else {
        let text = if training {
            "A model in training is not compared here."
        } else {
            "The model is being asked for the same spectra…"
        };
        return text.to_owned();
    };
    format!(
        "Of {spectra} spectra, {name} fits {won} better than PCA does with as many numbers ({latents}): median χ² {model:.2} \
         against {pca:.2}. The components were made from these very spectra."
    )
}
