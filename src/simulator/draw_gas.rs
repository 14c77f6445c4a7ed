//! Random draws of what emits lines: star-forming gas, narrow-line regions, broad-line nuclei.

use super::broad::BroadNucleus;
use super::dust::STARS_OVER_GAS;
use super::iron::Iron;
use super::label::maximum_starburst;
use super::lines::LineRatios;
use super::parameters::{Gas, NarrowNucleus, Outflow};
use super::population::Kind;
use super::random::Rng;

/// Draws gas ionised by young stars, on the star-forming sequence of the BPT plane. `stars` is the velocity dispersion of the stars in km/s,
/// `dust` their E(B-V); `young` is whether hardly any light is older than the burst.
pub fn star_forming_gas(log_mass: f32, stars: f32, dust: f32, young: bool, random: &mut Rng) -> Gas {
    // Heavier galaxies have richer gas (Tremonti et al. 2004): [N II]/H-alpha bends over at 10^10 solar masses. Compact young
    // dwarfs lie below that relation (Amorin et al. 2010).
    let softplus = 0.5 * (1.0 + ((10.0 - log_mass) / 0.5).exp()).ln();
    let poorer = if young { random.between(0.0, 1.0) } else { 0.0 };
    let nitrogen = random.gauss_within(-0.38 - 0.55 * softplus - poorer, 0.09, -2.1, -0.25);
    // How much stronger or weaker the ionising light falls on the gas than on the sequence, dex in [O III]/[O II]: young
    // compact bursts reach [O III]/[O II] of ten (Cardamone et al. 2009; Izotov et al. 2011).
    let ionisation = 0.15 * random.normal() + if young { random.between(0.1, 0.8) } else { 0.0 };
    // No starburst is above the line that Kewley et al. (2001) drew through the hardest models.
    let oxygen3 = sequence(nitrogen) + 0.3 * ionisation + 0.11 * random.normal();
    let oxygen3 = oxygen3.min(maximum_starburst(nitrogen) - 0.01);
    // 12 + log O/H after Marino et al. (2013), equation 4, and the temperature that oxygen's cooling leaves (a line through
    // Izotov et al. 2006, figure 4: 13,000 K at 8.0, 8,800 K at 8.5).
    let oxygen = 8.743 + 0.462 * nitrogen;
    let temperature = random.gauss_within(1.30 - 0.85 * (oxygen - 8.0), 0.08, 0.65, 2.0);
    // Gas between the clouds glows in [S II], [O I] and [O II]; where ionisation is high those fade.
    let diffuse = 0.1 * random.normal();
    let poor = (-0.9 - nitrogen).max(0.0);
    let ratios = LineRatios {
        nitrogen,
        oxygen3,
        sulfur: -0.46 + diffuse - 0.5 * poor - 0.06 * (nitrogen + 0.5).abs() - 0.35 * ionisation,
        oxygen1: -1.45 + 1.3 * diffuse - 0.25 * poor - 0.4 * ionisation + 0.08 * random.normal(),
        oxygen2: 0.52 - 1.4 * (nitrogen + 0.95).max(0.0).powi(2) - 0.8 * (nitrogen + 0.95).min(0.0).powi(2)
            + 0.8 * diffuse
            - 0.8 * ionisation
            + 0.06 * random.normal(),
        neon3: -1.08 + 0.08 * random.normal(),
        helium2: -2.4 + 0.4 * poor + 0.3 * random.normal(),
        temperature,
        density: random.between(1.15, 1.45),
    };
    Gas {
        // Before five million years a population is fainter than the models' youngest, which stands in for it: about 0.1 dex.
        halpha_offset: if young { random.gauss(0.1, 0.15) } else { random.gauss(-0.05, 0.17) },
        ratios,
        dispersion: (0.8 * stars * 10f32.powf(0.1 * random.normal())).clamp(25.0, 230.0),
        dust: dust / STARS_OVER_GAS * 10f32.powf(0.1 * random.normal()),
        velocity: random.gauss(0.0, 20.0),
    }
}

/// Returns log10 [O III]/H-beta of the local star-forming sequence at a log10 [N II]/H-alpha: Kewley et al. (2013), equation 3 at z = 0,
/// falling again in the most metal-poor gas as dwarfs do.
pub fn sequence(nitrogen: f32) -> f32 {
    let rising = 0.61 / (nitrogen.min(-0.22) + 0.08) + 1.1;
    rising.max(-1.0) + 0.12 * (-1.0 - nitrogen).max(0.0)
}

/// Draws gas ionised by a nucleus or by old stars; `None` for many galaxies. Most massive passive galaxies have a little of it, few galaxies
/// a lot.
pub fn narrow_nucleus(kind: Kind, log_mass: f32, stars: f32, dust: f32, random: &mut Rng) -> Option<NarrowNucleus> {
    let heavy = ((log_mass - 10.0) / 0.8).clamp(0.05, 1.0);
    let which = random.unit();
    let (seyfert, strength) = match kind {
        Kind::BroadLine => (true, random.log_between(1.5, 60.0)),
        Kind::Passive if which < 0.026 * heavy => (false, random.log_between(2.0, 7.0)),
        Kind::Passive if which < 0.034 * heavy => (true, random.log_between(2.0, 40.0)),
        // Weak, LINER-like gas ionised by old stars: an H-alpha equivalent width below 2 Angstrom (Cid Fernandes et al. 2011).
        Kind::Passive if which < 0.75 => (false, random.log_between(0.1, 2.0)),
        Kind::GreenValley if which < 0.07 * heavy => (true, random.log_between(2.5, 150.0)),
        Kind::GreenValley if which < 0.50 => (false, random.log_between(0.4, 4.5)),
        Kind::StarForming if which < 0.03 * heavy => (true, random.log_between(3.0, 150.0)),
        Kind::StarForming if which < 0.055 * heavy => (false, random.log_between(1.0, 6.0)),
        Kind::PostStarburst if which < 0.15 => (true, random.log_between(1.5, 15.0)),
        Kind::PostStarburst if which < 0.7 => (false, random.log_between(0.5, 4.0)),
        _ => return None,
    };
    Some(NarrowNucleus {
        halpha_equivalent_width: strength,
        ratios: if seyfert { seyfert_ratios(random) } else { liner_ratios(random) },
        dispersion: (stars * 10f32.powf(0.1 * random.normal())).clamp(60.0, 420.0),
        dust: dust / STARS_OVER_GAS * random.between(0.5, 1.2) + random.between(0.0, 0.15),
        velocity: random.gauss(-10.0, 35.0),
        outflow: outflow(seyfert, stars, random),
    })
}

/// Draws the wing of outflowing gas that half of all Seyferts show in [O III] (Mullaney et al. 2013; Harrison et al. 2014).
fn outflow(seyfert: bool, stars: f32, random: &mut Rng) -> Option<Outflow> {
    (seyfert && random.happens(0.5)).then(|| Outflow {
        share: random.between(0.1, 0.6),
        dispersion: (stars * random.between(1.6, 3.5)).clamp(180.0, 700.0),
        velocity: random.gauss(-130.0, 130.0),
    })
}

/// Draws line ratios on the Seyfert branch (Kewley et al. 2006, figures 1 to 4).
pub fn seyfert_ratios(random: &mut Rng) -> LineRatios {
    LineRatios {
        nitrogen: random.gauss(-0.03, 0.15),
        oxygen3: random.gauss_within(0.85, 0.2, 0.35, 1.25),
        sulfur: random.gauss(-0.22, 0.13),
        oxygen1: random.gauss(-0.95, 0.17),
        oxygen2: random.gauss(0.42, 0.15),
        neon3: random.gauss(-1.0, 0.12),
        helium2: random.gauss(-0.8, 0.25),
        temperature: random.gauss_within(1.4, 0.2, 1.0, 2.2),
        density: random.between(0.85, 1.35),
    }
}

/// Draws line ratios on the LINER branch, where gas ionised by old stars lies too.
pub fn liner_ratios(random: &mut Rng) -> LineRatios {
    LineRatios {
        nitrogen: random.gauss(0.05, 0.15),
        oxygen3: random.gauss(0.30, 0.17),
        sulfur: random.gauss(0.0, 0.12),
        oxygen1: random.gauss(-0.62, 0.17),
        oxygen2: random.gauss(0.72, 0.16),
        neon3: random.gauss(-0.75, 0.12),
        helium2: random.gauss(-1.7, 0.3),
        temperature: random.gauss_within(1.1, 0.2, 0.7, 1.8),
        density: random.between(1.0, 1.45),
    }
}

/// Draws a broad-line nucleus.
pub fn broad_nucleus(random: &mut Rng) -> BroadNucleus {
    let width = (3000.0 * (0.55 * random.normal()).exp()).clamp(900.0, 9000.0);
    // Eigenvector 1 (Boroson & Green 1992): the narrower the lines, the stronger the iron.
    let iron = 35.0 * (-(width / 3000.0).ln() * 0.6 + 0.6 * random.normal()).exp();
    // One in twenty has the two peaks of a disc (Strateva et al. 2003: 3 % of SDSS's broad-line nuclei).
    let disc = random.happens(0.05);
    BroadNucleus {
        fraction: random.between(0.05, 1.0).powf(1.1).min(0.98),
        slope: random.gauss(-1.6, 0.45),
        // Half of them hardly reddened, the rest ever fewer with more dust (Dong et al. 2008; Hopkins et al. 2004).
        dust: if random.happens(0.5) {
            random.between(0.0, 0.05)
        } else {
            (-0.18 * (1.0 - random.unit()).ln()).min(0.8)
        },
        width,
        velocity: random.gauss(0.0, if disc { 600.0 } else { 150.0 }),
        wing: if disc { random.between(0.4, 0.6) } else { random.between(0.0, 0.7) },
        wing_width: if disc { random.between(0.7, 1.3) } else { random.between(1.7, 4.5) },
        wing_velocity: if disc { random.between(0.8, 1.3) * width } else { random.gauss(0.0, 0.16 * width) },
        halpha_equivalent_width: random.log_between(80.0, 700.0),
        // Without dust 3.06 with a scatter of 0.03 dex (Dong et al. 2008); a little more for self-absorption.
        decrement: (3.06 * 10f32.powf(0.06 * random.normal())).clamp(2.4, 4.5),
        helium: 10f32.powf(0.2 * random.normal()),
        iron: Iron {
            equivalent_width: iron.clamp(1.0, 130.0),
            groups: std::array::from_fn(|_| (0.3 * random.normal()).exp()),
        },
        balmer_continuum: random.between(0.0, 0.45),
    }
}
