//! Optical Fe II of broad-line regions, by groups of lines with a common lower term.

use super::lines::{Line, add_line};

/// The strength of the iron blends of a nucleus.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Iron {
    /// Equivalent width of the blend from 4434 to 4684 Angstrom over the power law, Angstrom.
    pub equivalent_width: f32,
    /// Strength of each group over its typical strength, in the order of `GROUPS`.
    pub groups: [f32; 7],
}

/// A group: its typical flux over that of the first group, and its lines as (vacuum Angstrom, share of the group's flux).
type Group = (f32, &'static [(f64, f32)]);

/// The groups of Kovacevic, Popovic & Dimitrijevic (2010), with relative intensities inside a group from oscillator strengths
/// and the population of the upper levels at 10,000 K: lower terms b4F, a6S, a4G, b4P, a4H, the lines seen in I Zw 1, and b4D.
/// Lines below two per cent of their group are left out.
#[rustfmt::skip]
const GROUPS: [Group; 7] = [
    (1.0, &[
        (4492.7, 0.044), (4509.6, 0.067), (4516.6, 0.064), (4521.5, 0.043), (4523.9, 0.157),
        (4550.7, 0.183), (4557.2, 0.087), (4577.6, 0.025), (4585.1, 0.246), (4630.6, 0.084),
    ]),
    (0.55, &[(4925.3, 0.272), (5019.8, 0.393), (5170.5, 0.336)]),
    (0.90, &[
        (5199.0, 0.163), (5236.1, 0.183), (5266.3, 0.022), (5277.5, 0.244), (5318.1, 0.287), (5364.4, 0.101),
    ]),
    (0.35, &[
        (3765.2, 0.029), (4180.0, 0.128), (4234.4, 0.555), (4297.8, 0.037), (4304.4, 0.077), (4353.0, 0.026),
        (4386.6, 0.076), (4418.1, 0.073),
    ]),
    (0.20, &[(4279.4, 0.141), (4315.5, 0.314), (4339.9, 0.073), (4373.5, 0.039), (4385.6, 0.305), (4414.8, 0.128)]),
    (0.80, &[
        (4420.2, 0.039), (4432.8, 0.047), (4450.9, 0.071), (4494.8, 0.105), (4592.3, 0.032), (4606.7, 0.033),
        (4626.8, 0.047), (4630.1, 0.105), (4633.2, 0.074), (4653.5, 0.037), (4671.6, 0.031), (5056.7, 0.042),
        (5132.6, 0.105), (5306.4, 0.033), (5429.3, 0.105), (5531.5, 0.064), (5588.7, 0.031),
    ]),
    (0.15, &[
        (6149.4, 0.076), (6151.0, 0.075), (6240.1, 0.092), (6249.3, 0.184), (6418.7, 0.070), (6458.2, 0.319),
        (7310.1, 0.033), (7464.5, 0.062), (7713.8, 0.091),
    ]),
];

/// Adds the iron lines of a nucleus whose power law at 4560 Angstrom is `level`. `dispersion` and `velocity` are in km/s.
pub fn add_iron(spectrum: &mut [f32], iron: &Iron, level: f32, dispersion: f32, velocity: f32) {
    let strengths: Vec<f32> = GROUPS.iter().zip(iron.groups).map(|((typical, _), factor)| typical * factor).collect();
    let blue: f32 = GROUPS.iter().zip(&strengths).map(|((_, lines), strength)| strength * in_blend(lines)).sum();
    let unit = iron.equivalent_width * level / blue;
    for ((_, lines), strength) in GROUPS.iter().zip(strengths) {
        for &(wavelength, share) in *lines {
            add_line(spectrum, Line { wavelength, flux: unit * strength * share }, dispersion, velocity);
        }
    }
}

/// Returns the share of a group that lies in the blend from 4434 to 4684 Angstrom.
fn in_blend(lines: &[(f64, f32)]) -> f32 {
    lines.iter().filter(|(wavelength, _)| (4434.0..4684.0).contains(wavelength)).map(|(_, share)| share).sum()
}
