//! The noise of the night sky over Apache Point at each observed wavelength.
//!
//! Measured on 152 SDSS sky fibres: the median over fibres of each pixel's standard error, over the fibre's own median.

use std::sync::OnceLock;

/// log10 of the first observed vacuum wavelength, Angstrom (3802).
pub const FIRST: f64 = 3.58;
/// Number of pixels, 1e-4 apart in log10 wavelength; the last lies at 9204 Angstrom.
pub const PIXELS: usize = 3841;
/// Median standard error of a sky fibre, 1e-17 erg/s/cm^2/Angstrom, and its spread from fibre to fibre (ln).
pub const TYPICAL: (f32, f32) = (0.69, 0.15);
/// Step of [`FLOOR`] in log10 wavelength.
const TABLE_STEP: f64 = 0.01;

/// Standard error between the sky lines every 0.01 in log10 wavelength from 3.58, over its median.
#[rustfmt::skip]
const FLOOR: [f32; 39] = [
    3.991, 2.788, 2.267, 2.002, 1.724, 1.546, 1.454, 1.346, 1.250, 1.190, 1.116, 1.079, 1.007,
    0.963, 0.944, 0.940, 0.954, 0.978, 1.043, 1.082, 0.879, 0.733, 0.640, 0.569, 0.547, 0.508,
    0.529, 0.516, 0.547, 0.591, 0.599, 0.670, 0.722, 0.714, 0.801, 0.885, 1.066, 1.257, 1.330,
];

/// Sky lines: observed vacuum wavelength in Angstrom and the standard error they add, in quadrature, over the floor's.
#[rustfmt::skip]
const LINES: [(f64, f32); 74] = [
    (4359.0, 1.23), (5463.0, 1.23), (5578.0, 4.57), (5891.0, 2.31), (6302.0, 2.72), (6365.0, 1.46), (6836.0, 1.50), (6866.0, 2.01),
    (6925.0, 1.49), (6952.0, 1.55), (6981.0, 1.22), (7243.0, 2.47), (7278.0, 3.08), (7306.0, 1.30), (7318.0, 2.55), (7332.0, 1.47),
    (7343.0, 2.55), (7360.0, 1.34), (7372.0, 2.52), (7405.0, 1.73), (7485.0, 1.22), (7527.0, 2.08), (7574.0, 1.60), (7602.0, 3.10),
    (7631.0, 2.09), (7718.0, 2.48), (7754.0, 3.10), (7782.0, 1.21), (7797.0, 2.61), (7811.0, 1.46), (7823.0, 2.96), (7843.0, 1.36),
    (7856.0, 3.32), (7872.0, 1.90), (7892.0, 1.90), (7916.0, 3.48), (7934.0, 1.58), (7952.0, 1.37), (7967.0, 3.09), (7982.0, 1.62),
    (7997.0, 3.09), (8017.0, 1.49), (8028.0, 2.45), (8065.0, 1.70), (8283.0, 2.16), (8300.0, 2.55), (8314.0, 1.38), (8348.0, 4.72),
    (8368.0, 1.21), (8385.0, 2.07), (8402.0, 4.41), (8418.0, 2.22), (8433.0, 4.57), (8455.0, 1.88), (8468.0, 3.70), (8496.0, 1.42),
    (8507.0, 2.50), (8551.0, 1.52), (8632.0, 1.29), (8658.0, 1.32), (8764.0, 2.51), (8780.0, 3.00), (8794.0, 1.65), (8829.0, 4.70),
    (8853.0, 1.31), (8870.0, 1.93), (8888.0, 4.40), (8906.0, 2.47), (8923.0, 4.87), (8945.0, 2.18), (8960.0, 3.90), (8991.0, 1.81),
    (9003.0, 3.11), (9053.0, 1.69),
];

/// The sky noise at every observed pixel.
pub struct Sky {
    /// `[PIXELS]` log10 of the wavelength.
    pub log_wavelength: Vec<f64>,
    /// `[PIXELS]` standard error over its median.
    pub error: Vec<f32>,
    /// `[PIXELS]` share of sky lines in the variance, 0 to 1.
    pub line_share: Vec<f32>,
}

/// Returns the typical sky.
pub fn sky() -> &'static Sky {
    static SKY: OnceLock<Sky> = OnceLock::new();
    SKY.get_or_init(|| {
        let log_wavelength: Vec<f64> = (0..PIXELS).map(|i| FIRST + 1e-4 * i as f64).collect();
        let mut lines = vec![0.0f32; PIXELS];
        for (wavelength, excess) in LINES {
            let centre = (wavelength.log10() - FIRST) / 1e-4;
            for (i, sum) in lines.iter_mut().enumerate() {
                let offset = (i as f64 - centre) / 2.0;
                if offset.abs() < 4.0 {
                    *sum += (f64::from(excess).powi(2) * (-0.5 * offset * offset).exp()) as f32;
                }
            }
        }
        let error = log_wavelength.iter().zip(&lines).map(|(log, line)| floor(*log) * (1.0 + line).sqrt()).collect();
        let line_share = lines.iter().map(|line| line / (1.0 + line)).collect();
        Sky { log_wavelength, error, line_share }
    })
}

fn floor(log_wavelength: f64) -> f32 {
    let position = ((log_wavelength - FIRST) / TABLE_STEP).clamp(0.0, (FLOOR.len() - 1) as f64);
    let cell = (position as usize).min(FLOOR.len() - 2);
    let right = (position - cell as f64) as f32;
    FLOOR[cell] * (1.0 - right) + FLOOR[cell + 1] * right
}
