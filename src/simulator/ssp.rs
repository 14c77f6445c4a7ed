//! Simple stellar populations: Bruzual & Charlot (2003), 10 ages by 4 metallicities, on the flux calibration of MaStar's
//! stars (Maraston et al. 2020), as `cargo xtask ssp` packs them.

use std::sync::OnceLock;

use super::rest_grid::PIXELS;
use crate::formats::set::TensorFile;

/// Metallicity of the Sun as a mass fraction, in the models' own scale.
pub const SOLAR_METALLICITY: f32 = 0.02;

/// The table of populations.
pub struct SspTable {
    /// `[ages]` ages in Gyr, increasing.
    pub ages: Vec<f32>,
    /// `[metallicities]` log10 of metallicity over the Sun's, increasing.
    pub log_metallicities: Vec<f32>,
    /// `[metallicities][ages]` mean over the grid, solar luminosities per Angstrom per solar mass formed.
    pub light: Vec<Vec<f32>>,
    /// `[metallicities * ages][PIXELS]` each model over its mean, at vacuum wavelengths.
    pub shapes: Vec<Vec<f32>>,
}

/// A composite population: the weight of each model, and light-weighted means.
pub struct Mixture {
    /// `[metallicities * ages]` weights of the shapes, solar luminosities per Angstrom per solar mass formed.
    pub weights: Vec<f32>,
    /// Mean age weighted by light (the mean over 3327 to 9296 Angstrom), Gyr.
    pub light_weighted_age: f32,
    /// Mean log10 metallicity over solar, weighted by the same light.
    pub light_weighted_metallicity: f32,
}

/// Returns the table that is compiled in.
pub fn table() -> &'static SspTable {
    static TABLE: OnceLock<SspTable> = OnceLock::new();
    TABLE.get_or_init(|| read(include_bytes!("ssp.safetensors")))
}

impl SspTable {
    /// Sums populations of (age in Gyr, log10 metallicity over solar, mass). Between models, light per mass is interpolated as a power law of
    /// age and of metallicity, and shapes linearly in the logarithms of age and metallicity; outside the table the nearest model is used.
    pub fn mix(&self, populations: impl Iterator<Item = (f32, f32, f32)>) -> Mixture {
        let log_ages: Vec<f32> = self.ages.iter().map(|age| age.log10()).collect();
        let mut weights = vec![0.0; self.shapes.len()];
        let (mut light, mut age_sum, mut metallicity_sum) = (0.0, 0.0, 0.0);
        for (age, log_metallicity, mass) in populations.filter(|&(_, _, mass)| mass > 0.0) {
            let (column, right) = cell(&log_ages, age.log10());
            let (row, up) = cell(&self.log_metallicities, log_metallicity);
            let corners = [
                (row, column, (1.0 - up) * (1.0 - right)),
                (row, column + 1, (1.0 - up) * right),
                (row + 1, column, up * (1.0 - right)),
                (row + 1, column + 1, up * right),
            ];
            let log_light: f32 = corners.iter().map(|&(row, column, share)| share * self.light[row][column].ln()).sum();
            let given = mass * log_light.exp();
            for (row, column, share) in corners {
                weights[row * self.ages.len() + column] += given * share;
            }
            light += given;
            age_sum += given * age;
            metallicity_sum += given * log_metallicity;
        }
        Mixture { weights, light_weighted_age: age_sum / light, light_weighted_metallicity: metallicity_sum / light }
    }

    /// Returns the spectrum `[PIXELS]` of a mixture, solar luminosities per Angstrom per solar mass formed.
    pub fn spectrum(&self, mixture: &Mixture) -> Vec<f32> {
        let total: f32 = mixture.weights.iter().sum();
        let mut flux = vec![0.0f32; PIXELS];
        // Shares below one in ten thousand are invisible at every simulated signal-to-noise.
        for (&weight, shape) in mixture.weights.iter().zip(&self.shapes).filter(|(weight, _)| **weight > 1e-4 * total) {
            for (sum, value) in flux.iter_mut().zip(shape) {
                *sum += weight * value;
            }
        }
        flux
    }
}

/// Returns the cell of an increasing axis that contains `value`, and the position within it (0 to 1), clamped to the axis.
fn cell(axis: &[f32], value: f32) -> (usize, f32) {
    let index = axis.partition_point(|&node| node <= value).clamp(1, axis.len() - 1) - 1;
    (index, ((value - axis[index]) / (axis[index + 1] - axis[index])).clamp(0.0, 1.0))
}

fn read(bytes: &[u8]) -> SspTable {
    // The bytes are compiled in and a test reads them, so an invalid table cannot reach a user.
    let file = TensorFile::parse("ssp.safetensors", bytes).expect("the table compiled in is whole");
    let floats = |name: &str, shape: &[usize]| file.floats(name, shape).expect("the table compiled in is whole");
    let (ages, metallicities) = (floats("age", &[0]), floats("metallicity", &[0]));
    let light = floats("light", &[metallicities.len(), ages.len()]);
    let flux = floats("flux", &[metallicities.len(), ages.len(), PIXELS]);
    SspTable {
        light: light.chunks(ages.len()).map(<[f32]>::to_vec).collect(),
        shapes: flux.chunks(PIXELS).map(<[f32]>::to_vec).collect(),
        log_metallicities: metallicities.iter().map(|fraction| (fraction / SOLAR_METALLICITY).log10()).collect(),
        ages,
    }
}
