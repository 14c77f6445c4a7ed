//! The catalogue of spectral lines: wavelengths, the labels of plots, and how strongly gas emits each line.
//!
//! Everything that needs a line takes it from here, so that a new line is one entry in this file: in [`LINES`] to be labelled in
//! plots, in [`EMISSION`] to be emitted by simulated gas. Wavelengths are in vacuum, as SDSS's are; the paper mixes air and vacuum
//! names.

/// Hα, vacuum Angstrom.
pub const H_ALPHA: f64 = 6564.61;
/// Hβ, vacuum Angstrom.
pub const H_BETA: f64 = 4862.68;
/// Hγ, vacuum Angstrom.
pub const H_GAMMA: f64 = 4341.68;
/// Hδ, vacuum Angstrom.
pub const H_DELTA: f64 = 4102.89;
/// The [N II] doublet, the weaker line first, vacuum Angstrom.
pub const N_II_DOUBLET: [f64; 2] = [6549.86, 6585.27];
/// The stronger [N II] line, vacuum Angstrom.
pub const N_II: f64 = N_II_DOUBLET[1];
/// The [O II] doublet, vacuum Angstrom.
pub const O_II_DOUBLET: [f64; 2] = [3727.09, 3729.88];
/// The [O III] doublet, the weaker line first, vacuum Angstrom.
pub const O_III_DOUBLET: [f64; 2] = [4960.30, 5008.24];
/// The stronger [O III] line, vacuum Angstrom.
pub const O_III: f64 = O_III_DOUBLET[1];
/// The [S II] doublet, vacuum Angstrom.
pub const S_II_DOUBLET: [f64; 2] = [6718.29, 6732.67];
/// The Na D doublet, D2 and D1, vacuum Angstrom.
pub const NA_D_DOUBLET: [f64; 2] = [5891.58, 5897.56];
/// The blend of the Na D doublet as the paper names it, vacuum Angstrom.
pub const NA_D: f64 = 5895.6;
/// He I, vacuum Angstrom.
pub const HE_I_4473: f64 = 4472.7;
/// He I, vacuum Angstrom.
pub const HE_I_5877: f64 = 5877.25;
/// He I, vacuum Angstrom.
pub const HE_I_6680: f64 = 6679.99;
/// He I, vacuum Angstrom.
pub const HE_I_7067: f64 = 7067.1;
/// He II, vacuum Angstrom.
pub const HE_II_4687: f64 = 4687.02;

/// A line that plots label.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpectralLine {
    /// Label in plots.
    pub label: &'static str,
    /// Vacuum wavelength in Angstrom.
    pub wavelength: f64,
    /// Whether it keeps its label where there is no space for all.
    pub main: bool,
}

/// The lines that plots label, blue to red.
pub const LINES: [SpectralLine; 17] = [
    main("[O II]", O_II_DOUBLET[0]),
    main("[O II]", O_II_DOUBLET[1]),
    main("Ca K", 3934.78),
    minor("Ca H", 3969.59),
    minor("Hδ", H_DELTA),
    minor("G", 4305.6),
    minor("Hγ", H_GAMMA),
    main("Hβ", H_BETA),
    main("[O III]", O_III_DOUBLET[0]),
    main("[O III]", O_III),
    main("Mg", 5176.6),
    main("Na D", NA_D),
    minor("[N II]", N_II_DOUBLET[0]),
    main("Hα", H_ALPHA),
    minor("[N II]", N_II),
    main("[S II]", S_II_DOUBLET[0]),
    main("[S II]", S_II_DOUBLET[1]),
];

/// Returns the labelled line nearest to a vacuum wavelength in Angstrom.
pub fn nearest_line(wavelength: f64) -> &'static SpectralLine {
    let distance = |line: &SpectralLine| (line.wavelength - wavelength).abs();
    let nearer = |a: &'static SpectralLine, b: &'static SpectralLine| if distance(b) < distance(a) { b } else { a };
    LINES.iter().fold(&LINES[0], nearer)
}

/// Flux of Balmer lines over that of Hβ: Case B, 10,000 K, 100 cm^-3 (Osterbrock & Ferland 2006, table 4.4; from H13 on Storey &
/// Hummer 1995, as PyNeb gives them). The lines of higher levels merge into the nebular continuum.
pub const BALMER: [(f64, f32); 22] = [
    (H_ALPHA, 2.86),
    (H_BETA, 1.0),
    (H_GAMMA, 0.468),
    (H_DELTA, 0.259),
    (3971.20, 0.159),
    (3890.15, 0.105),
    (3836.47, 0.0731),
    (3798.98, 0.0530),
    (3771.70, 0.0397),
    (3751.22, 0.0305),
    (3735.43, 0.0240),
    (3722.99, 0.0192),
    (3713.03, 0.0156),
    (3704.91, 0.0129),
    (3698.21, 0.0107),
    (3692.61, 0.0091),
    (3687.88, 0.0077),
    (3683.86, 0.0066),
    (3680.41, 0.0057),
    (3677.42, 0.0050),
    (3674.81, 0.0044),
    (3672.52, 0.0039),
];

/// A narrow emission line other than Balmer's, with its flux relative to a quantity that varies from gas to gas.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EmissionLine {
    /// Vacuum wavelength in Angstrom.
    pub wavelength: f64,
    /// Flux to which that of this line is proportional.
    pub reference: Reference,
    /// Flux over that of the reference, as numerator and denominator: ratios fixed by atomic physics are known as 1 / 2.98.
    pub ratio: (f32, f32),
}

/// A flux that the physical conditions of the gas set, and that other lines follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reference {
    /// Hβ.
    HBeta,
    /// He II 4687.
    HeIi,
    /// [N II] 6585.
    NIi,
    /// [N II] 5756, which only hot gas emits.
    NIiAuroral,
    /// [O I] 6302.
    OI,
    /// [O II] 3727 + 3730.
    OIi,
    /// [O II] 3727, the stronger of the two in dense gas.
    OIiBlue,
    /// [O II] 3730, the stronger of the two in thin gas.
    OIiRed,
    /// [O III] 5008.
    OIii,
    /// [O III] 4364, which only hot gas emits.
    OIiiAuroral,
    /// [Ne III] 3870.
    NeIii,
    /// [S II] 6718 + 6733.
    SIi,
    /// [S II] 6718, the stronger of the two in thin gas.
    SIiBlue,
    /// [S II] 6733, the stronger of the two in dense gas.
    SIiRed,
    /// [Ar III] 7138.
    ArIii,
}

use Reference::{ArIii, HBeta, HeIi, NIi, NIiAuroral, NeIii, OI, OIi, OIiBlue, OIiRed, OIii, OIiiAuroral};
use Reference::{SIi, SIiBlue, SIiRed};

/// Narrow emission lines other than Balmer's. He I over Hβ is that of Benjamin et al. (1999) at 10,000 K with one helium atom in ten.
pub const EMISSION: [EmissionLine; 42] = [
    emitted(O_II_DOUBLET[0], OIiBlue, (1.0, 1.0)),
    emitted(O_II_DOUBLET[1], OIiRed, (1.0, 1.0)),
    emitted(3869.86, NeIii, (1.0, 1.0)),
    emitted(3968.59, NeIii, (0.31, 1.0)),
    emitted(4069.75, SIi, (0.09, 1.0)),
    emitted(4077.50, SIi, (0.03, 1.0)),
    emitted(4364.44, OIiiAuroral, (1.0, 1.0)),
    emitted(O_III_DOUBLET[0], OIii, (1.0, 2.98)),
    emitted(O_III, OIii, (1.0, 1.0)),
    // [N I].
    emitted(5199.6, OI, (0.12, 1.0)),
    emitted(5756.19, NIiAuroral, (1.0, 1.0)),
    emitted(6302.05, OI, (1.0, 1.0)),
    emitted(6365.54, OI, (1.0, 3.0)),
    emitted(N_II_DOUBLET[0], NIi, (1.0, 3.05)),
    emitted(N_II, NIi, (1.0, 1.0)),
    emitted(S_II_DOUBLET[0], SIiBlue, (1.0, 1.0)),
    emitted(S_II_DOUBLET[1], SIiRed, (1.0, 1.0)),
    // [S III].
    emitted(6313.8, HBeta, (0.013, 1.0)),
    emitted(7137.8, ArIii, (1.0, 1.0)),
    emitted(7753.2, ArIii, (1.0, 4.14)),
    // [Fe III].
    emitted(4659.4, HBeta, (0.008, 1.0)),
    emitted(7321.9, OIi, (0.012, 1.0)),
    emitted(7332.2, OIi, (0.010, 1.0)),
    // He I.
    emitted(3889.75, HBeta, (0.09, 1.0)),
    emitted(3820.7, HBeta, (0.011, 1.0)),
    emitted(3965.8, HBeta, (0.0095, 1.0)),
    emitted(4027.3, HBeta, (0.018, 1.0)),
    emitted(4388.7, HBeta, (0.005, 1.0)),
    emitted(4923.3, HBeta, (0.0105, 1.0)),
    emitted(5017.1, HBeta, (0.023, 1.0)),
    emitted(7283.4, HBeta, (0.0065, 1.0)),
    emitted(HE_I_4473, HBeta, (0.038, 1.0)),
    emitted(HE_I_5877, HBeta, (0.112, 1.0)),
    emitted(HE_I_6680, HBeta, (0.031, 1.0)),
    emitted(HE_I_7067, HBeta, (0.024, 1.0)),
    emitted(HE_II_4687, HeIi, (1.0, 1.0)),
    // [Ne V], [Ar IV] and [Fe VII], which hard radiation excites together with He II.
    emitted(3426.85, HeIi, (1.4, 1.0)),
    emitted(3346.8, HeIi, (0.5, 1.0)),
    emitted(4712.7, HeIi, (0.25, 1.0)),
    emitted(4741.5, HeIi, (0.2, 1.0)),
    emitted(5722.3, HeIi, (0.10, 1.0)),
    emitted(6088.7, HeIi, (0.15, 1.0)),
];

const fn main(label: &'static str, wavelength: f64) -> SpectralLine {
    SpectralLine { label, wavelength, main: true }
}

const fn minor(label: &'static str, wavelength: f64) -> SpectralLine {
    SpectralLine { label, wavelength, main: false }
}

const fn emitted(wavelength: f64, reference: Reference, ratio: (f32, f32)) -> EmissionLine {
    EmissionLine { wavelength, reference, ratio }
}
