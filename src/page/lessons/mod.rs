//! Six short guided lessons: plain data, and how it is known that a step was done.
//!
//! A step asks for one act on the page. What was on screen when the step began is kept in a [`Baseline`], so that "move a slider"
//! means moved since then; a [`Task`] compares it with what is on screen now. The words are in `plan`, a lesson a function.

mod baseline;
mod first_half;
mod place;
mod second_half;
mod task;

pub use baseline::Baseline;
pub use place::LessonStep;
pub use task::{Question, Task};

/// A lesson: four to six steps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lesson {
    /// What it is about, as the list shows it.
    pub title: &'static str,
    /// One line more.
    pub about: &'static str,
    /// Its steps, in order.
    pub steps: &'static [Step],
}

/// One thing to know and one thing to do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// A few words.
    pub title: &'static str,
    /// What to know, at most some sixty words.
    pub text: &'static str,
    /// What to do, one sentence.
    pub ask: &'static str,
    /// How it is known that it was done.
    pub task: Task,
    /// `data-testid` of the control that is meant; empty where the card itself holds it.
    pub points_at: &'static str,
    /// `data-testid` of what shows what came of it, where that may lie out of sight of the control; empty elsewhere.
    pub result_at: &'static str,
    /// The model that the step is about, where it matters.
    pub model: Option<&'static str>,
}

/// The lessons, in the order they build on each other.
pub const LESSONS: [Lesson; 6] = [
    first_half::SPECTRUM,
    first_half::PCA,
    first_half::AUTOENCODER,
    second_half::VARIATIONAL,
    second_half::AXES,
    second_half::ODDITIES,
];

impl Step {
    /// The step at a place.
    pub fn at(place: LessonStep) -> &'static Step {
        let lesson = &LESSONS[(place.lesson - 1).min(LESSONS.len() - 1)];
        &lesson.steps[(place.step - 1).min(lesson.steps.len() - 1)]
    }
}
