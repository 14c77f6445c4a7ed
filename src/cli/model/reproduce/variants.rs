//! Variants of the VAE that the paper's discussion (section 4) suggests: weights as input, infill by the VAE, a semi-supervised
//! head, colours in the loss.

use anyhow::Result;

use super::claims::{Claim, Verdict};
use super::linear_readout::Readout;
use super::models::{Kind, Order};
use super::reconstruction::{measure, through};
use super::study::{Report, Study};
use crate::cli::model::table::Table;

/// Compares the variants on the validation set. The one with uncertainties as input is also in Figure 17.
pub(super) fn figures(study: &Study<'_>, report: &mut Report, epochs: Option<usize>) -> Result<()> {
    let mut csv = Table::of(
        "model,error (all),quiescent,emission-line,narrow-line AGN,broad-line AGN,class recall,r of log sSFR,r of colours",
    );
    let models = [
        ("VAE-6", Kind::Vae),
        ("with uncertainties as input", Kind::WeightInput),
        ("VAE infill, trained again", Kind::Refilled),
        ("semi-supervised: class and sSFR, a tenth labelled", Kind::SemiSupervised),
        ("with broad-band colours in the loss", Kind::Colours),
    ];
    let valid = &study.split.valid;
    let (flux, ivar) = (study.rows(&study.flux, valid), study.rows(&study.ivar, valid));
    let mut found = Vec::new();
    for (name, kind) in models {
        let order = Order { kind, latents: 6, seed: 1 };
        let Some(model) = order.load(study.workspace, study.set, epochs) else { continue };
        let error = measure(study, &through(&model, &flux, &ivar))?;
        let readout = Readout::new(study, &model, &flux, &ivar);
        let classes = error.by_class.iter().map(|value| value.unwrap_or(f64::NAN));
        let numbers: Vec<f64> = std::iter::once(error.overall)
            .chain(classes)
            .chain([readout.recall, readout.star_formation, readout.colours])
            .collect();
        csv.row(&[name], &numbers);
        found.push((kind, error.overall, readout));
    }
    let caption = format!(
        "Variants of VAE-6 on the validation set: Figure 3's measure, and how well a linear reading of the latents does: mean recall of the four classes, and the \
         correlation r with log specific star-formation rate and with broad-band colours (mean over colours). Where a model has a head, its head reads; else a linear \
         least-squares fit to the training latents, with all labels. {}",
        if study.set.manifest.simulated { "Labels and colours are the simulator's truths." } else { "" }
    );
    report.add(
        study.workspace,
        ("wishes", "Wishes of the discussion", "Variants that the paper wishes for"),
        caption,
        None,
        &csv,
    )?;
    claims(report, &found);
    Ok(())
}

fn claims(report: &mut Report, found: &[(Kind, f64, Readout)]) {
    let get = |kind: Kind| found.iter().find(|(k, _, _)| *k == kind);
    let Some((_, plain_error, plain)) = get(Kind::Vae) else { return };
    if let Some((_, error, readout)) = get(Kind::SemiSupervised) {
        report.claims.push(Claim::new(
            "A semi-supervised model arranges latent space by class and star formation",
            "A wish of the discussion",
            format!(
                "with a tenth of the labels: recall {:.3}, r of log sSFR {:.3}; read linearly from the plain VAE with all labels: {:.3}, {:.3}; reconstruction error {error:.3} against {plain_error:.3}",
                readout.recall, readout.star_formation, plain.recall, plain.star_formation
            ),
            Verdict::of_all(&[readout.recall > plain.recall, readout.star_formation > plain.star_formation, *error < plain_error * 1.05]),
        ));
    }
    if let Some((_, error, readout)) = get(Kind::Colours).filter(|(_, _, readout)| readout.colours.is_finite()) {
        report.claims.push(Claim::new(
            "Broad-band colours in the loss are learned without harm to the spectra",
            "A wish of the discussion",
            format!(
                "r of colours {:.3}, against {:.3} without; reconstruction error {error:.3} against {plain_error:.3}",
                readout.colours, plain.colours
            ),
            Verdict::of_all(&[readout.colours >= plain.colours, *error < plain_error * 1.05]),
        ));
    }
}
