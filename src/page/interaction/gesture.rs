//! Gestures of one or two pointers: one clicks, pans, selects or draws, two pinch.

use super::{Point, is_click};

/// The action of a drag on the scatter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Moves the view.
    #[default]
    Move,
    /// Selects with a rectangle.
    Rectangle,
    /// Selects with a closed line.
    Lasso,
    /// Draws a path.
    Path,
}

/// The pointers that are down, and their movement so far.
#[derive(Debug, Clone, Default)]
pub struct Gesture {
    pointers: Vec<(i32, Point)>,
    /// Position at which the first pointer went down.
    start: Point,
    /// Whether it has moved since, or a second pointer has gone down.
    moved: bool,
    mode: Mode,
    /// Line drawn, in the modes that draw one.
    line: Vec<Point>,
}

/// The result of a pointer's movement.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    /// No result yet.
    Nothing,
    /// Moves the view by so many CSS pixels.
    Pan(f64, f64),
    /// Moves the view by an offset, then scales its range by a factor about a position.
    Pinch {
        /// New length of the range over its old one.
        factor: f64,
        /// Position that stays fixed.
        about: Point,
        /// Offset, CSS pixels.
        by: (f64, f64),
    },
    /// Shows an outline, and whether it closes.
    Outline(Vec<Point>, bool),
    /// A click.
    Click(Point),
    /// A rectangle between two corners.
    Rectangle(Point, Point),
    /// A closed line.
    Lasso(Vec<Point>),
    /// An open line.
    Path(Vec<Point>),
}

impl Gesture {
    /// Handles a pointer that goes down.
    pub fn down(&mut self, pointer: i32, at: Point, mode: Mode) {
        self.pointers.retain(|(id, _)| *id != pointer);
        self.pointers.push((pointer, at));
        if self.pointers.len() == 1 {
            let pointers = std::mem::take(&mut self.pointers);
            *self = Self { pointers, start: at, moved: false, mode, line: vec![at] };
        } else {
            self.moved = true;
            self.mode = Mode::Move;
            self.line.clear();
        }
    }

    /// Handles a pointer's movement; `pans` is whether a single pointer may move the view.
    pub fn moved(&mut self, pointer: i32, at: Point, pans: bool) -> Act {
        let Some(index) = self.pointers.iter().position(|(id, _)| *id == pointer) else { return Act::Nothing };
        let before = self.pointers.clone();
        self.pointers[index].1 = at;
        if let [(_, a), (_, b), ..] = before[..] {
            let (c, d) = (self.pointers[0].1, self.pointers[1].1);
            let middle = |p: Point, q: Point| ((p.0 + q.0) / 2.0, (p.1 + q.1) / 2.0);
            let apart = |p: Point, q: Point| (p.0 - q.0).hypot(p.1 - q.1).max(1.0);
            let (old, new) = (middle(a, b), middle(c, d));
            let by = (new.0 - old.0, new.1 - old.1);
            return Act::Pinch { factor: apart(a, b) / apart(c, d), about: new, by };
        }
        self.moved |= !is_click(at, self.start);
        if !self.moved {
            return Act::Nothing;
        }
        let last = before[index].1;
        match self.mode {
            Mode::Move if pans => Act::Pan(at.0 - last.0, at.1 - last.1),
            Mode::Move => Act::Nothing,
            Mode::Rectangle => Act::Outline(corners(self.start, at), true),
            Mode::Lasso | Mode::Path => {
                self.line.push(at);
                Act::Outline(self.line.clone(), self.mode == Mode::Lasso)
            }
        }
    }

    /// Handles a pointer that goes up.
    pub fn up(&mut self, pointer: i32, at: Point) -> Act {
        let Some(index) = self.pointers.iter().position(|(id, _)| *id == pointer) else { return Act::Nothing };
        self.pointers.remove(index);
        if !self.pointers.is_empty() {
            return Act::Nothing;
        }
        let line = std::mem::take(&mut self.line);
        match (self.moved, self.mode) {
            (false, _) => Act::Click(at),
            (true, Mode::Move) => Act::Nothing,
            (true, Mode::Rectangle) => Act::Rectangle(self.start, at),
            (true, Mode::Lasso) => Act::Lasso(line),
            (true, Mode::Path) => Act::Path(line),
        }
    }

    /// Discards a pointer that the browser took away, with its gesture.
    pub fn lost(&mut self, pointer: i32) {
        self.pointers.retain(|(id, _)| *id != pointer);
        self.line.clear();
    }

    /// Returns whether a pointer is down.
    pub fn is_on(&self) -> bool {
        !self.pointers.is_empty()
    }
}

/// Returns the corners of a rectangle, in order.
pub fn corners(a: Point, b: Point) -> Vec<Point> {
    vec![a, (b.0, a.1), b, (a.0, b.1)]
}
