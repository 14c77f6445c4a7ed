//! How residuals spread with wavelength: a histogram a wavelength bin (the reproduction's figure 5).

use super::error::LatentError;
use crate::spectrum::{PIXELS, grid};

/// Finer cells that each residual bin is counted in, so that percentiles are known to a sixteenth of a bin.
const CELLS: usize = 16;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Residual {
    /// (flux - reconstruction) over its standard error.
    Sigma,
    /// flux - reconstruction.
    Flux,
}

/// How residuals are binned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ResidualBins {
    /// What is counted.
    pub residual: Residual,
    /// Bins of the 1000 pixels, as even as can be.
    pub wavelength_bins: usize,
    /// Bins of the residual.
    pub residual_bins: usize,
    /// Lowest residual that has a bin.
    pub low: f64,
    /// Highest.
    pub high: f64,
}

/// Counts of residuals. Spectra can be added a batch at a time, so that a set need not be in memory.
#[derive(Debug, Clone, PartialEq)]
pub struct ResidualHistogram {
    bins: ResidualBins,
    /// `[wavelength_bins, 1 + residual_bins * CELLS + 1]`: below the range, in it, above it.
    cells: Vec<u64>,
}

/// Residuals in one wavelength bin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ResidualSummary {
    /// First and last pixel's wavelength, Angstrom.
    pub from: f64,
    /// Last pixel's wavelength, Angstrom.
    pub to: f64,
    /// Pixels counted.
    pub pixels: u64,
    /// Share of them below the histogram's range.
    pub below: f64,
    /// Share of them above it.
    pub above: f64,
    /// Percentile 16; NaN where nothing was counted, an end of the range where it is beyond.
    pub p16: f64,
    /// Median.
    pub median: f64,
    /// Percentile 84.
    pub p84: f64,
}

impl ResidualBins {
    /// Residuals over their error, -5 to 5, a hundred bins either way.
    pub fn in_sigma() -> Self {
        Self { residual: Residual::Sigma, wavelength_bins: 100, residual_bins: 100, low: -5.0, high: 5.0 }
    }

    /// Residuals of the normalised flux, -0.5 to 0.5.
    pub fn in_flux() -> Self {
        Self { residual: Residual::Flux, low: -0.5, high: 0.5, ..Self::in_sigma() }
    }
}

impl ResidualHistogram {
    /// With nothing counted yet.
    ///
    /// # Errors
    /// No bins, more wavelength bins than pixels, a range that is none.
    pub fn new(bins: ResidualBins) -> Result<Self, LatentError> {
        if !(1..=PIXELS).contains(&bins.wavelength_bins) {
            let value = bins.wavelength_bins as f64;
            return Err(LatentError::OutOfRange { what: "number of wavelength bins", value, allowed: "1 to 1000" });
        }
        if !(1..=100_000).contains(&bins.residual_bins) {
            let value = bins.residual_bins as f64;
            return Err(LatentError::OutOfRange { what: "number of residual bins", value, allowed: "1 to 100000" });
        }
        if !(bins.low.is_finite() && bins.high.is_finite() && bins.low < bins.high) {
            let allowed = "a number above the lowest";
            return Err(LatentError::OutOfRange { what: "highest residual", value: bins.high, allowed });
        }
        let cells = vec![0; bins.wavelength_bins * (bins.residual_bins * CELLS + 2)];
        Ok(Self { bins, cells })
    }

    /// Adds spectra: `flux`, `ivar` and `reconstruction` are rows of 1000 pixels. Masked pixels (ivar 0) and numbers that are not
    /// finite are not counted.
    ///
    /// # Errors
    /// Rows of another length.
    pub fn add(&mut self, flux: &[f32], ivar: &[f32], reconstruction: &[f32]) -> Result<(), LatentError> {
        if !flux.len().is_multiple_of(PIXELS) || ivar.len() != flux.len() || reconstruction.len() != flux.len() {
            return Err(LatentError::Shape {
                what: "flux, inverse variance and reconstruction",
                found: flux.len() + ivar.len() + reconstruction.len(),
                expected: format!("three times {} rows of {PIXELS}", flux.len() / PIXELS),
            });
        }
        let ResidualBins { residual, low, high, residual_bins, .. } = self.bins;
        let per_unit = (residual_bins * CELLS) as f64 / (high - low);
        let row = residual_bins * CELLS + 2;
        for (i, ((&flux, &ivar), &model)) in flux.iter().zip(ivar).zip(reconstruction).enumerate() {
            let difference = f64::from(flux) - f64::from(model);
            let value = match residual {
                Residual::Sigma => difference * f64::from(ivar).sqrt(),
                Residual::Flux => difference,
            };
            if !(ivar > 0.0 && value.is_finite()) {
                continue;
            }
            let cell = match (value - low) * per_unit {
                x if x < 0.0 => 0,
                _ if value > high => row - 1,
                // The upper end belongs to the last cell, as in NumPy's histograms.
                x => 1 + (x as usize).min(row - 3),
            };
            let bin = self.wavelength_bin(i % PIXELS);
            self.cells[bin * row + cell] += 1;
        }
        Ok(())
    }

    /// How it is binned.
    pub fn bins(&self) -> &ResidualBins {
        &self.bins
    }

    /// `[wavelength_bins * residual_bins]` counts, a wavelength bin a row, from low residuals to high.
    pub fn counts(&self) -> Vec<u64> {
        let inside =
            |row: &[u64]| row[1..row.len() - 1].chunks_exact(CELLS).map(|c| c.iter().sum()).collect::<Vec<u64>>();
        self.rows().flat_map(inside).collect()
    }

    /// `[residual_bins + 1]` edges of the residual bins.
    pub fn residual_edges(&self) -> Vec<f64> {
        let ResidualBins { low, high, residual_bins, .. } = self.bins;
        (0..=residual_bins).map(|i| low + (high - low) * i as f64 / residual_bins as f64).collect()
    }

    /// A summary of each wavelength bin, blue to red.
    pub fn summary(&self) -> Vec<ResidualSummary> {
        let one = |(bin, row): (usize, &[u64])| {
            let pixels: u64 = row.iter().sum();
            let share = |count: u64| if pixels > 0 { count as f64 / pixels as f64 } else { 0.0 };
            let mut members = (0..PIXELS).filter(|&pixel| self.wavelength_bin(pixel) == bin);
            let (first, last) = (members.clone().next().unwrap_or(0), members.next_back().unwrap_or(0));
            ResidualSummary {
                from: grid::wavelength(first as f64),
                to: grid::wavelength(last as f64),
                pixels,
                below: share(row[0]),
                above: share(row[row.len() - 1]),
                p16: self.percentile(row, 16.0),
                median: self.percentile(row, 50.0),
                p84: self.percentile(row, 84.0),
            }
        };
        self.rows().enumerate().map(one).collect()
    }

    fn rows(&self) -> std::slice::ChunksExact<'_, u64> {
        self.cells.chunks_exact(self.bins.residual_bins * CELLS + 2)
    }

    fn wavelength_bin(&self, pixel: usize) -> usize {
        pixel * self.bins.wavelength_bins / PIXELS
    }

    /// Where `percent` of a row's residuals are passed, those of a cell spread evenly over it.
    fn percentile(&self, row: &[u64], percent: f64) -> f64 {
        let wanted = percent / 100.0 * row.iter().sum::<u64>() as f64;
        let step = (self.bins.high - self.bins.low) / (row.len() - 2) as f64;
        let mut passed = 0.0;
        for (cell, &count) in row.iter().enumerate() {
            let count = count as f64;
            if count > 0.0 && passed + count >= wanted {
                let part = (wanted - passed) / count;
                return match cell {
                    0 => self.bins.low,
                    last if last == row.len() - 1 => self.bins.high,
                    inside => self.bins.low + step * ((inside - 1) as f64 + part),
                };
            }
            passed += count;
        }
        f64::NAN
    }
}
