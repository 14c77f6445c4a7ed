//! The spectrum plot: a drag zooms to an interval of wavelengths, and keys move and zoom.

use super::Pointer;

/// What a key on the spectrum asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Intent {
    /// Move both ends of the interval by these parts of its length.
    Shift((f64, f64)),
    /// Show all wavelengths.
    ShowAll,
}

/// A drag in progress.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SpectrumInteraction {
    /// Where it began, CSS pixels.
    start: Option<f64>,
    /// The interval that it spans, Angstrom, in the order dragged; none before it has moved.
    brush: Option<(f64, f64)>,
}

/// Movement below which a press is no drag, CSS pixels.
const STILL: f64 = 4.0;
/// The narrowest interval that a drag zooms to, Angstrom.
const NARROWEST: f64 = 20.0;

impl SpectrumInteraction {
    /// Returns the interval dragged so far, Angstrom.
    pub fn brush(&self) -> Option<(f64, f64)> {
        self.brush
    }

    /// Takes in a pointer that comes down and returns whether it is captured: the main button drags, a finger scrolls.
    pub fn down(&mut self, x: f64, kind: Pointer, button: i16) -> bool {
        let drags = kind != Pointer::Touch && button == 0;
        if drags {
            self.start = Some(x);
        }
        drags
    }

    /// Takes in a pointer's movement; `wavelength` maps CSS pixels to Angstrom.
    pub fn moved(&mut self, x: f64, wavelength: impl Fn(f64) -> f64) {
        if let Some(start) = self.start.filter(|start| (start - x).abs() > STILL) {
            self.brush = Some((wavelength(start), wavelength(x)));
        }
    }

    /// Takes in the pointer that goes up. Returns the interval to show, lower end first; `None` where it is too narrow.
    pub fn up(&mut self) -> Option<(f64, f64)> {
        self.start = None;
        let (a, b) = self.brush.take()?;
        let (from, to) = (a.min(b), a.max(b));
        (to - from >= NARROWEST).then_some((from, to))
    }

    /// Gives up the drag: the pointer has left or was taken away.
    pub fn lost(&mut self) {
        *self = Self::default();
    }
}

/// Returns what a key asks for, and whether the browser's own use of it is to be prevented.
pub fn key(key: &str) -> Option<(Intent, bool)> {
    let part = match key {
        "ArrowLeft" => (-0.25, -0.25),
        "ArrowRight" => (0.25, 0.25),
        "+" | "=" => (0.2, -0.2),
        "-" => (-0.3, 0.3),
        "0" | "Escape" => return Some((Intent::ShowAll, false)),
        _ => return None,
    };
    Some((Intent::Shift(part), true))
}
