//! Says in words whether a training ended with the weights that its link promises.

use crate::page::state::AppState;
use crate::protocol::TrainingState;

/// The result of the comparison, for the style.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// Nothing is compared yet, or nothing is promised.
    Open,
    /// The weights are the link's, to the last bit.
    Same,
    /// They are not, or cannot be compared.
    Different,
}

/// Says what is known of the weights at the end of the training; `None` before one has ended without a promise in the link.
pub fn reproduced(state: &AppState) -> Option<(Comparison, String)> {
    let training = state.training();
    let finished = training.state == Some(TrainingState::Finished);
    let same_settings = |config| training.config.as_ref().unwrap_or(state.plan()) == config;
    let promised = state.promised_weights().filter(|(config, _)| same_settings(config)).map(|(_, hash)| *hash);
    match (promised, finished, training.reproducible) {
        (None, true, Some(ended)) => {
            let short = ended.short();
            let what = "The link to this training holds their SHA-256: who opens it sees whether theirs are the same, bit for bit";
            Some((Comparison::Open, format!("It ended with the weights {short}. {what}.")))
        }
        (None, ..) => None,
        (Some(promised), false, _) => {
            let short = promised.short();
            Some((
                Comparison::Open,
                format!("The link’s training ended with the weights {short}. Yours will be compared, bit for bit."),
            ))
        }
        (Some(promised), true, Some(ended)) if promised == ended => Some((
            Comparison::Same,
            format!("Reproduced, bit for bit: these are the link’s weights, {}.", ended.short()),
        )),
        (Some(promised), true, Some(ended)) => {
            let (ended, promised) = (ended.short(), promised.short());
            let why = "Was it trained on another set, or by another version of this page?";
            Some((
                Comparison::Different,
                format!("Not reproduced: it ended with the weights {ended}, the link’s with {promised}. {why}"),
            ))
        }
        (Some(_), true, None) => {
            let why = "A GPU rounds in its own way, and weights from a file are not of the seed";
            Some((
                Comparison::Different,
                format!("Not compared with the link’s weights. {why}: train from scratch on the CPU."),
            ))
        }
    }
}
