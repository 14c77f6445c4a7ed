//! A random draw of all parameters.

use super::draw_gas::{broad_nucleus, narrow_nucleus, star_forming_gas};
use super::dust::{STARS_OVER_GAS, sodium_equivalent_width};
use super::history::History;
use super::oddity::Oddity;
use super::parameters::{Galaxy, Object, Parameters};
use super::population::{self, Kind, Sighting};
use super::random::Rng;
use super::star::Star;

/// Draws the parameters of one object.
pub fn draw(random: &mut Rng) -> Parameters {
    let oddity = draw_oddity(random);
    // Spectrophotometry is good to a few per cent, the worse the longer the range compared (Abazajian et al. 2009: 4 %
    // between g and r).
    let level = random.log_between(0.006, 0.022);
    let calibration = [1.3, 1.0, 0.8, 0.6, 0.5].map(|weight| weight * level * random.normal());
    // High galactic latitudes: a median of 0.03 (Schlegel, Finkbeiner & Davis 1998 over SDSS's legacy footprint).
    let foreground = (0.03 * (0.65 * random.normal()).exp()).min(0.25);
    if let Some(star) = draw_star(oddity, random) {
        let redshift = f64::from(random.gauss(0.0, 2e-4));
        let median_snr = random.log_between(8.0, 40.0);
        return Parameters { object: Object::Star(star), redshift, median_snr, foreground, calibration, oddity };
    }
    let kind = population::kind(random);
    let sighting = population::sighting(kind, random);
    let galaxy = draw_galaxy(kind, &sighting, random);
    let median_snr = match oddity {
        Oddity::LowSignal => random.log_between(0.7, 3.0),
        _ => sighting.median_snr,
    };
    Parameters {
        object: Object::Galaxy(Box::new(galaxy)),
        redshift: sighting.redshift,
        median_snr,
        foreground,
        calibration,
        oddity,
    }
}

/// Draws a galaxy of a kind and mass.
pub fn draw_galaxy(kind: Kind, sighting: &Sighting, random: &mut Rng) -> Galaxy {
    let host = match kind {
        Kind::BroadLine => [Kind::GreenValley, Kind::StarForming, Kind::Passive][(3.0 * random.unit()) as usize % 3],
        other => other,
    };
    let mass = sighting.log_mass;
    let passive = matches!(host, Kind::Passive);
    // Mean relations of Gallazzi et al. (2005, figure 8), with their scatter.
    let log_metallicity = if passive {
        random.gauss_within(0.06 + 0.20 * (mass - 10.9), 0.13, -0.7, 0.4)
    } else {
        random.gauss_within(-0.08 + 0.33 * (mass - 10.3), 0.2, -0.7, 0.4)
    };
    // Faber-Jackson for passive galaxies; rotation and pressure together for the rest.
    let log_dispersion = if passive { 2.25 + 0.28 * (mass - 10.9) } else { 2.02 + 0.24 * (mass - 10.2) };
    let velocity_dispersion = 10f32.powf(log_dispersion + 0.085 * random.normal()).clamp(40.0, 400.0);
    let dust = draw_dust(host, mass, random);
    let history = draw_history(host, mass, random);
    let gas = star_forming_gas(mass, velocity_dispersion, dust, young(&history), random);
    let sodium = random.between(0.2, 1.1) * sodium_equivalent_width(dust / STARS_OVER_GAS)
        + if passive { random.gauss(0.5 + 0.5 * (mass - 10.9), 0.35).max(-0.2) } else { 0.0 };
    let alpha = if passive {
        random.gauss_within(0.18 + 0.12 * (mass - 10.9), 0.1, -0.1, 0.45)
    } else {
        random.gauss(0.05, 0.08)
    };
    let mut galaxy = Galaxy {
        history,
        log_metallicity,
        enrichment: random.between(0.0, 0.35),
        dust,
        velocity_dispersion,
        sodium,
        alpha,
        gas,
        narrow: narrow_nucleus(kind, mass, velocity_dispersion, dust, random),
        broad: None,
    };
    if kind == Kind::BroadLine {
        let broad = broad_nucleus(random);
        // The narrow lines scale with the light of the nucleus as well as with that of the host.
        if let Some(narrow) = &mut galaxy.narrow {
            narrow.halpha_equivalent_width /= (1.0 - broad.fraction).max(0.03);
        }
        galaxy.broad = Some(broad);
    }
    galaxy
}

/// Returns whether a burst younger than the lifetime of OB stars gives nearly all of the light.
fn young(history: &History) -> bool {
    matches!(*history, History::Burst { age, fraction, .. } if age < 0.02 && fraction > 0.015)
}

fn draw_history(kind: Kind, mass: f32, random: &mut Rng) -> History {
    let which = random.unit();
    match kind {
        Kind::Passive if which < 0.50 => {
            History::Exponential { start: random.between(4.5, 13.5), timescale: random.log_between(0.15, 1.7) }
        }
        Kind::Passive if which < 0.74 => {
            History::Delayed { start: random.between(5.0, 13.5), timescale: random.log_between(0.15, 1.0) }
        }
        Kind::Passive if which < 0.88 => History::Truncated {
            start: random.between(7.0, 13.5),
            timescale: random.log_between(0.8, 5.0),
            quenched: random.log_between(1.0, 5.0),
            fade: random.log_between(0.05, 0.4),
        },
        Kind::Passive => History::Burst {
            start: random.between(8.0, 13.5),
            timescale: random.log_between(0.2, 0.9),
            age: random.log_between(0.5, 3.0),
            duration: random.between(0.1, 0.4),
            fraction: random.log_between(0.003, 0.1),
        },
        Kind::GreenValley if which < 0.6 => {
            History::Exponential { start: random.between(8.0, 13.5), timescale: random.log_between(1.5, 3.2) }
        }
        Kind::GreenValley => History::Truncated {
            start: random.between(7.0, 13.5),
            timescale: random.log_between(2.0, 10.0),
            quenched: random.log_between(0.1, 1.5),
            fade: random.log_between(0.1, 1.0),
        },
        Kind::PostStarburst => {
            let quenched = random.log_between(0.05, 1.0);
            if which < 0.5 {
                let duration = random.between(0.1, 0.5);
                History::Burst {
                    start: random.between(8.0, 13.5),
                    timescale: random.log_between(0.3, 2.0),
                    age: quenched + duration,
                    duration,
                    fraction: random.log_between(0.05, 0.6),
                }
            } else {
                History::Truncated {
                    start: quenched + random.log_between(0.4, 8.0),
                    timescale: random.log_between(1.0, 10.0),
                    quenched,
                    fade: random.log_between(0.01, 0.1),
                }
            }
        }
        Kind::Starburst => {
            // A third are dwarfs whose light is nearly all of the burst (1.3 % of the set, far more than a survey has, so
            // that a model learns them): H-alpha equivalent widths up to 2000 Angstrom.
            let extreme = which > 0.68;
            let age = if extreme { random.log_between(0.0025, 0.02) } else { random.log_between(0.006, 0.25) };
            History::Burst {
                start: random.between(3.0, 13.0),
                timescale: random.log_between(3.0, 15.0),
                age,
                duration: if extreme || which < 0.5 { age } else { age * random.between(0.4, 1.0) },
                fraction: if extreme { random.log_between(0.015, 0.95) } else { random.log_between(0.006, 0.15) },
            }
        }
        // The main sequence: lighter galaxies formed later (downsizing).
        Kind::StarForming | Kind::BroadLine => {
            let light = ((10.6 - mass) / 1.5).clamp(0.0, 1.0);
            let start = random.between(8.0 - 3.5 * light, 13.5 - 2.0 * light);
            match which {
                w if w < 0.36 => History::Exponential { start, timescale: random.log_between(2.2 + 2.5 * light, 15.0) },
                w if w < 0.66 => History::Delayed { start, timescale: random.log_between(1.5 + 2.0 * light, 9.0) },
                w if w < 0.82 => History::Constant { start: random.log_between(1.0, 13.0) },
                w if w < 0.94 => {
                    let age = random.log_between(0.02, 1.5);
                    History::Burst {
                        start: random.between(8.0, 13.5),
                        timescale: random.log_between(2.0, 10.0),
                        age,
                        duration: age * random.between(0.3, 1.0),
                        fraction: random.log_between(0.003, 0.08),
                    }
                }
                _ => History::Truncated {
                    start,
                    timescale: random.log_between(2.0, 10.0),
                    quenched: random.log_between(0.02, 0.3),
                    fade: random.log_between(0.05, 0.5),
                },
            }
        }
    }
}

/// Draws E(B-V) of starlight, larger in more massive galaxies; a twentieth of the star-forming galaxies is seen edge-on.
fn draw_dust(kind: Kind, mass: f32, random: &mut Rng) -> f32 {
    let dust = match kind {
        Kind::Passive => -0.03 * (1.0 - random.unit()).ln(),
        _ if random.happens(0.05) => random.between(0.25, 0.55),
        _ => (0.05 + 0.05 * (mass - 9.0).clamp(-0.6, 2.2)) * (0.5 * random.normal()).exp(),
    };
    dust.clamp(0.0, 0.7)
}

fn draw_oddity(random: &mut Rng) -> Oddity {
    match random.unit() {
        u if u < 0.0025 => Oddity::MStar,
        u if u < 0.0050 => Oddity::AFStar,
        u if u < 0.0090 => {
            let size = random.between(0.12, 0.5);
            Oddity::CalibrationBreak { factor: if random.happens(0.5) { 1.0 + size } else { 1.0 / (1.0 + size) } }
        }
        u if u < 0.0130 => {
            let from = f64::from(random.between(3900.0, 8000.0));
            Oddity::MissingRange { from, to: from + f64::from(random.between(200.0, 1500.0)) }
        }
        u if u < 0.0150 => Oddity::LowSignal,
        _ => Oddity::None,
    }
}

fn draw_star(oddity: Oddity, random: &mut Rng) -> Option<Star> {
    match oddity {
        Oddity::MStar => Some(Star::M { temperature: random.between(2700.0, 3800.0), bands: random.between(0.7, 1.3) }),
        Oddity::AFStar => {
            Some(Star::AF { age: random.log_between(0.1, 1.2), log_metallicity: random.between(-0.69, 0.2) })
        }
        _ => None,
    }
}
