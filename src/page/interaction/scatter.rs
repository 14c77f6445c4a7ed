//! The scatter: hover, click, pan, pinch, wheel, selection with rectangle or lasso, drawn paths, and the keyboard.

use super::gesture::{Act, Gesture, Mode};
use super::{Point, Pointer};
use crate::plot::{Axis, Frame, nearest_in_direction, rows_in_polygon, rows_in_rectangle, simplify};

/// The ranges of x and y in view.
pub type Range = ((f64, f64), (f64, f64));

/// The intents of the scatter.
#[derive(Debug, Clone, PartialEq)]
pub enum Intent {
    /// No intent.
    Nothing,
    /// Names the point at a position, if there is one.
    Hover(Point),
    /// Shows these ranges; `None` shows all points.
    Show(Option<Range>),
    /// Draws an outline, and whether it closes.
    Outline(Vec<Point>, bool),
    /// Selects the spectrum at a position.
    Select(Point),
    /// Picks all points in a rectangle between two corners.
    PickRectangle(Point, Point),
    /// Picks all points within a closed line.
    PickLasso(Vec<Point>),
    /// Opens the path along a line.
    DrawPath(Vec<Point>),
    /// Moves the cursor to the next point in a direction.
    Walk((f64, f64)),
    /// Selects the spectrum under the cursor.
    SelectCursor,
    /// Adds the spectrum under the cursor to the picked ones, or removes it.
    TogglePicked,
    /// Ends the pick, and hides the cursor.
    Cancel,
    /// Says how the wheel zooms.
    Hint,
}

/// An event of the mouse wheel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wheel {
    /// Distance; positive is down.
    pub delta: f64,
    /// Whether `delta` counts lines instead of pixels.
    pub in_lines: bool,
    /// Tells whether Ctrl is down, as browsers report a pinch on a trackpad, or Command.
    pub held: bool,
}

/// The owner of the wheel over the scatter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WheelOwner {
    /// The page, which scrolls unless Ctrl or Command is held.
    Page,
    /// The scatter, which has the keyboard's focus.
    Scatter,
}

impl WheelOwner {
    /// Returns the owner: in a frame always the page around it.
    pub fn of(focused: bool, embedded: bool) -> Self {
        if focused && !embedded { Self::Scatter } else { Self::Page }
    }
}

/// The pointers on the scatter.
#[derive(Debug, Clone, Default)]
pub struct ScatterInteraction {
    gesture: Gesture,
    /// Tells whether it was said how the wheel zooms.
    hinted: bool,
}

/// Factor of the range for one press of a zoom button or key.
pub const ZOOM: f64 = 0.6;
/// Largest distance of a point from a click, CSS pixels.
pub const REACH: f64 = 24.0;
/// Largest distance from the pointer of a point that is named, CSS pixels.
pub const HOVER_REACH: f64 = 12.0;
/// Tolerance at which a drawn line is simplified, CSS pixels.
const DETAIL: f64 = 6.0;
/// Most corners of a drawn path.
const MOST_CORNERS: usize = 40;

impl ScatterInteraction {
    /// Handles a pointer that goes down and returns whether it is followed from now on: only the main button drags. With Shift,
    /// any mode selects with a rectangle.
    pub fn down(&mut self, pointer: i32, at: Point, button: i16, shift: bool, mode: Mode) -> bool {
        if button > 0 {
            return false;
        }
        self.gesture.down(pointer, at, if shift { Mode::Rectangle } else { mode });
        true
    }

    /// Handles a pointer's movement. One finger scrolls the page, so it does not pan.
    pub fn moved(&mut self, pointer: i32, at: Point, kind: Pointer, frame: Option<&Frame>) -> Intent {
        if !self.gesture.is_on() {
            return Intent::Hover(at);
        }
        match (self.gesture.moved(pointer, at, kind != Pointer::Touch), frame) {
            (Act::Pan(dx, dy), Some(frame)) => Intent::Show(Some(panned(frame, (dx, dy)))),
            (Act::Pinch { factor, about, by }, Some(frame)) => {
                let (x, y) = panned(frame, by);
                let frame = Frame { x: Axis::linear(x.0, x.1), y: Axis::linear(y.0, y.1), ..*frame };
                Intent::Show(Some(zoomed(&frame, factor, Some(about))))
            }
            (Act::Outline(line, closed), _) => Intent::Outline(line, closed),
            _ => Intent::Nothing,
        }
    }

    /// Handles a pointer that goes up; the outline is removed.
    pub fn up(&mut self, pointer: i32, at: Point) -> Intent {
        match self.gesture.up(pointer, at) {
            Act::Click(at) => Intent::Select(at),
            Act::Rectangle(from, to) => Intent::PickRectangle(from, to),
            Act::Lasso(line) => Intent::PickLasso(line),
            Act::Path(line) => Intent::DrawPath(line),
            _ => Intent::Nothing,
        }
    }

    /// Discards a pointer that has left or was taken away.
    pub fn lost(&mut self, pointer: i32) {
        self.gesture.lost(pointer);
    }

    /// Handles a turn of the wheel at a position: zooms where the scatter owns the wheel or Ctrl or Command is held. Any other turn
    /// scrolls the page; the first one is followed by a hint.
    pub fn wheel(&mut self, turn: Wheel, at: Point, frame: Option<&Frame>, owner: WheelOwner) -> Intent {
        if turn.held || owner == WheelOwner::Scatter {
            return frame.map_or(Intent::Nothing, |frame| Intent::Show(Some(wheel(turn, at, frame))));
        }
        if std::mem::replace(&mut self.hinted, true) { Intent::Nothing } else { Intent::Hint }
    }
}

/// Returns the range after an event of the wheel at a position, which stays fixed.
pub fn wheel(turn: Wheel, at: Point, frame: &Frame) -> Range {
    // A line is about 16 pixels; a pinch arrives in small steps, which a wheel's are not.
    let unit = if turn.in_lines { 16.0 } else { 1.0 };
    let speed = if turn.held && turn.delta.abs() < 50.0 { 0.01 } else { 0.0018 };
    zoomed(frame, (turn.delta * unit * speed).clamp(-0.5, 0.5).exp(), Some(at))
}

/// Returns the intent of a key, and whether to prevent the browser's own use of it.
pub fn key(key: &str, frame: Option<&Frame>) -> (Intent, bool) {
    let zoom = |factor: f64| frame.map_or(Intent::Nothing, |frame| Intent::Show(Some(zoomed(frame, factor, None))));
    match key {
        "ArrowLeft" => (Intent::Walk((-1.0, 0.0)), true),
        "ArrowRight" => (Intent::Walk((1.0, 0.0)), true),
        "ArrowUp" => (Intent::Walk((0.0, -1.0)), true),
        "ArrowDown" => (Intent::Walk((0.0, 1.0)), true),
        "Enter" => (Intent::SelectCursor, true),
        " " => (Intent::TogglePicked, true),
        "Escape" => (Intent::Cancel, false),
        "+" | "=" => (zoom(ZOOM), false),
        "-" => (zoom(1.0 / ZOOM), false),
        "0" => (Intent::Show(None), false),
        _ => (Intent::Nothing, false),
    }
}

/// Returns the range scaled by a factor about a position, or about the middle of the frame.
pub fn zoomed(frame: &Frame, factor: f64, about: Option<Point>) -> Range {
    let middle = ((frame.left + frame.right) / 2.0, (frame.top + frame.bottom) / 2.0);
    let about = about.unwrap_or(middle);
    let (x, y) = frame.value_at(about.0, about.1);
    let scale = |axis: Axis, fixed: f64| (fixed + (axis.min - fixed) * factor, fixed + (axis.max - fixed) * factor);
    (scale(frame.x, x), scale(frame.y, y))
}

/// Returns the range moved by so many CSS pixels.
pub fn panned(frame: &Frame, (dx, dy): (f64, f64)) -> Range {
    let x = dx / (frame.right - frame.left) * (frame.x.max - frame.x.min);
    let y = dy / (frame.bottom - frame.top) * (frame.y.max - frame.y.min);
    ((frame.x.min - x, frame.x.max - x), (frame.y.min + y, frame.y.max + y))
}

/// Returns the rows that an intent picks, given the columns `[n]` on both axes; `None` where it picks nothing.
pub fn picked_rows(intent: &Intent, frame: &Frame, x: &[f32], y: &[f32]) -> Option<Vec<u32>> {
    match intent {
        Intent::PickRectangle(from, to) => Some(rows_in_rectangle(frame, x, y, *from, *to)),
        Intent::PickLasso(line) => Some(rows_in_polygon(frame, x, y, line)),
        _ => None,
    }
}

/// Returns the corners to which a drawn line is simplified, as values along both axes; its end is always one of them.
pub fn path_corners(line: &[Point], frame: &Frame) -> Vec<(f64, f64)> {
    let line = simplify(line, DETAIL);
    let step = line.len().div_ceil(MOST_CORNERS).max(1);
    let end = line.last().filter(|_| !(line.len() - 1).is_multiple_of(step));
    line.iter().step_by(step).chain(end).map(|&(x, y)| frame.value_at(x, y)).collect()
}

/// Returns the next row in a direction from row `from`, or from the middle of the frame; rows out of view or not `visible` are
/// skipped.
pub fn walk(
    frame: &Frame,
    (x, y): (&[f32], &[f32]),
    from: Option<usize>,
    direction: (f64, f64),
    visible: impl Fn(usize) -> bool,
) -> Option<usize> {
    let position = |row: usize| Some((frame.x_at(f64::from(*x.get(row)?)), frame.y_at(f64::from(*y.get(row)?))));
    let middle = ((frame.left + frame.right) / 2.0, (frame.top + frame.bottom) / 2.0);
    let start = from.and_then(position).unwrap_or(middle);
    let within = |row: usize| position(row).is_some_and(|(x, y)| frame.contains(x, y)) && visible(row);
    nearest_in_direction(frame, x, y, start, direction, within)
}

/// Returns the index of the first marker `[m]`, as values along both axes, that a click hits.
pub fn marker_at(frame: &Frame, at: Point, markers: &[Option<(f32, f32)>]) -> Option<usize> {
    const MARKER_REACH: f64 = 10.0;
    let hit =
        |(x, y): (f32, f32)| (frame.x_at(f64::from(x)) - at.0).hypot(frame.y_at(f64::from(y)) - at.1) < MARKER_REACH;
    markers.iter().position(|marker| marker.is_some_and(hit))
}
