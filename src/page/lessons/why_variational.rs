//! The lesson "Why variational".

use super::lesson::{Lesson, Question, Step, Task};

/// The lesson and its steps.
pub(super) const LESSON: Lesson = Lesson {
    title: "Why variational",
    about: "Holes in latent space, and how to have fewer.",
    steps: &[
        Step {
            title: "A map without rules",
            text: "A plain autoencoder may put galaxies wherever it likes, as long as the decoder finds them again. Nobody asked it \
                   what should happen in between, and nobody trained the decoder there.",
            ask: "Open the plain autoencoder, ae6, where it is not open yet.",
            task: Task::ModelOpened("ae6"),
            points_at: "lesson-model",
            result_at: "",
            model: None,
        },
        Step {
            title: "A hole",
            text: "A hole is a place inside the cloud’s bounds with no galaxy near it. The decoder still draws something: perhaps \
                   lines that no gas can make, or less light than none. The page warns you with “Extrapolating”.",
            ask: "Press “Take me to a hole”, and look at what is decoded.",
            task: Task::InEmptyRegion,
            points_at: "lesson-hole",
            result_at: "",
            model: Some("ae6"),
        },
        Step {
            title: "Ask for galaxies at random",
            text: "To invent galaxies, draw six numbers by chance, say from bell curves, and decode them. The tab compares each with \
                   the nearest of 512 spectra of the set: within a tenth of its light counts as like a galaxy.",
            ask: "Open the tab “Draws” and press “Draw 64 places”.",
            task: Task::Drawn,
            points_at: "tab-draws",
            result_at: "",
            model: Some("ae6"),
        },
        Step {
            title: "Two more rules",
            text: "A variational autoencoder learns with two more rules. The encoder gives not a point but a small cloud, so places \
                   nearby must decode alike. And all clouds together should fill a bell curve: fewer gaps, and one knows where to \
                   look.",
            ask: "Press “Open vae6”: the same size of network, with those rules.",
            task: Task::ModelOpened("vae6"),
            points_at: "lesson-model",
            result_at: "",
            model: None,
        },
        Step {
            title: "The same draws again",
            text: "Same six numbers drawn, same bell curves, another decoder. The tab keeps the count of the plain autoencoder, so \
                   that you can compare.",
            ask: "Press “Draw 64 places” once more.",
            task: Task::Drawn,
            points_at: "draw-places",
            result_at: "",
            model: Some("vae6"),
        },
        Step {
            title: "What it is worth",
            text: "Compare the two counts in the tab “Draws”, then look at the pictures of those that are unlike any galaxy: \
                   the bell curve’s far sides are still thinly peopled.",
            ask: "Has the variational autoencoder no holes left?",
            task: Task::Answered(Question {
                answers: &["None at all", "Fewer, but some", "As many as before"],
                right: 1,
                because: "Right: the rule is a wish in the loss, not a law.",
                hint: "Look at both counts in the tab “Draws” once more.",
            }),
            points_at: "draws-count",
            result_at: "",
            model: Some("vae6"),
        },
    ],
};
