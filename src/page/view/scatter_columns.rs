//! The two columns that the scatter shows, and the columns between two epochs.

use std::sync::Arc;

use super::embedding::Cloud;
use super::measures::Scores;
use crate::formats::set::Catalogue;
use crate::page::axis_choice::AxisChoice;
use crate::plot::SkyMap;
use crate::spectrum::SkyPosition;

/// The values of all spectra along the scatter's two axes.
#[derive(Debug, Clone)]
pub struct Columns {
    /// Serial of the embedding.
    pub serial: u32,
    /// Axes x and y.
    pub axes: (AxisChoice, AxisChoice),
    /// Values `[n]` along x.
    pub x: Arc<Vec<f32>>,
    /// Values `[n]` along y.
    pub y: Arc<Vec<f32>>,
    /// Range of x and y at first.
    pub range: ((f64, f64), (f64, f64)),
    /// The map of the sky that the columns are places on, if they are.
    pub sky: Option<SkyMap>,
    /// Step of an animation from earlier columns, from 1; 0 for the columns themselves.
    pub moving: u32,
}

impl PartialEq for Columns {
    fn eq(&self, other: &Self) -> bool {
        let same = |a: &Arc<Vec<f32>>, b: &Arc<Vec<f32>>| {
            Arc::ptr_eq(a, b) || a.iter().map(|value| value.to_bits()).eq(b.iter().map(|value| value.to_bits()))
        };
        // A catalogue of the user's that is joined anew has other values under the same name.
        (self.serial, &self.axes, self.moving) == (other.serial, &other.axes, other.moving)
            && same(&self.x, &other.x)
            && same(&self.y, &other.y)
    }
}

impl Columns {
    /// Returns the columns along two axes; `None` until they have loaded. `scores` say how odd the latents are.
    pub fn along(
        cloud: &Cloud,
        axes: (AxisChoice, AxisChoice),
        catalogue: Option<&Catalogue>,
        scores: Option<&Scores>,
    ) -> Option<Self> {
        if axes.0 == AxisChoice::Sky {
            return Self::on_sky(cloud, axes, catalogue?);
        }
        let column = |axis| cloud.column(axis, catalogue, scores);
        let (x, y) = (column(&axes.0)?, column(&axes.1)?);
        Some(Self::new(cloud, axes, x, y))
    }

    /// Returns the places of the spectra on a map of the sky, NaN where the position is not known.
    fn on_sky(cloud: &Cloud, axes: (AxisChoice, AxisChoice), catalogue: &Catalogue) -> Option<Self> {
        let (ra, dec) = (catalogue.doubles("ra")?, catalogue.doubles("dec")?);
        if ra.len() != cloud.len() {
            return None;
        }
        let positions = || ra.iter().zip(dec).map(|(&ra, &dec)| SkyPosition::new(ra, dec));
        let map = SkyMap::around(positions().flatten());
        let place =
            |position: Option<SkyPosition>| position.map_or((f64::NAN, f64::NAN), |position| map.project(position));
        let (x, y): (Vec<f32>, Vec<f32>) = positions().map(place).map(|(x, y)| (x as f32, y as f32)).unzip();
        let range = SkyMap::range(&x, &y);
        Some(Self { range, sky: Some(map), ..Self::new(cloud, axes, x, y) })
    }

    /// Builds the columns of an embedding from the values along both axes.
    pub fn new(cloud: &Cloud, axes: (AxisChoice, AxisChoice), x: Vec<f32>, y: Vec<f32>) -> Self {
        let range = (Cloud::view_range(&x), Cloud::view_range(&y));
        Self { serial: cloud.serial, axes, x: Arc::new(x), y: Arc::new(y), range, sky: None, moving: 0 }
    }

    /// Returns whether points can move smoothly from these columns to others: the same spectra along the same axes, under
    /// another state of the model.
    pub fn leads_to(&self, target: &Self) -> bool {
        self.serial != target.serial && self.axes == target.axes && self.x.len() == target.x.len() && !self.x.is_empty()
    }

    /// Returns columns a `fraction` of the way from these to others; `step` identifies them, from 1.
    pub fn towards(&self, target: &Self, fraction: f32, step: u32) -> Self {
        let between = |a: &[f32], b: &[f32]| Arc::new(a.iter().zip(b).map(|(a, b)| a + (b - a) * fraction).collect());
        let share = f64::from(fraction);
        let edge = |a: f64, b: f64| a + (b - a) * share;
        let range = |a: (f64, f64), b: (f64, f64)| (edge(a.0, b.0), edge(a.1, b.1));
        Self {
            x: between(&self.x, &target.x),
            y: between(&self.y, &target.y),
            range: (range(self.range.0, target.range.0), range(self.range.1, target.range.1)),
            moving: step,
            ..target.clone()
        }
    }
}
