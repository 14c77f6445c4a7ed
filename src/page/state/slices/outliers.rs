//! The outliers of the set: local outlier factors, the top of the list, and the reasons.

use std::sync::Arc;

use super::asked::Asked;
use super::explorer::Explorer;
use super::spectrum_set::{Pixels, SpectrumSet};
use crate::protocol::ExploreCommand;

/// The outliers under the model on screen.
#[derive(Debug, Clone, Default)]
pub struct Outliers {
    wanted: bool,
    factor: Option<Arc<Vec<f32>>>,
    list: Vec<Outlier>,
}

/// An outlier.
#[derive(Debug, Clone)]
pub struct Outlier {
    /// Its row.
    pub row: usize,
    /// Its local outlier factor.
    pub factor: f32,
    /// Its pixels, once there.
    pub pixels: Option<Arc<Pixels>>,
    /// Why it is one, the strongest reason first; none until the explorer has looked, empty where nothing was found.
    pub reasons: Option<Vec<String>>,
}

/// Spectra in the list.
const LISTED: usize = 20;

impl Outliers {
    /// Returns whether the list was asked for.
    pub fn wanted(&self) -> bool {
        self.wanted
    }

    /// Returns the local outlier factors `[n]`, once computed; 1 is ordinary.
    pub fn factor(&self) -> Option<&Arc<Vec<f32>>> {
        self.factor.as_ref()
    }

    /// Returns the outliers, the strongest first.
    pub fn list(&self) -> &[Outlier] {
        &self.list
    }

    /// Returns the rows of the list whose pixels are not there.
    pub fn rows_without_pixels(&self) -> impl Iterator<Item = usize> {
        self.list.iter().filter(|outlier| outlier.pixels.is_none()).map(|outlier| outlier.row)
    }

    /// Asks for the list.
    pub fn want(&mut self) {
        self.wanted = true;
    }

    /// Forgets what belongs to another model.
    pub fn reset(&mut self) {
        *self = Self { wanted: self.wanted, ..Self::default() };
    }

    /// Asks for the factors under the embedding on screen, unless they are there or were asked for.
    pub fn ask_factors(&self, set: &SpectrumSet, explorer: &mut Explorer) {
        let Some(embedding) = set.embedding().filter(|_| self.factor.is_none() && explorer.can_ask()) else { return };
        let serial = embedding.serial;
        if !explorer.waits_for(|asked| matches!(asked, Asked::Factors(other) if *other == serial)) {
            let command = ExploreCommand::OutlierFactors { latents: embedding.mean.clone(), dims: embedding.dims };
            explorer.ask(command, Asked::Factors(serial));
        }
    }

    /// Takes in the factors of an embedding.
    pub fn on_factors(&mut self, serial: u32, factor: Vec<f32>, set: &SpectrumSet, explorer: &mut Explorer) {
        if set.embedding().is_some_and(|embedding| embedding.serial == serial && embedding.len() == factor.len()) {
            self.factor = Some(Arc::new(factor));
            self.fill(set, explorer);
        }
    }

    /// Fills the list, once it is wanted and the factors are there.
    pub fn fill(&mut self, set: &SpectrumSet, explorer: &mut Explorer) {
        let Some(factor) = self.factor.clone().filter(|_| self.wanted && self.list.is_empty()) else { return };
        let mut rows: Vec<usize> = (0..factor.len()).filter(|&row| factor[row].is_finite()).collect();
        rows.sort_by(|&a, &b| factor[b].total_cmp(&factor[a]).then(a.cmp(&b)));
        rows.truncate(LISTED);
        let entry = |row: usize| Outlier { row, factor: factor[row], pixels: set.pixels_of(row), reasons: None };
        self.list = rows.into_iter().map(entry).collect();
        self.ask_reasons(set, explorer);
    }

    /// Takes in the pixels of a row.
    pub fn on_pixels(&mut self, row: usize, pixels: &Arc<Pixels>, set: &SpectrumSet, explorer: &mut Explorer) {
        if let Some(outlier) = self.list.iter_mut().find(|outlier| outlier.row == row) {
            outlier.pixels = Some(pixels.clone());
            self.ask_reasons(set, explorer);
        }
    }

    /// Asks for the reasons of each outlier whose pixels are there.
    pub fn ask_reasons(&self, set: &SpectrumSet, explorer: &mut Explorer) {
        if !explorer.can_ask() {
            return;
        }
        for Outlier { row, pixels, .. } in self.list.iter().filter(|outlier| outlier.reasons.is_none()) {
            let in_progress = explorer.waits_for(|asked| matches!(asked, Asked::Why(other) if other == row));
            let Some(pixels) = pixels.as_ref().filter(|_| !in_progress) else { continue };
            let redshift = f64::from(set.value_of(*row, "redshift").unwrap_or(0.0));
            let median_snr = f64::from(set.value_of(*row, "median_snr").unwrap_or(f32::NAN));
            let (flux, ivar) = (pixels.flux.clone(), pixels.ivar.clone());
            let command = ExploreCommand::Explain { flux, ivar, redshift, median_snr, method: explorer.method() };
            explorer.ask(command, Asked::Why(*row));
        }
    }

    /// Takes in the reasons of a row.
    pub fn on_reasons(&mut self, row: usize, reasons: Vec<String>) {
        if let Some(outlier) = self.list.iter_mut().find(|outlier| outlier.row == row) {
            outlier.reasons = Some(reasons);
        }
    }

    /// Takes in that the factors could not be computed.
    pub fn on_factors_failed(&mut self) {
        self.wanted = false;
    }

    /// Takes in that no reasons will come any more.
    pub fn on_explorer_died(&mut self) {
        for outlier in &mut self.list {
            outlier.reasons.get_or_insert_default();
        }
    }
}
