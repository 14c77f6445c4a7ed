//! Files that the reader opens: spectra go to the explorer, catalogues are joined to the set here.

use super::AppState;
use super::slices::own_catalogues::OwnCatalogues;
use crate::formats::own_catalogue::OwnCatalogue;
use crate::page::axis_choice::{AxisChoice, is_measure};
use crate::page::permalink::Permalink;

impl AppState {
    /// Opens a file of the reader's: a catalogue of objects is joined to the set, and anything else is read as spectra.
    pub fn open_file(&mut self, name: String, bytes: Vec<u8>) {
        if !OwnCatalogue::recognises(&name, &bytes) {
            return self.add_file(name, bytes);
        }
        self.own.reading_mut().leave_out();
        match OwnCatalogue::read(&name, &bytes) {
            Ok(catalogue) => self.add_catalogue(catalogue),
            Err(error) => self.fail(format!("{error}.")),
        }
    }

    /// Joins a catalogue to the set.
    fn add_catalogue(&mut self, catalogue: OwnCatalogue) {
        let Self { catalogues, set, .. } = self;
        catalogues.add(catalogue, |name| set.serves_column(name));
        self.join_catalogues();
    }

    /// Returns the reader's catalogues.
    pub fn own_catalogues(&self) -> &OwnCatalogues {
        &self.catalogues
    }

    /// Joins a catalogue anew, within another radius in arcsec.
    pub fn set_join_radius(&mut self, index: usize, radius: f64) {
        self.catalogues.set_radius(index, radius);
        self.join_catalogues();
    }

    /// Removes a catalogue; points that it coloured or laid out are shown as usual.
    pub fn remove_catalogue(&mut self, index: usize) {
        self.catalogues.remove(index);
        self.join_catalogues();
        let shown = self.without_own_columns(self.link.clone(), |state, name| !state.set.has_column(name));
        self.link = shown;
    }

    /// Joins what is not joined yet, once the set's catalogue is there, and shows the columns.
    pub(super) fn join_catalogues(&mut self) {
        if let Some(set) = self.set.served_catalogue() {
            self.catalogues.join(set);
            self.set.set_joined(self.catalogues.columns());
        }
    }

    /// Returns a link without the reader's own columns, which no other page has.
    pub(super) fn shareable(&self, link: Permalink) -> Permalink {
        self.without_own_columns(link, |state, name| state.catalogues.has(name))
    }

    fn without_own_columns(&self, mut link: Permalink, is_gone: impl Fn(&Self, &str) -> bool) -> Permalink {
        let named = |axis: &AxisChoice| match axis {
            AxisChoice::Column(name) => !is_measure(name) && is_gone(self, name),
            _ => false,
        };
        if named(&link.axes.0) || named(&link.axes.1) {
            link.axes = Permalink::default().axes;
        }
        if link.color != "class" && !is_measure(&link.color) && is_gone(self, &link.color) {
            link.color = Permalink::default().color;
        }
        link
    }
}
