//! The scale from the values of a column to colours: linear, logarithmic or by rank, and what it cuts off.

use std::sync::Arc;

use super::embedding::spread;
use super::text::thousands;
use crate::plot::{Axis, Colormap, MISSING, tick_label};

/// The kinds of scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScaleKind {
    /// Equal steps of value.
    Linear,
    /// Equal ratios.
    Log,
    /// Equal numbers of spectra.
    Rank,
}

/// A scale and its limits.
#[derive(Debug, Clone, PartialEq)]
pub struct ColorScale {
    /// Its kind.
    pub kind: ScaleKind,
    /// Whether the page chose the kind.
    pub chosen_by_page: bool,
    /// Values at both ends.
    pub range: (f32, f32),
    /// Spectra below the range and above it, which have the colours of its ends.
    pub beyond: (usize, usize),
    /// Finite values, increasing, for a scale by rank.
    sorted: Arc<Vec<f32>>,
}

/// Share of the values cut off at either end, so that one odd spectrum does not take all colours.
const CUT: f64 = 0.01;
/// Largest ratio of the ends of a logarithmic scale: what is smaller than its lower end is as good as none.
const DECADES: f32 = 1e4;
/// The median lies at least this far from both ends of a scale that is of use.
const LOPSIDED: f32 = 0.15;

impl ScaleKind {
    /// Every kind, in the order shown.
    pub const ALL: [Self; 3] = [Self::Linear, Self::Log, Self::Rank];

    /// Returns the name in links.
    pub fn name(self) -> &'static str {
        match self {
            Self::Linear => "linear",
            Self::Log => "log",
            Self::Rank => "rank",
        }
    }

    /// Returns the name in the page's words.
    pub fn label(self) -> &'static str {
        match self {
            Self::Linear => "linear",
            Self::Log => "logarithmic",
            Self::Rank => "by rank",
        }
    }

    /// Returns the kind of a name; `None` for other names.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl ColorScale {
    /// Fits a scale of a kind to values `[n]`. Where none is given, it is linear unless that would give nearly all values one colour; then
    /// logarithmic, or by rank.
    pub fn fit(values: &[f32], kind: Option<ScaleKind>) -> Self {
        let mut sorted: Vec<f32> = values.iter().copied().filter(|value| value.is_finite()).collect();
        sorted.sort_unstable_by(f32::total_cmp);
        let sorted = Arc::new(sorted);
        let of = |kind: ScaleKind| {
            let range = match kind {
                ScaleKind::Linear => spread(sorted.iter().copied(), CUT),
                ScaleKind::Log => {
                    let (low, high) = spread(sorted.iter().copied().filter(|value| *value > 0.0), CUT);
                    (low.max(high / DECADES), high)
                }
                ScaleKind::Rank => (at(&sorted, 0.0), at(&sorted, 1.0)),
            };
            let below = sorted.partition_point(|value| *value < range.0);
            let above = sorted.len() - sorted.partition_point(|value| *value <= range.1);
            Self { kind, chosen_by_page: false, range, beyond: (below, above), sorted: sorted.clone() }
        };
        if let Some(kind) = kind.filter(|kind| *kind != ScaleKind::Log || at(&sorted, 1.0) > 0.0) {
            return of(kind);
        }
        let evenly = |scale: &Self| {
            let middle = scale.fraction(at(&sorted, 0.5));
            (LOPSIDED..=1.0 - LOPSIDED).contains(&middle) || scale.range.0 == scale.range.1
        };
        let mut chosen = of(ScaleKind::Linear);
        if !evenly(&chosen) {
            let positive = at(&sorted, 0.05) > 0.0;
            chosen =
                Some(of(ScaleKind::Log)).filter(|log| positive && evenly(log)).unwrap_or_else(|| of(ScaleKind::Rank));
        }
        Self { chosen_by_page: true, ..chosen }
    }

    /// Returns where a value lies on the scale, 0 to 1; beyond the range for values that it cuts off.
    fn fraction(&self, value: f32) -> f32 {
        let (low, high) = self.range;
        let share = |value: f32, low: f32, high: f32| if high > low { (value - low) / (high - low) } else { 0.5 };
        match self.kind {
            ScaleKind::Linear => share(value, low, high),
            ScaleKind::Log => share(value.max(f32::MIN_POSITIVE).ln(), low.ln(), high.ln()),
            ScaleKind::Rank => {
                let below = self.sorted.partition_point(|other| *other < value);
                let up_to = self.sorted.partition_point(|other| *other <= value);
                share((below + up_to) as f32, 1.0, (2 * self.sorted.len()) as f32 - 1.0)
            }
        }
    }

    /// Returns the palette index of a value.
    pub fn index(&self, value: f32) -> u8 {
        if value.is_finite() { Colormap::index(self.fraction(value), (0.0, 1.0)) } else { MISSING }
    }

    /// Returns the ticks of the colour bar: position, 0 to 1, and label.
    pub fn ticks(&self) -> Vec<(f32, String)> {
        let (low, high) = (f64::from(self.range.0), f64::from(self.range.1));
        match self.kind {
            ScaleKind::Rank => {
                let shares = [0.0, 0.25, 0.5, 0.75, 1.0];
                let values: Vec<f64> = shares.map(|share| f64::from(at(&self.sorted, share))).to_vec();
                let label = |value: &f64| short(*value);
                shares.into_iter().zip(&values).map(|(share, value)| (share as f32, label(value))).collect()
            }
            kind => {
                let axis = if kind == ScaleKind::Log { Axis::log(low, high) } else { Axis::linear(low, high) };
                let ticks = axis.ticks(5);
                let inside = |tick: &f64| (0.0..=1.0).contains(&axis.fraction(*tick));
                let labelled = |tick: f64| (axis.fraction(tick) as f32, tick_label(tick, &ticks));
                ticks.iter().copied().filter(inside).map(labelled).collect()
            }
        }
    }

    /// Says how many values lie beyond the limits and how many spectra have none; `None` where there is nothing to say.
    pub fn note(&self, missing: usize) -> Option<String> {
        let (low, high) = (short(f64::from(self.range.0)), short(f64::from(self.range.1)));
        let below = (self.beyond.0 > 0).then(|| format!("{} below {low}", thousands(self.beyond.0)));
        let above = (self.beyond.1 > 0).then(|| format!("{} above {high}", thousands(self.beyond.1)));
        let none = (missing > 0).then(|| format!("{} without a value", thousands(missing)));
        let said: Vec<String> = [below, above, none].into_iter().flatten().collect();
        (!said.is_empty()).then(|| said.join(" · "))
    }
}

/// Returns the value below which a share of the sorted values lies; 0 where there are none.
fn at(sorted: &[f32], share: f64) -> f32 {
    let last = sorted.len().saturating_sub(1);
    sorted.get((last as f64 * share).round() as usize).copied().unwrap_or(0.0)
}

/// Returns a value to three digits.
fn short(value: f64) -> String {
    let digits = if value == 0.0 { 0 } else { (2 - value.abs().log10().floor() as i32).clamp(0, 5) as usize };
    let text = format!("{value:.digits$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    text.replace('-', "−")
}
