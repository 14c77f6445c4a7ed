//! Playing the open path, a frame at a time.

use leptos::prelude::*;

use super::context::{Page, now};
use super::state::AppState;

/// How long each position on a played path stays where little motion is wanted, milliseconds.
const STILL_PAUSE: f64 = 1200.0;

impl Page {
    /// Plays the open path, a frame at a time, until it is paused or at its end.
    pub(super) fn play_on(self) {
        if self.playing.get_value().is_some() || !self.state.with_untracked(is_playing) {
            return;
        }
        self.playing.set_value(Some(now()));
        self.next_frame();
    }

    fn next_frame(self) {
        request_animation_frame(move || {
            let Some(before) = self.playing.get_value() else { return };
            let (time, still) = (now(), self.still.get_untracked());
            // With little motion: a position, a pause, the next position.
            if !still || time - before > STILL_PAUSE {
                self.playing.set_value(Some(time));
                let seconds = ((time - before) / 1000.0).min(0.1) as f32;
                self.act(|state| state.advance_path(seconds, still));
            }
            if self.state.with_untracked(is_playing) {
                self.next_frame();
            } else {
                self.playing.set_value(None);
            }
        });
    }
}

fn is_playing(state: &AppState) -> bool {
    state.path.as_ref().is_some_and(|path| path.playing)
}
