//! The spectrum plot: a crosshair follows the pointer, a drag zooms to an interval of wavelengths, and keys move and zoom.

use super::Pointer;

/// The intents of a key on the spectrum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Intent {
    /// Moves both ends of the interval by these fractions of its length.
    Shift((f64, f64)),
    /// Shows all wavelengths.
    ShowAll,
}

/// The pointer over the plot, and a drag in progress.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SpectrumInteraction {
    /// Position of the crosshair, CSS pixels.
    pointed: Option<f64>,
    /// Position where the drag began, CSS pixels.
    start: Option<f64>,
    /// Interval that it spans, Angstrom, in the order dragged; `None` before it has moved.
    brush: Option<(f64, f64)>,
}

/// Shortest movement of a drag, CSS pixels.
const STILL: f64 = 4.0;
/// Narrowest interval that a drag zooms to, Angstrom.
const NARROWEST: f64 = 20.0;

impl SpectrumInteraction {
    /// Returns the interval dragged so far, Angstrom.
    pub fn brush(&self) -> Option<(f64, f64)> {
        self.brush
    }

    /// Returns the position of the crosshair, CSS pixels.
    pub fn pointed(&self) -> Option<f64> {
        self.pointed
    }

    /// Handles a pointer that goes down and returns whether to capture it: the main button drags, a finger moves the crosshair or
    /// scrolls the page.
    pub fn down(&mut self, x: f64, kind: Pointer, button: i16) -> bool {
        self.pointed = Some(x);
        let drags = kind != Pointer::Touch && button == 0;
        if drags {
            self.start = Some(x);
        }
        drags
    }

    /// Handles a pointer's movement; `wavelength` maps CSS pixels to Angstrom.
    pub fn moved(&mut self, x: f64, wavelength: impl Fn(f64) -> f64) {
        self.pointed = Some(x);
        if let Some(start) = self.start.filter(|start| (start - x).abs() > STILL) {
            self.brush = Some((wavelength(start), wavelength(x)));
        }
    }

    /// Handles the pointer that goes up. Returns the interval to show, lower end first; `None` where it is too narrow.
    pub fn up(&mut self) -> Option<(f64, f64)> {
        self.start = None;
        let (a, b) = self.brush.take()?;
        let (from, to) = (a.min(b), a.max(b));
        (to - from >= NARROWEST).then_some((from, to))
    }

    /// Handles a pointer that leaves the plot, which ends a drag. A finger leaves the plot where it is lifted: its crosshair stays to
    /// be read.
    pub fn left(&mut self, kind: Pointer) {
        let pointed = self.pointed.filter(|_| kind == Pointer::Touch);
        *self = Self { pointed, ..Self::default() };
    }

    /// Ends drag and crosshair: the pointer was taken away, as for scrolling.
    pub fn lost(&mut self) {
        *self = Self::default();
    }
}

/// Returns the intent of a key, and whether to prevent the browser's own use of it.
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
