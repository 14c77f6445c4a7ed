//! The lesson "An autoencoder".

use super::lesson::{Lesson, Question, Step, Task};

/// The lesson and its steps.
pub(super) const LESSON: Lesson = Lesson {
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
