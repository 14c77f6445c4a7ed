//! Star-formation histories: when a galaxy's stars formed.

/// Bins of lookback time, evenly spaced in its logarithm.
const BINS: usize = 56;
/// Steps inside a bin, so that a burst's edges do not jump from bin to bin.
const SUBSTEPS: usize = 4;
/// Lookback time of the youngest and oldest bin's far edges, Gyr.
const YOUNGEST: f32 = 0.002;
const OLDEST: f32 = 13.6;
/// The star formation rate is the mean of the last ten million years.
const RECENT: f32 = 0.01;
/// Until this age a population ionises as at birth, Gyr; then its ionising light falls as this power of age
/// (Leitherer et al. 1999, figures 77 and 78).
const IONISING: (f32, f32) = (0.003, 4.5);

/// A history. Times are lookback times in Gyr from the moment of observation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum History {
    /// Rate exp(-t / timescale) since `start`.
    Exponential {
        /// When it began.
        start: f32,
        /// e-folding time, Gyr.
        timescale: f32,
    },
    /// Rate t exp(-t / timescale) since `start`.
    Delayed {
        /// When it began.
        start: f32,
        /// Time from start to the peak, Gyr.
        timescale: f32,
    },
    /// The same rate since `start`.
    Constant {
        /// When it began.
        start: f32,
    },
    /// An exponential history with a burst of constant rate on top.
    Burst {
        /// When the old population began.
        start: f32,
        /// Its e-folding time, Gyr.
        timescale: f32,
        /// When the burst began.
        age: f32,
        /// How long it lasted (until today if longer than its age), Gyr.
        duration: f32,
        /// Share of all stellar mass that formed in it.
        fraction: f32,
    },
    /// A delayed history cut off `quenched` ago, after which the rate fades: a post-starburst where that was recent.
    Truncated {
        /// When it began.
        start: f32,
        /// Time from start to the peak, Gyr.
        timescale: f32,
        /// When it was cut off.
        quenched: f32,
        /// e-folding time of what star formation was left, Gyr.
        fade: f32,
    },
}

/// A history as mass by age.
pub struct AgeDistribution {
    /// (lookback time in Gyr, share of the stellar mass), youngest first; the shares add up to 1.
    pub mass: Vec<(f32, f32)>,
    /// Mean rate of the last 10 Myr over all mass formed, per year.
    pub specific_rate: f32,
    /// The constant rate over all mass formed that would ionise as much, per year: what H-alpha sees.
    pub ionising_rate: f32,
}

impl History {
    /// Number of the kind, as the column `truth_sfh` has it: 0 exponential, 1 delayed, 2 constant, 3 burst, 4 truncated.
    pub fn code(&self) -> i32 {
        match self {
            History::Exponential { .. } => 0,
            History::Delayed { .. } => 1,
            History::Constant { .. } => 2,
            History::Burst { .. } => 3,
            History::Truncated { .. } => 4,
        }
    }

    /// Share of the mass that formed in a burst; 0 for other kinds.
    pub fn burst_fraction(&self) -> f32 {
        match self {
            History::Burst { fraction, .. } => *fraction,
            _ => 0.0,
        }
    }

    /// Mass by age, and the recent rate.
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

    /// Rate at a lookback time, in any unit.
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

/// Time from `start` to a lookback time; none before the start.
fn since(start: f32, lookback: f32) -> Option<f32> {
    (lookback < start).then_some(start - lookback)
}

/// Ionising light of a population of an age, over that at birth.
fn ionising_light(age: f32) -> f32 {
    if age <= IONISING.0 { 1.0 } else { (age / IONISING.0).powf(-IONISING.1) }
}

/// The integral of [`ionising_light`] over all ages, Gyr.
fn ionising_span() -> f32 {
    IONISING.0 * (1.0 + 1.0 / (IONISING.1 - 1.0))
}

/// Integrates a rate over the bins of lookback time: (age, share of the mass), the share of the last 10 Myr, and the share
/// weighted by the ionising light that is left.
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

/// Near edge of a bin, Gyr; the first bin starts today.
fn edge(bin: usize) -> f32 {
    match bin {
        0 => 0.0,
        _ => YOUNGEST * (OLDEST / YOUNGEST).powf((bin - 1) as f32 / (BINS - 1) as f32),
    }
}
