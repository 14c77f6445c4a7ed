//! The losses of a training, epoch by epoch, as CSV.

use std::fmt::Write;

use crate::vae::model_card::EpochReport;

/// One line an epoch: its losses of training and validation, term by term, and the learning rate.
pub fn loss_table(history: &[EpochReport]) -> String {
    let mut table = String::from(
        "epoch,learning_rate,train_total,train_reconstruction,train_kl,train_mmd,\
         valid_total,valid_reconstruction,valid_kl,valid_mmd\n",
    );
    for EpochReport { epoch, train, valid, learning_rate } in history {
        let _ = writeln!(
            table,
            "{epoch},{learning_rate:e},{},{},{},{},{},{},{},{}",
            train.total,
            train.reconstruction,
            train.kl,
            train.mmd,
            valid.total,
            valid.reconstruction,
            valid.kl,
            valid.mmd
        );
    }
    table
}
