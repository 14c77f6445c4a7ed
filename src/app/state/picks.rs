//! Many spectra picked at once, and spectra pinned for comparison.

use std::sync::Arc;

use super::AppState;
use super::spectra::Pixels;
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
    /// `[d]` where it lies.
    pub latent: Vec<f32>,
    /// Whether it was observed; decoded else.
    pub observed: bool,
}

/// Spectra that a mean and a spread are made of, at most: each is fetched by itself.
const SAMPLE: usize = 64;
/// Spectra pinned at a time.
pub const MOST_PINS: usize = 4;

impl Picked {
    fn new(serial: u32, rows: Vec<u32>) -> Self {
        let step = rows.len().div_ceil(SAMPLE).max(1);
        let sample = rows.iter().step_by(step).map(|&row| row as usize).collect();
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
        self.picked_pixels_came();
    }

    /// Nothing is picked any longer.
    pub fn unpick(&mut self) {
        self.picked = None;
    }

    /// Makes mean and spread anew now and then as spectra come in, and at the end.
    pub(super) fn picked_pixels_came(&mut self) {
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
        if let Some(at) = self.link.hidden.iter().position(|hidden| *hidden == code) {
            self.link.hidden.remove(at);
        } else {
            self.link.hidden.push(code);
            self.link.hidden.sort_unstable();
        }
        let any_left =
            self.cloud.as_ref().is_none_or(|cloud| cloud.class.iter().any(|c| !self.link.hidden.contains(c)));
        if !any_left {
            self.link.hidden.clear();
        }
        if let Some(picked) = &self.picked {
            let rows = picked.rows.to_vec();
            self.pick(rows);
        }
    }

    /// Keeps what the spectrum panel shows for comparison: the observed spectrum, or the decoded one once the sliders have left it.
    pub fn pin(&mut self) {
        if self.pins.len() >= MOST_PINS {
            return;
        }
        let observed = self.selection.is_some() && !self.moved() && self.noise.is_none();
        let pin = if observed {
            let Some(pixels) = self.shown_pixels() else { return };
            let flux =
                pixels.flux.iter().zip(&pixels.ivar).map(|(x, w)| if *w > 0.0 { *x } else { f32::NAN }).collect();
            Pin { label: self.title(), flux: Arc::new(flux), latent: self.latent.clone(), observed }
        } else {
            let Some(decoded) = &self.decoded else { return };
            let number = 1 + self.pins.iter().filter(|pin| !pin.observed).count();
            let label = format!("decoded place {number}");
            Pin { label, flux: decoded.flux.clone(), latent: decoded.latent.clone(), observed }
        };
        if !self.pins.iter().any(|other| other.latent == pin.latent && other.observed == pin.observed) {
            self.pins.push(pin);
        }
    }

    /// Lets a pinned spectrum go.
    pub fn unpin(&mut self, index: usize) {
        if index < self.pins.len() {
            self.pins.remove(index);
        }
    }
}
