//! Simulated spectra: from a seed, or from given parameters, to what the survey would have recorded.

use super::colours::colours;
use super::draw::draw;
use super::label::{self, MeasuredLine};
use super::observe::expose;
use super::parameters::Parameters;
use super::random::{Purpose, Rng};
use super::render::render;
use super::rest_grid::on_paper_grid;
use super::truth::truths;
use crate::spectrum::{Class, ObjectFacts, ObservedSpectrum, SourceId};

/// Standard error of a measured redshift.
pub const REDSHIFT_ERROR: f64 = 4e-5;
/// Fibres of a simulated plate.
const FIBERS: u64 = 640;

/// A simulated spectrum and everything that is known about it.
#[derive(Debug, Clone)]
pub struct SimulatedSpectrum {
    /// The spectrum as the survey would have recorded it.
    pub observed: ObservedSpectrum,
    /// Parameters of the simulation.
    pub parameters: Parameters,
    /// `[1000]` the noiseless rest-frame flux on the paper's grid, before the telescope, in the unit of `observed`.
    pub truth_flux: Vec<f32>,
    /// Values of the truth columns, in the order of [`super::truth_columns`].
    pub truths: Vec<(&'static str, f32)>,
    /// Class by the paper's rule, from the measured lines.
    pub class: Class,
    /// The measured lines that decide the class.
    pub lines: Vec<MeasuredLine>,
    /// `[n]` the observed flux without noise.
    pub noiseless: Vec<f32>,
}

/// Simulates spectrum `index` of the set with seed `seed`. The spectrum depends on nothing else. Its identifier counts plates of 640
/// fibres from 1 (no real plate is below 266) with an MJD of 0.
pub fn simulate(seed: u64, index: u64) -> SimulatedSpectrum {
    let parameters = draw(&mut Rng::new(seed, index, Purpose::Parameters));
    observe(parameters, seed, index)
}

/// Simulates the observation of an object of given parameters; the noise follows from (seed, index).
pub fn observe(parameters: Parameters, seed: u64, index: u64) -> SimulatedSpectrum {
    let mut random = Rng::new(seed, index, Purpose::Noise);
    let rendered = render(&parameters);
    let rest = rendered.total();
    let exposure = expose(&parameters, &rest, &mut random);
    let label = label::label(&parameters, &rendered.facts, &exposure, &mut random);
    let id = SourceId::sdss(1 + (index / FIBERS) as i32, 0, 1 + (index % FIBERS) as i32);
    // The pipeline's redshift errs by some ten km/s.
    let measured_redshift = parameters.redshift + REDSHIFT_ERROR * f64::from(random.normal());
    let on_grid = on_paper_grid(&rest);
    SimulatedSpectrum {
        truths: truths(&parameters, &rendered.facts, colours(&on_grid)),
        truth_flux: on_grid.into_iter().map(|flux| flux * exposure.amplitude).collect(),
        class: label.class,
        lines: label.lines,
        noiseless: exposure.noiseless,
        observed: ObservedSpectrum {
            id,
            redshift: Some(measured_redshift),
            class: label.class,
            object: ObjectFacts::default(),
            log_wavelength: exposure.log_wavelength,
            flux: exposure.flux,
            error: exposure.error,
        },
        parameters,
    }
}
