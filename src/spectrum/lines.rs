//! The lines that spectra are labelled with. Wavelengths are in vacuum, as SDSS's are; the paper mixes air and vacuum names.

/// H-alpha, Angstrom in vacuum.
pub const H_ALPHA: f64 = 6564.61;
/// H-beta.
pub const H_BETA: f64 = 4862.68;
/// [N II], the stronger line.
pub const N_II: f64 = 6585.27;
/// [O III], the stronger line.
pub const O_III: f64 = 5008.24;

/// Where a line comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LineKind {
    /// Hydrogen, in emission from gas or in absorption from stars.
    Balmer,
    /// A forbidden line of thin gas.
    Forbidden,
    /// Absorption in stars (Na D: and in cold gas).
    Stellar,
}

/// A line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpectralLine {
    /// As plots show it.
    pub label: &'static str,
    /// Vacuum wavelength in Angstrom.
    pub wavelength: f64,
    /// Where it comes from.
    pub kind: LineKind,
}

/// All lines, blue to red.
pub const LINES: [SpectralLine; 17] = [
    line("[O II]", 3727.09, LineKind::Forbidden),
    line("[O II]", 3729.88, LineKind::Forbidden),
    line("Ca K", 3934.78, LineKind::Stellar),
    line("Ca H", 3969.59, LineKind::Stellar),
    line("Hδ", 4102.89, LineKind::Balmer),
    line("G", 4305.6, LineKind::Stellar),
    line("Hγ", 4341.68, LineKind::Balmer),
    line("Hβ", H_BETA, LineKind::Balmer),
    line("[O III]", 4960.30, LineKind::Forbidden),
    line("[O III]", O_III, LineKind::Forbidden),
    line("Mg", 5176.6, LineKind::Stellar),
    line("Na D", 5895.6, LineKind::Stellar),
    line("[N II]", 6549.86, LineKind::Forbidden),
    line("Hα", H_ALPHA, LineKind::Balmer),
    line("[N II]", N_II, LineKind::Forbidden),
    line("[S II]", 6718.29, LineKind::Forbidden),
    line("[S II]", 6732.67, LineKind::Forbidden),
];

const fn line(label: &'static str, wavelength: f64, kind: LineKind) -> SpectralLine {
    SpectralLine { label, wavelength, kind }
}
