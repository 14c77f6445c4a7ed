//! The identifier of a lesson's step: `3.2` in a link.

use std::fmt;
use std::str::FromStr;

use super::{LESSONS, Lesson, Step};

/// The numbers of a lesson and of one of its steps, both counted from 1. Only steps that exist can be constructed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LessonStep {
    /// Number of the lesson, from 1.
    pub lesson: usize,
    /// Number of the step in the lesson, from 1.
    pub step: usize,
}

impl LessonStep {
    /// Returns a step by its numbers; `None` where it does not exist.
    pub fn new(lesson: usize, step: usize) -> Option<Self> {
        let steps = LESSONS.get(lesson.checked_sub(1)?)?.steps.len();
        (1..=steps).contains(&step).then_some(Self { lesson, step })
    }

    /// Returns the lesson.
    pub fn lesson(self) -> &'static Lesson {
        &LESSONS[self.lesson - 1]
    }

    /// Returns the content of the step.
    pub fn content(self) -> &'static Step {
        &self.lesson().steps[self.step - 1]
    }

    /// Returns the step after this one, across lessons; `None` after the very last.
    pub fn next(self) -> Option<Self> {
        Self::new(self.lesson, self.step + 1).or_else(|| Self::new(self.lesson + 1, 1))
    }

    /// Returns the step before this one, across lessons; `None` before the very first.
    pub fn back(self) -> Option<Self> {
        Self::new(self.lesson, self.step - 1).or_else(|| {
            let before = self.lesson - 1;
            Self::new(before, LESSONS.get(before.checked_sub(1)?)?.steps.len())
        })
    }

    /// Iterates over the steps of all lessons, in order.
    pub fn all() -> impl Iterator<Item = Self> {
        std::iter::successors(Self::new(1, 1), |step| step.next())
    }
}

impl fmt::Display for LessonStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.lesson, self.step)
    }
}

impl FromStr for LessonStep {
    type Err = String;

    /// Parses `3.2`; a lesson alone, as in `3`, means its first step.
    fn from_str(text: &str) -> Result<Self, String> {
        let (lesson, step) = text.split_once('.').unwrap_or((text, "1"));
        let named = lesson.parse().ok().zip(step.parse().ok()).and_then(|(lesson, step)| Self::new(lesson, step));
        named.ok_or_else(|| {
            let steps: Vec<String> = LESSONS.iter().map(|lesson| lesson.steps.len().to_string()).collect();
            format!(
                "a step is named lesson.step, as in lesson=3.2; the {} lessons have {} steps",
                LESSONS.len(),
                steps.join(", ")
            )
        })
    }
}
