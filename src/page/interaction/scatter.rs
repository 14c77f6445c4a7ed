//! The scatter: hover, click, pan, pinch, wheel, selection with rectangle or lasso, drawn paths, and the keyboard.

use super::gesture::{Act, Gesture, Mode};
use super::{Point, Pointer};
use crate::plot::{Axis, Frame, nearest_in_direction, rows_in_polygon, rows_in_rectangle, simplify};

/// The ranges of x and y in view.
pub type Range = ((f64, f64), (f64, f64));

/// What the scatter is asked to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Intent {
    /// Nothing.
    Nothing,
    /// Name the point at a position, if there is one.
    Hover(Point),
    /// Show these ranges; all where none.
    Show(Option<Range>),
    /// Draw an outline, and whether it closes.
    Outline(Vec<Point>, bool),
    /// Select the spectrum at a position.
    Select(Point),
    /// Pick all points in a rectangle between two corners.
    PickRectangle(Point, Point),
    /// Pick all points within a closed line.
    PickLasso(Vec<Point>),
    /// Open the path along a line.
    DrawPath(Vec<Point>),
    /// Move the cursor to the next point in a direction.
    Walk((f64, f64)),
    /// Select the spectrum under the cursor.
    SelectCursor,
    /// Add the spectrum under the cursor to the picked ones, or take it out.
    TogglePicked,
    /// End the pick, and hide the cursor.
    Cancel,
}

/// A turn of the wheel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wheel {
    /// The distance, down is positive.
    pub delta: f64,
    /// Whether `delta` counts lines and not pixels.
    pub in_lines: bool,
    /// Whether Ctrl is down, as browsers report a pinch on a pad.
    pub ctrl: bool,
}

/// The pointers on the scatter.
#[derive(Debug, Clone, Default)]
pub struct ScatterInteraction {
    gesture: Gesture,
}

/// What a press of a zoom button or key scales the range by.
pub const ZOOM: f64 = 0.6;
/// How far from a click a point may lie, CSS pixels.
pub const REACH: f64 = 24.0;
/// How far from the pointer a point may lie to be named, CSS pixels.
pub const HOVER_REACH: f64 = 12.0;
/// Detail of a drawn line that is kept, CSS pixels.
const DETAIL: f64 = 6.0;
/// The most corners that a drawn path keeps.
const MOST_CORNERS: usize = 40;

impl ScatterInteraction {
    /// Takes in a pointer that comes down and returns whether it is followed from now on: the main button alone drags. With Shift,
    /// any mode selects with a rectangle.
    pub fn down(&mut self, pointer: i32, at: Point, button: i16, shift: bool, mode: Mode) -> bool {
        if button > 0 {
            return false;
        }
        self.gesture.down(pointer, at, if shift { Mode::Rectangle } else { mode });
        true
    }

    /// Takes in a pointer's movement. One finger scrolls the page, so it does not pan.
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

    /// Takes in a pointer that goes up; the outline drawn so far is gone.
    pub fn up(&mut self, pointer: i32, at: Point) -> Intent {
        match self.gesture.up(pointer, at) {
            Act::Click(at) => Intent::Select(at),
            Act::Rectangle(from, to) => Intent::PickRectangle(from, to),
            Act::Lasso(line) => Intent::PickLasso(line),
            Act::Path(line) => Intent::DrawPath(line),
            _ => Intent::Nothing,
        }
    }

    /// Forgets a pointer that has left or was taken away.
    pub fn lost(&mut self, pointer: i32) {
        self.gesture.lost(pointer);
    }
}

/// Returns the range after a turn of the wheel at a position, which stays.
pub fn wheel(turn: Wheel, at: Point, frame: &Frame) -> Range {
    // A line is some 16 pixels; a pinch comes in small steps.
    let unit = if turn.in_lines { 16.0 } else { 1.0 };
    let speed = if turn.ctrl { 0.01 } else { 0.0018 };
    zoomed(frame, (turn.delta * unit * speed).clamp(-0.5, 0.5).exp(), Some(at))
}

/// Returns what a key asks for, and whether the browser's own use of it is to be prevented.
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

/// Returns the corners that a drawn line keeps, as values along both axes; the end of the line is always one.
pub fn path_corners(line: &[Point], frame: &Frame) -> Vec<(f64, f64)> {
    let line = simplify(line, DETAIL);
    let step = line.len().div_ceil(MOST_CORNERS).max(1);
    let end = line.last().filter(|_| !(line.len() - 1).is_multiple_of(step));
    line.iter().step_by(step).chain(end).map(|&(x, y)| frame.value_at(x, y)).collect()
}

/// Returns the next row in a direction from `from`, or from the middle of the frame; rows out of view or not `visible` are skipped.
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
