//! The oddest spectra of the set: local outlier factors, the top of the list, and why each is odd.

use std::sync::Arc;

use super::spectra::Pixels;
use super::{AppState, Asked};
use crate::page::axis_choice::{AxisChoice, LOF};
use crate::page::permalink::Permalink;
use crate::protocol::ExploreCommand;

/// The oddest spectra under the model on screen.
#[derive(Debug, Clone, Default)]
pub struct Outliers {
    /// Whether the list was asked for.
    pub wanted: bool,
    /// `[n]` local outlier factors, once computed; 1 is ordinary.
    pub factor: Option<Arc<Vec<f32>>>,
    /// The oddest, worst first.
    pub list: Vec<Outlier>,
}

/// An odd spectrum.
#[derive(Debug, Clone)]
pub struct Outlier {
    /// Its row.
    pub row: usize,
    /// Its local outlier factor.
    pub factor: f32,
    /// Its pixels, once there.
    pub pixels: Option<Arc<Pixels>>,
    /// Why it is odd, the strongest reason first; none until the engine has looked, empty where nothing was found.
    pub reasons: Option<Vec<String>>,
}

/// Spectra in the list.
const LISTED: usize = 20;

impl Outliers {
    pub(super) fn rows_without_pixels(&self) -> impl Iterator<Item = usize> {
        self.list.iter().filter(|outlier| outlier.pixels.is_none()).map(|outlier| outlier.row)
    }
}

impl AppState {
    /// Asks for the list.
    pub fn list_outliers(&mut self) {
        self.outliers.wanted = true;
        let listed = &self.outliers.list;
        self.unreachable.retain(|row| !listed.iter().any(|outlier| outlier.row == *row));
        self.ask_factors_if_shown();
        self.fill_outliers();
    }

    /// Whether factors are shown somewhere: along an axis, as a colour, or in the list.
    fn factors_shown(&self) -> bool {
        let along = |axis: &AxisChoice| matches!(axis, AxisChoice::Column(name) if name == LOF);
        self.outliers.wanted || self.link.color == LOF || along(&self.link.axes.0) || along(&self.link.axes.1)
    }

    pub(super) fn ask_factors_if_shown(&mut self) {
        if !self.factors_shown() || self.outliers.factor.is_some() || !self.can_ask() {
            return;
        }
        let Some(cloud) = self.cloud.clone() else { return };
        let under_way = |asked: &Asked| matches!(asked, Asked::Factors(serial) if *serial == cloud.serial);
        if !self.asked.values().any(under_way) {
            let command = ExploreCommand::OutlierFactors { latents: cloud.mean.clone(), dims: cloud.dims };
            self.ask_for(command, Asked::Factors(cloud.serial));
        }
    }

    pub(super) fn on_outlier_factors(&mut self, serial: u32, factor: Vec<f32>) {
        if self.cloud.as_ref().is_some_and(|cloud| cloud.serial == serial && cloud.len() == factor.len()) {
            self.outliers.factor = Some(Arc::new(factor));
            self.fill_outliers();
        }
    }

    fn fill_outliers(&mut self) {
        let Some(factor) =
            self.outliers.factor.clone().filter(|_| self.outliers.wanted && self.outliers.list.is_empty())
        else {
            return;
        };
        let mut rows: Vec<usize> = (0..factor.len()).filter(|&row| factor[row].is_finite()).collect();
        rows.sort_by(|&a, &b| factor[b].total_cmp(&factor[a]).then(a.cmp(&b)));
        rows.truncate(LISTED);
        let entry = |row: usize| Outlier { row, factor: factor[row], pixels: None, reasons: None };
        self.outliers.list = rows.iter().map(|&row| entry(row)).collect();
        for row in rows {
            if let Some(pixels) = self.pixels_of(row) {
                self.on_outlier_pixels_loaded(row, &pixels);
            }
        }
    }

    pub(super) fn on_outlier_pixels_loaded(&mut self, row: usize, pixels: &Arc<Pixels>) {
        if let Some(outlier) = self.outliers.list.iter_mut().find(|outlier| outlier.row == row) {
            outlier.pixels = Some(pixels.clone());
            self.ask_reasons();
        }
    }

    /// Asks why spectra of the list are odd, each once its pixels are there.
    pub(super) fn ask_reasons(&mut self) {
        if !self.can_ask() {
            return;
        }
        let under_way =
            |row: usize| self.asked.values().any(|asked| matches!(asked, Asked::Why(other) if *other == row));
        let without = self.outliers.list.iter().filter(|outlier| outlier.reasons.is_none() && !under_way(outlier.row));
        let ready: Vec<(usize, Arc<Pixels>)> =
            without.filter_map(|outlier| Some((outlier.row, outlier.pixels.clone()?))).collect();
        for (row, pixels) in ready {
            let redshift = f64::from(self.value_of(row, "redshift").unwrap_or(0.0));
            let median_snr = f64::from(self.value_of(row, "median_snr").unwrap_or(f32::NAN));
            let (flux, ivar) = (pixels.flux.clone(), pixels.ivar.clone());
            self.ask_for(ExploreCommand::Explain { flux, ivar, redshift, median_snr }, Asked::Why(row));
        }
    }

    pub(super) fn on_reasons(&mut self, row: usize, reasons: Vec<String>) {
        if let Some(outlier) = self.outliers.list.iter_mut().find(|outlier| outlier.row == row) {
            outlier.reasons = Some(reasons);
        }
    }

    /// Factors that cannot be had are not shown: colours and axes fall back, so that the scatter is not waited for.
    pub(super) fn factors_failed(&mut self) {
        self.outliers.wanted = false;
        let usual = Permalink::default();
        if self.link.color == LOF {
            self.link.color = usual.color;
        }
        let is_factor = |axis: &AxisChoice| matches!(axis, AxisChoice::Column(name) if name == LOF);
        if is_factor(&self.link.axes.0) || is_factor(&self.link.axes.1) {
            self.link.axes = usual.axes;
        }
    }

    /// The engine is gone: what it has not said, it never will.
    pub(super) fn outliers_died(&mut self) {
        if self.outliers.factor.is_none() {
            self.factors_failed();
        }
        self.outliers.list.iter_mut().for_each(|outlier| {
            outlier.reasons.get_or_insert_default();
        });
    }
}
