//! The outliers of the set: local outlier factors, the top of the list, and the reasons.

use std::sync::Arc;

use super::asked::Asked;
use super::explorer::Explorer;
use super::spectrum_set::{Pixels, SpectrumSet};
use crate::page::view::measures::Scores;
use crate::protocol::ExploreCommand;

/// The outliers under the model on screen.
#[derive(Debug, Clone)]
pub struct Outliers {
    wanted: bool,
    by: OutlierRank,
    /// Spectra in the list, at most.
    listed: usize,
    scores: Option<Arc<Scores>>,
    list: Vec<Outlier>,
}

/// What makes an outlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OutlierRank {
    /// Its local outlier factor: a sparser neighbourhood than its neighbours have.
    #[default]
    Factor,
    /// Improbable latents.
    Rarity,
    /// A bad reconstruction, by chi-squared.
    Chi2,
}

/// An outlier.
#[derive(Debug, Clone)]
pub struct Outlier {
    /// Its row.
    pub row: usize,
    /// Its value of what the list is ranked by.
    pub score: f32,
    /// Its pixels, once there.
    pub pixels: Option<Arc<Pixels>>,
    /// Why it is one, the strongest reason first; none until the explorer has looked, empty where nothing was found.
    pub reasons: Option<Vec<String>>,
}

/// Spectra in the list at first, and how many are added at a time.
const LISTED: usize = 20;

impl Default for Outliers {
    fn default() -> Self {
        Self { wanted: false, by: OutlierRank::default(), listed: LISTED, scores: None, list: Vec::new() }
    }
}

impl OutlierRank {
    /// Every choice, in the order shown.
    pub const ALL: [Self; 3] = [Self::Factor, Self::Rarity, Self::Chi2];
}

impl Outliers {
    /// Returns whether the list was asked for.
    pub fn wanted(&self) -> bool {
        self.wanted
    }

    /// Returns what the list is ranked by.
    pub fn by(&self) -> OutlierRank {
        self.by
    }

    /// Returns how odd every spectrum is by its latents, once computed.
    pub fn scores(&self) -> Option<&Arc<Scores>> {
        self.scores.as_ref()
    }

    /// Returns the local outlier factors `[n]`, once computed; 1 is ordinary.
    pub fn factor(&self) -> Option<&[f32]> {
        self.scores.as_ref().map(|scores| scores.factor.as_slice())
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

    /// Ranks the list by another measure, from its top.
    pub fn rank_by(&mut self, by: OutlierRank) {
        (self.by, self.listed) = (by, LISTED);
        self.list.clear();
    }

    /// Asks for more spectra in the list.
    pub fn want_more(&mut self) {
        self.listed += LISTED;
    }

    /// Returns whether there are more spectra than those listed.
    pub fn has_more(&self) -> bool {
        self.list.len() == self.listed
    }

    /// Forgets what belongs to another model.
    pub fn reset(&mut self) {
        *self = Self { wanted: self.wanted, by: self.by, ..Self::default() };
    }

    /// Asks for the factors under the embedding on screen, unless they are there or were asked for.
    pub fn ask_factors(&self, set: &SpectrumSet, explorer: &mut Explorer) {
        let Some(embedding) = set.embedding().filter(|_| self.scores.is_none() && explorer.can_ask()) else { return };
        let serial = embedding.serial;
        if !explorer.waits_for(|asked| matches!(asked, Asked::Factors(other) if *other == serial)) {
            let command = ExploreCommand::OutlierFactors { latents: embedding.mean.clone(), dims: embedding.dims };
            explorer.ask(command, Asked::Factors(serial));
        }
    }

    /// Takes in the scores of an embedding.
    pub fn on_scores(&mut self, serial: u32, scores: Scores, set: &SpectrumSet, explorer: &mut Explorer) {
        let fits = |count: usize| count == scores.factor.len();
        if set.embedding().is_some_and(|embedding| embedding.serial == serial && fits(embedding.len())) {
            self.scores = Some(Arc::new(scores));
            self.fill(set, explorer);
        }
    }

    /// Fills the list, once it is wanted and what ranks it is there. What is listed already stays as it is.
    pub fn fill(&mut self, set: &SpectrumSet, explorer: &mut Explorer) {
        if !self.wanted || self.list.len() >= self.listed {
            return;
        }
        let scores = self.scores.as_deref();
        let value: &[f32] = match self.by {
            OutlierRank::Factor => scores.map_or(&[], |scores| &scores.factor),
            OutlierRank::Rarity => scores.map_or(&[], |scores| &scores.rarity),
            OutlierRank::Chi2 => set.embedding().and_then(|embedding| embedding.chi2()).unwrap_or_default(),
        };
        let mut rows: Vec<usize> = (0..value.len()).filter(|&row| value[row].is_finite()).collect();
        rows.sort_by(|&a, &b| value[b].total_cmp(&value[a]).then(a.cmp(&b)));
        rows.truncate(self.listed);
        let entry = |row: usize| Outlier { row, score: value[row], pixels: set.pixels_of(row), reasons: None };
        let more: Vec<Outlier> = rows.into_iter().skip(self.list.len()).map(entry).collect();
        self.list.extend(more);
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
