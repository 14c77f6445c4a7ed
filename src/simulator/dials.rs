//! A galaxy's dials for people: fifteen numbers, each on a slider, and everything else where the simulator's galaxies have it
//! in the middle.

use serde::{Deserialize, Serialize};

use super::draw_gas::{broad_nucleus, liner_ratios, seyfert_ratios, star_forming_gas};
use super::dust::{STARS_OVER_GAS, sodium_equivalent_width};
use super::history::History;
use super::lines::LineRatios;
use super::oddity::Oddity;
use super::parameters::{Galaxy, NarrowNucleus, Object, Parameters};
use super::random::Rng;

/// What a galaxy is made of. [`DIALS`] has each number's name, unit and range.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct GalaxyDials {
    /// When star formation began, Gyr ago: 0.5 to 13.5.
    pub age: f32,
    /// In how many Gyr it fell by e: 0.1 (one old burst) to 20 (nearly constant).
    pub timescale: f32,
    /// Share of all stars that formed in a second burst: 0 to 0.9.
    pub burst_fraction: f32,
    /// When that burst began, Gyr ago: 0.005 to 3.
    pub burst_age: f32,
    /// How long it lasted, Gyr, at most until today: 0.005 to 1.
    pub burst_duration: f32,
    /// log10 metallicity over the Sun's of the youngest stars: -0.7 to 0.4.
    pub log_metallicity: f32,
    /// Colour excess E(B-V) of starlight, magnitudes: 0 to 0.7. That of the gas is 1 / 0.44 of it.
    pub dust: f32,
    /// Dispersion of the stars' velocities, km/s: 40 to 400.
    pub velocity_dispersion: f32,
    /// Lines of star-forming gas over what the star formation rate says, dex: -1 to 1.
    pub line_strength: f32,
    /// Equivalent width of H-alpha lit by a nucleus, Angstrom: 0 to 150.
    pub nucleus_lines: f32,
    /// How hard that nucleus shines, by its line ratios: 0 a LINER, 1 a Seyfert.
    pub nucleus_hardness: f32,
    /// Share of the light at 5100 Angstrom from a broad-line nucleus: 0 to 0.95.
    pub broad_fraction: f32,
    /// Full width at half maximum of its lines, km/s: 900 to 9000.
    pub broad_width: f32,
    /// Redshift: 0.01 to 0.35.
    pub redshift: f32,
    /// Median signal-to-noise an observed pixel: 2 to 300 (nearly noiseless).
    pub snr: f32,
}

/// One number of [`GalaxyDials`], as a slider shows it.
#[derive(Debug, Clone, Copy)]
pub struct Dial {
    /// The field's name, for links.
    pub key: &'static str,
    /// In words.
    pub label: &'static str,
    /// Empty where it has none.
    pub unit: &'static str,
    /// Lowest value.
    pub min: f32,
    /// Highest value.
    pub max: f32,
    /// What a step of the slider changes; on a logarithmic dial, the share by which the value grows.
    pub step: f32,
    /// Whether the slider is even in the logarithm.
    pub logarithmic: bool,
    field: fn(&mut GalaxyDials) -> &mut f32,
}

/// An even dial.
const fn even(
    (key, label, unit): (&'static str, &'static str, &'static str),
    (min, max, step): (f32, f32, f32),
    field: fn(&mut GalaxyDials) -> &mut f32,
) -> Dial {
    Dial { key, label, unit, min, max, step, logarithmic: false, field }
}

/// A dial even in the logarithm.
const fn logarithmic(
    (key, label, unit): (&'static str, &'static str, &'static str),
    (min, max, step): (f32, f32, f32),
    field: fn(&mut GalaxyDials) -> &mut f32,
) -> Dial {
    Dial { key, label, unit, min, max, step, logarithmic: true, field }
}

/// Every dial, in the order of the fields.
pub const DIALS: [Dial; 15] = [
    even(("age", "first stars", "Gyr ago"), (0.5, 13.5, 0.1), |d| &mut d.age),
    logarithmic(("timescale", "star formation fell by e in", "Gyr"), (0.1, 20.0, 0.05), |d| &mut d.timescale),
    even(("burst_fraction", "stars formed in a second burst", ""), (0.0, 0.9, 0.005), |d| &mut d.burst_fraction),
    logarithmic(("burst_age", "the burst began", "Gyr ago"), (0.005, 3.0, 0.05), |d| &mut d.burst_age),
    logarithmic(("burst_duration", "the burst lasted", "Gyr"), (0.005, 1.0, 0.05), |d| &mut d.burst_duration),
    even(("log_metallicity", "metallicity, log Z/Z☉", "dex"), (-0.7, 0.4, 0.01), |d| &mut d.log_metallicity),
    even(("dust", "dust, E(B−V)", "mag"), (0.0, 0.7, 0.01), |d| &mut d.dust),
    even(("velocity_dispersion", "velocity dispersion", "km/s"), (40.0, 400.0, 5.0), |d| &mut d.velocity_dispersion),
    even(("line_strength", "gas lines over the usual", "dex"), (-1.0, 1.0, 0.05), |d| &mut d.line_strength),
    even(("nucleus_lines", "Hα lit by the nucleus", "Å"), (0.0, 150.0, 0.5), |d| &mut d.nucleus_lines),
    even(("nucleus_hardness", "nucleus: LINER to Seyfert", ""), (0.0, 1.0, 0.05), |d| &mut d.nucleus_hardness),
    even(("broad_fraction", "light of a broad-line nucleus", ""), (0.0, 0.95, 0.01), |d| &mut d.broad_fraction),
    even(("broad_width", "width of its broad lines", "km/s"), (900.0, 9000.0, 50.0), |d| &mut d.broad_width),
    even(("redshift", "redshift", ""), (0.01, 0.35, 0.001), |d| &mut d.redshift),
    logarithmic(("snr", "signal-to-noise a pixel", ""), (2.0, 300.0, 0.05), |d| &mut d.snr),
];

impl Dial {
    /// Where a value is on the slider, 0 to 1.
    pub fn position(&self, value: f32) -> f32 {
        let value = value.clamp(self.min, self.max);
        match self.logarithmic {
            true => (value / self.min).ln() / (self.max / self.min).ln(),
            false => (value - self.min) / (self.max - self.min),
        }
    }

    /// The value at a place on the slider, 0 to 1.
    pub fn at(&self, position: f32) -> f32 {
        let position = position.clamp(0.0, 1.0);
        match self.logarithmic {
            true => self.min * (self.max / self.min).powf(position),
            false => self.min + (self.max - self.min) * position,
        }
    }
}

impl GalaxyDials {
    /// A nearby old galaxy with nothing else: what the other presets turn dials of.
    const PLAIN: Self = Self {
        age: 12.0,
        timescale: 0.6,
        burst_fraction: 0.0,
        burst_age: 0.3,
        burst_duration: 0.1,
        log_metallicity: 0.1,
        dust: 0.02,
        velocity_dispersion: 200.0,
        line_strength: 0.0,
        nucleus_lines: 0.0,
        nucleus_hardness: 1.0,
        broad_fraction: 0.0,
        broad_width: 3500.0,
        redshift: 0.08,
        snr: 20.0,
    };

    /// Galaxies to begin with, by name.
    pub fn presets() -> [(&'static str, Self); 6] {
        [
            ("Quiescent elliptical", Self::PLAIN),
            (
                "Star-forming spiral",
                Self {
                    age: 12.0,
                    timescale: 6.0,
                    log_metallicity: -0.05,
                    dust: 0.12,
                    velocity_dispersion: 100.0,
                    ..Self::PLAIN
                },
            ),
            (
                "Starburst",
                Self {
                    age: 10.0,
                    timescale: 8.0,
                    burst_fraction: 0.02,
                    burst_age: 0.03,
                    burst_duration: 0.03,
                    log_metallicity: -0.3,
                    dust: 0.1,
                    velocity_dispersion: 80.0,
                    ..Self::PLAIN
                },
            ),
            (
                "Post-starburst",
                Self {
                    age: 11.0,
                    timescale: 1.0,
                    burst_fraction: 0.25,
                    burst_age: 0.6,
                    burst_duration: 0.2,
                    log_metallicity: 0.0,
                    dust: 0.05,
                    velocity_dispersion: 130.0,
                    ..Self::PLAIN
                },
            ),
            (
                "Seyfert 2",
                Self {
                    age: 12.0,
                    timescale: 2.5,
                    log_metallicity: 0.05,
                    dust: 0.08,
                    velocity_dispersion: 150.0,
                    nucleus_lines: 12.0,
                    ..Self::PLAIN
                },
            ),
            (
                "Broad-line AGN",
                Self {
                    age: 12.0,
                    timescale: 2.0,
                    dust: 0.05,
                    velocity_dispersion: 180.0,
                    nucleus_lines: 12.0,
                    broad_fraction: 0.5,
                    ..Self::PLAIN
                },
            ),
        ]
    }

    /// The value of dial `index` of [`DIALS`]; none where there is no such dial.
    pub fn get(&self, index: usize) -> Option<f32> {
        let mut copy = *self;
        DIALS.get(index).map(|dial| *(dial.field)(&mut copy))
    }

    /// Turns dial `index` of [`DIALS`], no further than it goes. Nothing happens where there is no such dial, or the value is no
    /// number.
    pub fn set(&mut self, index: usize, value: f32) {
        if let Some(dial) = DIALS.get(index).filter(|_| !value.is_nan()) {
            *(dial.field)(self) = value.clamp(dial.min, dial.max);
        }
    }

    /// The simulator's parameters. Numbers outside their dial's range count as its end, one that is none as the plain galaxy's.
    pub fn parameters(&self) -> Parameters {
        let dials = self.held();
        let history = dials.history();
        Parameters {
            object: Object::Galaxy(Box::new(dials.galaxy(history))),
            redshift: f64::from(dials.redshift),
            median_snr: dials.snr,
            foreground: 0.03,
            calibration: [0.0; 5],
            oddity: Oddity::None,
        }
    }

    /// With every number inside its dial's range.
    fn held(&self) -> Self {
        let mut held = Self::PLAIN;
        for index in 0..DIALS.len() {
            held.set(index, self.get(index).unwrap_or(f32::NAN));
        }
        held
    }

    fn history(&self) -> History {
        let Self { age: start, timescale, burst_age, burst_duration, burst_fraction: fraction, .. } = *self;
        match fraction > 0.0 {
            true => {
                History::Burst { start, timescale, age: burst_age, duration: burst_duration.min(burst_age), fraction }
            }
            false => History::Exponential { start, timescale },
        }
    }

    fn galaxy(&self, history: History) -> Galaxy {
        let mut typical = Rng::typical();
        let (dust, dispersion) = (self.dust, self.velocity_dispersion);
        // 1 in a galaxy whose star formation is over, 0 on the main sequence, between the two near 10^-11.2 a year.
        let rate = history.age_distribution().specific_rate.max(1e-14).log10();
        let passive = 1.0 / (1.0 + ((rate + 11.2) / 0.25).exp());
        // The mass that such a dispersion goes with, and the one that gas of such a metallicity goes with (see `draw`).
        let mass_of_stars = 10.9 + (dispersion.log10() - 2.25) / 0.28;
        let mass_of_gas = (10.3 + (self.log_metallicity + 0.08) / 0.33).clamp(7.6, 11.8);
        let mut gas = star_forming_gas(mass_of_gas, dispersion, dust, false, &mut typical);
        gas.halpha_offset = self.line_strength;
        let mut broad = broad_nucleus(&mut typical);
        (broad.fraction, broad.width, broad.dust) = (self.broad_fraction, self.broad_width, 0.0);
        Galaxy {
            history,
            log_metallicity: self.log_metallicity,
            enrichment: typical.between(0.0, 0.35),
            dust,
            velocity_dispersion: dispersion,
            sodium: 0.65 * sodium_equivalent_width(dust / STARS_OVER_GAS)
                + passive * (0.5 + 0.5 * (mass_of_stars - 10.9)).max(-0.2),
            alpha: 0.05 + passive * (0.13 + 0.12 * (mass_of_stars - 10.9)).clamp(-0.15, 0.4),
            gas,
            narrow: self.narrow_nucleus(),
            broad: (self.broad_fraction > 0.0).then_some(broad),
        }
    }

    fn narrow_nucleus(&self) -> Option<NarrowNucleus> {
        (self.nucleus_lines > 0.0).then(|| NarrowNucleus {
            // The dial is over all light; the simulator's number is over starlight.
            halpha_equivalent_width: self.nucleus_lines / (1.0 - self.broad_fraction),
            ratios: between_liner_and_seyfert(self.nucleus_hardness),
            dispersion: self.velocity_dispersion.clamp(60.0, 420.0),
            dust: self.dust / STARS_OVER_GAS * 0.85 + 0.075,
            velocity: 0.0,
            outflow: None,
        })
    }
}

/// Line ratios at a share of the way from a typical LINER (0) to a typical Seyfert (1).
fn between_liner_and_seyfert(share: f32) -> LineRatios {
    let (liner, seyfert) = (liner_ratios(&mut Rng::typical()), seyfert_ratios(&mut Rng::typical()));
    let mix = |of: fn(&LineRatios) -> f32| of(&liner) + share * (of(&seyfert) - of(&liner));
    LineRatios {
        nitrogen: mix(|ratios| ratios.nitrogen),
        oxygen3: mix(|ratios| ratios.oxygen3),
        sulfur: mix(|ratios| ratios.sulfur),
        oxygen1: mix(|ratios| ratios.oxygen1),
        oxygen2: mix(|ratios| ratios.oxygen2),
        neon3: mix(|ratios| ratios.neon3),
        helium2: mix(|ratios| ratios.helium2),
        temperature: mix(|ratios| ratios.temperature),
        density: mix(|ratios| ratios.density),
    }
}
