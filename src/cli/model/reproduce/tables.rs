//! Table 1: the models and their validation losses.

use anyhow::Result;

use super::models::{Kind, Order, SIZES};
use super::study::{Report, Study};
use crate::cli::model::table::Table;

/// Writes Table 1.
pub(super) fn table_1(study: &Study<'_>, report: &mut Report, seeds: u64, epochs: Option<usize>) -> Result<()> {
    let mut csv = Table::of(
        "model,latents,hidden 1,hidden 2,lambda,seed,best epoch,epochs,validation loss,reconstruction,KL,MMD",
    );
    for kind in [Kind::Vae, Kind::Autoencoder] {
        for latents in SIZES {
            for seed in 1..=seeds {
                let order = Order { kind, latents, seed };
                let Some(model) = order.load(study.workspace, study.set, epochs) else { continue };
                let (card, config) = (&model.card, &model.card.config);
                let Some(best) = card.history.get(card.epoch.wrapping_sub(1)) else { continue };
                let whole = [latents, config.hidden1, config.hidden2].map(|n| n.to_string());
                let lambda = if config.variational { format!("{:.2}", config.lambda) } else { "-".to_owned() };
                let counts = [seed as usize, card.epoch, card.history.len()].map(|n| n.to_string());
                let name = if kind == Kind::Vae { "VAE" } else { "AE, weighted" };
                let texts: Vec<&str> = std::iter::once(name)
                    .chain(whole.iter().map(String::as_str))
                    .chain([lambda.as_str()])
                    .chain(counts.iter().map(String::as_str))
                    .collect();
                csv.row(&texts, &[best.valid.total, best.valid.reconstruction, best.valid.kl, best.valid.mmd]);
            }
        }
    }
    let caption =
        "Architectures as in the paper's Table 1, and the best validation loss of each on this set.".to_owned();
    report.add(study.workspace, ("table-1", "Table 1", "The models"), caption, None, &csv)
}
