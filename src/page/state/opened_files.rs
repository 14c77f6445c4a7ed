//! The user's files by number: the page keeps their bytes, and the explorer is sent them once.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::protocol::ExploreCommand;

/// The files of this page, by number.
#[derive(Debug, Clone, Default)]
pub(super) struct OpenedFiles {
    files: HashMap<u32, OpenedFile>,
    /// Those that the explorer has been sent.
    sent: BTreeSet<u32>,
    last: u32,
}

#[derive(Debug, Clone)]
struct OpenedFile {
    name: String,
    bytes: Arc<Vec<u8>>,
}

impl OpenedFiles {
    /// Keeps a file and returns its number: the same for the same file.
    pub fn keep(&mut self, name: String, bytes: Vec<u8>) -> u32 {
        let same = self.files.iter().find(|(_, file)| file.name == name && *file.bytes == bytes);
        if let Some((number, _)) = same {
            return *number;
        }
        self.last += 1;
        self.files.insert(self.last, OpenedFile { name, bytes: Arc::new(bytes) });
        self.last
    }

    /// Returns a file's name.
    pub fn name(&self, file: u32) -> &str {
        self.files.get(&file).map_or("", |file| &file.name)
    }

    /// Returns the command that gives the explorer a file, unless it has it.
    pub fn open(&mut self, file: u32) -> Option<ExploreCommand> {
        let OpenedFile { name, bytes } = self.files.get(&file)?.clone();
        self.sent.insert(file).then(|| ExploreCommand::OpenFile { file, name, bytes: bytes.to_vec() })
    }

    /// Forgets a file, and returns the command that has the explorer forget it.
    pub fn close(&mut self, file: u32) -> Option<ExploreCommand> {
        self.files.remove(&file);
        self.sent.remove(&file).then_some(ExploreCommand::CloseFile { file })
    }

    /// The explorer is gone, or is a new one, which has no file.
    pub fn on_explorer_lost(&mut self) {
        self.sent.clear();
    }
}
