//! The lesson "Finding oddities".

use super::lesson::{Lesson, Question, Step, Task};
use crate::page::axis_choice::LOF;

/// The lesson and its steps.
pub(super) const LESSON: Lesson = Lesson {
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
            result_at: "spectrum",
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
