//! The `truth_` columns of the catalogue: quantities that the simulator knows and no survey measures.

use super::parameters::{Object, Parameters};
use super::render::Facts;

/// Name, label and unit (empty for none) of every truth column. `truth_sfh` and `truth_oddity` hold codes: [`super::HISTORY_NAMES`],
/// [`super::ODDITY_NAMES`].
const COLUMNS: [(&str, &str, &str); 22] = [
    ("truth_age", "age of the starlight (light-weighted)", "Gyr"),
    ("truth_mass_age", "age of the stars (mass-weighted)", "Gyr"),
    ("truth_metallicity", "metallicity of the starlight, log Z/Z_sun", "dex"),
    ("truth_dust", "colour excess of the stars, E(B-V)", "mag"),
    ("truth_burst_fraction", "share of stellar mass formed in a burst", ""),
    ("truth_velocity_dispersion", "velocity dispersion of the stars", "km/s"),
    ("truth_agn_fraction", "share of the light at 5100 A from a broad-line nucleus", ""),
    ("truth_agn_line_share", "share of narrow H-alpha lit by a nucleus or old stars", ""),
    ("truth_line_width", "width of the broadest emission, FWHM", "km/s"),
    ("truth_halpha_ew", "equivalent width of narrow H-alpha", "A"),
    ("truth_ssfr", "specific star formation rate, log", "1/yr"),
    ("truth_nitrogen", "gas metallicity as log [N II]/H-alpha", "dex"),
    ("truth_gas_dust", "colour excess of the star-forming gas, E(B-V)", "mag"),
    ("truth_nebular_fraction", "share of nebular continuum in the host's light at 5100 A", ""),
    ("truth_ionisation", "ionisation of the gas as log [O III]/[O II]", "dex"),
    ("truth_foreground", "colour excess of the Milky Way in front, E(B-V)", "mag"),
    ("truth_alpha", "alpha enhancement of the stars", "dex"),
    ("truth_u_g", "colour u - g in the rest frame", "mag"),
    ("truth_g_r", "colour g - r in the rest frame", "mag"),
    ("truth_r_i", "colour r - i in the rest frame", "mag"),
    ("truth_sfh", "kind of star-formation history", ""),
    ("truth_oddity", "what is odd", ""),
];

/// Names of the star-formation histories by the code in `truth_sfh`; -1 stands for no galaxy.
pub const HISTORY_NAMES: [&str; 5] = ["exponential", "delayed", "constant", "burst on old", "truncated"];

/// Returns name, label and unit of every truth column.
pub fn truth_columns() -> &'static [(&'static str, &'static str, &'static str)] {
    &COLUMNS
}

/// Returns the truth values of one spectrum, in the order of the columns; `colours` are those of its noiseless flux. The columns of a
/// galaxy are NaN for a star, its history -1.
pub fn truths(parameters: &Parameters, facts: &Facts, colours: [f32; 3]) -> Vec<(&'static str, f32)> {
    let oddity = parameters.oddity.code() as f32;
    let none = f32::NAN;
    let [u_g, g_r, r_i] = colours;
    let values: [f32; COLUMNS.len()] = match &parameters.object {
        Object::Star(_) => [
            none,
            none,
            none,
            none,
            none,
            none,
            0.0,
            none,
            none,
            0.0,
            none,
            none,
            none,
            0.0,
            none,
            parameters.foreground,
            none,
            u_g,
            g_r,
            r_i,
            -1.0,
            oddity,
        ],
        Object::Galaxy(galaxy) => [
            facts.light_weighted_age,
            facts.mass_weighted_age,
            facts.log_metallicity,
            galaxy.dust,
            galaxy.history.burst_fraction(),
            galaxy.velocity_dispersion,
            facts.agn_fraction,
            facts.nucleus_line_share,
            facts.line_width,
            facts.halpha_equivalent_width,
            facts.log_specific_rate,
            galaxy.gas.ratios.nitrogen,
            galaxy.gas.dust,
            facts.nebular_fraction,
            facts.log_ionisation,
            parameters.foreground,
            galaxy.alpha,
            u_g,
            g_r,
            r_i,
            galaxy.history.code() as f32,
            oddity,
        ],
    };
    COLUMNS.iter().zip(values).map(|((name, _, _), value)| (*name, value)).collect()
}
