//! Which step of which lesson: `3.2` in a link.

use std::fmt;
use std::str::FromStr;

use super::LESSONS;

/// A step of a lesson, both counted from 1. There is none that does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LessonStep {
    /// Which lesson, from 1.
    pub lesson: usize,
    /// Which step of it, from 1.
    pub step: usize,
}

impl LessonStep {
    /// The step of two numbers from 1; none where there is no such step.
    pub fn new(lesson: usize, step: usize) -> Option<Self> {
        let steps = LESSONS.get(lesson.checked_sub(1)?)?.steps.len();
        (1..=steps).contains(&step).then_some(Self { lesson, step })
    }

    /// The step after it, the next lesson's first after the last; none at the very end.
    pub fn next(self) -> Option<Self> {
        Self::new(self.lesson, self.step + 1).or_else(|| Self::new(self.lesson + 1, 1))
    }

    /// The step before it, the lesson before's last before the first; none at the very beginning.
    pub fn back(self) -> Option<Self> {
        Self::new(self.lesson, self.step - 1).or_else(|| {
            let before = self.lesson - 1;
            Self::new(before, LESSONS.get(before.checked_sub(1)?)?.steps.len())
        })
    }

    /// All steps, in order.
    pub fn all() -> impl Iterator<Item = Self> {
        std::iter::successors(Self::new(1, 1), |place| place.next())
    }
}

impl fmt::Display for LessonStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.lesson, self.step)
    }
}

impl FromStr for LessonStep {
    type Err = String;

    /// A lesson alone, as in `3`, is its first step.
    fn from_str(text: &str) -> Result<Self, String> {
        let (lesson, step) = text.split_once('.').unwrap_or((text, "1"));
        let place = lesson.parse().ok().zip(step.parse().ok()).and_then(|(lesson, step)| Self::new(lesson, step));
        place.ok_or_else(|| {
            let steps: Vec<String> = LESSONS.iter().map(|lesson| lesson.steps.len().to_string()).collect();
            format!(
                "a step is named lesson.step, as in lesson=3.2; the {} lessons have {} steps",
                LESSONS.len(),
                steps.join(", ")
            )
        })
    }
}
