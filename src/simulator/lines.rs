//! Narrow emission lines: which there are, and how strong each is for given ratios.

use super::dust::line_transmission;
use super::rest_grid::{PIXEL_VELOCITY, PIXELS, pixel, pixel_width};

/// H-beta, vacuum Angstrom.
pub const H_BETA: f64 = 4862.68;
/// [O III], the stronger line.
pub const O_III: f64 = 5008.24;
/// H-alpha.
pub const H_ALPHA: f64 = 6564.61;
/// [N II], the stronger line.
pub const N_II: f64 = 6585.27;
/// Dispersion of SDSS's own line profile, km/s (R about 1850 to 2200; Abazajian et al. 2009 give 69 km/s a pixel).
const INSTRUMENT: f32 = 69.0;

/// Balmer lines over H-beta: Case B, 10,000 K, 100 cm^-3 (Osterbrock & Ferland 2006, table 4.4; from H13 on Storey & Hummer
/// 1995, as PyNeb gives them). The lines of higher levels merge into the nebular continuum.
pub const BALMER: [(f64, f32); 22] = [
    (H_ALPHA, 2.86),
    (H_BETA, 1.0),
    (4341.68, 0.468),
    (4102.89, 0.259),
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

/// Strengths of the forbidden lines: log10 ratios before dust.
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
    /// He II 4687 / H-beta; [Ne V] 3427, [Ar IV] and [Fe VII] go with it.
    pub helium2: f32,
    /// Temperature of the gas that shines in [O III], not a logarithm: in 10,000 K.
    pub temperature: f32,
    /// [S II] 6718 / 6733, not a logarithm: 1.45 in thin gas, 0.45 in dense.
    pub density: f32,
}

/// One emission line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// Vacuum Angstrom.
    pub wavelength: f64,
    /// Flux, in the unit of the spectrum times Angstrom.
    pub flux: f32,
}

/// All narrow lines of gas whose intrinsic H-alpha flux is `halpha`, behind gas dust of a colour excess.
pub fn narrow_lines(ratios: &LineRatios, halpha: f32, colour_excess: f32) -> Vec<Line> {
    let hbeta = halpha / decrement(ratios.temperature);
    let ten = |log: f32| 10f32.powf(log);
    let (o3, n2, s2, o1) = (
        hbeta * ten(ratios.oxygen3),
        halpha * ten(ratios.nitrogen),
        halpha * ten(ratios.sulfur),
        halpha * ten(ratios.oxygen1),
    );
    let (o2, ne3, he2) = (hbeta * ten(ratios.oxygen2), o3 * ten(ratios.neon3), hbeta * ten(ratios.helium2));
    // Electron density sets both doublets: [O II] 3730/3727 follows [S II] 6718/6733 closely.
    let share = ratios.density / (1.0 + ratios.density);
    // Auroral lines against nebular ones are thermometers: Osterbrock & Ferland (2006), equations 5.4 and 5.5. The zone of
    // singly ionised atoms follows the hotter one less than one to one (Garnett 1992).
    let hot = f64::from(ratios.temperature);
    let mild = 0.7 * hot + 0.3;
    let auroral = o3 * (1.336 / (7.90 * (3.29 / hot).exp())) as f32;
    let auroral_nitrogen = n2 * (1.328 / (8.23 * (2.5 / mild).exp())) as f32;
    let argon3 = 0.10 * hbeta * (o3 / (3.0 * hbeta)).max(0.05).powf(0.3);
    let fixed = [
        (3727.09, o2 * (1.0 - share)),
        (3729.88, o2 * share),
        (3869.86, ne3),
        (3968.59, 0.31 * ne3),
        (4069.75, 0.09 * s2),
        (4077.50, 0.03 * s2),
        (4364.44, auroral),
        (4960.30, o3 / 2.98),
        (O_III, o3),
        (5199.6, 0.12 * o1),
        (5756.19, auroral_nitrogen),
        (6302.05, o1),
        (6365.54, o1 / 3.0),
        (6549.86, n2 / 3.05),
        (N_II, n2),
        (6718.29, s2 * share),
        (6732.67, s2 * (1.0 - share)),
        (6313.8, 0.013 * hbeta),
        (7137.8, argon3),
        (7753.2, argon3 / 4.14),
        (4659.4, 0.008 * hbeta),
        (7321.9, 0.012 * o2),
        (7332.2, 0.010 * o2),
        // Neutral helium over H-beta (Benjamin et al. 1999, 10,000 K, a tenth of the atoms).
        (3889.75, 0.09 * hbeta),
        (3820.7, 0.011 * hbeta),
        (3965.8, 0.0095 * hbeta),
        (4027.3, 0.018 * hbeta),
        (4388.7, 0.005 * hbeta),
        (4923.3, 0.0105 * hbeta),
        (5017.1, 0.023 * hbeta),
        (7283.4, 0.0065 * hbeta),
        (4472.7, 0.038 * hbeta),
        (5877.25, 0.112 * hbeta),
        (6679.99, 0.031 * hbeta),
        (7067.1, 0.024 * hbeta),
        (4687.02, he2),
        (3426.85, 1.4 * he2),
        (3346.8, 0.5 * he2),
        (4712.7, 0.25 * he2),
        (4741.5, 0.2 * he2),
        (5722.3, 0.10 * he2),
        (6088.7, 0.15 * he2),
    ];
    let balmer =
        BALMER.map(|(wavelength, ratio)| (wavelength, if wavelength == H_ALPHA { halpha } else { hbeta * ratio }));
    fixed
        .into_iter()
        .chain(balmer)
        .map(|(wavelength, flux)| Line { wavelength, flux: flux * line_transmission(wavelength, colour_excess) })
        .collect()
}

/// H-alpha over H-beta in Case B at a temperature in 10,000 K: 2.86, 2.79 and 2.75 at 1, 1.5 and 2 (Storey & Hummer 1995).
pub fn decrement(temperature: f32) -> f32 {
    BALMER[0].1 * temperature.powf(-0.062)
}

/// Adds a Gaussian line of `dispersion` km/s, widened by the instrument, moved by `velocity` km/s. Its integral is its flux.
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

/// Flux of the line nearest to a wavelength.
pub fn flux_of(lines: &[Line], wavelength: f64) -> f32 {
    lines.iter().find(|line| (line.wavelength - wavelength).abs() < 0.01).map_or(0.0, |line| line.flux)
}
