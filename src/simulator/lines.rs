//! Narrow emission lines: the flux of each line of the catalogue for given line ratios, and line profiles.

use super::dust::line_transmission;
use super::rest_grid::{PIXEL_VELOCITY, PIXELS, pixel, pixel_width};
use crate::spectrum::lines::{BALMER, EMISSION, H_ALPHA, Reference};

/// Dispersion of SDSS's own line profile, km/s (R about 1850 to 2200; Abazajian et al. 2009 give 69 km/s a pixel).
const INSTRUMENT: f32 = 69.0;

/// Strengths of the forbidden lines: log10 of flux ratios before dust, unless stated otherwise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LineRatios {
    /// [N II] 6585 / H-alpha.
    pub nitrogen: f32,
    /// [O III] 5008 / H-beta.
    pub oxygen3: f32,
    /// [S II] 6718 + 6733 / H-alpha.
    pub sulfur: f32,
    /// [O I] 6302 / H-alpha.
    pub oxygen1: f32,
    /// [O II] 3727 + 3730 / H-beta.
    pub oxygen2: f32,
    /// [Ne III] 3870 / [O III] 5008.
    pub neon3: f32,
    /// He II 4687 / H-beta; [Ne V], [Ar IV] and [Fe VII] are proportional to it.
    pub helium2: f32,
    /// Temperature of the gas that emits [O III], not a logarithm: in 10,000 K.
    pub temperature: f32,
    /// [S II] 6718 / 6733, not a logarithm: 1.45 in thin gas, 0.45 in dense.
    pub density: f32,
}

/// An emission line of a given flux.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// Vacuum wavelength, Angstrom.
    pub wavelength: f64,
    /// Flux, in the unit of the spectrum times Angstrom.
    pub flux: f32,
}

/// Returns the narrow lines of the catalogue, emitted by gas of an intrinsic H-alpha flux `halpha` and dimmed by dust of a colour excess
/// E(B-V) in magnitudes. Fluxes are in the unit of `halpha`.
pub fn narrow_lines(ratios: &LineRatios, halpha: f32, colour_excess: f32) -> Vec<Line> {
    let references = ReferenceFluxes::new(ratios, halpha);
    let others = EMISSION.map(|line| {
        let (numerator, denominator) = line.ratio;
        (line.wavelength, references.flux(line.reference) * numerator / denominator)
    });
    let balmer = BALMER
        .map(|(wavelength, ratio)| (wavelength, if wavelength == H_ALPHA { halpha } else { references.hbeta * ratio }));
    let line = |(wavelength, flux)| Line { wavelength, flux: flux * line_transmission(wavelength, colour_excess) };
    others.into_iter().chain(balmer).map(line).collect()
}

/// Intrinsic fluxes that the lines of the catalogue are proportional to.
struct ReferenceFluxes {
    hbeta: f32,
    helium2: f32,
    nitrogen: f32,
    nitrogen_auroral: f32,
    oxygen1: f32,
    oxygen2: f32,
    oxygen3: f32,
    oxygen3_auroral: f32,
    neon3: f32,
    sulfur: f32,
    argon3: f32,
    /// Share of the redder [O II] line, and of the bluer [S II] line, in their doublets.
    thin_share: f32,
}

impl ReferenceFluxes {
    fn new(ratios: &LineRatios, halpha: f32) -> Self {
        let hbeta = halpha / decrement(ratios.temperature);
        let ten = |log: f32| 10f32.powf(log);
        let (oxygen3, nitrogen) = (hbeta * ten(ratios.oxygen3), halpha * ten(ratios.nitrogen));
        // Auroral lines against nebular ones are thermometers: Osterbrock & Ferland (2006), equations 5.4 and 5.5. The zone of
        // singly ionised atoms follows the hotter one less than one to one (Garnett 1992).
        let hot = f64::from(ratios.temperature);
        let mild = 0.7 * hot + 0.3;
        Self {
            hbeta,
            helium2: hbeta * ten(ratios.helium2),
            nitrogen,
            nitrogen_auroral: nitrogen * (1.328 / (8.23 * (2.5 / mild).exp())) as f32,
            oxygen1: halpha * ten(ratios.oxygen1),
            oxygen2: hbeta * ten(ratios.oxygen2),
            oxygen3,
            oxygen3_auroral: oxygen3 * (1.336 / (7.90 * (3.29 / hot).exp())) as f32,
            neon3: oxygen3 * ten(ratios.neon3),
            sulfur: halpha * ten(ratios.sulfur),
            argon3: 0.10 * hbeta * (oxygen3 / (3.0 * hbeta)).max(0.05).powf(0.3),
            // Electron density sets both doublets: [O II] 3730/3727 follows [S II] 6718/6733 closely.
            thin_share: ratios.density / (1.0 + ratios.density),
        }
    }

    fn flux(&self, reference: Reference) -> f32 {
        match reference {
            Reference::HBeta => self.hbeta,
            Reference::HeIi => self.helium2,
            Reference::NIi => self.nitrogen,
            Reference::NIiAuroral => self.nitrogen_auroral,
            Reference::OI => self.oxygen1,
            Reference::OIi => self.oxygen2,
            Reference::OIiBlue => self.oxygen2 * (1.0 - self.thin_share),
            Reference::OIiRed => self.oxygen2 * self.thin_share,
            Reference::OIii => self.oxygen3,
            Reference::OIiiAuroral => self.oxygen3_auroral,
            Reference::NeIii => self.neon3,
            Reference::SIi => self.sulfur,
            Reference::SIiBlue => self.sulfur * self.thin_share,
            Reference::SIiRed => self.sulfur * (1.0 - self.thin_share),
            Reference::ArIii => self.argon3,
        }
    }
}

/// Returns H-alpha over H-beta in Case B at a temperature in 10,000 K: 2.86, 2.79 and 2.75 at 1, 1.5 and 2 (Storey & Hummer 1995).
pub fn decrement(temperature: f32) -> f32 {
    BALMER[0].1 * temperature.powf(-0.062)
}

/// Adds a Gaussian line of dispersion `dispersion` km/s, broadened by the instrument and shifted by `velocity` km/s, whose integral is the
/// line's flux.
pub fn add_line(spectrum: &mut [f32], line: Line, dispersion: f32, velocity: f32) {
    let sigma = f64::from(dispersion.hypot(INSTRUMENT)) / PIXEL_VELOCITY;
    let centre = pixel(line.wavelength) + f64::from(velocity) / PIXEL_VELOCITY;
    let (first, last) =
        ((centre - 5.0 * sigma).ceil().max(0.0), (centre + 5.0 * sigma).floor().min((PIXELS - 1) as f64));
    if line.flux == 0.0 || last < first {
        return;
    }
    let peak = f64::from(line.flux) / (sigma * (2.0 * std::f64::consts::PI).sqrt() * pixel_width(line.wavelength));
    for (i, value) in spectrum.iter_mut().enumerate().take(last as usize + 1).skip(first as usize) {
        let offset = (i as f64 - centre) / sigma;
        *value += (peak * (-0.5 * offset * offset).exp()) as f32;
    }
}

/// Returns the flux of the line within 0.01 Angstrom of a wavelength; 0 where there is none.
pub fn flux_of(lines: &[Line], wavelength: f64) -> f32 {
    lines.iter().find(|line| (line.wavelength - wavelength).abs() < 0.01).map_or(0.0, |line| line.flux)
}
