//! The user's files by number: the page keeps their bytes, and the explorer is sent them once.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::formats::Medium;
use crate::protocol::{ExploreCommand, RedrockFile};

/// The files of this page, by number.
#[derive(Debug, Clone, Default)]
pub struct OpenedFiles {
    files: HashMap<u32, OpenedFile>,
    /// Those that the explorer has been sent.
    sent: BTreeSet<u32>,
    /// Redrock files, by the names of their coadds.
    redrocks: BTreeMap<String, RedrockFile>,
    /// The coadds that the user was asked for.
    missed: BTreeSet<String>,
    last: u32,
    /// What the device has not been told yet.
    changes: Vec<FileChange>,
}

/// What the device is told of a file of the user's, for the next visit.
#[derive(Debug, Clone, PartialEq)]
pub enum FileChange {
    /// To keep it, under a key that begins with its name.
    Keep(String, Arc<Vec<u8>>),
    /// To forget what it keeps under a key.
    Forget(String),
}

#[derive(Debug, Clone)]
struct OpenedFile {
    name: String,
    bytes: Arc<Vec<u8>>,
    medium: Option<Medium>,
}

impl OpenedFiles {
    /// Keeps a file and returns its number: the same for the same file.
    pub fn keep(&mut self, name: String, bytes: Vec<u8>) -> u32 {
        let same = self.files.iter().find(|(_, file)| file.name == name && *file.bytes == bytes);
        if let Some((number, _)) = same {
            return *number;
        }
        let bytes = Arc::new(bytes);
        self.last += 1;
        self.changes.push(FileChange::Keep(key(&name, &bytes), bytes.clone()));
        self.changes.extend(self.redrocks.get(&name).map(kept_redrock));
        self.files.insert(self.last, OpenedFile { name, bytes, medium: None });
        self.last
    }

    /// Returns what the device is to be told, once.
    pub fn take_changes(&mut self) -> Vec<FileChange> {
        std::mem::take(&mut self.changes)
    }

    /// Returns a file's name.
    pub fn name(&self, file: u32) -> &str {
        self.files.get(&file).map_or("", |file| &file.name)
    }

    /// Returns the command that gives the explorer a file, unless it has it.
    pub fn open(&mut self, file: u32) -> Option<ExploreCommand> {
        let OpenedFile { name, bytes, medium } = self.files.get(&file)?.clone();
        let redrock = self.redrocks.get(&name).cloned();
        let open = || ExploreCommand::OpenFile { file, name, bytes: bytes.to_vec(), medium, redrock };
        self.sent.insert(file).then(open)
    }

    /// Keeps a redrock file under its coadd's name. Returns the number of the coadd, if that is open: it is sent again.
    pub fn keep_redrock(&mut self, coadd: String, redrock: RedrockFile) -> Option<u32> {
        let number = self.files.iter().find(|(_, file)| file.name == coadd).map(|(number, _)| *number);
        // One whose coadd is not there is of no use at the next visit.
        self.changes.extend(number.map(|_| kept_redrock(&redrock)));
        self.redrocks.insert(coadd, redrock);
        number.inspect(|number| {
            self.sent.remove(number);
        })
    }

    /// Returns the redrock files whose coadd is not open, once: their names, and those of the coadds.
    pub fn lone_redrocks(&mut self) -> Vec<(String, String)> {
        let (files, missed) = (&self.files, &mut self.missed);
        let alone = |coadd: &str| files.values().all(|file| file.name != coadd);
        let lone = self.redrocks.iter().filter(|(coadd, _)| alone(coadd) && missed.insert((*coadd).clone()));
        lone.map(|(coadd, redrock)| (redrock.name.clone(), coadd.clone())).collect()
    }

    /// Returns the medium that the user chose for the wavelengths of a file.
    pub fn medium(&self, file: u32) -> Option<Medium> {
        self.files.get(&file)?.medium
    }

    /// Chooses the medium of a file's wavelengths; the explorer is sent the file again.
    pub fn set_medium(&mut self, file: u32, medium: Option<Medium>) {
        if let Some(opened) = self.files.get_mut(&file).filter(|opened| opened.medium != medium) {
            opened.medium = medium;
            self.sent.remove(&file);
        }
    }

    /// Forgets a file, and returns the command that has the explorer forget it.
    pub fn close(&mut self, file: u32) -> Option<ExploreCommand> {
        if let Some(closed) = self.files.remove(&file) {
            self.changes.push(FileChange::Forget(key(&closed.name, &closed.bytes)));
            let redrock = self.redrocks.remove(&closed.name);
            self.changes.extend(redrock.map(|redrock| FileChange::Forget(key(&redrock.name, &redrock.bytes))));
        }
        self.sent.remove(&file).then_some(ExploreCommand::CloseFile { file })
    }

    /// The explorer is gone, or is a new one, which has no file.
    pub fn on_explorer_lost(&mut self) {
        self.sent.clear();
    }
}

fn kept_redrock(redrock: &RedrockFile) -> FileChange {
    FileChange::Keep(key(&redrock.name, &redrock.bytes), Arc::new(redrock.bytes.clone()))
}

/// Returns the key of a file: its name and a checksum, since two files may have one name.
fn key(name: &str, bytes: &[u8]) -> String {
    format!("{name}/{:08x}", crc32fast::hash(bytes))
}

/// Returns the name of the file that is kept under a key.
pub fn name_of_key(key: &str) -> &str {
    key.rsplit_once('/').map_or(key, |(name, _)| name)
}
