//! Resampling from any pixels to pixels that are evenly spaced in log wavelength, the form of an observed spectrum.
//!
//! Flux is conserved: a cubic spline through the cumulative flux at the edges of the old pixels is differenced at those of the new ones.
//! Variance is conserved, too: the variance of an old pixel (of its flux times its width) is divided among the new pixels that it
//! overlaps, so that the error of a mean over many new pixels is that of the old ones in quadrature, whichever are wider. Gaps stay gaps:
//! new pixels that good old ones cover by less than nine tenths are bad.

use super::samples::Samples;
use crate::formats::error::ReadError;
use crate::numerics::spline::{KnotWeights, NaturalKnots};
use crate::numerics::statistics::upper_median;

/// A spectrum on even log wavelengths, as in [`crate::spectrum::ObservedSpectrum`].
#[derive(Debug, Clone, PartialEq)]
pub(in crate::formats) struct Even {
    pub log_wavelength: Vec<f64>,
    pub flux: Vec<f32>,
    pub error: Vec<f32>,
}

/// Largest number of pixels of an even grid.
const MOST_PIXELS: f64 = 20_000.0;

/// Coarsest and finest step of log10 wavelength: the paper's grid has 3.9e-4, SDSS 1e-4.
const COARSEST: f64 = 4e-4;
const FINEST: f64 = 2e-5;

/// Largest distance of a pixel from an even grid that it counts as lying on, in steps.
const ON_GRID: f64 = 0.1;

/// A distance between pixels above this multiple of the median is a gap.
const GAP: f64 = 1.5;

/// Smallest fraction of a new pixel that good old ones must cover.
const COVERED: f64 = 0.9;

/// Puts spectra on even log wavelengths, and remembers what depends on the wavelengths of the last one alone: the spectra of a file share
/// them.
#[derive(Default)]
pub(in crate::formats) struct Resampler {
    last: Option<Resampling>,
}

impl Resampler {
    /// Puts a spectrum on even log wavelengths: unchanged where its own are even (missing rows become bad pixels), else resampled.
    pub(in crate::formats) fn even(
        &mut self,
        file: &str,
        samples: &Samples,
        notes: &mut Vec<String>,
    ) -> Result<Even, ReadError> {
        if !(0..samples.flux.len()).any(|pixel| samples.is_good(pixel)) {
            return Err(ReadError::table(
                file,
                "no row has both a flux and a positive error: check which columns they are in",
            ));
        }
        if let Some(last) = self.last.as_ref().filter(|last| last.wavelength == samples.wavelength) {
            notes.extend(last.notes.iter().cloned());
            return Ok(last.resample(samples));
        }
        if let Some(even) = already_even(samples) {
            return Ok(even);
        }
        let made = self.last.insert(Resampling::new(file, &samples.wavelength)?);
        notes.extend(made.notes.iter().cloned());
        Ok(made.resample(samples))
    }
}

/// Puts one spectrum on even log wavelengths, as [`Resampler::even`] does.
pub(in crate::formats) fn even(file: &str, samples: &Samples, notes: &mut Vec<String>) -> Result<Even, ReadError> {
    Resampler::default().even(file, samples, notes)
}

/// Returns the pixels unchanged where they lie on an even grid; `None` where they do not.
fn already_even(samples: &Samples) -> Option<Even> {
    let logs: Vec<f64> = samples.wavelength.iter().map(|wavelength| wavelength.log10()).collect();
    let (first, last) = (logs[0], logs[logs.len() - 1]);
    let mut steps: Vec<f64> = logs.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let typical = upper_median(&mut steps)?;
    // Wavelengths in files are rounded: the mean step is more precise than the median.
    let like: Vec<f64> = steps.into_iter().filter(|step| *step < GAP * typical).collect();
    let count = ((last - first) / (like.iter().sum::<f64>() / like.len() as f64)).round() + 1.0;
    if !(4.0..=MOST_PIXELS).contains(&count) {
        return None;
    }
    let step = (last - first) / (count - 1.0);
    let mut pixels: Vec<usize> = Vec::with_capacity(logs.len());
    for log in &logs {
        let position = (log - first) / step;
        let pixel = position.round() as usize;
        if (position - position.round()).abs() > ON_GRID || pixels.last() == Some(&pixel) {
            return None;
        }
        pixels.push(pixel);
    }
    let (start, step) = straight_line(&pixels, &logs);
    let count = pixels[pixels.len() - 1] + 1;
    let mut even = Even {
        log_wavelength: (0..count).map(|i| start + step * i as f64).collect(),
        flux: vec![0.0; count],
        error: vec![0.0; count],
    };
    for (sample, &pixel) in pixels.iter().enumerate().filter(|(sample, _)| samples.is_good(*sample)) {
        even.flux[pixel] = samples.flux[sample] as f32;
        even.error[pixel] = samples.error[sample] as f32;
    }
    Some(even)
}

/// Fits start and step of an even grid to rounded log wavelengths by least squares.
fn straight_line(pixels: &[usize], logs: &[f64]) -> (f64, f64) {
    let count = logs.len() as f64;
    let middle = pixels.iter().map(|&pixel| pixel as f64).sum::<f64>() / count;
    let mean = logs.iter().sum::<f64>() / count;
    let pairs = || pixels.iter().map(|&pixel| pixel as f64 - middle).zip(logs.iter().map(|log| log - mean));
    let step = pairs().map(|(x, y)| x * y).sum::<f64>() / pairs().map(|(x, _)| x * x).sum::<f64>();
    (mean - step * middle, step)
}

/// Returns the blue edges, red edges and widths of the pixels: edges lie midway between centres; at a gap, half the median distance of
/// the neighbourhood from the centre.
fn edges(centres: &[f64]) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let distances: Vec<f64> = centres.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let usual = |i: usize| {
        let mut near = distances[i.saturating_sub(5)..(i + 6).min(distances.len())].to_vec();
        let middle = (near.len() - 1) / 2;
        *near.select_nth_unstable_by(middle, f64::total_cmp).1
    };
    let least = |i: usize| {
        let near = &distances[i.saturating_sub(5)..(i + 6).min(distances.len())];
        near.iter().copied().fold(f64::INFINITY, f64::min)
    };
    // A median takes time, and is above the least: nearly every distance needs none.
    let is_gap = |i: usize| distances[i] > GAP * least(i) && distances[i] > GAP * usual(i);
    let halves: Vec<f64> =
        (0..distances.len()).map(|i| if is_gap(i) { usual(i) / 2.0 } else { distances[i] / 2.0 }).collect();
    let last = halves.len() - 1;
    let from: Vec<f64> = (0..centres.len()).map(|i| centres[i] - halves[i.saturating_sub(1)]).collect();
    let to: Vec<f64> = (0..centres.len()).map(|i| centres[i] + halves[i.min(last)]).collect();
    let widths = from.iter().zip(&to).map(|(from, to)| to - from).collect();
    (from, to, widths)
}

/// Holds what resampling pixels at some wavelengths takes, whatever their flux.
struct Resampling {
    /// Centres, blue edges and red edges of the old pixels, Angstrom.
    wavelength: Vec<f64>,
    from: Vec<f64>,
    to: Vec<f64>,
    /// Edges of the new pixels, one more than there are, and where the spline through the cumulative flux is evaluated for them.
    edges: Vec<f64>,
    weights: Vec<KnotWeights>,
    /// The edges of old pixels and gaps.
    knots: NaturalKnots,
    log_wavelength: Vec<f64>,
    notes: Vec<String>,
}

impl Resampling {
    fn new(file: &str, wavelength: &[f64]) -> Result<Self, ReadError> {
        let (from, to, widths) = edges(wavelength);
        let mut steps: Vec<f64> = widths.iter().zip(wavelength).map(|(w, x)| w / x).collect();
        let typical = upper_median(&mut steps).unwrap_or(f64::NAN) / std::f64::consts::LN_10;
        let (low, high) = (from[0].log10(), to[to.len() - 1].log10());
        let step = typical.clamp(FINEST, COARSEST).max((high - low) / MOST_PIXELS);
        let count = ((high - low) / step).floor().max(0.0) as usize;
        if count < 4 {
            return Err(ReadError::table(
                file,
                "it spans too few wavelengths for a spectrum: check the wavelengths' unit",
            ));
        }
        let mut notes = vec![format!(
            "Its pixels are not evenly spaced in log wavelength: resampled onto {count} that are, flux and noise conserved."
        )];
        if typical > COARSEST {
            notes.push("Its pixels are coarser than the model's: narrow lines are smeared out.".to_owned());
        }
        let edges: Vec<f64> = (0..=count).map(|i| 10f64.powf(low + step * i as f64)).collect();
        let mut knots = vec![from[0]];
        for (&from, &to) in from.iter().zip(&to) {
            if is_gap(knots[knots.len() - 1], from) {
                knots.push(from);
            }
            knots.push(to);
        }
        let knots = NaturalKnots::new(knots);
        let weights = knots.weights(edges.iter().copied());
        let log_wavelength = (0..count).map(|i| low + step * (i as f64 + 0.5)).collect();
        Ok(Self { wavelength: wavelength.to_owned(), from, to, edges, weights, knots, log_wavelength, notes })
    }

    /// Resamples a spectrum at these wavelengths.
    fn resample(&self, samples: &Samples) -> Even {
        let cumulative = cumulative(samples, &self.from, &self.to);
        let bends = self.knots.bends(&cumulative);
        // Of an old pixel's flux times its width, for each Angstrom of it; no number where it is bad.
        let variances: Vec<f64> = (0..samples.len())
            .map(|old| {
                let width = self.to[old] - self.from[old];
                if samples.is_good(old) { width * samples.error[old].powi(2) } else { f64::NAN }
            })
            .collect();
        let count = self.log_wavelength.len();
        let mut even = Even {
            log_wavelength: self.log_wavelength.clone(),
            flux: Vec::with_capacity(count),
            error: Vec::with_capacity(count),
        };
        let mut first = 0;
        let mut before = self.weights[0].evaluate(&cumulative, &bends);
        for (edges, weights) in self.edges.windows(2).zip(&self.weights[1..]) {
            let (blue, red) = (edges[0], edges[1]);
            let here = weights.evaluate(&cumulative, &bends);
            let width = red - blue;
            let (mut variance, mut covered) = (0.0, 0.0);
            while first < self.to.len() && self.to[first] <= blue {
                first += 1;
            }
            for old in (first..self.to.len()).take_while(|&old| self.from[old] < red) {
                let share = red.min(self.to[old]) - blue.max(self.from[old]);
                if share > 0.0 && !variances[old].is_nan() {
                    variance += share * variances[old];
                    covered += share;
                }
            }
            let flux = (here - before) / width;
            let good = covered >= COVERED * width && flux.is_finite();
            even.flux.push(if good { flux as f32 } else { 0.0 });
            even.error.push(if good { (variance.sqrt() / width) as f32 } else { 0.0 });
            before = here;
        }
        even
    }
}

/// Returns whether there is a gap between the end of a pixel and the start of the next one.
fn is_gap(end: f64, start: f64) -> bool {
    start - end > 1e-9 * end
}

/// Computes the cumulative flux at the edges of pixels and gaps; bad pixels and gaps lie on a straight line between good neighbours, so
/// that the spline does not ring.
fn cumulative(samples: &Samples, from: &[f64], to: &[f64]) -> Vec<f64> {
    let good: Vec<usize> = (0..samples.flux.len()).filter(|&pixel| samples.is_good(pixel)).collect();
    let centre = |pixel: usize| (from[pixel] + to[pixel]) / 2.0;
    let mut next = 0;
    let mut level = |wavelength: f64| {
        while next < good.len() && centre(good[next]) < wavelength {
            next += 1;
        }
        match (next.checked_sub(1).map(|i| good[i]), good.get(next).copied()) {
            (Some(a), Some(b)) => {
                let t = (wavelength - centre(a)) / (centre(b) - centre(a));
                samples.flux[a] * (1.0 - t) + samples.flux[b] * t
            }
            (Some(only), None) | (None, Some(only)) => samples.flux[only],
            (None, None) => 0.0,
        }
    };
    let mut cumulative = Vec::with_capacity(from.len() + 1);
    cumulative.push(0.0);
    let (mut sum, mut edge) = (0.0, from[0]);
    for pixel in 0..from.len() {
        if is_gap(edge, from[pixel]) {
            sum += (from[pixel] - edge) * level((edge + from[pixel]) / 2.0);
            cumulative.push(sum);
            edge = from[pixel];
        }
        let flux = if samples.is_good(pixel) { samples.flux[pixel] } else { level(centre(pixel)) };
        sum += (to[pixel] - edge) * flux;
        cumulative.push(sum);
        edge = to[pixel];
    }
    cumulative
}
