//! The descent (McInnes et al. 2018, section 3.2 and algorithm 5): each edge pulls its ends together as often as it is certain, and
//! each pull is accompanied by a few pushes from random points.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::config::{UmapConfig, UmapError, UmapProgress};
use super::curve::Curve;
use super::fuzzy_graph::Edge;

/// Number of points up to which a map gets 500 epochs; above it gets 200.
const SMALL: usize = 10_000;
/// Longest step along one axis, over the learning rate.
const LONGEST: f32 = 4.0;
/// Keeps the push between coinciding points finite.
const SOFTENING: f32 = 1e-3;

/// An edge and the epochs in which it acts next.
struct Due {
    head: u32,
    tail: u32,
    /// Epochs between two pulls.
    interval: f32,
    /// Epoch of the next pull.
    pull: f32,
    /// Epoch of the next push.
    push: f32,
}

/// Moves `positions` `[n]` in place, the learning rate falling from 1 to 0. `report` is called after every epoch.
pub(super) fn descend(
    positions: &mut [[f32; 2]],
    edges: Vec<Edge>,
    curve: &Curve,
    config: &UmapConfig,
    report: &mut impl FnMut(UmapProgress) -> Result<(), UmapError>,
) -> Result<(), UmapError> {
    let epochs = config.epochs.unwrap_or(if positions.len() <= SMALL { 500 } else { 200 });
    let mut due = schedule(edges, epochs, config.negatives);
    let force = Force { a: curve.a as f32, b: curve.b as f32 };
    let mut random = ChaCha8Rng::seed_from_u64(config.seed);
    for epoch in 0..epochs {
        let rate = 1.0 - epoch as f32 / epochs as f32;
        for edge in &mut due {
            if edge.pull <= epoch as f32 {
                visit(positions, edge, &force, rate, epoch as f32, config.negatives, &mut random);
            }
        }
        report(UmapProgress::Descent { done: epoch + 1, of: epochs })?;
    }
    Ok(())
}

/// Returns when each edge pulls: the most certain one every epoch, one half as certain every second epoch. Edges that would not pull
/// once are left out.
fn schedule(edges: Vec<Edge>, epochs: usize, negatives: usize) -> Vec<Due> {
    let surest = edges.iter().map(|edge| edge.weight).fold(0.0, f32::max);
    let kept = edges.into_iter().filter(|edge| edge.weight > 0.0 && edge.weight * epochs as f32 >= surest);
    kept.map(|edge| {
        let interval = surest / edge.weight;
        Due { head: edge.head, tail: edge.tail, interval, pull: interval, push: interval / negatives.max(1) as f32 }
    })
    .collect()
}

/// Applies one pull, then the pushes that are due since the last one.
fn visit(
    positions: &mut [[f32; 2]],
    edge: &mut Due,
    force: &Force,
    rate: f32,
    epoch: f32,
    negatives: usize,
    random: &mut ChaCha8Rng,
) {
    let (head, tail) = (edge.head as usize, edge.tail as usize);
    let mut here = positions[head];
    let offset = [here[0] - positions[tail][0], here[1] - positions[tail][1]];
    let pull = force.pull(offset[0] * offset[0] + offset[1] * offset[1]);
    for axis in 0..2 {
        let step = (pull * offset[axis]).clamp(-LONGEST, LONGEST) * rate;
        here[axis] += step;
        positions[tail][axis] -= step;
    }
    edge.pull += edge.interval;

    if negatives > 0 {
        let between = edge.interval / negatives as f32;
        let pushes = ((epoch - edge.push) / between).max(0.0) as usize;
        for _ in 0..pushes {
            let other = below(random, positions.len());
            if other == head {
                continue;
            }
            let offset = [here[0] - positions[other][0], here[1] - positions[other][1]];
            let push = force.push(offset[0] * offset[0] + offset[1] * offset[1]);
            for axis in 0..2 {
                here[axis] += (push * offset[axis]).clamp(-LONGEST, LONGEST) * rate;
            }
        }
        edge.push += pushes as f32 * between;
    }
    positions[head] = here;
}

/// Draws a row below `count` (by multiply and shift; off from uniform by less than count / 2^32).
fn below(random: &mut ChaCha8Rng, count: usize) -> usize {
    ((u64::from(random.next_u32()) * count as u64) >> 32) as usize
}

/// The gradients of the cross entropy divided by the offset between two points, as functions of the squared distance.
struct Force {
    a: f32,
    b: f32,
}

impl Force {
    fn pull(&self, squared: f32) -> f32 {
        if squared <= 0.0 {
            return 0.0;
        }
        let power = squared.powf(self.b);
        -2.0 * self.a * self.b * power / (squared * (self.a * power + 1.0))
    }

    fn push(&self, squared: f32) -> f32 {
        if squared <= 0.0 {
            return 0.0;
        }
        2.0 * self.b / ((SOFTENING + squared) * (self.a * squared.powf(self.b) + 1.0))
    }
}
