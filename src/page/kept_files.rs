//! Keeping the user's own files on this device for the next visit.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::context::Page;
use super::state::FileChange;
use crate::browser::own_files;

impl Page {
    /// Opens the files of an earlier visit, once the page does what a visitor came for.
    pub(super) fn restore_files(self) {
        spawn_local(async move {
            let files = own_files::all().await;
            if !files.is_empty() {
                self.act(|state| state.restore_files(files));
            }
        });
    }

    /// Tells the device what has become of the user's files, one change after the other.
    pub(super) fn keep_files(self, changes: Vec<FileChange>) {
        if changes.is_empty() {
            return;
        }
        self.file_changes.update_value(|waiting| waiting.extend(changes));
        if self.keeping_files.get_value() {
            return;
        }
        self.keeping_files.set_value(true);
        spawn_local(async move {
            while let Some(change) = self.file_changes.try_update_value(|waiting| waiting.pop_front()).flatten() {
                match change {
                    FileChange::Keep(key, bytes) => {
                        // Without room for it, the file is there for this visit only, as before.
                        own_files::keep(&key, &bytes).await;
                    }
                    FileChange::Forget(key) => own_files::forget(&key).await,
                }
            }
            self.keeping_files.set_value(false);
        });
    }
}
