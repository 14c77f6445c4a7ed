//! The guided lessons: plain data, one file per lesson. A step asks for one action on the page. The page's state decides
//! whether it was done, by comparison with the state when the step began.

mod lesson;
mod lesson_step;

pub use lesson::{Lesson, Question, Step, Task};
pub use lesson_step::LessonStep;

/// Declares the module of each lesson and lists the lessons in this order.
macro_rules! lessons {
    ($($lesson:ident),* $(,)?) => {
        $(mod $lesson;)*

        /// The lessons, in the order they build on each other.
        pub const LESSONS: &[Lesson] = &[$($lesson::LESSON),*];
    };
}

lessons![what_a_spectrum_is, compressing_with_pca, an_autoencoder, why_variational, reading_the_axes, finding_oddities,];
