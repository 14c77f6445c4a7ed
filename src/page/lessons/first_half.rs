//! The words of lessons 1 to 3: a spectrum, PCA, an autoencoder.

use super::{Lesson, Question, Step, Task};
use crate::spectrum::Class;

pub(super) const SPECTRUM: Lesson = Lesson {
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
            text: "Every point is one galaxy. The orange ones are quiescent: they have stopped making stars. Their gas \
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

pub(super) const PCA: Lesson = Lesson {
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
            text: "PCA can only add shapes, and adding a narrow line to a broad one never makes a line of the width between. Broad-line \
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

pub(super) const AUTOENCODER: Lesson = Lesson {
    title: "An autoencoder",
    about: "Two networks and a narrow door between them.",
    steps: &[
        Step {
            title: "Through a narrow door",
            text: "An autoencoder is two neural networks. The encoder turns 1000 pixels into a few numbers, the latents; the decoder \
                   turns those back into 1000 pixels. Both learn together, by making what comes out like what went in.",
            ask: "Press “Open ae6”: an autoencoder with six latents.",
            task: Task::ModelOpened("ae6"),
            points_at: "lesson-model",
            result_at: "",
            model: None,
        },
        Step {
            title: "The decoder draws",
            text: "The curve labelled “decoded” is drawn by the decoder from six numbers, and nothing else. The sliders are those \
                   numbers. Unlike a component of PCA, one latent may bend, broaden and shift things at once.",
            ask: "Move the slider “Latent 1” and watch the spectrum change.",
            task: Task::SliderMoved(1),
            points_at: "latent-slider-1",
            result_at: "spectrum",
            model: Some("ae6"),
        },
        Step {
            title: "The same number of numbers",
            text: "Is bending worth it? The fair question is how well PCA does with as many numbers. The tab “PCA” has both: \
                   the same spectra, six components against six latents.",
            ask: "Open the tab “PCA” and move “components” to 6.",
            task: Task::PcaComponents(6),
            points_at: "tab-pca",
            result_at: "",
            model: Some("ae6"),
        },
        Step {
            title: "Try another galaxy",
            text: "One galaxy proves little. Both χ² stand side by side in the tab: for the galaxy that you select, and below \
                   for all 512 that the components were made from.",
            ask: "Click any other point in the scatter, and compare the two.",
            task: Task::Selected(None),
            points_at: "scatter",
            result_at: "pca-plot",
            model: Some("ae6"),
        },
        Step {
            title: "The verdict",
            text: "Under the plot in the tab “PCA” it says how many of the 512 spectra the model fits better than PCA with as many \
                   numbers.",
            ask: "With six numbers each, which comes closer for most galaxies?",
            task: Task::Answered(Question {
                answers: &["PCA", "The autoencoder", "Neither: it is a tie"],
                right: 1,
                because: "Right: a network bends, a sum cannot.",
                hint: "Look at the count under the plot in the tab “PCA” once more.",
            }),
            points_at: "pca-verdict",
            result_at: "",
            model: Some("ae6"),
        },
    ],
};
