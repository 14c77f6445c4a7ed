//! The corner plot: a drag in a panel picks, a click opens the panel's pair in the scatter, and keys walk from panel to panel.

use super::{Point, Pointer, is_click};
use crate::plot::{CornerLayout, Frame};

/// A panel: column and row, from 0; the column is the smaller.
pub type Panel = (usize, usize);

/// The intents of the corner plot.
#[derive(Debug, Clone, PartialEq)]
pub enum Intent {
    /// No intent.
    Nothing,
    /// Shows the panel's pair in the scatter.
    OpenPair(Panel),
    /// Picks the points in a rectangle of a panel.
    Pick {
        /// The panel.
        panel: Panel,
        /// First corner.
        from: Point,
        /// Opposite corner.
        to: Point,
    },
    /// Ends the pick.
    Cancel,
}

/// The drag in progress, and the panel that the keyboard is on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CornerInteraction {
    brush: Option<(Panel, Point, Point)>,
    active: Option<Panel>,
}

impl CornerInteraction {
    /// Returns the panel that the keyboard is on.
    pub fn active(&self) -> Option<Panel> {
        self.active
    }

    /// Handles a pointer that goes down in a panel, or outside all of them. Returns whether to capture it; a finger scrolls the
    /// page instead.
    pub fn down(&mut self, at: Point, kind: Pointer, panel: Option<Panel>) -> bool {
        let Some(panel) = panel else { return false };
        self.brush = Some((panel, at, at));
        kind != Pointer::Touch
    }

    /// Handles a pointer's movement.
    pub fn moved(&mut self, at: Point, kind: Pointer) {
        if let Some((_, _, to)) = self.brush.as_mut().filter(|_| kind != Pointer::Touch) {
            *to = at;
        }
    }

    /// Handles the pointer that goes up.
    pub fn up(&mut self) -> Intent {
        match self.brush.take() {
            None => Intent::Nothing,
            Some((panel, from, to)) if is_click(from, to) => Intent::OpenPair(panel),
            Some((panel, from, to)) => Intent::Pick { panel, from, to },
        }
    }

    /// Ends the drag: the browser took the pointer away.
    pub fn lost(&mut self) {
        self.brush = None;
    }

    /// Leaves the panel that the keyboard is on.
    pub fn blur(&mut self) {
        self.active = None;
    }

    /// Handles a key on a plot of `dims` latents. Returns the intent, and whether to prevent the browser's own use of the key.
    pub fn key(&mut self, key: &str, dims: usize) -> (Intent, bool) {
        if dims < 2 {
            return (Intent::Nothing, false);
        }
        let (column, row) = self.active.unwrap_or((0, 1));
        self.active = Some(match key {
            "ArrowLeft" => (column.saturating_sub(1), row),
            "ArrowRight" => ((column + 1).min(row - 1), row),
            "ArrowUp" => (column.min(row.max(2) - 2), (row - 1).max(1)),
            "ArrowDown" => (column, (row + 1).min(dims - 1)),
            "Enter" | " " => return (Intent::OpenPair((column, row)), true),
            "Escape" => {
                self.active = None;
                return (Intent::Cancel, false);
            }
            _ => return (Intent::Nothing, false),
        });
        (Intent::Nothing, true)
    }

    /// Returns the outlines to draw, each as a frame and two opposite corners: of the drag and of the panel that the keyboard
    /// is on.
    pub fn outlines(&self, layout: &CornerLayout) -> Vec<(Frame, Point, Point)> {
        let dragged = self.brush.map(|((column, row), from, to)| {
            let frame = layout.frame(column, row);
            let held = |(x, y): Point| (x.clamp(frame.left, frame.right), y.clamp(frame.top, frame.bottom));
            (frame, held(from), held(to))
        });
        let active = self.active.filter(|(_, row)| *row < layout.dims()).map(|(column, row)| {
            let frame = layout.frame(column, row);
            (frame, (frame.left, frame.top), (frame.right, frame.bottom))
        });
        dragged.into_iter().chain(active).collect()
    }
}
