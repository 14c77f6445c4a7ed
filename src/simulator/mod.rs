//! The simulator: spectra of galaxies, active nuclei and a few rare objects, as SDSS would have recorded them.
//!
//! [`draw()`] draws [`Parameters`], [`render()`] computes the noiseless rest-frame spectrum that follows from them, and [`observe()`]
//! exposes it; all three are pure, and everything random follows from (seed, index). Spectra are no mixture of a few templates: ages,
//! metallicities, dust, velocities and line ratios vary continuously, and most of them not linearly. `docs/simulator.md` lists what
//! is not modelled.
//!
//! - From parameters to a spectrum: [`parameters`], [`history`], [`ssp`], [`broaden`], [`dust`], [`lines`], [`nebular`], [`broad`], [`iron`],
//!   [`star`], put together by [`mod@render`] on [`rest_grid`].
//! - From a spectrum to an observation: [`sky`], [`mod@observe`], [`oddity`], [`label`], put together by [`simulated`].
//! - Random parameters: [`population`], [`mod@draw`], [`draw_gas`], [`random`].
//! - Parameters chosen by a user: [`dials`], [`dial`], [`dial_parameters`].
//! - Output: [`truth`] (catalogue columns), [`colours`], [`survey_file`] (FITS files in three layouts) with [`mod@position`].

pub mod broad;
pub mod broaden;
pub mod colours;
pub mod dial;
pub mod dial_parameters;
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
pub mod position;
pub mod random;
pub mod render;
pub mod rest_grid;
pub mod simulated;
pub mod sky;
pub mod ssp;
pub mod star;
pub mod survey_file;
pub mod truth;

pub use dial::{DIALS, Dial};
pub use dials::GalaxyDials;
pub use draw::draw;
pub use label::MeasuredLine;
pub use oddity::ODDITY_NAMES;
pub use parameters::Parameters;
pub use position::position;
pub use render::{Rendered, render};
pub use rest_grid::on_paper_grid;
pub use simulated::{SimulatedSpectrum, observe, simulate};
pub use star::StarTemplate;
pub use truth::{HISTORY_NAMES, truth_columns};
