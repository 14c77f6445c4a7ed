//! The simulator: spectra of galaxies, active nuclei and a few odd things, as SDSS would have recorded them.
//!
//! `draw` picks dials, `render` makes a noiseless rest-frame spectrum of them, `observe` puts it behind a telescope; all are pure,
//! and everything random follows from (seed, index). Spectra are no mixture of a few templates: ages, metallicities, dust,
//! velocities and line ratios vary continuously, and most of them not linearly. What it lacks is in `docs/simulator.md`.

pub mod broad;
pub mod broaden;
pub mod colours;
pub mod dials;
pub mod draw;
pub mod draw_gas;
pub mod dust;
pub mod history;
pub mod iron;
pub mod label;
pub mod lines;
pub mod nebular;
pub mod observe;
pub mod oddity;
pub mod parameters;
pub mod population;
pub mod random;
pub mod render;
pub mod rest_grid;
pub mod sky;
pub mod ssp;
pub mod star;
pub mod survey_file;
pub mod truth;

pub use dials::{DIALS, Dial, GalaxyDials};
pub use draw::draw;
pub use label::MeasuredLine;
pub use oddity::ODDITY_NAMES;
pub use parameters::Parameters;
pub use render::{Rendered, render};
pub use truth::{HISTORY_NAMES, truth_columns};

use crate::spectrum::{Class, ObservedSpectrum, SpectrumId, grid};
use random::{Purpose, Rng};

/// Fibres of a simulated plate.
const FIBERS: u64 = 640;

/// A simulated spectrum and all that is known of it.
#[derive(Debug, Clone)]
pub struct SimulatedSpectrum {
    /// What the survey would have recorded.
    pub observed: ObservedSpectrum,
    /// The dials it was made with.
    pub parameters: Parameters,
    /// `[1000]` the noiseless rest-frame flux on the paper's grid, before the telescope, in the unit of `observed`.
    pub truth_flux: Vec<f32>,
    /// The truth columns' values, in the order of [`truth_columns`].
    pub truths: Vec<(&'static str, f32)>,
    /// Its class by the paper's rule, as measured.
    pub class: Class,
    /// The lines as measured, on which that class hangs.
    pub lines: Vec<MeasuredLine>,
    /// The observed flux without noise, pixel by pixel.
    pub noiseless: Vec<f32>,
}

/// Spectrum `index` of the set that `seed` makes. The same arguments make the same spectrum, whatever was made before. Its id
/// counts plates of 640 fibres from 1 (no real plate is below 266) with an MJD of 0.
pub fn simulate(seed: u64, index: u64) -> SimulatedSpectrum {
    let parameters = draw(&mut Rng::new(seed, index, Purpose::Dials));
    observe(parameters, seed, index)
}

/// What a survey records of an object with given dials; noise follows from (seed, index).
pub fn observe(parameters: Parameters, seed: u64, index: u64) -> SimulatedSpectrum {
    let mut chance = Rng::new(seed, index, Purpose::Noise);
    let rendered = render(&parameters);
    let rest = rendered.total();
    let exposure = observe::expose(&parameters, &rest, &mut chance);
    let label = label::label(&parameters, &rendered.facts, &exposure, &mut chance);
    let id = SpectrumId { plate: 1 + (index / FIBERS) as i32, mjd: 0, fiber: 1 + (index % FIBERS) as i32 };
    // The pipeline's redshift errs by some ten km/s.
    let measured_redshift = parameters.redshift + 4e-5 * f64::from(chance.normal());
    let on_grid = on_paper_grid(&rest);
    SimulatedSpectrum {
        truths: truth::truths(&parameters, &rendered.facts, colours::colours(&on_grid)),
        truth_flux: on_grid.into_iter().map(|flux| flux * exposure.amplitude).collect(),
        class: label.class,
        lines: label.lines,
        noiseless: exposure.noiseless,
        observed: ObservedSpectrum {
            id,
            redshift: Some(measured_redshift),
            class: label.class,
            log_wavelength: exposure.log_wavelength,
            flux: exposure.flux,
            error: exposure.error,
        },
        parameters,
    }
}

/// The mean of a spectrum (on the simulator's grid) in each of the paper's 1000 pixels.
pub fn on_paper_grid(rest: &[f32]) -> Vec<f32> {
    let mut cumulative = vec![0.0f64];
    cumulative.extend(rest.iter().scan(0.0f64, |sum, &flux| {
        *sum += f64::from(flux);
        Some(*sum)
    }));
    let upto = |log_wavelength: f64| {
        let position = ((log_wavelength - rest_grid::FIRST) / rest_grid::STEP + 0.5).clamp(0.0, rest.len() as f64);
        let whole = (position as usize).min(rest.len() - 1);
        cumulative[whole] + (position - whole as f64) * f64::from(rest[whole])
    };
    let per_pixel = grid::COEFF1 / rest_grid::STEP;
    (0..grid::PIXELS)
        .map(|i| {
            let (from, to) = (grid::log_wavelength(i as f64 - 0.5), grid::log_wavelength(i as f64 + 0.5));
            ((upto(to) - upto(from)) / per_pixel) as f32
        })
        .collect()
}
