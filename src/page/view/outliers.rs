//! The texts of the list of outliers.

use super::text::minus;
use crate::page::state::{AppState, OutlierRank};

/// Describes why a spectrum is an outlier; `None` stands for reasons that have not loaded yet.
pub fn reasons_text(reasons: Option<&[String]>) -> String {
    match reasons {
        None => "looking for a reason…".to_owned(),
        Some([]) => "no plain reason found: look at it".to_owned(),
        Some(reasons) => reasons.join("; "),
    }
}

/// Returns what the list can be ranked by: chi-squared only where the model's latents came with it.
pub fn ranks(state: &AppState) -> Vec<OutlierRank> {
    let has_chi2 = state.embedding().is_some_and(|embedding| embedding.chi2().is_some());
    OutlierRank::ALL.into_iter().filter(|by| *by != OutlierRank::Chi2 || has_chi2).collect()
}

/// Returns the key and the label of a measure of oddity.
pub fn rank_label(by: OutlierRank) -> (&'static str, &'static str) {
    match by {
        OutlierRank::Factor => ("factor", "local outlier factor"),
        OutlierRank::Rarity => ("rarity", "improbable latents"),
        OutlierRank::Chi2 => ("chi2", "bad reconstruction"),
    }
}

/// Says what a measure of oddity is.
pub fn explained(by: OutlierRank) -> &'static str {
    match by {
        OutlierRank::Factor => {
            "Local outlier factor with 20 neighbours: how much sparser latent space is around a spectrum than around its neighbours; 1 is ordinary."
        }
        OutlierRank::Rarity => {
            "How improbable the latents are: minus the logarithm of their density, which the 20 nearest spectra give; 0 is ordinary, 1 is e times less probable."
        }
        OutlierRank::Chi2 => {
            "Chi-squared a pixel of the reconstruction: how far the model is from the spectrum, in units of its noise."
        }
    }
}

/// Returns the value that a spectrum is listed for.
pub fn score_note(by: OutlierRank, score: f32) -> String {
    match by {
        OutlierRank::Factor => format!("factor {score:.2}"),
        OutlierRank::Rarity => minus(&format!("improbability {score:.1}")),
        OutlierRank::Chi2 => format!("χ² {score:.1}"),
    }
}
