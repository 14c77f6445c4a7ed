//! Real spectra, reconstructed by models that were trained on the set.

use std::path::Path;

use anyhow::{Error, Result};

use super::claims::{Claim, Verdict};
use super::reconstruction::through;
use super::study::{Report, Study};
use crate::cli::files;
use crate::cli::model::table::Table;
use crate::formats;
use crate::latent::linear_baseline::{LinearConfig, LinearKind, LinearModel};
use crate::numerics::statistics::{percentile, sorted};
use crate::spectrum::{Class, GridSpectrum, ObservedSpectrum};
use crate::vae::inference::chi2;
use crate::vae::objective::pixel_weight;

/// Components of the PCA that is fitted to the real spectra themselves.
const COMPONENTS: usize = 10;

/// A real spectrum on the grid.
pub(super) struct Real {
    /// Name of the file, with the index of the spectrum where it holds several.
    pub name: String,
    /// Spectrum as recorded.
    pub observed: ObservedSpectrum,
    /// Spectrum as prepared for the model.
    pub grid: GridSpectrum,
}

/// Reads the galaxies of a folder that the model's recipe accepts. Other files are skipped, because such a folder also holds
/// stars, quasars and files that are not spectra.
pub(super) fn galaxies(study: &Study<'_>, folder: &Path) -> Result<Vec<Real>> {
    let paths = files::expand(&[folder.to_owned()])?;
    let mut found: Vec<Real> = Vec::new();
    for path in paths {
        for (name, observed) in read(&path) {
            let galaxy = !matches!(observed.class, Class::Star);
            let Some(redshift) = observed.redshift.filter(|redshift| galaxy && *redshift > 0.001) else { continue };
            let Ok(grid) = study.model.prepare(&observed, redshift) else { continue };
            // The folder may hold the same exposure in two layouts.
            let twin = |other: &Real| other.observed.id == observed.id && !observed.id.is_none();
            if !found.iter().any(twin) {
                found.push(Real { name, observed, grid });
            }
        }
    }
    Ok(found)
}

/// Reads the stars of a folder: normalised flux on the grid, `[1000]` each.
pub(super) fn stars(study: &Study<'_>, folder: &Path) -> Vec<Vec<f32>> {
    let Ok(paths) = files::expand(&[folder.to_owned()]) else { return Vec::new() };
    let all = paths.iter().flat_map(|path| read(path));
    all.filter(|(_, observed)| observed.class == Class::Star)
        .filter_map(|(_, observed)| study.model.prepare(&observed, observed.redshift.unwrap_or(0.0)).ok())
        .map(|spectrum| spectrum.flux)
        .collect()
}

/// Reads the spectra of a file with their names; empty where the file cannot be read.
fn read(path: &Path) -> Vec<(String, ObservedSpectrum)> {
    let Ok(bytes) = files::read(path) else { return Vec::new() };
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let spectra = formats::read(&name, &bytes).unwrap_or_default();
    let one_of_several = spectra.len() > 1;
    let named = |index: usize| if one_of_several { format!("{name}[{index}]") } else { name.clone() };
    spectra.into_iter().enumerate().map(|(index, one)| (named(index), one.spectrum)).collect()
}

/// Tabulates the chi-squared of real galaxies under VAE-6 and PCA-10 of the set, and under PCA-10 of the other real ones.
pub(super) fn table(study: &Study<'_>, report: &mut Report, real: &[Real]) -> Result<()> {
    let pixels = study.wavelengths.len();
    let epsilon = study.model.card.config.weight_epsilon;
    let flux: Vec<f32> = real.iter().flat_map(|one| one.grid.flux.iter().copied()).collect();
    let ivar: Vec<f32> = real.iter().flat_map(|one| one.grid.ivar.iter().copied()).collect();
    let weight: Vec<f32> = ivar.iter().map(|&ivar| pixel_weight(ivar, epsilon)).collect();
    let row = |table: &[f32], at: usize| table[at * pixels..(at + 1) * pixels].to_vec();
    let fit = |rows: &[f32], weights: &[f32], components: usize| {
        let config = LinearConfig { kind: LinearKind::Pca, weighted: true, components, seed: 1 };
        LinearModel::fit(&config, rows, weights, pixels, |_| std::ops::ControlFlow::Continue(())).map_err(Error::from)
    };
    let train = &study.split.train;
    let simulated = fit(&study.rows(&study.flux, train), &study.rows(&study.weight, train), COMPONENTS)?;
    let by_vae = through(&study.model, &flux, &ivar);
    let by_pca = simulated.reconstruct(&flux, &weight)?;
    let mut csv =
        Table::of("file,class,redshift,median_snr,VAE-6 (simulated),PCA-10 (simulated),PCA-10 (other real ones)");
    let mut columns = [Vec::new(), Vec::new(), Vec::new()];
    for (at, one) in real.iter().enumerate() {
        let without = |table: &[f32]| [&table[..at * pixels], &table[(at + 1) * pixels..]].concat();
        let components = COMPONENTS.min(real.len().saturating_sub(2));
        let other = match components {
            0 => None,
            components => Some(fit(&without(&flux), &without(&weight), components)?),
        };
        let (own, own_ivar) = (row(&flux, at), row(&ivar, at));
        let by_real = other.map(|pca| pca.reconstruct(&own, &row(&weight, at))).transpose()?;
        let of = |model: &[f32]| f64::from(chi2(&own, &own_ivar, model));
        let values = [of(&row(&by_vae, at)), of(&row(&by_pca, at)), by_real.map_or(f64::NAN, |model| of(&model))];
        columns.iter_mut().zip(values).for_each(|(column, value)| column.push(value));
        let facts = [one.observed.redshift.unwrap_or(f64::NAN), f64::from(one.observed.median_snr())];
        csv.row(&[&one.name, one.observed.class.name()], &facts.into_iter().chain(values).collect::<Vec<f64>>());
    }
    let median = |column: &[f64]| percentile(&sorted(column.iter().copied()), 50.0);
    let [vae, pca, own] = [0, 1, 2].map(|at| median(&columns[at]));
    let caption = format!(
        "Real spectra, none of them trained on: mean over unmasked pixels of (flux - reconstruction)² ivar. Median of {}: VAE-6 {vae:.2}, PCA-{COMPONENTS} fitted with weights to the \
         simulated set {pca:.2}, PCA-{COMPONENTS} fitted to the other real ones, one left out at a time, {own:.2} (few spectra to fit to).",
        real.len()
    );
    report.add(
        study.workspace,
        ("real", "Real spectra", "What was trained on simulated spectra, on real ones"),
        caption,
        None,
        &csv,
    )?;
    report.claims.push(Claim::new(
        "A model trained on the simulated set works on real spectra",
        "Not in the paper: what the simulated set is for",
        format!("median χ² a pixel of {} real galaxies and nuclei: VAE-6 {vae:.2}, PCA-10 {pca:.2}, PCA-10 of the other real ones {own:.2}", real.len()),
        Verdict::of_all(&[vae < 3.0, vae < own]),
    ));
    Ok(())
}
