//! Many spectra picked at once, and spectra pinned for comparison.

use std::sync::Arc;

use super::AppState;
use super::spectra::{Pixels, Source};
use crate::page::view::embedding::Cloud;
use crate::plot::{Spread, spread_of};
use crate::spectrum::Class;

/// Spectra picked with a rectangle or a lasso.
#[derive(Debug, Clone, PartialEq)]
pub struct Picked {
    /// Tells picks apart without comparing them.
    pub serial: u32,
    /// Their rows, increasing.
    pub rows: Arc<Vec<u32>>,
    /// Rows whose pixels make the mean and the spread.
    sample: Vec<usize>,
    /// Mean and spread of the sample, as far as it is there.
    pub spread: Option<Arc<Spread>>,
    /// Spectra in it.
    pub spread_of: usize,
}

/// A spectrum kept for comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct Pin {
    /// Its name, as the legend shows it.
    pub label: String,
    /// `[1000]` normalised flux.
    pub flux: Arc<Vec<f32>>,
    /// `[d]` where it lies; empty until another model has placed it.
    pub latent: Vec<f32>,
    /// Whether it was observed; decoded else.
    pub observed: bool,
    /// Which row it is, if any.
    row: Option<usize>,
    /// Serial of the pixels, where they are observed.
    pixels: Option<u32>,
}

/// Spectra that a mean and a spread are made of, at most: each is fetched by itself.
const SAMPLE: usize = 64;
/// Spectra pinned at a time.
pub const MOST_PINS: usize = 4;

impl Picked {
    fn new(serial: u32, rows: Vec<u32>) -> Self {
        let count = rows.len().min(SAMPLE);
        let sample = (0..count).map(|i| rows[i * rows.len() / count] as usize).collect();
        Self { serial, rows: Arc::new(rows), sample, spread: None, spread_of: 0 }
    }

    /// Rows whose pixels make the mean and the spread.
    pub fn sample_wanted(&self) -> impl Iterator<Item = usize> {
        self.sample.iter().copied().filter(|_| self.spread_of < self.sample.len())
    }

    /// How many spectra the mean and the spread will be made of.
    pub fn sample_len(&self) -> usize {
        self.sample.len()
    }

    pub(super) fn drop_from_sample(&mut self, row: usize) {
        self.sample.retain(|other| *other != row);
    }
}

impl AppState {
    /// Picks rows; those of hidden classes are left out, and none at all ends the pick.
    pub fn pick(&mut self, rows: Vec<u32>) {
        let Some(cloud) = self.cloud.clone() else { return };
        let hidden = self.link.hidden.clone();
        let shown = |row: &u32| cloud.class.get(*row as usize).is_some_and(|code| !hidden.contains(code));
        let mut rows: Vec<u32> = rows.into_iter().filter(shown).collect();
        rows.sort_unstable();
        rows.dedup();
        let serial = self.next_serial();
        self.picked = (!rows.is_empty()).then(|| Picked::new(serial, rows));
        // What could not be had before is tried once more, or the sample would never be whole.
        if let Some(picked) = &self.picked {
            self.unreachable.retain(|row| !picked.sample.contains(row));
        }
        self.on_picked_pixels_loaded();
    }

    /// Picks rows; with `adds`, together with those picked already.
    pub fn pick_with(&mut self, rows: Vec<u32>, adds: bool) {
        let before = self.picked.as_ref().filter(|_| adds).map(|picked| picked.rows.to_vec()).unwrap_or_default();
        self.pick(before.into_iter().chain(rows).collect());
    }

    /// Adds one spectrum to the picked ones, or takes it from them: a pick by keyboard.
    pub fn toggle_picked(&mut self, row: usize) {
        let mut rows = self.picked.as_ref().map(|picked| picked.rows.to_vec()).unwrap_or_default();
        match rows.iter().position(|other| *other as usize == row) {
            Some(at) => drop(rows.remove(at)),
            None => rows.push(row as u32),
        }
        self.pick(rows);
    }

    /// Nothing is picked any longer.
    pub fn unpick(&mut self) {
        self.picked = None;
    }

    /// Makes mean and spread anew now and then as spectra come in, and at the end.
    pub(super) fn on_picked_pixels_loaded(&mut self) {
        let Some(picked) = &self.picked else { return };
        let there: Vec<Arc<Pixels>> = picked.sample.iter().filter_map(|row| self.pixels.get(row).cloned()).collect();
        let whole = there.len() == picked.sample.len();
        if there.is_empty() || there.len() == picked.spread_of || !(whole || there.len() >= picked.spread_of + 8) {
            return;
        }
        let rows: Vec<(&[f32], &[f32])> = there.iter().map(|p| (p.flux.as_slice(), p.ivar.as_slice())).collect();
        let spread = Arc::new(spread_of(&rows));
        if let Some(picked) = &mut self.picked {
            picked.spread_of = there.len();
            picked.spread = Some(spread);
        }
    }

    /// How many of the picked spectra are of each class, the classes in their order.
    pub fn picked_classes(&self) -> Vec<(Class, usize)> {
        let (Some(picked), Some(cloud)) = (&self.picked, &self.cloud) else { return Vec::new() };
        let count = |class: &Class| {
            let code = class.code() as u8;
            picked.rows.iter().filter(|&&row| cloud.class.get(row as usize) == Some(&code)).count()
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
            return;
        }
        if let Some(picked) = &self.picked {
            let rows = picked.rows.to_vec();
            self.pick(rows);
        }
    }

    fn all_hidden(&self) -> bool {
        let any_left = |cloud: &Arc<Cloud>| cloud.class.iter().any(|code| !self.link.hidden.contains(code));
        !self.link.hidden.is_empty() && self.cloud.as_ref().is_some_and(|cloud| !cloud.is_empty() && !any_left(cloud))
    }

    /// A link that hides every class of the set would show nothing.
    pub(super) fn drop_hidden_if_all(&mut self) {
        if self.all_hidden() {
            self.link.hidden.clear();
            self.fail("The link hides every class of the set: all are shown.".to_owned());
        }
    }

    /// Keeps what the spectrum panel shows for comparison: the observed spectrum, or the decoded one once the sliders have left it.
    pub fn pin(&mut self) {
        if self.pins.len() >= MOST_PINS {
            return;
        }
        let noisy = self.noise.as_ref().is_some_and(|noise| noise.pixels.is_some());
        let observed = self.selection.is_some() && !self.moved() && !noisy;
        let pin = if observed {
            let Some(pixels) = self.shown_pixels() else { return };
            let row = match self.selection.as_ref().map(|selection| selection.source) {
                Some(Source::Row(row)) => Some(row),
                _ => None,
            };
            let flux =
                pixels.flux.iter().zip(&pixels.ivar).map(|(x, w)| if *w > 0.0 { *x } else { f32::NAN }).collect();
            Pin {
                label: self.title(),
                flux: Arc::new(flux),
                latent: self.selected_latent().unwrap_or_default(),
                observed,
                row,
                pixels: Some(pixels.serial),
            }
        } else {
            // Until the model on screen has decoded something, the panel shows what another made of it.
            let Some(decoded) = self.decoded.as_ref().filter(|d| d.latent.len() == self.latent.len()) else { return };
            let number = 1 + self.pins.iter().filter(|pin| !pin.observed).count();
            let label = format!("decoded place {number}");
            Pin { label, flux: decoded.flux.clone(), latent: decoded.latent.clone(), observed, row: None, pixels: None }
        };
        let same = |other: &Pin| match pin.observed {
            true => other.observed && (other.pixels == pin.pixels || (pin.row.is_some() && other.row == pin.row)),
            false => !other.observed && other.latent == pin.latent,
        };
        if !self.pins.iter().any(same) {
            self.pins.push(pin);
        }
    }

    /// Another cloud is on screen: observed spectra lie elsewhere in it, and decoded ones nowhere.
    pub(super) fn encode_pins_again(&mut self, cloud: &Cloud) {
        self.pins.retain(|pin| pin.observed);
        for pin in &mut self.pins {
            let row = pin.row.filter(|row| *row < cloud.len());
            pin.latent = row.map_or_else(Vec::new, |row| cloud.row(row).to_vec());
        }
    }

    /// A spectrum of the user's has been placed by another model.
    pub(super) fn pinned_file_moved(&mut self, pixels: u32, latent: &[f32]) {
        let of_file = |pin: &&mut Pin| pin.row.is_none() && pin.pixels == Some(pixels);
        self.pins.iter_mut().filter(of_file).for_each(|pin| pin.latent = latent.to_vec());
    }

    /// Lets a pinned spectrum go.
    pub fn unpin(&mut self, index: usize) {
        if index < self.pins.len() {
            self.pins.remove(index);
        }
    }
}
