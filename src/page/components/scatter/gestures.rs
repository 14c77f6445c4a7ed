//! What fingers and mouse do on the scatter: one pointer clicks, pans, picks or draws, two pinch.

use crate::plot::{Axis, Frame};

/// What a drag does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Moves the view.
    #[default]
    Move,
    /// Picks with a rectangle.
    Rectangle,
    /// Picks with a line drawn round.
    Lasso,
    /// Draws a path.
    Path,
}

/// What is in view: x and y.
pub type Range = ((f64, f64), (f64, f64));
type Place = (f64, f64);

/// Pointers that are down.
#[derive(Debug, Clone, Default)]
pub struct Gesture {
    pointers: Vec<(i32, Place)>,
    /// Where the first one came down.
    start: Place,
    /// Whether it has moved since, or a second one has come.
    moved: bool,
    /// What its drag does.
    mode: Mode,
    /// The line it has drawn.
    line: Vec<Place>,
}

/// What follows from a pointer's movement.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    /// Nothing yet.
    Nothing,
    /// The view moves by so many CSS pixels.
    Pan(f64, f64),
    /// The view shrinks by a factor about a place, after it moved.
    Pinch(f64, Place, (f64, f64)),
    /// An outline grows.
    Outline(Vec<Place>, bool),
    /// A click.
    Click(Place),
    /// A rectangle between two corners was drawn.
    Rectangle(Place, Place),
    /// A closed line was drawn.
    Lasso(Vec<Place>),
    /// A path was drawn.
    Path(Vec<Place>),
}

/// Movement below which a press is a click, CSS pixels.
const STILL: f64 = 4.0;

impl Gesture {
    /// A pointer comes down.
    pub fn down(&mut self, pointer: i32, place: Place, mode: Mode) {
        self.pointers.retain(|(id, _)| *id != pointer);
        self.pointers.push((pointer, place));
        if self.pointers.len() == 1 {
            *self = Self {
                pointers: std::mem::take(&mut self.pointers),
                start: place,
                moved: false,
                mode,
                line: vec![place],
            };
        } else {
            self.moved = true;
            self.mode = Mode::Move;
            self.line.clear();
        }
    }

    /// A pointer moves; `pans` says whether a single one may move the view.
    pub fn moved(&mut self, pointer: i32, place: Place, pans: bool) -> Act {
        let Some(index) = self.pointers.iter().position(|(id, _)| *id == pointer) else { return Act::Nothing };
        let before = self.pointers.clone();
        self.pointers[index].1 = place;
        if let [(_, a), (_, b), ..] = before[..] {
            let (c, d) = (self.pointers[0].1, self.pointers[1].1);
            let middle = |p: Place, q: Place| ((p.0 + q.0) / 2.0, (p.1 + q.1) / 2.0);
            let apart = |p: Place, q: Place| (p.0 - q.0).hypot(p.1 - q.1).max(1.0);
            let (old, new) = (middle(a, b), middle(c, d));
            return Act::Pinch(apart(a, b) / apart(c, d), new, (new.0 - old.0, new.1 - old.1));
        }
        self.moved |= (place.0 - self.start.0).hypot(place.1 - self.start.1) > STILL;
        if !self.moved {
            return Act::Nothing;
        }
        let last = before[index].1;
        match self.mode {
            Mode::Move if pans => Act::Pan(place.0 - last.0, place.1 - last.1),
            Mode::Move => Act::Nothing,
            Mode::Rectangle => Act::Outline(corners(self.start, place), true),
            Mode::Lasso | Mode::Path => {
                self.line.push(place);
                Act::Outline(self.line.clone(), self.mode == Mode::Lasso)
            }
        }
    }

    /// A pointer goes up.
    pub fn up(&mut self, pointer: i32, place: Place) -> Act {
        let Some(index) = self.pointers.iter().position(|(id, _)| *id == pointer) else { return Act::Nothing };
        self.pointers.remove(index);
        if !self.pointers.is_empty() {
            return Act::Nothing;
        }
        let line = std::mem::take(&mut self.line);
        match (self.moved, self.mode) {
            (false, _) => Act::Click(place),
            (true, Mode::Move) => Act::Nothing,
            (true, Mode::Rectangle) => Act::Rectangle(self.start, place),
            (true, Mode::Lasso) => Act::Lasso(line),
            (true, Mode::Path) => Act::Path(line),
        }
    }

    /// A pointer is lost: whatever it did is not done.
    pub fn lost(&mut self, pointer: i32) {
        self.pointers.retain(|(id, _)| *id != pointer);
        self.line.clear();
    }

    /// Whether a pointer is down.
    pub fn is_on(&self) -> bool {
        !self.pointers.is_empty()
    }
}

/// The corners of a rectangle, in turn.
pub fn corners(a: Place, b: Place) -> Vec<Place> {
    vec![a, (b.0, a.1), b, (a.0, b.1)]
}

/// The range that a view has after it shrank by a factor about a place.
pub fn zoomed(frame: &Frame, factor: f64, about: Place) -> Range {
    let (x, y) = frame.value_at(about.0, about.1);
    let scale = |axis: Axis, fixed: f64| (fixed + (axis.min - fixed) * factor, fixed + (axis.max - fixed) * factor);
    (scale(frame.x, x), scale(frame.y, y))
}

/// The range that a view has after it moved by so many CSS pixels.
pub fn panned(frame: &Frame, (dx, dy): (f64, f64)) -> Range {
    let x = dx / (frame.right - frame.left) * (frame.x.max - frame.x.min);
    let y = dy / (frame.bottom - frame.top) * (frame.y.max - frame.y.min);
    ((frame.x.min - x, frame.x.max - x), (frame.y.min + y, frame.y.max + y))
}
