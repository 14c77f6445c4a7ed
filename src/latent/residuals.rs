//! The distribution of residuals with wavelength: a histogram per wavelength bin (the reproduction's figure 5).

use super::error::LatentError;
use crate::spectrum::{PIXELS, grid};

/// Cells per residual bin, so that percentiles are known to a sixteenth of a bin.
const CELLS: usize = 16;

/// The residual that is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Residual {
    /// (flux - reconstruction) over its standard error.
    Sigma,
    /// flux - reconstruction.
    Flux,
}

/// The bins of a histogram of residuals.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ResidualBins {
    /// The residual that is counted.
    pub residual: Residual,
    /// Number of bins of the 1000 pixels, as even as possible.
    pub wavelength_bins: usize,
    /// Number of bins of the residual.
    pub residual_bins: usize,
    /// Lower end of the range of residuals.
    pub low: f64,
    /// Upper end of the range of residuals.
    pub high: f64,
}

/// Counts of residuals. Spectra are added in batches, so that a set need not be in memory.
#[derive(Debug, Clone, PartialEq)]
pub struct ResidualHistogram {
    bins: ResidualBins,
    /// `[wavelength_bins, 1 + residual_bins * CELLS + 1]`: below the range, in it, above it.
    cells: Vec<u64>,
}

/// Statistics of the residuals in one wavelength bin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ResidualSummary {
    /// Wavelength of the first pixel, Angstrom.
    pub from: f64,
    /// Wavelength of the last pixel, Angstrom.
    pub to: f64,
    /// Pixels counted.
    pub pixels: u64,
    /// Share of them below the histogram's range.
    pub below: f64,
    /// Share of them above it.
    pub above: f64,
    /// 16th percentile; NaN where nothing was counted, an end of the range where it lies beyond.
    pub p16: f64,
    /// Median, with the same exceptions.
    pub median: f64,
    /// 84th percentile, with the same exceptions.
    pub p84: f64,
}

impl ResidualBins {
    /// Returns bins of residuals in standard errors, -5 to 5, a hundred along each axis.
    pub fn in_sigma() -> Self {
        Self { residual: Residual::Sigma, wavelength_bins: 100, residual_bins: 100, low: -5.0, high: 5.0 }
    }

    /// Returns bins of residuals of the normalised flux, -0.5 to 0.5, a hundred along each axis.
    pub fn in_flux() -> Self {
        Self { residual: Residual::Flux, low: -0.5, high: 0.5, ..Self::in_sigma() }
    }
}

impl ResidualHistogram {
    /// Returns an empty histogram.
    ///
    /// # Errors
    /// No bins, more wavelength bins than pixels, or an empty range.
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

    /// Adds spectra: `flux`, `ivar` and `reconstruction` are `[n * 1000]`. Masked pixels (ivar 0) and values that are not finite are not
    /// counted.
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

    /// Returns the bins.
    pub fn bins(&self) -> &ResidualBins {
        &self.bins
    }

    /// Returns the counts `[wavelength_bins * residual_bins]`, a row per wavelength bin, from low residuals to high.
    pub fn counts(&self) -> Vec<u64> {
        let inside =
            |row: &[u64]| row[1..row.len() - 1].chunks_exact(CELLS).map(|c| c.iter().sum()).collect::<Vec<u64>>();
        self.rows().flat_map(inside).collect()
    }

    /// Returns the edges `[residual_bins + 1]` of the residual bins.
    pub fn residual_edges(&self) -> Vec<f64> {
        let ResidualBins { low, high, residual_bins, .. } = self.bins;
        (0..=residual_bins).map(|i| low + (high - low) * i as f64 / residual_bins as f64).collect()
    }

    /// Returns the statistics of each wavelength bin, blue to red.
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

    /// Returns a percentile of a row of cells, the residuals of a cell taken as evenly spread over it.
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
