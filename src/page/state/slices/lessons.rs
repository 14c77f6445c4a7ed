//! The guided lessons: what is done, and what was on screen when the open step began. Which step is open is in the link.

use std::collections::BTreeSet;

use super::selection::Source;
use crate::page::lessons::LessonStep;

/// The guided lessons.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lessons {
    listed: bool,
    done: BTreeSet<LessonStep>,
    answer: Option<usize>,
    /// What was on screen when the open step began; none until the page has settled.
    before: Option<Baseline>,
    /// Rows that the page has selected in the open step for the user.
    chosen: Vec<usize>,
    /// Empty regions visited so far.
    empty_regions: u64,
}

/// What was on screen when a step began.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Baseline {
    /// The selected spectrum.
    pub source: Option<Source>,
    /// `[d]` the values of the sliders.
    pub latent: Vec<f32>,
    /// Number of pinned spectra.
    pub pins: usize,
    /// Number of draws from the prior decoded.
    pub draws: u64,
    /// Number of galaxies simulated.
    pub simulated: u64,
    /// Serial of the open path and the position on it.
    pub path: Option<(u32, f32)>,
}

impl Lessons {
    /// Returns whether the list of lessons is open.
    pub fn listed(&self) -> bool {
        self.listed
    }

    /// Returns the steps done.
    pub fn done(&self) -> &BTreeSet<LessonStep> {
        &self.done
    }

    /// Returns the answer chosen to the open step's question.
    pub fn answer(&self) -> Option<usize> {
        self.answer
    }

    /// Returns how many steps of a lesson, from 1, were done.
    pub fn done_of(&self, lesson: usize) -> usize {
        self.done.iter().filter(|step| step.lesson == lesson).count()
    }

    /// Returns the first step of a lesson that is not done, or its first step.
    pub fn next_of(&self, lesson: usize) -> Option<LessonStep> {
        let first = LessonStep::new(lesson, 1)?;
        let mut steps = (1..=first.lesson().steps.len()).filter_map(|step| LessonStep::new(lesson, step));
        steps.find(|step| !self.done.contains(step)).or(Some(first))
    }

    /// Opens or closes the list.
    pub fn list(&mut self, listed: bool) {
        self.listed = listed;
    }

    /// Leaves the open step.
    pub fn leave_step(&mut self) {
        self.answer = None;
        self.before = None;
        self.chosen.clear();
    }

    /// Notes that the page has selected a row for the user.
    pub fn on_chosen(&mut self, row: usize) {
        self.chosen.push(row);
    }

    /// Returns the rows that the page has selected in the open step for the user.
    pub fn chosen(&self) -> &[usize] {
        &self.chosen
    }

    /// Chooses an answer to the open step's question.
    pub fn choose(&mut self, answer: usize) {
        self.answer = Some(answer);
    }

    /// Takes what was on screen when the open step began.
    pub fn take_before(&mut self) -> Option<Baseline> {
        self.before.take()
    }

    /// Keeps what was on screen when the open step began.
    pub fn keep_before(&mut self, before: Baseline) {
        self.before = Some(before);
    }

    /// Marks a step as done.
    pub fn finish(&mut self, step: LessonStep) {
        self.done.insert(step);
    }

    /// Marks the steps that were done on an earlier visit, but for the open one.
    pub fn restore(&mut self, steps: impl IntoIterator<Item = LessonStep>, open: Option<LessonStep>) {
        self.done.extend(steps.into_iter().filter(|step| Some(*step) != open));
    }

    /// Forgets which steps are done.
    pub fn start_over(&mut self) {
        self.done.clear();
    }

    /// Returns a seed for the next empty region to visit.
    pub fn next_empty_region(&mut self) -> u64 {
        self.empty_regions += 1;
        self.empty_regions
    }
}
