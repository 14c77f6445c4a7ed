//! Positions on the sky for simulated survey files. They are drawn, and no object is there.

use super::random::{Purpose, Rng};
use crate::spectrum::SkyPosition;

/// Changes the seed, so that positions are not tied to parameters.
const POSITIONS: u64 = 0x5c1_0000;
/// Share of the objects in the northern field.
const NORTHERN: f32 = 0.8;
/// The northern field, about where SDSS and DESI look.
const NORTH: Field = Field { ra: (120.0, 240.0), dec: (0.0, 60.0) };
/// The southern field, which lies across right ascension 0.
const SOUTH: Field = Field { ra: (320.0, 400.0), dec: (-10.0, 20.0) };

/// A field of the sky, degrees.
struct Field {
    ra: (f32, f32),
    dec: (f32, f32),
}

/// Draws the position of spectrum `index` of the set with seed `seed`, evenly over two fields of the sky.
pub fn position(seed: u64, index: u64) -> Option<SkyPosition> {
    let mut random = Rng::new(seed ^ POSITIONS, index, Purpose::Parameters);
    let Field { ra, dec } = if random.unit() < NORTHERN { NORTH } else { SOUTH };
    // Even over the sphere: in the sine of the declination.
    let sine = random.between(dec.0.to_radians().sin(), dec.1.to_radians().sin());
    let ra = f64::from(random.between(ra.0, ra.1)).rem_euclid(360.0);
    SkyPosition::new(ra, f64::from(sine).asin().to_degrees())
}
