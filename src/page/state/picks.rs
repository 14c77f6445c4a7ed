//! Picking many spectra at once, showing and hiding classes, and pinning spectra for comparison.

use std::sync::Arc;

use super::AppState;
use super::slices::own_file::OwnKey;
use super::slices::picks::{Pin, pinned_flux};
use crate::page::tab::Tab;
use crate::spectrum::Class;

impl AppState {
    /// Picks rows; those of hidden classes are left out, and none at all ends the pick.
    pub fn pick(&mut self, rows: Vec<u32>) {
        self.pick_all(rows, Vec::new());
    }

    fn pick_all(&mut self, rows: Vec<u32>, own: Vec<OwnKey>) {
        let Some(embedding) = self.set.embedding() else { return };
        let hidden = &self.link.hidden;
        let shown = |row: &u32| embedding.class.get(*row as usize).is_some_and(|code| !hidden.contains(code));
        let rows: Vec<u32> = rows.into_iter().filter(shown).collect();
        let serial = self.next_serial();
        self.picks.pick(serial, rows, own);
        // What could not be had before is tried once more, or the sample would never be whole.
        let sample: Vec<usize> = self.picks.picked().into_iter().flat_map(|picked| picked.sample_wanted()).collect();
        self.set.retry(|row| sample.contains(&row));
        self.picks.update_spread(&self.set);
    }

    /// Picks rows; with `adds`, together with those picked already.
    pub fn pick_with(&mut self, rows: Vec<u32>, adds: bool) {
        self.pick_with_own(rows, &[], adds);
    }

    /// Picks rows and spectra of the user's, by their indices; with `adds`, together with those picked already.
    pub fn pick_with_own(&mut self, rows: Vec<u32>, own: &[u32], adds: bool) {
        let (before, mut keys) = if adds { (self.picks.rows(), self.picks.own()) } else { Default::default() };
        for key in own.iter().filter_map(|&index| self.own.files().get(index as usize)).map(|file| file.key()) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        self.pick_and_list(before.into_iter().chain(rows).collect(), keys);
    }

    /// Adds one spectrum to the picked ones, or takes it out: a pick by keyboard.
    pub fn toggle_picked(&mut self, row: usize) {
        self.pick_and_list(self.picks.rows_toggled(row), self.picks.own());
    }

    /// Picks rows and spectra of the user's; a new pick opens its tab.
    fn pick_and_list(&mut self, rows: Vec<u32>, own: Vec<OwnKey>) {
        let first = self.picks.picked().is_none();
        self.pick_all(rows, own);
        if first && self.picks.picked().is_some() {
            self.open_tab(Tab::Picked);
        }
    }

    /// Ends the pick.
    pub fn unpick(&mut self) {
        self.picks.unpick();
    }

    /// Returns how many of the picked spectra are of each class, the classes in their order.
    pub fn picked_classes(&self) -> Vec<(Class, usize)> {
        let (Some(picked), Some(embedding)) = (self.picks.picked(), self.set.embedding()) else { return Vec::new() };
        let count = |class: &Class| {
            let code = class.code() as u8;
            picked.rows.iter().filter(|&&row| embedding.class.get(row as usize) == Some(&code)).count()
        };
        Class::ALL.into_iter().map(|class| (class, count(&class))).filter(|(_, count)| *count > 0).collect()
    }

    /// Shows a class, or hides it. The last one that is shown cannot be hidden.
    pub fn toggle_class(&mut self, code: u8) {
        let before = self.link.hidden.clone();
        if before.contains(&code) {
            self.link.hidden.retain(|hidden| *hidden != code);
        } else {
            self.link.hidden.push(code);
            self.link.hidden.sort_unstable();
        }
        if self.all_hidden() {
            self.link.hidden = before;
        } else if self.picks.picked().is_some() {
            self.pick_all(self.picks.rows(), self.picks.own());
        }
    }

    /// Shows a class alone; all of them where it is alone already.
    pub fn isolate_class(&mut self, code: u8) {
        let Some(embedding) = self.set.embedding() else { return };
        let mut others: Vec<u8> = embedding.class.iter().copied().filter(|other| *other != code).collect();
        others.sort_unstable();
        others.dedup();
        let alone = !self.link.hidden.contains(&code) && others.iter().all(|other| self.link.hidden.contains(other));
        self.link.hidden = if alone { Vec::new() } else { others };
        if self.all_hidden() {
            self.link.hidden.clear();
        } else if self.picks.picked().is_some() {
            self.pick_all(self.picks.rows(), self.picks.own());
        }
    }

    /// Shows a class alone after a double click, whose first click has hidden or shown it; all of them where it was alone before.
    pub fn isolate_class_again(&mut self, code: u8) {
        self.toggle_class(code);
        self.isolate_class(code);
    }

    fn all_hidden(&self) -> bool {
        let hidden = &self.link.hidden;
        let none_left = |class: &[u8]| !class.is_empty() && class.iter().all(|code| hidden.contains(code));
        !hidden.is_empty() && self.set.embedding().is_some_and(|embedding| none_left(&embedding.class))
    }

    /// Shows all classes where a link hides every class of the set.
    pub(super) fn drop_hidden_if_all(&mut self) {
        if self.all_hidden() {
            self.link.hidden.clear();
            self.fail("The link hides every class of the set: all are shown.".to_owned());
        }
    }

    /// Keeps what the spectrum panel shows for comparison: the observed spectrum, or the decoded one once the sliders have left it.
    pub fn pin(&mut self) {
        let noisy = self.noise.as_ref().is_some_and(|noise| noise.pixels.is_some());
        let observed = self.selecting.current().is_some() && !self.moved() && !noisy;
        let pin = if observed { self.observed_pin() } else { self.decoded_pin() };
        if let Some(pin) = pin {
            self.picks.pin(pin);
        }
    }

    fn observed_pin(&self) -> Option<Pin> {
        let pixels = self.shown_pixels()?;
        Some(Pin {
            label: self.title(),
            flux: Arc::new(pinned_flux(&pixels)),
            latent: self.selected_latent().unwrap_or_default(),
            observed: true,
            row: self.selecting.row(),
            pixels: Some(pixels.serial),
        })
    }

    /// Until the model on screen has decoded something, the panel shows what another one has decoded, which is not pinned.
    fn decoded_pin(&self) -> Option<Pin> {
        let dims = self.decoder.latent().len();
        let decoded = self.decoder.decoded().filter(|decoded| decoded.latent.len() == dims)?;
        let (label, latent) = (self.picks.decoded_label(), decoded.latent.clone());
        Some(Pin { label, flux: decoded.flux.clone(), latent, observed: false, row: None, pixels: None })
    }

    /// Lets a pinned spectrum go.
    pub fn unpin(&mut self, index: usize) {
        self.picks.unpin(index);
    }
}
