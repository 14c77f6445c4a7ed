//! The page's status, its address and its titles.

use super::slices::selection::Source;
use super::{AppState, Engine};
use crate::page::axis_choice::AxisChoice;
use crate::page::permalink::{Permalink, View};
use crate::page::view::measures::measure_label;
use crate::spectrum::Class;

impl AppState {
    /// Returns the link to what is on screen.
    pub fn permalink(&self) -> Permalink {
        let settled = self.set.embedding().is_some();
        // A model trained here dies with the page: its latents mean nothing elsewhere.
        let own = self.training.explores_own();
        let latent =
            if settled { Some(self.decoder.latent().to_vec()).filter(|_| !own) } else { self.link.latent.clone() };
        let training = self.link.view == View::Train;
        let plan = training.then(|| self.training.plan().clone());
        let tenths = |wavelength: f64| (10.0 * wavelength).round() / 10.0;
        let range = self.spectrum_range.filter(|_| self.link.region.is_none());
        let range = range.map(|(from, to)| (tenths(from), tenths(to)));
        let shown = self.shareable(self.link.clone());
        // Until they are found in the set, those that the link named.
        let (mut pins, mut picked) = (shown.pins, shown.picked);
        pins.extend(self.linked_pins());
        picked.extend(self.linked_picks());
        Permalink {
            latent,
            selected: self.linked_selection(),
            plan,
            encoding: self.explorer.method(),
            run: false,
            ends: None,
            range,
            smoothing: self.smoothing(),
            pins,
            picked,
            ..shown
        }
    }

    /// Returns the address that holds the plan and starts it.
    pub fn run_permalink(&self) -> Permalink {
        // Of the training on screen, whatever the form has become since.
        let training = self.training.training();
        let trained = training.config.as_ref().filter(|_| training.is_on());
        let (plan, view) = (Some(trained.unwrap_or(self.training.plan()).clone()), View::Train);
        let ends = trained.and(training.reproducible);
        Permalink { plan, run: true, ends, view, latent: None, selected: None, track: None, ..self.permalink() }
    }

    /// Returns the text of the status line.
    pub fn status(&self) -> &'static str {
        match self {
            state if state.set.is_unavailable() => "not loaded",
            state if state.scatter_is_shown() && state.decoded_is_shown() => "ready",
            state if state.scatter_is_shown() && matches!(state.engine(), Engine::Dead(_)) => "no engine",
            _ => "loading…",
        }
    }

    /// Returns whose latents the scatter shows, in words.
    pub fn whose_latents(&self) -> String {
        match (self.card(), &self.training.training().seen) {
            (_, Some(seen)) if self.training.explores_own() => format!("of your model, epoch {}", seen.epoch),
            (Some(card), _) => format!("of {}", card.name),
            (None, _) => format!("of {}", self.link.model),
        }
    }

    /// Returns whether the spectrum on screen is simulated: of a simulated set, made with the dials, or only decoded by a model that
    /// knows no other.
    pub fn shows_simulated(&self) -> bool {
        match self.selecting.source() {
            Some(Source::File(index)) => self.own.files().get(index).is_some_and(|file| file.is_simulated()),
            _ => self.set.manifest().is_some_and(|manifest| manifest.simulated),
        }
    }

    /// Returns the selected spectrum's name as titles show it.
    pub fn title(&self) -> String {
        match self.selecting.source() {
            Some(Source::Row(_)) => self.selected_id().map_or("…".to_owned(), |id| id.to_string()),
            Some(Source::File(index)) => self.own.files().get(index).map(|file| file.title()).unwrap_or_default(),
            None => "none selected".to_owned(),
        }
    }

    /// Returns name and class of a row, as a list shows them.
    pub fn name_of_row(&self, row: usize) -> String {
        let class = self.class_of(row).map_or("", Class::name);
        self.id_of(row).map_or(class.to_owned(), |id| format!("{id} · {class}"))
    }

    /// Returns label and unit of a column; its name where the manifest does not know it.
    pub fn column_label(&self, column: &str) -> (String, String) {
        if let Some(label) = measure_label(column) {
            return (label.to_owned(), String::new());
        }
        let info = self.set.manifest().and_then(|m| m.columns.iter().find(|info| info.name == column));
        info.map_or((column.to_owned(), String::new()), |info| (info.label.clone(), info.unit.clone()))
    }

    /// Returns the titles of both axes, with their units.
    pub fn axis_titles(&self) -> (String, String) {
        match &self.link.axes {
            (AxisChoice::Sky, _) => ("right ascension".to_owned(), "declination".to_owned()),
            (x, y) => (self.axis_title(x), self.axis_title(y)),
        }
    }

    /// Returns the title of an axis, with its unit.
    pub fn axis_title(&self, axis: &AxisChoice) -> String {
        let AxisChoice::Column(name) = axis else { return axis.label() };
        let (label, unit) = self.column_label(name);
        if unit.is_empty() { label } else { format!("{label} / {unit}") }
    }
}
