//! The lesson "Compressing with PCA".

use super::lesson::{Lesson, Question, Step, Task};
use crate::spectrum::Class;

/// The lesson and its steps.
pub(super) const LESSON: Lesson = Lesson {
    title: "Compressing with PCA",
    about: "A thousand numbers, written as ten.",
    steps: &[
        Step {
            title: "A thousand numbers",
            text: "A spectrum here is 1000 numbers, one a pixel. But pixels are not independent: neighbours rise and fall together. \
                   Principal component analysis (PCA) finds the few shapes that vary most, and writes a spectrum as a mean plus \
                   some of each.",
            ask: "Open the tab “PCA”.",
            task: Task::PcaOpen,
            points_at: "tab-pca",
            result_at: "",
            model: None,
        },
        Step {
            title: "One number",
            text: "With one component every galaxy is the mean plus a certain amount of a single shape. χ² says how far off that \
                   is: the mean squared miss, measured in the noise. About 1 is as good as the noise allows.",
            ask: "Move “components” to 1.",
            task: Task::PcaComponents(1),
            points_at: "pca-components",
            result_at: "",
            model: None,
        },
        Step {
            title: "Ten numbers",
            text: "Each further component adds a finer shape, and χ² falls: fast at first, then slowly. Ten numbers instead of \
                   a thousand, and most galaxies are nearly there.",
            ask: "Move “components” to 10.",
            task: Task::PcaComponents(10),
            points_at: "pca-components",
            result_at: "",
            model: None,
        },
        Step {
            title: "Where sums fail",
            text: "PCA can only add and subtract shapes, and a narrow line plus a broad one is no line of the width between. Broad-line \
                   AGN, the pink points, have lines of every width, from gas racing round a black hole: hard for sums.",
            ask: "Click a pink point (broad-line AGN), and see where PCA misses.",
            task: Task::Selected(Some(Class::BroadLineAgn)),
            points_at: "scatter",
            result_at: "pca-plot",
            model: None,
        },
        Step {
            title: "Reading χ²",
            text: "χ² per pixel compares the miss with the noise of each pixel. Noisy pixels may miss by much and still do no harm; \
                   clean ones must fit closely.",
            ask: "A reconstruction has χ² of 1 per pixel. What does that mean?",
            task: Task::Answered(Question {
                answers: &[
                    "It misses about as much as the noise does",
                    "It is off by one percent",
                    "Not a pixel is off",
                ],
                right: 0,
                because: "Right: closer than that would be copying noise.",
                hint: "Not that one: χ² is measured in units of the noise.",
            }),
            points_at: "",
            result_at: "",
            model: None,
        },
    ],
};
