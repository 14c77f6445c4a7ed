//! The list of outliers, and the local outlier factor as a colour or an axis.

use super::AppState;
use super::slices::outliers::OutlierRank;
use crate::page::axis_choice::{AxisChoice, LOF, RARITY};
use crate::page::permalink::Permalink;

impl AppState {
    /// Asks for the list of outliers.
    pub fn list_outliers(&mut self) {
        self.outliers.want();
        let listed: Vec<usize> = self.outliers.list().iter().map(|outlier| outlier.row).collect();
        self.set.retry(|row| listed.contains(&row));
        self.ask_factors_if_shown();
        self.outliers.fill(&self.set, &mut self.explorer);
    }

    /// Ranks the list of outliers by another measure.
    pub fn rank_outliers(&mut self, by: OutlierRank) {
        self.outliers.rank_by(by);
        self.list_outliers();
    }

    /// Lists more outliers.
    pub fn list_more_outliers(&mut self) {
        self.outliers.want_more();
        self.list_outliers();
    }

    /// Asks for the factors where they are shown: along an axis, as a colour, or in the list.
    pub(super) fn ask_factors_if_shown(&mut self) {
        let (x, y) = &self.link.axes;
        if self.outliers.wanted() || is_score(&self.link.color) || is_factor(x) || is_factor(y) {
            self.outliers.ask_factors(&self.set, &mut self.explorer);
        }
    }

    /// Takes in that the factors cannot be had: colours and axes fall back, so that the scatter does not wait for them.
    pub(super) fn on_factors_failed(&mut self) {
        self.outliers.on_factors_failed();
        let usual = Permalink::default();
        if is_score(&self.link.color) {
            self.link.color = usual.color;
        }
        if is_factor(&self.link.axes.0) || is_factor(&self.link.axes.1) {
            self.link.axes = usual.axes;
        }
    }
}

fn is_factor(axis: &AxisChoice) -> bool {
    matches!(axis, AxisChoice::Column(name) if is_score(name))
}

/// Returns whether a column comes with the outlier factors.
fn is_score(column: &str) -> bool {
    [LOF, RARITY].contains(&column)
}
