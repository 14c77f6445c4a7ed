//! The lesson "What a spectrum is".

use super::lesson::{Lesson, Question, Step, Task};
use crate::spectrum::Class;

/// The lesson and its steps.
pub(super) const LESSON: Lesson = Lesson {
    title: "What a spectrum is",
    about: "Light sorted by colour, and what it tells.",
    steps: &[
        Step {
            title: "Light sorted by colour",
            text: "A spectrum is a galaxy’s light spread out by wavelength, violet on the left, red on the right. Spikes come \
                   from glowing gas; dips are light that atoms in stars have swallowed. The tallest spike is often Hα: \
                   hydrogen, lit up by hot young stars.",
            ask: "Zoom to the lines around Hα: press “Hα, [N II], [S II]” above the spectrum.",
            task: Task::RegionShown("halpha"),
            points_at: "region-halpha",
            result_at: "",
            model: None,
        },
        Step {
            title: "A quiet galaxy",
            text: "Every point is one spectrum, nearly all of galaxies. The orange ones are quiescent: they have stopped making stars. Their gas \
                   does not glow, so where others have a spike at Hα, they have hardly anything.",
            ask: "Click an orange point in the scatter.",
            task: Task::Selected(Some(Class::Quiescent)),
            points_at: "scatter",
            result_at: "spectrum",
            model: None,
        },
        Step {
            title: "Keep it to compare",
            text: "Two spectra are best compared in one plot. A pinned spectrum stays there while you look at others; each pin \
                   has a colour of its own. All spectra are scaled to the same brightness, so shapes are what differs.",
            ask: "Press “Pin” above the spectrum.",
            task: Task::Pinned,
            points_at: "pin",
            result_at: "",
            model: None,
        },
        Step {
            title: "A galaxy at work",
            text: "The blue points are emission-line galaxies: they make stars right now. Their gas glows in a few exact colours, \
                   and each colour is a spike. The pinned quiescent galaxy beside it shows how large the difference is.",
            ask: "Click a blue point, and compare its Hα with the pinned one.",
            task: Task::Selected(Some(Class::EmissionLine)),
            points_at: "scatter",
            result_at: "spectrum",
            model: None,
        },
        Step {
            title: "Redshift",
            text: "The universe grows while light travels, and stretches it: a galaxy at redshift 0.1 sends Hα at 6565 Å, and we \
                   see it at 1.1 times that. Here every spectrum has been moved back, so that the same line always stands in the \
                   same place.",
            ask: "At what wavelength does a telescope see that galaxy’s Hα?",
            task: Task::Answered(Question {
                answers: &["5968 Å", "6565 Å", "7221 Å"],
                right: 2,
                because: "Right: 6565 Å × 1.1 = 7221 Å, further to the red.",
                hint: "Not that one: stretched light has longer waves.",
            }),
            points_at: "",
            result_at: "",
            model: None,
        },
        Step {
            title: "Is redshift in the map?",
            text: "If the map had sorted galaxies by distance, colours would run across it from one side to the other. See whether \
                   they do: the shape of a spectrum, not its distance, decides where a galaxy lies.",
            ask: "Choose “Redshift” under colour, above the scatter.",
            task: Task::ColoredBy("redshift"),
            points_at: "color-by",
            result_at: "",
            model: None,
        },
    ],
};
