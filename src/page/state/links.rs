//! Picks and pins that a link names, and what of the view a link leaves out.

use std::sync::Arc;

use super::AppState;
use super::slices::picks::{Pin, pinned_flux};
use super::slices::selection::Source;
use crate::page::permalink::MOST_LINKED;
use crate::page::view::text::thousands;
use crate::spectrum::SourceId;

impl AppState {
    /// Picks and pins the spectra that the link names, once embedding and catalogue are there.
    pub(super) fn find_linked_picks(&mut self) {
        if self.set.embedding().is_none() || self.set.catalogue().is_none() {
            return;
        }
        let (picked, pinned) = (std::mem::take(&mut self.link.picked), std::mem::take(&mut self.link.pins));
        let rows = self.known_rows(&picked, "pick");
        if !rows.is_empty() {
            self.pick(rows.into_iter().map(|row| row as u32).collect());
        }
        let rows = self.known_rows(&pinned, "pins");
        self.picks.want_pins(rows);
        self.pin_wanted();
    }

    /// Returns the rows of identifiers; those that the set does not have are reported.
    fn known_rows(&mut self, ids: &[SourceId], key: &str) -> Vec<usize> {
        let (known, unknown): (Vec<_>, Vec<_>) =
            ids.iter().map(|id| (id, self.set.row_of(*id))).partition(|(_, row)| row.is_some());
        if let Some((first, _)) = unknown.first() {
            let more = if unknown.len() > 1 { format!(" nor {} others", unknown.len() - 1) } else { String::new() };
            self.fail(format!("The set has no spectrum {first}{more}: the link's {key} were read without."));
        }
        known.into_iter().filter_map(|(_, row)| row).collect()
    }

    /// Pins what the link wants pinned, in its order, as far as the pixels are there.
    pub(super) fn pin_wanted(&mut self) {
        while let Some(&row) = self.picks.wanted_pins().first() {
            let (Some(pixels), Some(id)) = (self.set.pixels_of(row), self.id_of(row)) else { return };
            let latent = self.set.embedding().map(|embedding| embedding.row(row).to_vec()).unwrap_or_default();
            self.picks.drop_wanted_pin(row);
            self.picks.pin(Pin {
                label: id.to_string(),
                flux: Arc::new(pinned_flux(&pixels)),
                latent,
                observed: true,
                row: Some(row),
                pixels: Some(pixels.serial),
            });
        }
    }

    /// Returns the picked spectra as a link holds them: none where there are too many.
    pub(super) fn linked_picks(&self) -> Vec<SourceId> {
        let rows = self.picks.picked().map(|picked| picked.rows.clone()).unwrap_or_default();
        let ids: Option<Vec<SourceId>> = rows.iter().map(|row| self.id_of(*row as usize)).collect();
        ids.filter(|ids| ids.len() <= MOST_LINKED).unwrap_or_default()
    }

    /// Returns the pinned spectra that a link holds: those of the set.
    pub(super) fn linked_pins(&self) -> Vec<SourceId> {
        let pinned = self.picks.pins().iter().filter_map(|pin| pin.row);
        pinned.chain(self.picks.wanted_pins().iter().copied()).filter_map(|row| self.id_of(row)).collect()
    }

    /// Returns what a link to this view leaves out, a few words each.
    pub fn not_in_link(&self) -> Vec<String> {
        let counted = |count: usize, one: &str, many: &str| match count {
            0 => None,
            1 => Some(one.to_owned()),
            count => Some(format!("your {} {many}", thousands(count))),
        };
        let made = self.own.files().iter().filter(|file| file.is_simulated()).count();
        let of_set = self.picks.pins().iter().filter(|pin| pin.row.is_some()).count();
        let other_pins = self.picks.pins().len() - of_set;
        let picked = self.picks.picked().map_or(0, |picked| picked.rows.len());
        let path = self.path.as_ref().is_some_and(|path| path.kind.key().is_none());
        let noise = self.noise.as_ref().is_some_and(|noise| noise.pixels.is_some());
        let catalogue = self.shareable(self.link.clone()) != self.link;
        let mut missing = Vec::new();
        missing.extend(counted(self.own.files().len() - made, "your spectrum", "spectra"));
        missing.extend(counted(made, "the galaxy that you made", "made galaxies"));
        missing.extend(catalogue.then(|| "your catalogue".to_owned()));
        missing.extend(self.training.explores_own().then(|| "the model that you trained".to_owned()));
        missing.extend(
            (picked > 0 && self.linked_picks().is_empty()).then(|| format!("the {} picked", thousands(picked))),
        );
        missing.extend(match other_pins {
            0 => None,
            1 => Some("a pinned spectrum".to_owned()),
            count => Some(format!("{count} pinned spectra")),
        });
        missing.extend(path.then(|| "the path".to_owned()));
        missing.extend(noise.then(|| "the added noise".to_owned()));
        missing
    }

    /// Returns the selected spectrum of the set as a link holds it.
    pub(super) fn linked_selection(&self) -> Option<SourceId> {
        match self.selecting.source() {
            Some(Source::Row(row)) => self.id_of(row).or(self.selecting.wanted_id()),
            Some(Source::File(_)) => None,
            None => self.selecting.wanted_id(),
        }
    }
}
