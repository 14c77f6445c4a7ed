//! The losses of a training run as CSV.

use super::csv::CsvWriter;
use crate::vae::model_card::EpochReport;

const HEADER: [&str; 10] = [
    "epoch",
    "learning_rate",
    "train_total",
    "train_reconstruction",
    "train_kl",
    "train_mmd",
    "valid_total",
    "valid_reconstruction",
    "valid_kl",
    "valid_mmd",
];

/// Returns one line per epoch: the training and validation losses, term by term, and the learning rate.
pub fn loss_table(history: &[EpochReport]) -> String {
    let mut csv = CsvWriter::new();
    csv.record(HEADER);
    for EpochReport { epoch, train, valid, learning_rate } in history {
        let losses = [train, valid].map(|loss| [loss.total, loss.reconstruction, loss.kl, loss.mmd]);
        let losses = losses.as_flattened().iter().map(ToString::to_string);
        csv.record([epoch.to_string(), format!("{learning_rate:e}")].into_iter().chain(losses));
    }
    csv.finish()
}
