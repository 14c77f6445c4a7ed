//! The guided lessons: opening steps, and doing one for the user.

use super::AppState;
use super::slices::selection::Source;
use crate::latent::{empty_region, nearest_distance};
use crate::page::axis_choice::AxisChoice;
use crate::page::lessons::{LessonStep, Task};
use crate::page::permalink::Permalink;
use crate::simulator::GalaxyDials;
use crate::spectrum::lines::H_ALPHA;
use crate::spectrum::{Class, grid};

/// Equivalent width of H-alpha above which the line stands out at a glance, Angstrom: a third of the simulated emission-line
/// galaxies have more.
const STRONG_LINE: f32 = 20.0;

/// Latents further from every spectrum than this, in standard deviations of each, are in an empty region. Of the set's spectra under
/// vae6 and ae6, fewer than one in a hundred are as far from the next.
const EMPTY: f32 = 2.5;

/// Spectra that the page selects in one step at most, looking for one whose line is not masked.
const MOST_CHOSEN: usize = 20;

impl AppState {
    /// Opens the list of lessons, or closes lessons altogether.
    pub fn toggle_lessons(&mut self) {
        let open = self.lessons_are_open();
        self.leave_step();
        self.lessons.list(!open);
    }

    /// Opens the list of lessons.
    pub fn list_lessons(&mut self) {
        self.leave_step();
        self.lessons.list(true);
    }

    /// Opens a step.
    pub fn open_step(&mut self, step: LessonStep) {
        self.leave_step();
        self.link.lesson = Some(step);
        self.lessons.list(false);
        self.prepare_step(step);
        self.check_lesson();
    }

    /// Makes visible what a step speaks of: what earlier steps have left is put away.
    fn prepare_step(&mut self, step: LessonStep) {
        let needs_typical = matches!(step.content().task, Task::SliderMoved(_) | Task::NoiseBelow(_));
        if (step.step == 1 || needs_typical) && !self.has_typical_selection() {
            self.select_some(None);
        }
        if step.step == 1 {
            self.picks.unpin_all();
            if self.path.is_some() {
                self.close_path();
                self.return_to_selection();
            }
            if step.lesson > 1 {
                self.show_wavelengths(None);
            }
        }
        match step.content().task {
            // Fits are compared: the model's is that of the spectrum's own latents.
            Task::PcaOpen | Task::PcaComponents(_) | Task::Drawn if self.moved() => self.return_to_selection(),
            Task::Selected(Some(class)) => {
                self.set_color("class".to_owned());
                let code = class.code() as u8;
                if self.link.hidden.contains(&code) {
                    self.toggle_class(code);
                }
            }
            // A path of the step before would lie across what is to be read.
            Task::ColoredBy(_) | Task::AxesShown(..) if self.path.is_some() => {
                self.close_path();
                self.return_to_selection();
            }
            Task::PathFollowed(_) => {
                let (x, y) = Permalink::default().axes;
                self.set_axis(false, x);
                self.set_axis(true, y);
            }
            _ => {}
        }
    }

    /// Returns whether a comparison with PCA would answer what the lessons have yet to ask.
    pub fn hides_verdict(&self) -> bool {
        self.link.lesson.is_some_and(|at| at.lesson == 2 || (at.lesson == 3 && at.step < 5))
    }

    /// Returns whether a galaxy is selected as most are: neither odd by what the simulation knows, nor among the outliers, nor an AGN.
    fn has_typical_selection(&self) -> bool {
        let Some(row) = self.selecting.row() else { return false };
        let usual = matches!(self.class_of(row), Some(Class::Quiescent | Class::EmissionLine));
        usual && !self.set.is_odd(row) && !self.outliers.list().iter().any(|outlier| outlier.row == row)
    }

    /// Returns whether the pixels on both sides of H-alpha are unmasked in the selected spectrum; `None` until its pixels are there.
    pub(super) fn line_is_seen(&self) -> Option<bool> {
        let pixels = self.selecting.pixels()?;
        let first = grid::pixel(H_ALPHA).floor() as usize;
        Some(pixels.ivar.get(first..first + 2).is_some_and(|ivar| ivar.iter().all(|ivar| *ivar > 0.0)))
    }

    /// Returns what the open step has against the spectrum selected.
    pub fn lesson_hint(&self) -> Option<&'static str> {
        let asks = matches!(self.link.lesson?.content().task, Task::Selected(Some(_)));
        let hidden = asks && !self.step_done() && self.line_is_seen() == Some(false);
        hidden.then_some("In this spectrum Hα is masked, a gap in the curve: its pixels were bad. Choose another.")
    }

    /// Takes in that the pixels of the selected row are there: where the page has chosen it and its line is masked, it chooses another.
    pub(super) fn choose_seen_line(&mut self, row: usize) {
        let Some(step) = self.link.lesson else { return };
        let Task::Selected(class @ Some(_)) = step.content().task else { return };
        let chosen = self.lessons.chosen();
        if chosen.last() == Some(&row) && chosen.len() < MOST_CHOSEN && self.line_is_seen() == Some(false) {
            self.select_some(class);
        }
    }

    /// Answers the open step's question.
    pub fn answer_lesson(&mut self, answer: usize) {
        self.lessons.choose(answer);
        self.check_lesson();
    }

    /// Opens a lesson at its first step that is not done, or at its first.
    pub fn open_lesson(&mut self, lesson: usize) {
        if let Some(step) = self.lessons.next_of(lesson) {
            self.open_step(step);
        }
    }

    /// Marks the steps that were done on an earlier visit; the step that the link opens is to be done, also a second time.
    pub fn restore_lessons(&mut self, steps: Vec<LessonStep>) {
        self.lessons.restore(steps, self.link.lesson);
    }

    /// Forgets which steps are done, as for another student on the same machine.
    pub fn start_lessons_over(&mut self) {
        self.lessons.start_over();
    }

    /// Returns whether the list of lessons or a step is open.
    pub fn lessons_are_open(&self) -> bool {
        self.lessons.listed() || self.link.lesson.is_some()
    }

    /// Returns whether the open step was done.
    pub fn step_done(&self) -> bool {
        self.link.lesson.is_some_and(|step| self.lessons.done().contains(&step))
    }

    /// Marks the open step once it is done. Cheap: called after every change.
    pub fn check_lesson(&mut self) {
        let Some(step) = self.link.lesson else { return };
        if self.lessons.done().contains(&step) || !self.has_settled() {
            return;
        }
        let before = self.lessons.take_before().unwrap_or_else(|| self.lesson_baseline());
        let content = step.content();
        let right_model = content.model.is_none_or(|model| self.has_model(model));
        if right_model && self.task_done(&content.task, &before) {
            self.lessons.finish(step);
        }
        self.lessons.keep_before(before);
    }

    /// Moves the sliders into an empty region of the embedding; each time into another.
    pub fn go_to_empty_region(&mut self) {
        let Some(embedding) = self.set.embedding().cloned() else { return };
        if let Some(latent) = empty_region(&embedding.mean, embedding.dims, self.lessons.next_empty_region()) {
            self.pause_path();
            self.noise = None;
            self.move_to(latent);
        }
    }

    /// Returns whether no spectrum is near the latents of the sliders.
    pub fn is_in_empty_region(&self) -> bool {
        let distance = self
            .set
            .embedding()
            .and_then(|embedding| nearest_distance(&embedding.mean, embedding.dims, self.decoder.latent()));
        distance.is_some_and(|distance| distance > EMPTY)
    }

    /// Does what the open step asks for, where the user is stuck.
    pub fn show_step(&mut self) {
        let Some(step) = self.link.lesson else { return };
        let content = step.content();
        if let Some(model) = content.model.filter(|model| !self.has_model(model)) {
            self.choose_model(model);
            return;
        }
        match content.task {
            Task::RegionShown(key) => self.show_region(key),
            Task::Selected(class) => self.select_some(class),
            Task::Pinned => self.pin(),
            Task::SliderMoved(number) => {
                let index = number - 1;
                let embedding = self.set.embedding().filter(|embedding| index < embedding.dims);
                let range = embedding.map(|embedding| embedding.slider_range(index));
                if let (Some((low, high)), Some(&value)) = (range, self.decoder.latent().get(index)) {
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
            Task::Drawn => self.draw_latents(),
            Task::PathFollowed(key) => self.open_and_play(key),
            Task::OutliersListed => self.list_outliers(),
            Task::OutlierSelected => {
                let now = self.selecting.row();
                self.list_outliers();
                let row = self.outliers.list().iter().map(|outlier| outlier.row).find(|row| now != Some(*row));
                row.into_iter().for_each(|row| self.select_row(row));
            }
            Task::NoiseBelow(level) => self.add_noise(level),
            Task::GalaxySimulated => self.make_galaxy(GalaxyDials::presets()[0].1),
            Task::Answered(question) => self.lessons.choose(question.right),
        }
        self.check_lesson();
    }

    /// Selects a typical spectrum of a class, or any, that is not selected now.
    fn select_some(&mut self, class: Option<Class>) {
        let Some(cloud) = self.set.embedding().cloned() else { return };
        let now = self.selecting.source();
        let odd = |row: usize| {
            now == Some(Source::Row(row))
                || self.lessons.chosen().contains(&row)
                || class.is_some_and(|class| self.class_of(row) != Some(class))
                || self.set.is_odd(row)
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
        let Some(row) = row else { return };
        self.lessons.on_chosen(row);
        self.select_row(row);
        self.choose_seen_line(row);
    }

    /// Returns whether nothing on screen is about to change by itself: then a step may begin.
    fn has_settled(&self) -> bool {
        self.set.embedding().is_some() && (!self.selecting.is_open() || !self.errors().is_empty())
    }

    fn leave_step(&mut self) {
        self.link.lesson = None;
        self.lessons.leave_step();
    }
}
