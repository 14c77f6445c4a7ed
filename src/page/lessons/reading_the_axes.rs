//! The lesson "Reading the axes".

use super::lesson::{Lesson, Question, Step, Task};

/// The lesson and its steps.
pub(super) const LESSON: Lesson = Lesson {
    title: "Reading the axes",
    about: "What changes as you walk through latent space.",
    steps: &[
        Step {
            title: "Walk along one axis",
            text: "VAE 1 is the direction in which the galaxies’ latents vary most. Walk along it with all else at the mean, and \
                   see what it stands for. Watch two things: the slope of the whole curve, and the spikes.",
            ask: "Press “VAE 1” under Sweeps, and let it play.",
            task: Task::PathFollowed("sweep1"),
            points_at: "sweep-1",
            result_at: "spectrum",
            model: Some("vae6"),
        },
        Step {
            title: "Ask the truth",
            text: "These galaxies are simulated, so their ages are known, though the model was never told. If VAE 1 stands for \
                   age, colours should change from left to right.",
            ask: "Choose “Age of the starlight” under colour, in the group “Truths of the simulation”.",
            task: Task::ColoredBy("truth_age"),
            points_at: "color-by",
            result_at: "",
            model: Some("vae6"),
        },
        Step {
            title: "Another axis, another meaning",
            text: "Dust reddens starlight, as age does; can the model tell them apart? Put the dust that the simulation knows beside \
                   an axis. A slanted or curved cloud means that the two are related; a round one that they are not.",
            ask: "Choose VAE 3 along x, and “Colour excess of the stars” along y.",
            task: Task::AxesShown("3", "c:truth_dust"),
            points_at: "axis-y",
            result_at: "",
            model: Some("vae6"),
        },
        Step {
            title: "A track",
            text: "Real galaxies do not live at the mean of five axes. The paper’s track S goes through the middles of groups, \
                   from quiescent galaxies to ones that make more and more stars. Its pictures are typical galaxies.",
            ask: "Press “Track S” and let it play.",
            task: Task::PathFollowed("S"),
            points_at: "track-S",
            result_at: "spectrum",
            model: Some("vae6"),
        },
        Step {
            title: "What did it do?",
            text: "Along track S the continuum turns from red to blue, the 4000 Å break of old stars fades, and spikes grow. Go back \
                   and forth with the track’s slider to see it again.",
            ask: "What do galaxies at the far end of track S have?",
            task: Task::Answered(Question {
                answers: &["Only old stars", "Many young, hot stars", "No gas"],
                right: 1,
                because: "Right: young stars are blue, and make gas glow.",
                hint: "Look at the last picture of the track: spikes mean glowing gas.",
            }),
            points_at: "path-at",
            result_at: "",
            model: Some("vae6"),
        },
    ],
};
