//! What a step asks for, and whether it was done.

use super::Baseline;
use crate::page::permalink::LOF;
use crate::page::state::{AppState, PathKind, Source};
use crate::spectrum::Class;

/// What a step asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Task {
    /// A line region is shown, by its key.
    RegionShown(&'static str),
    /// Another spectrum than before is selected: of a class, or any.
    Selected(Option<Class>),
    /// One spectrum more is pinned.
    Pinned,
    /// A slider, from 1, was moved away from where it was.
    SliderMoved(usize),
    /// The points are coloured by a column.
    ColoredBy(&'static str),
    /// What lies along x and y, each as links spell it.
    AxesShown(&'static str, &'static str),
    /// The PCA tab is open, and its components are there.
    PcaOpen,
    /// PCA reconstructs with so many components.
    PcaComponents(usize),
    /// A model decodes, by its name.
    ModelOpened(&'static str),
    /// The sliders are where no spectrum is near.
    InHole,
    /// Random places were drawn and decoded by the model on screen.
    Drawn,
    /// A path was played, or walked, past its middle; by its key in links.
    PathFollowed(&'static str),
    /// The list of the oddest spectra is there.
    OutliersListed,
    /// One of them is selected.
    OutlierSelected,
    /// The selected spectrum has noise added, down to this median signal-to-noise or less.
    NoiseBelow(f32),
    /// A galaxy was made.
    GalaxySimulated,
    /// A question was answered rightly.
    Answered(Question),
}

/// A question with a few answers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Question {
    /// The answers to choose from.
    pub answers: &'static [&'static str],
    /// Which is right.
    pub right: usize,
    /// What is said then.
    pub because: &'static str,
    /// What is said to the others.
    pub hint: &'static str,
}

impl Task {
    /// Whether it was done since the step began.
    pub fn is_done(&self, before: &Baseline, state: &AppState) -> bool {
        let source = state.selection.as_ref().map(|selection| selection.source);
        match *self {
            Task::RegionShown(key) => state.link.region.as_deref() == Some(key),
            Task::Selected(class) => {
                source.is_some()
                    && source != before.source
                    && class.is_none_or(|class| state.selected_class() == Some(class))
            }
            Task::Pinned => state.pins.len() > before.pins,
            Task::SliderMoved(number) => {
                let (now, then) = (state.latent.get(number - 1), before.latent.get(number - 1));
                // A spectrum selected meanwhile moves all sliders, and is not what was asked for.
                now.is_some() && now != then && source == before.source && state.moved()
            }
            Task::ColoredBy(column) => state.link.color == column && (column != LOF || state.outliers.factor.is_some()),
            Task::AxesShown(x, y) => {
                (state.link.axes.0.to_string(), state.link.axes.1.to_string()) == (x.into(), y.into())
            }
            Task::PcaOpen => state.pca.wanted && state.pca.sample.is_some(),
            Task::PcaComponents(count) => {
                state.pca.wanted && state.pca.sample.is_some() && state.pca.components == count
            }
            Task::ModelOpened(name) => state.has_model(name),
            Task::InHole => state.is_in_hole() && state.latent != before.latent,
            Task::Drawn => state.draws.rounds > before.draws && state.draws.shown == state.model_name(),
            Task::PathFollowed(key) => state.path.as_ref().is_some_and(|path| {
                let moved = before.path != Some((path.serial, path.at));
                let half = (path.nodes.len() - 1) as f32 / 2.0;
                moved && path.at >= half && is_path(&path.kind, key)
            }),
            Task::OutliersListed => state.outliers.wanted && !state.outliers.list.is_empty(),
            Task::OutlierSelected => {
                let listed = |row: usize| state.outliers.list.iter().any(|outlier| outlier.row == row);
                source != before.source && matches!(source, Some(Source::Row(row)) if listed(row))
            }
            Task::NoiseBelow(level) => {
                let newest = state.noise.as_ref().and_then(|noise| noise.trail.last());
                newest.is_some_and(|point| point.level <= level)
            }
            Task::GalaxySimulated => state.galaxies_simulated() > before.made,
            Task::Answered(question) => state.lessons.answer == Some(question.right),
        }
    }

    /// The question, where it is one.
    pub fn question(&self) -> Option<&Question> {
        match self {
            Task::Answered(question) => Some(question),
            _ => None,
        }
    }
}

fn is_path(kind: &PathKind, key: &str) -> bool {
    kind.key().as_deref() == Some(key)
}
