//! Star-formation histories.

/// Number of bins of lookback time, evenly spaced in its logarithm.
const BINS: usize = 56;
/// Steps inside a bin, so that a burst's edges do not jump from bin to bin.
const SUBSTEPS: usize = 4;
/// Lookback time of the youngest bin's far edge, Gyr.
const YOUNGEST: f32 = 0.002;
/// Lookback time of the oldest bin's far edge, Gyr.
const OLDEST: f32 = 13.6;
/// Time over which the star formation rate is averaged, Gyr.
const RECENT: f32 = 0.01;
/// Age in Gyr until which a population ionises as at birth, and the power of age by which its ionising light falls afterwards
/// (Leitherer et al. 1999, figures 77 and 78).
const IONISING: (f32, f32) = (0.003, 4.5);

/// A star-formation history. Times are lookback times in Gyr from the observation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum History {
    /// Rate exp(-t / timescale) since `start`.
    Exponential {
        /// Start, Gyr ago.
        start: f32,
        /// e-folding time, Gyr.
        timescale: f32,
    },
    /// Rate t exp(-t / timescale) since `start`.
    Delayed {
        /// Start, Gyr ago.
        start: f32,
        /// Time from start to the peak, Gyr.
        timescale: f32,
    },
    /// Constant rate since `start`.
    Constant {
        /// Start, Gyr ago.
        start: f32,
    },
    /// An exponential history with a burst of constant rate on top.
    Burst {
        /// Start of the old population, Gyr ago.
        start: f32,
        /// e-folding time of the old population, Gyr.
        timescale: f32,
        /// Start of the burst, Gyr ago.
        age: f32,
        /// Duration of the burst, Gyr; it lasts until today where that is longer than its age.
        duration: f32,
        /// Share of all stellar mass that formed in the burst.
        fraction: f32,
    },
    /// A delayed history that ends at `quenched`, after which the rate fades: a post-starburst where that was recent.
    Truncated {
        /// Start, Gyr ago.
        start: f32,
        /// Time from start to the peak, Gyr.
        timescale: f32,
        /// End of undisturbed star formation, Gyr ago.
        quenched: f32,
        /// e-folding time of the star formation afterwards, Gyr.
        fade: f32,
    },
}

/// The stellar mass formed by age.
pub struct AgeDistribution {
    /// (lookback time in Gyr, share of the stellar mass), youngest first; the shares add up to 1.
    pub mass: Vec<(f32, f32)>,
    /// Mean rate of the last 10 Myr over all mass formed, per year.
    pub specific_rate: f32,
    /// Constant rate over all mass formed that would ionise as much, per year: the rate that H-alpha measures.
    pub ionising_rate: f32,
}

impl History {
    /// Returns the code of the kind in the column `truth_sfh`: 0 exponential, 1 delayed, 2 constant, 3 burst, 4 truncated.
    pub fn code(&self) -> i32 {
        match self {
            History::Exponential { .. } => 0,
            History::Delayed { .. } => 1,
            History::Constant { .. } => 2,
            History::Burst { .. } => 3,
            History::Truncated { .. } => 4,
        }
    }

    /// Returns the share of the mass that formed in a burst; 0 for other kinds.
    pub fn burst_fraction(&self) -> f32 {
        match self {
            History::Burst { fraction, .. } => *fraction,
            _ => 0.0,
        }
    }

    /// Returns the mass by age and the recent rates.
    pub fn age_distribution(&self) -> AgeDistribution {
        let (mut mass, [recent, ionising]) = match *self {
            History::Burst { start, timescale, age, duration, fraction } => {
                let (mut old, old_rates) = binned(|t| since(start, t).map_or(0.0, |s| (-s / timescale).exp()));
                let (new, new_rates) = binned(|t| f32::from(u8::from(t <= age && t > age - duration)));
                for (old, new) in old.iter_mut().zip(&new) {
                    old.1 = (1.0 - fraction) * old.1 + fraction * new.1;
                }
                (old, [0, 1].map(|i| (1.0 - fraction) * old_rates[i] + fraction * new_rates[i]))
            }
            _ => binned(|t| self.rate(t)),
        };
        mass.retain(|&(_, share)| share > 0.0);
        let [specific_rate, ionising_rate] =
            [recent / (RECENT * 1e9), ionising / (ionising_span() * 1e9)].map(|rate| rate.max(0.0));
        AgeDistribution { mass, specific_rate, ionising_rate }
    }

    /// Returns the rate at a lookback time, in any unit.
    fn rate(&self, lookback: f32) -> f32 {
        match *self {
            History::Exponential { start, timescale } | History::Burst { start, timescale, .. } => {
                since(start, lookback).map_or(0.0, |time| (-time / timescale).exp())
            }
            History::Delayed { start, timescale } => {
                since(start, lookback).map_or(0.0, |time| time * (-time / timescale).exp())
            }
            History::Constant { start } => since(start, lookback).map_or(0.0, |_| 1.0),
            History::Truncated { start, timescale, quenched, fade } => {
                let delayed = |time: f32| time * (-time / timescale).exp();
                match since(start, lookback) {
                    None => 0.0,
                    Some(time) if lookback >= quenched => delayed(time),
                    Some(_) => delayed((start - quenched).max(0.0)) * ((lookback - quenched) / fade).exp(),
                }
            }
        }
    }
}

/// Returns the time from `start` to a lookback time; `None` before the start.
fn since(start: f32, lookback: f32) -> Option<f32> {
    (lookback < start).then_some(start - lookback)
}

/// Returns the ionising light of a population of an age, over that at birth.
fn ionising_light(age: f32) -> f32 {
    if age <= IONISING.0 { 1.0 } else { (age / IONISING.0).powf(-IONISING.1) }
}

/// Returns the integral of [`ionising_light`] over all ages, Gyr.
fn ionising_span() -> f32 {
    IONISING.0 * (1.0 + 1.0 / (IONISING.1 - 1.0))
}

/// Integrates a rate over the bins of lookback time. Returns (age, share of the mass) per bin, and the shares of the last 10 Myr and
/// weighted by ionising light.
fn binned(rate: impl Fn(f32) -> f32) -> (Vec<(f32, f32)>, [f32; 2]) {
    let (mut mass, mut recent, mut ionising, mut total) = (Vec::with_capacity(BINS), 0.0, 0.0, 0.0);
    for bin in 0..BINS {
        let (near, far) = (edge(bin), edge(bin + 1));
        let step = (far - near) / SUBSTEPS as f32;
        let mut formed = 0.0;
        for sub in 0..SUBSTEPS {
            let middle = near + (sub as f32 + 0.5) * step;
            let share = rate(middle) * step;
            formed += share;
            ionising += share * ionising_light(middle);
            recent += share * ((RECENT - (middle - 0.5 * step)) / step).clamp(0.0, 1.0);
        }
        mass.push((0.5 * (near + far), formed));
        total += formed;
    }
    if total > 0.0 {
        mass.iter_mut().for_each(|(_, formed)| *formed /= total);
        recent /= total;
        ionising /= total;
    }
    (mass, [recent, ionising])
}

/// Returns the near edge of a bin, Gyr; the first bin starts today.
fn edge(bin: usize) -> f32 {
    match bin {
        0 => 0.0,
        _ => YOUNGEST * (OLDEST / YOUNGEST).powf((bin - 1) as f32 / (BINS - 1) as f32),
    }
}
