//! The inks of the points: their colours, which of them are shown, and how picked ones stand out.

use std::sync::Arc;

use super::coloring::Coloring;
use super::embedding::Cloud;
use crate::plot::{CornerLayer, Ink, Layer, Theme, Tone, inks, rarity_weights};

/// The colours and rows of the points.
#[derive(Debug, Clone)]
pub struct Inked {
    /// Palette indices `[n]`.
    index: Arc<Vec<u8>>,
    all: Box<[Ink; 256]>,
    picked: Box<[Ink; 256]>,
    /// Rows shown; `None` for all.
    shown: Option<Arc<Vec<u32>>>,
    rows: Option<Arc<Vec<u32>>>,
    theme: Theme,
}

impl PartialEq for Inked {
    fn eq(&self, other: &Self) -> bool {
        let same = |a: &Option<Arc<Vec<u32>>>, b: &Option<Arc<Vec<u32>>>| match (a, b) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        };
        Arc::ptr_eq(&self.index, &other.index)
            && same(&self.rows, &other.rows)
            && same(&self.shown, &other.shown)
            && self.all == other.all
    }
}

impl Inked {
    /// Computes the inks. `hidden` holds the codes of classes that are not shown, `picked` the rows that stand out.
    pub fn new(cloud: &Cloud, coloring: &Coloring, hidden: &[u8], picked: Option<Arc<Vec<u32>>>, theme: Theme) -> Self {
        let by_class = coloring.bar.is_none();
        let mut full = inks(&coloring.palette(&theme));
        // Codes and classes: the rare ones are drawn over the common ones.
        if by_class || coloring.names().is_some() {
            let weights = rarity_weights(&coloring.index);
            full.iter_mut().zip(weights).for_each(|(ink, weight)| ink.weight = weight);
        }
        let mut back = full;
        back.iter_mut().for_each(|ink| ink.color = ink.color.toward(theme.muted, 0.75));
        let visible = |row: &u32| !hidden.contains(&cloud.class[*row as usize]);
        let shown = (!hidden.is_empty()).then(|| Arc::new((0..cloud.len() as u32).filter(visible).collect()));
        let all = if picked.is_some() { back } else { full };
        Self { index: coloring.index.clone(), all: Box::new(all), picked: Box::new(full), shown, rows: picked, theme }
    }

    /// Returns the layers of a plot along two columns `[n]`: all points, and over them the picked ones.
    pub fn layers<'a>(&'a self, x: &'a [f32], y: &'a [f32]) -> Vec<Layer<'a>> {
        let corner = self.corner_layers().into_iter();
        corner.map(|CornerLayer { color, inks, rows, tone }| Layer { x, y, color, inks, rows, tone }).collect()
    }

    /// Returns the layers for a corner plot.
    pub fn corner_layers(&self) -> Vec<CornerLayer<'_>> {
        let layer = |inks, rows, tone| CornerLayer { color: &self.index, inks, rows, tone };
        let shown = self.shown.as_ref().map(|rows| rows.as_slice());
        let tone = if self.rows.is_some() { Tone::dimmed(&self.theme) } else { Tone::full(&self.theme) };
        let mut layers = vec![layer(&*self.all, shown, tone)];
        if let Some(rows) = &self.rows {
            layers.push(layer(&*self.picked, Some(rows.as_slice()), Tone::selected(&self.theme)));
        }
        layers
    }

    /// Returns the number of points shown.
    pub fn count(&self) -> usize {
        self.shown.as_ref().map_or(self.index.len(), |rows| rows.len())
    }
}
