//! The content of a lesson: plain data, without the page's state.

use crate::spectrum::Class;

/// A lesson: four to six steps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lesson {
    /// The title in the list of lessons.
    pub title: &'static str,
    /// Subject, in one line.
    pub about: &'static str,
    /// The steps, in order.
    pub steps: &'static [Step],
}

/// A step: a short text and one task.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// Heading.
    pub title: &'static str,
    /// Text, of about sixty words at most.
    pub text: &'static str,
    /// Task, in one sentence.
    pub ask: &'static str,
    /// Action that completes the step.
    pub task: Task,
    /// `data-testid` of the control to use; empty where the lesson's card holds it.
    pub points_at: &'static str,
    /// `data-testid` of the element that shows the result, where that may be off screen; empty elsewhere.
    pub result_at: &'static str,
    /// Shipped model that the step needs, if any.
    pub model: Option<&'static str>,
}

/// The action that a step asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Task {
    /// Show a line region, given by its key.
    RegionShown(&'static str),
    /// Select another spectrum than the one selected when the step began, of a class or of any.
    Selected(Option<Class>),
    /// Pin one spectrum more.
    Pinned,
    /// Move a slider, counted from 1.
    SliderMoved(usize),
    /// Colour the points by a column.
    ColoredBy(&'static str),
    /// Choose the axes x and y, spelled as in links.
    AxesShown(&'static str, &'static str),
    /// Open the PCA tab; done once its components are computed.
    PcaOpen,
    /// Reconstruct with a number of principal components.
    PcaComponents(usize),
    /// Open a shipped model, by its name.
    ModelOpened(&'static str),
    /// Move the sliders into an empty region of latent space.
    InEmptyRegion,
    /// Decode latents drawn from the prior with the model on screen.
    Drawn,
    /// Play a path past its middle, or step past it; given by its key in links.
    PathFollowed(&'static str),
    /// List the outliers.
    OutliersListed,
    /// Select one of the outliers listed.
    OutlierSelected,
    /// Add noise to the selected spectrum, down to this median signal-to-noise or less.
    NoiseBelow(f32),
    /// Simulate a galaxy.
    GalaxySimulated,
    /// Answer a question correctly.
    Answered(Question),
}

/// A multiple-choice question.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Question {
    /// Answers to choose from.
    pub answers: &'static [&'static str],
    /// Index of the correct answer.
    pub right: usize,
    /// Reply to the correct answer.
    pub because: &'static str,
    /// Reply to any other answer.
    pub hint: &'static str,
}

impl Task {
    /// Returns the question, for a task that is one.
    pub fn question(&self) -> Option<&Question> {
        match self {
            Task::Answered(question) => Some(question),
            _ => None,
        }
    }
}
