//! The signals of the scatter, and carrying out what a gesture on it means.

use leptos::prelude::*;

use crate::page::canvas::CanvasSize;
use crate::page::context::Page;
use crate::page::interaction::Point;
use crate::page::interaction::scatter::{HOVER_REACH, Intent, REACH, marker_at, path_corners, picked_rows, walk};
use crate::page::state::AppState;
use crate::page::view::points::Inked;
use crate::page::view::scatter_columns::Columns;
use crate::page::view::scatter_layers::OwnPoint;
use crate::plot::{Frame, nearest};

/// The signals that the scatter is drawn from and searched in.
#[derive(Clone, Copy)]
pub struct ScatterView {
    /// Columns shown.
    pub columns: Memo<Option<Columns>>,
    /// Inks of the points.
    pub inked: Memo<Option<Inked>>,
    /// Frame of the plot, with the ranges shown.
    pub frame: Memo<Option<Frame>>,
    /// Size of the canvas.
    pub size: RwSignal<CanvasSize>,
    /// Row under the pointer or the keyboard's cursor.
    pub cursor: RwSignal<Option<usize>>,
    /// Outline that is being drawn, and whether it closes.
    pub outline: RwSignal<(Vec<(f64, f64)>, bool)>,
    /// Whether stars are marked.
    pub stars: Memo<bool>,
}

impl ScatterView {
    /// Returns the visible row nearest to a position, if one is within reach.
    fn nearest(self, page: Page, at: Point, reach: f64) -> Option<usize> {
        let (frame, columns) = (self.frame.get_untracked()?, self.columns.get_untracked()?);
        nearest(&frame, &columns.x, &columns.y, at, reach, page.visible())
    }

    /// Returns the index of the user's spectrum at a position.
    fn own_at(self, page: Page, at: Point) -> Option<usize> {
        let frame = self.frame.get_untracked()?;
        let places: Vec<_> = page.own_points.with_untracked(|own| own.iter().map(|point| point.at).collect());
        marker_at(&frame, at, &places)
    }

    /// Carries out an intent that concerns the page as a whole; `adds` keeps what is picked already.
    pub fn carry_out(self, page: Page, intent: Intent, adds: bool) {
        match intent {
            Intent::Hover(at) => {
                let own = self.own_at(page, at);
                page.own_cursor.set(own);
                let row = if own.is_none() { self.nearest(page, at, HOVER_REACH) } else { None };
                return page.cursor.set(row);
            }
            Intent::Cancel => {
                page.cursor.set(None);
                return page.act(AppState::unpick);
            }
            Intent::SelectCursor | Intent::TogglePicked => {
                let Some(row) = page.cursor.get_untracked() else { return };
                let toggles = intent == Intent::TogglePicked;
                return page.act(|state| if toggles { state.toggle_picked(row) } else { state.select_row(row) });
            }
            _ => {}
        }
        let (Some(frame), Some(columns)) = (self.frame.get_untracked(), self.columns.get_untracked()) else { return };
        let (x, y) = (columns.x.as_slice(), columns.y.as_slice());
        match intent {
            Intent::Walk(direction) => {
                let from = page.cursor.get_untracked().or_else(|| page.state.with_untracked(AppState::selected_row));
                if let Some(next) = walk(&frame, (x, y), from, direction, page.visible()) {
                    page.cursor.set(Some(next));
                }
            }
            Intent::Select(at) => self.select_at(page, at),
            Intent::DrawPath(line) => {
                let scale = (frame.x.max - frame.x.min, frame.y.max - frame.y.min);
                page.act(|state| state.draw_path(&path_corners(&line, &frame), x, y, scale));
            }
            intent => {
                if let Some(rows) = picked_rows(&intent, &frame, x, y) {
                    let place = |point: &OwnPoint| point.at.unwrap_or((f32::NAN, f32::NAN));
                    let own = page.own_points.get_untracked();
                    let (x, y): (Vec<f32>, Vec<f32>) = own.iter().map(place).unzip();
                    let own = picked_rows(&intent, &frame, &x, &y).unwrap_or_default();
                    page.act(|state| state.pick_with_own(rows, &own, adds));
                }
            }
        }
    }

    /// Selects the user's spectrum at a position, else the nearest point.
    fn select_at(self, page: Page, at: Point) {
        match (self.own_at(page, at), self.nearest(page, at, REACH)) {
            (Some(index), _) => page.act(|state| state.select_file(index)),
            (None, Some(row)) => page.act(|state| state.select_row(row)),
            (None, None) => {}
        }
    }
}
