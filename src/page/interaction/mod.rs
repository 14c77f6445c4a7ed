//! State machines of pointers, wheel and keys on the plots: events in, intents out, without DOM or signals. A component passes
//! each event to the plot's state machine and carries out the intent that it returns. Positions are CSS pixels from the plot's
//! upper left corner; keys are named as browsers name them.

pub mod corner;
pub mod gesture;
pub mod list;
pub mod scatter;
pub mod spectrum;

/// A position on a plot, CSS pixels.
pub type Point = (f64, f64);

/// The kind of a pointer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pointer {
    /// A finger, which also scrolls the page.
    Touch,
    /// A mouse or a pen.
    Fine,
}

impl Pointer {
    /// Returns the kind that a browser's `pointerType` names.
    pub fn of(kind: &str) -> Self {
        if kind == "touch" { Self::Touch } else { Self::Fine }
    }
}

/// Returns whether a movement is too short for a drag, so that the press is a click.
fn is_click(from: Point, to: Point) -> bool {
    const STILL: f64 = 4.0;
    (from.0 - to.0).hypot(from.1 - to.1) <= STILL
}
