//! The guided lessons: plain data, one file a lesson.
//!
//! A step asks for one act on the page. Whether it was done since the step began is judged by the page's state, which compares
//! itself with what it was then.

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
