//! The two columns that the scatter shows.

use std::sync::Arc;

use super::embedding::Cloud;
use crate::page::axis_choice::AxisChoice;

/// The two columns that the scatter shows.
#[derive(Debug, Clone)]
pub struct Columns {
    /// Of which cloud.
    pub serial: u32,
    /// Which.
    pub axes: (AxisChoice, AxisChoice),
    /// `[n]` along x.
    pub x: Arc<Vec<f32>>,
    /// `[n]` along y.
    pub y: Arc<Vec<f32>>,
    /// What is in view at first: x and y.
    pub range: ((f64, f64), (f64, f64)),
    /// How far on the way from other columns to these: 0 once there.
    pub moving: u32,
}

impl PartialEq for Columns {
    fn eq(&self, other: &Self) -> bool {
        (self.serial, &self.axes, self.moving) == (other.serial, &other.axes, other.moving)
    }
}

impl Columns {
    /// Of a cloud, from the values along both axes.
    pub fn new(cloud: &Cloud, axes: (AxisChoice, AxisChoice), x: Vec<f32>, y: Vec<f32>) -> Self {
        let range = (Cloud::view_range(&x), Cloud::view_range(&y));
        Self { serial: cloud.serial, axes, x: Arc::new(x), y: Arc::new(y), range, moving: 0 }
    }

    /// Whether points can glide from here to there: the same spectra along the same axes, of another state of a model.
    pub fn leads_to(&self, there: &Self) -> bool {
        self.serial != there.serial && self.axes == there.axes && self.x.len() == there.x.len() && !self.x.is_empty()
    }

    /// Between these and others, `fraction` of the way; `step` tells such columns apart, from 1.
    pub fn towards(&self, there: &Self, fraction: f32, step: u32) -> Self {
        let between = |a: &[f32], b: &[f32]| Arc::new(a.iter().zip(b).map(|(a, b)| a + (b - a) * fraction).collect());
        let share = f64::from(fraction);
        let edge = |a: f64, b: f64| a + (b - a) * share;
        let range = |a: (f64, f64), b: (f64, f64)| (edge(a.0, b.0), edge(a.1, b.1));
        Self {
            x: between(&self.x, &there.x),
            y: between(&self.y, &there.y),
            range: (range(self.range.0, there.range.0), range(self.range.1, there.range.1)),
            moving: step,
            ..there.clone()
        }
    }
}
