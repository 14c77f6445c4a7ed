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
            text: "To invent galaxies, draw six numbers by chance and decode them. The tab draws in two ways: each number from the bell \
                   curve N(0, 1), and all from a Gaussian fitted to where this model has its galaxies. What is within a tenth of the \
                   light of one of 512 spectra counts as like a galaxy.",
            ask: "Open the tab “Draws” and press “Draw 64 places each way”.",
            task: Task::Drawn,
            points_at: "tab-draws",
            result_at: "draws-count",
            model: Some("ae6"),
        },
        Step {
            title: "Two more rules",
            text: "A variational autoencoder learns with two more rules. The encoder gives not a point but a small cloud, so places \
                   nearby must decode alike. And all clouds together should fill N(0, 1), the prior: the loss’s terms KL and MMD ask \
                   for that. Then one knows where to look.",
            ask: "Press “Open vae6”: the same size of network, with those rules.",
            task: Task::ModelOpened("vae6"),
            points_at: "lesson-model",
            result_at: "",
            model: None,
        },
        Step {
            title: "The same draws again",
            text: "The same random numbers, another decoder, and a Gaussian fitted to its own latents. The tab keeps the counts of the \
                   plain autoencoder: compare N(0, 1) with N(0, 1), and own with own.",
            ask: "Press “Draw 64 places each way” once more.",
            task: Task::Drawn,
            points_at: "draw-places",
            result_at: "draws-count",
            model: Some("vae6"),
        },
        Step {
            title: "What it is worth",
            text: "From N(0, 1) the plain autoencoder does badly: nobody asked it to have galaxies there. Drawn from where its galaxies \
                   are, it does about as well as the other. And a fifth still fails for both: no Gaussian is the true shape of the \
                   cloud.",
            ask: "What do the four counts show?",
            task: Task::Answered(Question {
                answers: &[
                    "The plain autoencoder’s decoder is bad",
                    "With a prior one knows beforehand where galaxies are",
                    "The variational one has no holes",
                ],
                right: 1,
                because: "Right: the rules buy a known place to draw from, and they are a wish in the loss, not a law.",
                hint: "Compare the counts of the two models’ own Gaussians, and then those of N(0, 1).",
            }),
            points_at: "draws-count",
            result_at: "",
            model: Some("vae6"),
        },
    ],
};
