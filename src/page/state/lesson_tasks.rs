//! Whether the act that a lesson's step asks for was done since the step began.

use super::AppState;
use super::slices::lessons::Baseline;
use super::slices::path::PathKind;
use super::slices::selection::Source;
use crate::page::axis_choice::LOF;
use crate::page::lessons::Task;

impl AppState {
    /// Records what is on screen now.
    pub(super) fn lesson_baseline(&self) -> Baseline {
        Baseline {
            source: self.selecting.source(),
            latent: self.decoder.latent().to_vec(),
            pins: self.picks.pins().len(),
            draws: self.draws.rounds(),
            simulated: self.own.simulated(),
            path: self.path.as_ref().map(|path| (path.serial, path.at)),
        }
    }

    /// Returns whether a task was done since the step began.
    pub(super) fn task_done(&self, task: &Task, before: &Baseline) -> bool {
        let source = self.selecting.source();
        match *task {
            Task::RegionShown(key) => self.link.region.as_deref() == Some(key),
            Task::Selected(class) => {
                source.is_some()
                    && source != before.source
                    && class.is_none_or(|class| {
                        // The step is about a line, which must be there to be seen.
                        self.selected_class() == Some(class) && self.line_is_seen() == Some(true)
                    })
            }
            Task::Pinned => self.picks.pins().len() > before.pins,
            Task::SliderMoved(number) => {
                let (now, then) = (self.decoder.latent().get(number - 1), before.latent.get(number - 1));
                // A spectrum selected meanwhile moves all sliders, and is not what was asked for.
                now.is_some() && now != then && source == before.source && self.moved()
            }
            Task::ColoredBy(column) => self.link.color == column && (column != LOF || self.outliers.factor().is_some()),
            Task::AxesShown(x, y) => {
                (self.link.axes.0.to_string(), self.link.axes.1.to_string()) == (x.into(), y.into())
            }
            Task::PcaOpen => self.pca.wanted() && self.pca.sample().is_some(),
            Task::PcaComponents(count) => {
                self.pca.wanted() && self.pca.sample().is_some() && self.pca.components() == count
            }
            Task::ModelOpened(name) => self.has_model(name),
            Task::InEmptyRegion => self.is_in_empty_region() && self.decoder.latent() != before.latent,
            Task::Drawn => self.draws.rounds() > before.draws && self.draws.shown() == self.model_name(),
            Task::PathFollowed(key) => self.path.as_ref().is_some_and(|path| {
                let moved = before.path != Some((path.serial, path.at));
                let half = (path.nodes.len() - 1) as f32 / 2.0;
                moved && path.at >= half && is_path(&path.kind, key)
            }),
            Task::OutliersListed => self.outliers.wanted() && !self.outliers.list().is_empty(),
            Task::OutlierSelected => {
                let listed = |row: usize| self.outliers.list().iter().any(|outlier| outlier.row == row);
                source != before.source && matches!(source, Some(Source::Row(row)) if listed(row))
            }
            Task::NoiseBelow(level) => {
                let newest = self.noise.as_ref().and_then(|noise| noise.trail.last());
                newest.is_some_and(|point| point.level <= level)
            }
            Task::GalaxySimulated => self.galaxies_simulated() > before.simulated,
            Task::Answered(question) => self.lessons.answer() == Some(question.right),
        }
    }
}

fn is_path(kind: &PathKind, key: &str) -> bool {
    kind.key().as_deref() == Some(key)
}
