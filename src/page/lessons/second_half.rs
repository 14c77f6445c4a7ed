//! The words of lessons 4 to 6: why variational, the axes, the odd ones.

use super::{Lesson, Question, Step, Task};
use crate::page::permalink::LOF;

pub(super) const VARIATIONAL: Lesson = Lesson {
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
            task: Task::InHole,
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

pub(super) const AXES: Lesson = Lesson {
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
            result_at: "",
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
            result_at: "",
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

pub(super) const ODDITIES: Lesson = Lesson {
    title: "Finding oddities",
    about: "The loneliest spectra, and why they are lonely.",
    steps: &[
        Step {
            title: "The lonely ones",
            text: "Nobody can look at a million spectra. Odd ones lie far from others in latent space, so one can look there first. \
                   The local outlier factor compares how lonely a spectrum is with how lonely its neighbours are: 1 is ordinary.",
            ask: "Open the tab “Outliers”.",
            task: Task::OutliersListed,
            points_at: "tab-outliers",
            result_at: "",
            model: None,
        },
        Step {
            title: "Look at one",
            text: "A list is only a list of suspects. Some have a plain reason, which the page looks for: a star in the way, missing \
                   data, a break between the two arms of the spectrograph. Some have none: those are worth an astronomer’s time.",
            ask: "Select one of the list, and read its reason.",
            task: Task::OutlierSelected,
            points_at: "outliers",
            result_at: "",
            model: None,
        },
        Step {
            title: "Where do they live?",
            text: "Are odd spectra at the rim of the cloud, or also inside it? The factor can colour every point. Bright points far \
                   out are easy; look for those within the crowd: odd along an axis that you do not see here.",
            ask: "Choose “Local outlier factor” under colour.",
            task: Task::ColoredBy(LOF),
            points_at: "color-by",
            result_at: "",
            model: None,
        },
        Step {
            title: "Make one yourself",
            text: "Noise alone can make an ordinary galaxy odd. Add noise, and watch its point jump about in the map: what looks \
                   strange may only be badly measured.",
            ask: "Open the tab “Add noise” and bring the signal-to-noise down to 3 or less.",
            task: Task::NoiseBelow(3.0),
            points_at: "tab-noise",
            result_at: "scatter",
            model: None,
        },
        Step {
            title: "Before you publish",
            text: "You have found a spectrum with a factor of 4 and no reason given. Its signal-to-noise is 2, and its redshift came \
                   from a machine.",
            ask: "What is it, most likely?",
            task: Task::Answered(Question {
                answers: &["A new kind of galaxy", "A bad measurement", "An ordinary galaxy"],
                right: 1,
                because: "Right: look at the data first, at the universe second.",
                hint: "Think of what noise did in the step before.",
            }),
            points_at: "",
            result_at: "",
            model: None,
        },
    ],
};
