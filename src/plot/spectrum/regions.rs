//! The ranges of the spectrum that the paper's figures enlarge.

/// A named range of wavelengths.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Region {
    /// Name in links, such as `halpha`.
    pub key: &'static str,
    /// Label of the button.
    pub label: &'static str,
    /// First vacuum wavelength, Angstrom.
    pub from: f64,
    /// Last vacuum wavelength, Angstrom.
    pub to: f64,
}

/// The whole spectrum, then the lines from blue to red, each with continuum on both sides.
pub const REGIONS: [Region; 6] = [
    region("all", "Whole spectrum", 3388.44, 8310.17),
    // The 4000 Å break stays in view.
    region("cahk", "Ca H & K", 3850.0, 4080.0),
    region("hbeta", "Hβ, [O III]", 4800.0, 5070.0),
    region("mgb", "Mg b", 5080.0, 5300.0),
    region("nad", "Na D", 5800.0, 6000.0),
    region("halpha", "Hα, [N II], [S II]", 6480.0, 6800.0),
];

impl Region {
    /// Returns the region of a key; `None` for an unknown key.
    pub fn of(key: &str) -> Option<Region> {
        REGIONS.into_iter().find(|region| region.key == key)
    }

    /// Returns first and last wavelength, Angstrom.
    pub fn range(&self) -> (f64, f64) {
        (self.from, self.to)
    }
}

const fn region(key: &'static str, label: &'static str, from: f64, to: f64) -> Region {
    Region { key, label, from, to }
}
