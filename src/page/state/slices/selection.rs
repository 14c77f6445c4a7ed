//! The selected spectrum, and the one that the link asks for.

use std::sync::Arc;

use super::spectrum_set::Pixels;
use crate::spectrum::SourceId;

/// The selected spectrum.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    /// Origin of the spectrum.
    pub source: Source,
    /// Its pixels, once there.
    pub pixels: Option<Arc<Pixels>>,
    /// `[d]` log variance of its latents, once known.
    pub log_var: Option<Vec<f32>>,
}

/// Where a spectrum comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A row of the set.
    Row(usize),
    /// A spectrum of the user's, by its index in their list.
    File(usize),
}

/// The selection, and what the link wants selected once the set is open.
#[derive(Debug, Clone, Default)]
pub struct Selecting {
    current: Option<Selection>,
    wanted_id: Option<SourceId>,
    wanted_latent: Option<Vec<f32>>,
    /// The row that the page chose to open with.
    opened_with: Option<usize>,
}

impl Selecting {
    /// Starts with what a link wants.
    pub fn new(wanted_id: Option<SourceId>, wanted_latent: Option<Vec<f32>>) -> Self {
        Self { wanted_id, wanted_latent, ..Self::default() }
    }

    /// Returns the selected spectrum.
    pub fn current(&self) -> Option<&Selection> {
        self.current.as_ref()
    }

    /// Returns where the selected spectrum comes from.
    pub fn source(&self) -> Option<Source> {
        self.current.as_ref().map(|selection| selection.source)
    }

    /// Returns the row of the selected spectrum; `None` for one of the user's.
    pub fn row(&self) -> Option<usize> {
        match self.source()? {
            Source::Row(row) => Some(row),
            Source::File(_) => None,
        }
    }

    /// Returns the pixels of the selected spectrum.
    pub fn pixels(&self) -> Option<&Arc<Pixels>> {
        self.current.as_ref()?.pixels.as_ref()
    }

    /// Returns the row whose pixels are to be fetched for the selection.
    pub fn row_without_pixels(&self) -> Option<usize> {
        self.row().filter(|_| self.pixels().is_none())
    }

    /// Selects a spectrum; what the link wanted is overtaken.
    pub fn select(&mut self, source: Source, pixels: Option<Arc<Pixels>>) {
        self.wanted_id = None;
        self.current = Some(Selection { source, pixels, log_var: None });
    }

    /// Selects nothing.
    pub fn clear(&mut self) {
        self.current = None;
    }

    /// Takes in the pixels of a row. Returns whether the selection waited for them.
    pub fn on_pixels(&mut self, row: usize, pixels: &Arc<Pixels>) -> bool {
        let waiting = self.row_without_pixels() == Some(row);
        if let Some(selection) = self.current.as_mut().filter(|_| waiting) {
            selection.pixels = Some(pixels.clone());
        }
        waiting
    }

    /// Sets the log variances of the selected spectrum's latents where they are not known yet, and returns them.
    pub fn know_log_var(&mut self, log_var: Option<Vec<f32>>) -> Option<Vec<f32>> {
        let selection = self.current.as_mut()?;
        if selection.log_var.is_none() {
            selection.log_var = log_var;
        }
        selection.log_var.clone()
    }

    /// Sets the log variances of the spectrum with these pixels. Returns whether it is the selected one.
    pub fn on_log_var(&mut self, pixels: u32, log_var: Vec<f32>) -> bool {
        let of_selection = self.current.as_mut().filter(|s| s.pixels.as_ref().is_some_and(|p| p.serial == pixels));
        of_selection.map(|selection| selection.log_var = Some(log_var)).is_some()
    }

    /// Forgets the log variances: they belong to another model.
    pub fn forget_log_var(&mut self) {
        if let Some(selection) = &mut self.current {
            selection.log_var = None;
        }
    }

    /// Takes in that a spectrum of the user's is off their list. Returns whether it was selected.
    pub fn on_file_removed(&mut self, index: usize) -> bool {
        let Some(Selection { source: Source::File(selected), .. }) = &mut self.current else { return false };
        let was_selected = *selected == index;
        *selected -= usize::from(*selected > index);
        if was_selected {
            self.current = None;
        }
        was_selected
    }

    /// Returns the spectrum that the link wants.
    pub fn wanted_id(&self) -> Option<SourceId> {
        self.wanted_id
    }

    /// Takes the spectrum that the link wants.
    pub fn take_wanted_id(&mut self) -> Option<SourceId> {
        self.wanted_id.take()
    }

    /// Takes the latents that the link wants.
    pub fn take_wanted_latent(&mut self) -> Option<Vec<f32>> {
        self.wanted_latent.take()
    }

    /// Notes the row that the page chose to open with, before it knew the catalogue.
    pub fn opened_with(&mut self, row: usize) {
        self.opened_with = Some(row);
    }

    /// Takes the row that the page chose to open with.
    pub fn take_opened_with(&mut self) -> Option<usize> {
        self.opened_with.take()
    }

    /// Returns whether the selection may still change by itself: the link wants one, or the page's own choice is not final.
    pub fn is_open(&self) -> bool {
        self.wanted_id.is_some() || self.opened_with.is_some()
    }
}
