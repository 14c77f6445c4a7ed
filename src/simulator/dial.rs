//! The dials: name, unit, range and slider of each number of [`GalaxyDials`].

use super::dials::GalaxyDials;

/// A number of [`GalaxyDials`] as a slider shows it.
#[derive(Debug, Clone, Copy)]
pub struct Dial {
    /// Name of the field, as links write it.
    pub key: &'static str,
    /// Label of the slider.
    pub label: &'static str,
    /// Unit; empty for none.
    pub unit: &'static str,
    /// Lowest value.
    pub min: f32,
    /// Highest value.
    pub max: f32,
    /// Step of the slider; on a logarithmic dial the relative step.
    pub step: f32,
    /// Whether the slider is linear in the logarithm of the value.
    pub logarithmic: bool,
    field: fn(&mut GalaxyDials) -> &mut f32,
}

/// Returns a dial whose slider is linear in the value.
const fn linear(
    (key, label, unit): (&'static str, &'static str, &'static str),
    (min, max, step): (f32, f32, f32),
    field: fn(&mut GalaxyDials) -> &mut f32,
) -> Dial {
    Dial { key, label, unit, min, max, step, logarithmic: false, field }
}

/// Returns a dial whose slider is linear in the logarithm of the value.
const fn logarithmic(
    (key, label, unit): (&'static str, &'static str, &'static str),
    (min, max, step): (f32, f32, f32),
    field: fn(&mut GalaxyDials) -> &mut f32,
) -> Dial {
    Dial { key, label, unit, min, max, step, logarithmic: true, field }
}

/// Every dial, in the order of the fields.
pub const DIALS: [Dial; 15] = [
    linear(("age", "first stars", "Gyr ago"), (0.5, 13.5, 0.1), |d| &mut d.age),
    logarithmic(("timescale", "star formation fell by e in", "Gyr"), (0.1, 20.0, 0.05), |d| &mut d.timescale),
    linear(("burst_fraction", "stars formed in a second burst", ""), (0.0, 0.9, 0.005), |d| &mut d.burst_fraction),
    logarithmic(("burst_age", "the burst began", "Gyr ago"), (0.005, 3.0, 0.05), |d| &mut d.burst_age),
    logarithmic(("burst_duration", "the burst lasted", "Gyr"), (0.005, 1.0, 0.05), |d| &mut d.burst_duration),
    linear(("log_metallicity", "metallicity, log Z/Z☉", "dex"), (-0.7, 0.4, 0.01), |d| &mut d.log_metallicity),
    linear(("dust", "dust, E(B−V)", "mag"), (0.0, 0.7, 0.01), |d| &mut d.dust),
    linear(("velocity_dispersion", "velocity dispersion", "km/s"), (40.0, 400.0, 5.0), |d| &mut d.velocity_dispersion),
    linear(("line_strength", "gas lines over the usual", "dex"), (-1.0, 1.0, 0.05), |d| &mut d.line_strength),
    linear(("nucleus_lines", "Hα lit by the nucleus", "Å"), (0.0, 150.0, 0.5), |d| &mut d.nucleus_lines),
    linear(("nucleus_hardness", "nucleus: LINER to Seyfert", ""), (0.0, 1.0, 0.05), |d| &mut d.nucleus_hardness),
    linear(("broad_fraction", "light of a broad-line nucleus", ""), (0.0, 0.95, 0.01), |d| &mut d.broad_fraction),
    linear(("broad_width", "width of its broad lines", "km/s"), (900.0, 9000.0, 50.0), |d| &mut d.broad_width),
    linear(("redshift", "redshift", ""), (0.01, 0.35, 0.001), |d| &mut d.redshift),
    logarithmic(("snr", "signal-to-noise a pixel", ""), (2.0, 300.0, 0.05), |d| &mut d.snr),
];

impl Dial {
    /// Returns the position of a value on the slider, 0 to 1.
    pub fn position(&self, value: f32) -> f32 {
        let value = value.clamp(self.min, self.max);
        match self.logarithmic {
            true => (value / self.min).ln() / (self.max / self.min).ln(),
            false => (value - self.min) / (self.max - self.min),
        }
    }

    /// Returns the value at a position on the slider, 0 to 1.
    pub fn at(&self, position: f32) -> f32 {
        let position = position.clamp(0.0, 1.0);
        match self.logarithmic {
            true => self.min * (self.max / self.min).powf(position),
            false => self.min + (self.max - self.min) * position,
        }
    }
}

impl GalaxyDials {
    /// Returns the value of dial `index` of [`DIALS`]; `None` where there is no such dial.
    pub fn get(&self, index: usize) -> Option<f32> {
        let mut copy = *self;
        DIALS.get(index).map(|dial| *(dial.field)(&mut copy))
    }

    /// Sets dial `index` of [`DIALS`], clamped to its range. Changes nothing where there is no such dial, or the value is NaN.
    pub fn set(&mut self, index: usize, value: f32) {
        if let Some(dial) = DIALS.get(index).filter(|_| !value.is_nan()) {
            *(dial.field)(self) = value.clamp(dial.min, dial.max);
        }
    }

    /// Returns the dials with every number clamped to its range; a number that is NaN becomes the plain galaxy's.
    pub(super) fn clamped(&self) -> Self {
        let mut clamped = Self::PLAIN;
        for index in 0..DIALS.len() {
            clamped.set(index, self.get(index).unwrap_or(f32::NAN));
        }
        clamped
    }
}
