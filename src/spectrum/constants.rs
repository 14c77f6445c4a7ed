//! Physical constants.

/// Speed of light in vacuum, km/s.
pub const LIGHT_SPEED: f64 = 299_792.458;
