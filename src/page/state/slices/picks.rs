//! Many spectra picked at once, and spectra pinned for comparison.

use std::sync::Arc;

use super::own_file::OwnKey;
use super::spectrum_set::{Pixels, SpectrumSet};
use crate::page::view::embedding::Cloud;
use crate::plot::{Spread, spread_of};

/// Spectra picked with a rectangle or a lasso.
#[derive(Debug, Clone, PartialEq)]
pub struct Picked {
    /// Tells picks apart without comparing them.
    pub serial: u32,
    /// Their rows, increasing.
    pub rows: Arc<Vec<u32>>,
    /// The user's spectra among them.
    pub own: Arc<Vec<OwnKey>>,
    /// Rows whose pixels make the mean and the spread.
    sample: Vec<usize>,
    /// Mean and spread of the sample, as far as it is there.
    pub spread: Option<Arc<Spread>>,
    /// Number of spectra that these are made of.
    pub spread_of: usize,
}

/// A spectrum kept for comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct Pin {
    /// Its name, as the legend shows it.
    pub label: String,
    /// `[1000]` normalised flux.
    pub flux: Arc<Vec<f32>>,
    /// `[d]` its latents; empty until another model has encoded it.
    pub latent: Vec<f32>,
    /// Whether it was observed; decoded else.
    pub observed: bool,
    /// Which row it is, if any.
    pub row: Option<usize>,
    /// Serial of the pixels, where they are observed.
    pub pixels: Option<u32>,
}

/// What is picked, and what is pinned.
#[derive(Debug, Clone, Default)]
pub struct Picks {
    picked: Option<Picked>,
    pins: Vec<Pin>,
    /// Rows that a link wants pinned, in its order.
    wanted_pins: Vec<usize>,
}

/// Spectra that a mean and a spread are made of, at most: each is fetched by itself.
const SAMPLE: usize = 64;
/// Spectra pinned at a time.
pub const MOST_PINS: usize = 4;

/// Returns observed flux `[1000]` as it is pinned: NaN where masked.
pub fn pinned_flux(pixels: &Pixels) -> Vec<f32> {
    pixels.flux.iter().zip(&pixels.ivar).map(|(x, w)| if *w > 0.0 { *x } else { f32::NAN }).collect()
}

impl Picked {
    fn new(serial: u32, rows: Vec<u32>, own: Vec<OwnKey>) -> Self {
        let count = rows.len().min(SAMPLE);
        let sample = (0..count).map(|i| rows[i * rows.len() / count] as usize).collect();
        Self { serial, rows: Arc::new(rows), own: Arc::new(own), sample, spread: None, spread_of: 0 }
    }

    /// Returns the rows whose pixels make the mean and the spread, until all are in.
    pub fn sample_wanted(&self) -> impl Iterator<Item = usize> {
        self.sample.iter().copied().filter(|_| self.spread_of < self.sample.len())
    }

    /// Returns how many spectra are picked, the user's among them.
    pub fn count(&self) -> usize {
        self.rows.len() + self.own.len()
    }

    /// Returns how many spectra the mean and the spread will be made of.
    pub fn sample_len(&self) -> usize {
        self.sample.len()
    }
}

impl Picks {
    /// Returns the picked spectra.
    pub fn picked(&self) -> Option<&Picked> {
        self.picked.as_ref()
    }

    /// Returns the pinned spectra.
    pub fn pins(&self) -> &[Pin] {
        &self.pins
    }

    /// Wants rows pinned once their pixels are there.
    pub fn want_pins(&mut self, rows: Vec<usize>) {
        self.wanted_pins = rows;
        self.wanted_pins.truncate(MOST_PINS);
    }

    /// Returns the rows that are still to be pinned.
    pub fn wanted_pins(&self) -> &[usize] {
        &self.wanted_pins
    }

    /// Pins a row no longer: it is pinned, or its pixels cannot be had.
    pub fn drop_wanted_pin(&mut self, row: usize) {
        self.wanted_pins.retain(|other| *other != row);
    }

    /// Picks rows and spectra of the user's; none at all ends the pick.
    pub fn pick(&mut self, serial: u32, mut rows: Vec<u32>, own: Vec<OwnKey>) {
        rows.sort_unstable();
        rows.dedup();
        self.picked = (!rows.is_empty() || !own.is_empty()).then(|| Picked::new(serial, rows, own));
    }

    /// Ends the pick.
    pub fn unpick(&mut self) {
        self.picked = None;
    }

    /// Returns the picked rows.
    pub fn rows(&self) -> Vec<u32> {
        self.picked.as_ref().map(|picked| picked.rows.to_vec()).unwrap_or_default()
    }

    /// Returns the user's spectra among those picked.
    pub fn own(&self) -> Vec<OwnKey> {
        self.picked.as_ref().map(|picked| picked.own.to_vec()).unwrap_or_default()
    }

    /// Returns the picked rows with one added, or taken out.
    pub fn rows_toggled(&self, row: usize) -> Vec<u32> {
        let mut rows = self.rows();
        match rows.iter().position(|other| *other as usize == row) {
            Some(at) => drop(rows.remove(at)),
            None => rows.push(row as u32),
        }
        rows
    }

    /// Leaves out a row whose pixels could not be had.
    pub fn drop_from_sample(&mut self, row: usize) {
        if let Some(picked) = &mut self.picked {
            picked.sample.retain(|other| *other != row);
        }
    }

    /// Computes mean and spread again now and then as spectra arrive, and at the end.
    pub fn update_spread(&mut self, set: &SpectrumSet) {
        let Some(picked) = &mut self.picked else { return };
        let fetched: Vec<_> = picked.sample.iter().filter_map(|row| set.pixels_of(*row)).collect();
        let whole = fetched.len() == picked.sample.len();
        let enough = whole || fetched.len() >= picked.spread_of + 8;
        if fetched.is_empty() || fetched.len() == picked.spread_of || !enough {
            return;
        }
        let rows: Vec<(&[f32], &[f32])> = fetched.iter().map(|p| (p.flux.as_slice(), p.ivar.as_slice())).collect();
        picked.spread_of = fetched.len();
        picked.spread = Some(Arc::new(spread_of(&rows)));
    }

    /// Pins a spectrum, unless it is pinned already or there are too many.
    pub fn pin(&mut self, pin: Pin) {
        let same = |other: &Pin| match pin.observed {
            true => other.observed && (other.pixels == pin.pixels || (pin.row.is_some() && other.row == pin.row)),
            false => !other.observed && other.latent == pin.latent,
        };
        if self.pins.len() < MOST_PINS && !self.pins.iter().any(same) {
            self.pins.push(pin);
        }
    }

    /// Returns the label of the next decoded spectrum to be pinned.
    pub fn decoded_label(&self) -> String {
        format!("decoded latents {}", 1 + self.pins.iter().filter(|pin| !pin.observed).count())
    }

    /// Lets a pinned spectrum go.
    pub fn unpin(&mut self, index: usize) {
        if index < self.pins.len() {
            self.pins.remove(index);
        }
    }

    /// Lets all pinned spectra go.
    pub fn unpin_all(&mut self) {
        self.pins.clear();
    }

    /// Takes in another embedding: observed spectra have other latents in it, and decoded ones none.
    pub fn on_embedding(&mut self, embedding: &Cloud) {
        self.pins.retain(|pin| pin.observed);
        for pin in &mut self.pins {
            let row = pin.row.filter(|row| *row < embedding.len());
            pin.latent = row.map_or_else(Vec::new, |row| embedding.row(row).to_vec());
        }
    }

    /// Takes in that a spectrum of the user's was encoded by another model.
    pub fn on_file_encoded(&mut self, pixels: u32, latent: &[f32]) {
        let of_file = |pin: &&mut Pin| pin.row.is_none() && pin.pixels == Some(pixels);
        self.pins.iter_mut().filter(of_file).for_each(|pin| pin.latent = latent.to_vec());
    }
}
