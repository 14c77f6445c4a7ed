//! A spectrum on any pixels, and the mean of pixels that occur more than once.

use crate::numerics::statistics::upper_median;

/// A spectrum on any pixels.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in crate::formats) struct Samples {
    /// Vacuum wavelengths of the pixels' centres, Angstrom; increasing after [`Samples::sort_and_merge`].
    pub wavelength: Vec<f64>,
    /// Flux density; NaN where bad.
    pub flux: Vec<f64>,
    /// Standard error; 0 where bad.
    pub error: Vec<f64>,
}

/// The changes that [`Samples::sort_and_merge`] made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::formats) struct Merged {
    /// Whether wavelengths neither increased nor decreased throughout.
    pub scrambled: bool,
    /// Number of pixels that were merged into another one of the same wavelength.
    pub repeated: usize,
}

impl Samples {
    /// Returns the number of pixels.
    pub fn len(&self) -> usize {
        self.wavelength.len()
    }

    /// Returns whether a pixel has a flux and an error.
    pub fn is_good(&self, pixel: usize) -> bool {
        self.flux[pixel].is_finite() && self.error[pixel] > 0.0
    }

    /// Sorts the pixels by wavelength, and replaces those of one wavelength by their mean weighted by inverse variance, with the error of
    /// that mean; of good and bad ones the good ones count. Pixels without errors (0) but with a flux count alike.
    pub fn sort_and_merge(&mut self) -> Merged {
        let rising = self.wavelength.windows(2).all(|pair| pair[0] <= pair[1]);
        let falling = self.wavelength.windows(2).all(|pair| pair[0] >= pair[1]);
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.sort_by(|&a, &b| self.wavelength[a].total_cmp(&self.wavelength[b]));
        let mut sorted = Self::default();
        for run in order.chunk_by(|&a, &b| self.wavelength[a] == self.wavelength[b]) {
            let (flux, error) = self.mean(run);
            sorted.wavelength.push(self.wavelength[run[0]]);
            sorted.flux.push(flux);
            sorted.error.push(error);
        }
        let repeated = self.len() - sorted.len();
        *self = sorted;
        Merged { scrambled: !rising && !falling, repeated }
    }

    /// Scales fluxes whose median is below 1e-6 or above 1e6 by a power of ten, and returns the note that says so.
    pub fn scale_to_ordinary(&mut self) -> Option<String> {
        let sizes = self.flux.iter().map(|flux| flux.abs()).filter(|size| size.is_normal());
        let typical = upper_median(&mut sizes.collect::<Vec<f64>>())?;
        if (1e-6..1e6).contains(&typical) {
            return None;
        }
        // In two steps, since the factor itself may be outside the range of f64.
        let half = 10f64.powf(-typical.log10().floor() / 2.0);
        self.flux.iter_mut().chain(&mut self.error).for_each(|value| *value = *value * half * half);
        Some("Its flux was scaled by a power of ten: only the shape counts.".to_owned())
    }

    /// Returns flux and error of the mean of some pixels.
    fn mean(&self, pixels: &[usize]) -> (f64, f64) {
        if let [one] = *pixels {
            return (self.flux[one], self.error[one]);
        }
        let (mut weights, mut sum) = (0.0, 0.0);
        for &pixel in pixels.iter().filter(|&&pixel| self.is_good(pixel)) {
            let weight = self.error[pixel].powi(-2);
            weights += weight;
            sum += weight * self.flux[pixel];
        }
        if weights > 0.0 {
            return (sum / weights, weights.sqrt().recip());
        }
        let fluxes = pixels.iter().map(|&pixel| self.flux[pixel]).filter(|flux| flux.is_finite());
        let (sum, count) = fluxes.fold((0.0, 0.0), |(sum, count), flux| (sum + flux, count + 1.0));
        (sum / count, 0.0)
    }
}
