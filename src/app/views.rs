//! The two columns that the scatter shows.

use std::sync::Arc;

use super::cloud::Cloud;
use super::permalink::AxisChoice;

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
}

impl PartialEq for Columns {
    fn eq(&self, other: &Self) -> bool {
        (self.serial, &self.axes) == (other.serial, &other.axes)
    }
}

impl Columns {
    /// Of a cloud, from the values along both axes.
    pub fn new(cloud: &Cloud, axes: (AxisChoice, AxisChoice), x: Vec<f32>, y: Vec<f32>) -> Self {
        let range = (Cloud::view_range(&x), Cloud::view_range(&y));
        Self { serial: cloud.serial, axes, x: Arc::new(x), y: Arc::new(y), range }
    }
}
