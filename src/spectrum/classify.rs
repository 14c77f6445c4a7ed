//! Classes of galaxies from their measured emission lines (the paper, section 2).

use super::class::Class;
use super::lines;

/// log [N II] / H-alpha above which a galaxy of the WHAN diagram is an AGN.
const WHAN_AGN: f64 = -0.4;
/// Equivalent width of H-alpha below which old stars may ionise the gas, Angstrom.
const RETIRED: f64 = 3.0;

/// A measured line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LineFlux {
    /// Flux, in any unit that all lines of a spectrum share; negative in absorption.
    pub flux: f64,
    /// Flux over its error.
    pub significance: f64,
}

/// The lines that determine the class; `None` for a line that was not measured.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Lines {
    /// H-alpha ([`lines::H_ALPHA`]).
    pub h_alpha: Option<LineFlux>,
    /// H-beta ([`lines::H_BETA`]).
    pub h_beta: Option<LineFlux>,
    /// The stronger [N II] line ([`lines::N_II`]). The published code adds the weaker one, which moves the demarcation by 0.12 dex.
    pub n_ii: Option<LineFlux>,
    /// The stronger [O III] line ([`lines::O_III`]).
    pub o_iii: Option<LineFlux>,
    /// Equivalent width of H-alpha at rest, Angstrom, positive in emission.
    pub h_alpha_width: Option<f64>,
}

impl Lines {
    /// Picks the four lines from pairs of vacuum wavelength (Angstrom) and measurement: for each the first within 1 Angstrom.
    pub fn pick(measured: impl IntoIterator<Item = (f64, LineFlux)>) -> Self {
        let mut picked = Self::default();
        for (wavelength, line) in measured {
            let near = |of: f64| (wavelength - of).abs() < 1.0;
            let slot = match () {
                () if near(lines::H_ALPHA) => &mut picked.h_alpha,
                () if near(lines::H_BETA) => &mut picked.h_beta,
                () if near(lines::N_II) => &mut picked.n_ii,
                () if near(lines::O_III) => &mut picked.o_iii,
                () => continue,
            };
            slot.get_or_insert(line);
        }
        picked
    }
}

/// Returns the class of a galaxy: quiescent where H-alpha or H-beta is below three sigma, else narrow-line AGN above and emission-line
/// galaxy below the line of Kewley et al. (2001) in [N II] / H-alpha against [O III] / H-beta. `Unknown` where H-alpha or H-beta was
/// not measured. An [N II] or [O III] line that was not measured, or is negative, counts as zero flux.
pub fn galaxy(lines: &Lines) -> Class {
    let (Some(h_alpha), Some(h_beta)) = (lines.h_alpha, lines.h_beta) else {
        return Class::Unknown;
    };
    let detected = |line: LineFlux| line.significance >= 3.0 && line.flux > 0.0;
    if !detected(h_alpha) || !detected(h_beta) {
        return Class::Quiescent;
    }
    let ratio = |line: Option<LineFlux>, to: LineFlux| (line.map_or(0.0, |line| line.flux.max(0.0)) / to.flux).log10();
    if above_kewley_2001(ratio(lines.n_ii, h_alpha), ratio(lines.o_iii, h_beta)) {
        Class::NarrowLineAgn
    } else {
        Class::EmissionLine
    }
}

/// Returns what the lines of a galaxy say that is quiescent only because H-beta is not in emission, as a clause: by [N II] / H-alpha and
/// the equivalent width of H-alpha (WHAN, Cid Fernandes et al. 2011) it is an AGN or forms stars. `None` for all others, and for galaxies
/// whose gas old stars may ionise: H-alpha below 3 Angstrom.
pub fn remark(lines: &Lines) -> Option<String> {
    let detected = |line: &LineFlux| line.significance >= 3.0 && line.flux > 0.0;
    let h_alpha = lines.h_alpha.filter(detected)?;
    if lines.h_beta.is_none_or(|line| detected(&line)) || lines.h_alpha_width? < RETIRED {
        return None;
    }
    let n_ii = lines.n_ii.filter(detected);
    let says = match n_ii.map(|n_ii| (n_ii.flux / h_alpha.flux).log10()) {
        Some(ratio) if ratio > WHAN_AGN => "AGN",
        _ => "star formation",
    };
    Some(format!("quiescent by the paper's rule: Hβ is not in emission; [N II]/Hα says {says}"))
}

/// Returns whether a galaxy lies above Kewley et al. (2001), equation 5: log [O III] / H-beta above
/// 0.61 / (log [N II] / H-alpha - 0.47) + 1.19, or right of the asymptote.
pub fn above_kewley_2001(log_n_ii: f64, log_o_iii: f64) -> bool {
    log_n_ii >= 0.47 || log_o_iii > 0.61 / (log_n_ii - 0.47) + 1.19
}
