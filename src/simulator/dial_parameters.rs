//! From dials to the simulator's parameters; parameters without a dial have the values of a typical galaxy.

use super::dials::GalaxyDials;
use super::draw_gas::{broad_nucleus, liner_ratios, seyfert_ratios, star_forming_gas};
use super::dust::{STARS_OVER_GAS, sodium_equivalent_width};
use super::history::History;
use super::lines::LineRatios;
use super::oddity::Oddity;
use super::parameters::{Galaxy, NarrowNucleus, Object, Parameters};
use super::random::Rng;

impl GalaxyDials {
    /// Returns the simulator's parameters. Numbers outside the range of their dial are clamped; NaN becomes the plain galaxy's number.
    pub fn parameters(&self) -> Parameters {
        let dials = self.clamped();
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

/// Interpolates line ratios between a typical LINER (0) and a typical Seyfert (1).
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
