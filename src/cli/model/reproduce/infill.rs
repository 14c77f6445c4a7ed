//! Infill of gaps by PCA and by VAEs, as the paper's discussion suggests.

use anyhow::Result;

use super::claims::{Claim, Verdict};
use super::models::{Kind, Order};
use super::study::{Report, Study};
use crate::cli::model::table::Table;
use crate::vae::infill;

/// Length of a gap, pixels.
const GAP: usize = 100;
/// Iterations of the infill by a VAE.
const ITERATIONS: usize = 5;

/// Masks gaps in validation spectra, fills them by PCA and by VAEs, and measures the error of each.
pub(super) fn figure(study: &Study<'_>, report: &mut Report, epochs: Option<usize>) -> Result<()> {
    let pixels = study.wavelengths.len();
    let order = |kind: Kind| Order { kind, latents: 6, seed: 1 }.load(study.workspace, study.set, epochs);
    let basis = &study.set.spectra.mean.infill;
    let retrained = order(Kind::Refilled);
    let mut csv = Table::of("gap starts at / A,PCA infill,VAE-6,VAE-6 trained on VAE infill");
    let mut sums = [0.0_f64; 3];
    let starts: Vec<usize> = (0..pixels).step_by(GAP).filter(|start| start + GAP <= pixels).collect();
    for &start in &starts {
        let mut errors = [(0.0_f64, 0_usize); 3];
        for &row in study.split.valid.iter().step_by(16) {
            let (flux, ivar) = (study.row(&study.flux, row), study.row(&study.ivar, row));
            let inside = |i: usize| (start..start + GAP).contains(&i);
            let masked: Vec<f32> = (0..pixels).map(|i| if inside(i) { 0.0 } else { ivar[i] }).collect();
            let mask: Vec<bool> = masked.iter().map(|&ivar| ivar <= 0.0).collect();
            let by_pca = basis.fill_scaled(flux, &mask);
            let mut fills = vec![by_pca.clone(), infill::fill(&study.model, &by_pca, &masked, ITERATIONS)];
            if let Some(model) = &retrained {
                fills.push(infill::fill(model, &by_pca, &masked, ITERATIONS));
            }
            for (error, fill) in errors.iter_mut().zip(&fills) {
                for i in (0..pixels).filter(|&i| inside(i) && ivar[i] > 0.0) {
                    error.0 += f64::from(study.row(&study.weight, row)[i]) * f64::from(fill[i] - flux[i]).powi(2);
                    error.1 += 1;
                }
            }
        }
        let means: Vec<f64> =
            errors.iter().map(|(sum, count)| if *count > 0 { sum / *count as f64 } else { f64::NAN }).collect();
        sums.iter_mut().zip(&means).for_each(|(sum, mean)| *sum += mean / starts.len() as f64);
        csv.row(&[], &std::iter::once(study.wavelengths[start]).chain(means).collect::<Vec<f64>>());
    }
    let caption = format!(
        "Gaps of {GAP} pixels masked in every 16th validation spectrum and filled: weighted squared error a pixel in the gap. Mean over gaps: PCA {:.2}, VAE-6 {:.2}, VAE-6 trained \
         again on what a VAE filled in {:.2}.",
        sums[0], sums[1], sums[2]
    );
    report.add(
        study.workspace,
        ("wish-infill", "A wish of the discussion", "Who fills gaps best"),
        caption,
        None,
        &csv,
    )?;
    report.claims.push(Claim::new(
        "A VAE can fill gaps in place of PCA",
        "A wish of the discussion",
        format!(
            "weighted squared error in a gap: PCA {:.2}, VAE-6 {:.2}, trained again {:.2}",
            sums[0], sums[1], sums[2]
        ),
        Verdict::of(sums[1].min(if sums[2].is_finite() { sums[2] } else { f64::INFINITY }) < sums[0]),
    ));
    Ok(())
}
