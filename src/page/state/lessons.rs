//! The guided lessons: which step is open, and whether it was done.

use std::collections::BTreeSet;

use super::AppState;
use super::lesson_tasks::Baseline;
use crate::latent::{empty_region, nearest_distance};
use crate::page::axis_choice::AxisChoice;
use crate::page::lessons::{LessonStep, Task};
use crate::page::permalink::Permalink;
use crate::spectrum::Class;

/// The guided lessons. Which step is open is in the link.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lessons {
    /// Whether the list of lessons is open.
    pub listed: bool,
    /// Steps done.
    pub done: BTreeSet<LessonStep>,
    /// Which answer of the open step's question was chosen.
    pub answer: Option<usize>,
    /// What was on screen when the open step began; none until the page has settled.
    before: Option<Baseline>,
    /// Holes visited so far.
    empty_regions: u64,
}

/// Equivalent width of H-alpha above which the line stands out at a glance, Angstrom: a third of the simulated emission-line
/// galaxies have more.
const STRONG_LINE: f32 = 20.0;

/// A place further from every spectrum than this, in standard deviations of each latent, is a hole. Of the set's spectra under
/// vae6 and ae6, fewer than one in a hundred are as far from the next.
const EMPTY: f32 = 2.5;

impl Lessons {
    /// Steps of a lesson, from 1, that were done.
    pub fn done_of(&self, lesson: usize) -> usize {
        self.done.iter().filter(|place| place.lesson == lesson).count()
    }
}

impl AppState {
    /// Opens the list of lessons, or closes lessons altogether.
    pub fn toggle_lessons(&mut self) {
        let open = self.lessons.listed || self.link.lesson.is_some();
        self.leave_step();
        self.lessons.listed = !open;
    }

    /// Opens the list of lessons.
    pub fn list_lessons(&mut self) {
        self.leave_step();
        self.lessons.listed = true;
    }

    /// Opens a step.
    pub fn open_step(&mut self, place: LessonStep) {
        self.leave_step();
        self.link.lesson = Some(place);
        self.lessons.listed = false;
        self.prepare_step(place);
        self.check_lesson();
    }

    /// What a step speaks of is to be seen: what steps before have left is put away.
    fn prepare_step(&mut self, place: LessonStep) {
        if place.step == 1 {
            self.pins.clear();
            if self.path.is_some() {
                self.close_path();
                self.return_to_selection();
            }
            if place.lesson > 1 {
                self.show_wavelengths(None);
            }
        }
        match place.content().task {
            // Fits are compared: the model's is that of the spectrum's own latents.
            Task::PcaOpen | Task::PcaComponents(_) | Task::Drawn if self.moved() => self.return_to_selection(),
            Task::Selected(Some(class)) => {
                self.set_color("class".to_owned());
                let code = class.code() as u8;
                if self.link.hidden.contains(&code) {
                    self.toggle_class(code);
                }
            }
            Task::PathFollowed(_) => {
                let (x, y) = Permalink::default().axes;
                self.set_axis(false, x);
                self.set_axis(true, y);
            }
            _ => {}
        }
    }

    /// Answers the open step's question.
    pub fn answer_lesson(&mut self, answer: usize) {
        self.lessons.answer = Some(answer);
        self.check_lesson();
    }

    /// Whether the open step was done.
    pub fn step_done(&self) -> bool {
        self.link.lesson.is_some_and(|place| self.lessons.done.contains(&place))
    }

    /// Looks whether the open step has been done by now. Cheap: called after every change.
    pub fn check_lesson(&mut self) {
        let Some(place) = self.link.lesson else { return };
        if self.lessons.done.contains(&place) || !self.has_settled() {
            return;
        }
        let before = self.lessons.before.take().unwrap_or_else(|| Baseline::of(self));
        let step = place.content();
        let right_model = step.model.is_none_or(|model| self.has_model(model));
        if right_model && self.task_done(&step.task, &before) {
            self.lessons.done.insert(place);
        }
        self.lessons.before = Some(before);
    }

    /// Moves the sliders into a hole of the cloud; each time into another.
    pub fn go_to_empty_region(&mut self) {
        let Some(cloud) = self.cloud.clone() else { return };
        self.lessons.empty_regions += 1;
        if let Some(place) = empty_region(&cloud.mean, cloud.dims, self.lessons.empty_regions) {
            self.pause_path();
            self.noise = None;
            self.move_to(place);
        }
    }

    /// Whether no spectrum is near the place of the sliders.
    pub fn is_in_empty_region(&self) -> bool {
        let distance = self.cloud.as_ref().and_then(|cloud| nearest_distance(&cloud.mean, cloud.dims, &self.latent));
        distance.is_some_and(|distance| distance > EMPTY)
    }

    /// Does what the open step asks for, for who is stuck; what a click on a control does is the page's to do.
    pub fn show_step(&mut self) {
        let Some(place) = self.link.lesson else { return };
        let step = place.content();
        if let Some(model) = step.model.filter(|model| !self.has_model(model)) {
            self.choose_model(model);
            return;
        }
        match step.task {
            Task::RegionShown(key) => self.show_region(key),
            Task::Selected(class) => self.select_some(class),
            Task::Pinned => self.pin(),
            Task::SliderMoved(number) => {
                let index = number - 1;
                let range =
                    self.cloud.as_ref().filter(|cloud| index < cloud.dims).map(|cloud| cloud.slider_range(index));
                if let (Some((low, high)), Some(&value)) = (range, self.latent.get(index)) {
                    // To the end that is further away.
                    let end = if value - low > high - value { low } else { high };
                    self.set_latent(index, value + (end - value) * 0.8);
                }
            }
            Task::ColoredBy(column) => self.set_color(column.to_owned()),
            Task::AxesShown(x, y) => {
                for (vertical, axis) in [(false, x), (true, y)] {
                    if let Ok(axis) = axis.parse::<AxisChoice>() {
                        self.set_axis(vertical, axis);
                    }
                }
            }
            Task::PcaOpen => self.open_pca(),
            Task::PcaComponents(count) => {
                self.open_pca();
                self.set_components(count);
            }
            Task::ModelOpened(name) => self.choose_model(name),
            Task::InEmptyRegion => self.go_to_empty_region(),
            Task::Drawn => self.draw_places(),
            Task::PathFollowed(key) => self.open_and_play(key),
            Task::OutliersListed => self.list_outliers(),
            Task::OutlierSelected => {
                let now = self.selection.as_ref().map(|selection| selection.source);
                let other = |row: &usize| now != Some(super::Source::Row(*row));
                self.list_outliers();
                let row = self.outliers.list.iter().map(|outlier| outlier.row).find(other);
                row.into_iter().for_each(|row| self.select_row(row));
            }
            Task::NoiseBelow(level) => self.add_noise(level),
            Task::GalaxySimulated => self.make_galaxy(crate::simulator::GalaxyDials::presets()[0].1),
            Task::Answered(question) => self.lessons.answer = Some(question.right),
        }
        self.check_lesson();
    }

    /// Selects a typical spectrum of a class, or any, that is not selected now.
    fn select_some(&mut self, class: Option<Class>) {
        let Some(cloud) = self.cloud.clone() else { return };
        let now = self.selection.as_ref().map(|selection| selection.source);
        let odd = |row: usize| {
            now == Some(super::Source::Row(row))
                || class.is_some_and(|class| self.class_of(row) != Some(class))
                || self.value_of(row, "truth_oddity").is_some_and(|code| code > 0.0)
        };
        let faint = |row: usize| self.value_of(row, "truth_halpha_ew").is_some_and(|width| width < STRONG_LINE);
        let row = match class {
            // Its line is to be seen, and its point where most of its class are. Measured galaxies have no such column.
            Some(Class::EmissionLine) => {
                let code = Class::EmissionLine.code() as u8;
                cloud.typical_of(code, |row| odd(row) || faint(row)).or_else(|| cloud.typical_of(code, odd))
            }
            // Any other class has no middle that a galaxy must be near: its best measured one shows most.
            Some(_) => {
                let quality =
                    |row: usize| self.value_of(row, "median_snr").filter(|snr| snr.is_finite()).unwrap_or(0.0);
                (0..cloud.len()).filter(|&row| !odd(row)).max_by(|&a, &b| quality(a).total_cmp(&quality(b)))
            }
            None => cloud.typical(odd),
        };
        row.into_iter().for_each(|row| self.select_row(row));
    }

    /// Nothing on screen is about to change by itself: then a step may begin.
    fn has_settled(&self) -> bool {
        let chosen = self.wanted_id.is_none() && self.chosen_to_open.is_none();
        self.cloud.is_some() && (chosen || !self.errors.is_empty())
    }

    fn leave_step(&mut self) {
        self.link.lesson = None;
        self.lessons.answer = None;
        self.lessons.before = None;
    }
}
