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

/// The columns of the predictions, which only a model with a head has.
const HEAD_HEADER: [&str; 2] = ["train_head", "valid_head"];

/// Returns one line per epoch: the training and validation losses, term by term, and the learning rate. The term of predictions is there
/// where a model has a head.
pub fn loss_table(history: &[EpochReport]) -> String {
    let mut csv = CsvWriter::new();
    let has_head = history.iter().any(|report| report.train.head != 0.0);
    let head = |values: [String; 2]| has_head.then_some(values).into_iter().flatten();
    csv.record(HEADER.map(str::to_owned).into_iter().chain(head(HEAD_HEADER.map(str::to_owned))));
    for EpochReport { epoch, train, valid, learning_rate } in history {
        let losses = [train, valid].map(|loss| [loss.total, loss.reconstruction, loss.kl, loss.mmd]);
        let losses = losses.as_flattened().iter().map(ToString::to_string);
        let start = [epoch.to_string(), format!("{learning_rate:e}")];
        csv.record(start.into_iter().chain(losses).chain(head([train.head.to_string(), valid.head.to_string()])));
    }
    csv.finish()
}
