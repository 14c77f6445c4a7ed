//! How far the reading of the user's files is, from the moment they are dropped.

/// Files that were dropped together, or while others were still being read.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// Files dropped whose bytes are not here yet.
    coming: usize,
    /// Spectra and files of the batch.
    total: usize,
    /// Counts the batches.
    batch: u32,
    /// Whether a spectrum of the batch was selected.
    selected: bool,
    /// Whether the user has stopped the batch.
    stopped: bool,
}

/// The progress of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadingProgress {
    /// Spectra read, refused or asked about.
    pub done: usize,
    /// Spectra of the batch.
    pub total: usize,
}

impl Reading {
    /// Takes in that files were dropped, while `waiting` spectra were on their way through the explorer.
    pub fn on_dropped(&mut self, files: usize, waiting: usize) {
        self.begin_if_idle(waiting);
        self.stopped = false;
        self.total += files;
        self.coming += files;
    }

    /// Takes in that the files of an earlier visit come back: none of them takes the screen from what the link shows.
    pub fn on_restored(&mut self, files: usize, waiting: usize) {
        let batch = self.batch;
        self.begin_if_idle(waiting);
        (self.batch, self.selected) = (batch, true);
        self.total += files;
        self.coming += files;
    }

    /// Takes in that the bytes of a file are here: one of those dropped, or one that nobody announced.
    pub fn on_arrived(&mut self, waiting: usize) {
        match self.coming {
            0 => self.add(1, waiting),
            _ => self.coming -= 1,
        }
    }

    /// Takes in that a file that was dropped is no spectrum.
    pub fn leave_out(&mut self) {
        if self.coming > 0 {
            self.coming -= 1;
            self.total -= 1;
        }
    }

    /// Adds spectra that are read from files which are here.
    pub fn add(&mut self, spectra: usize, waiting: usize) {
        self.begin_if_idle(waiting);
        self.total += spectra;
    }

    /// Takes in that no more files of those dropped will come.
    pub fn on_all_arrived(&mut self) {
        self.total -= self.coming;
        self.coming = 0;
    }

    /// Stops the batch.
    pub fn stop(&mut self, waiting: usize) {
        self.on_all_arrived();
        self.total = self.total.saturating_sub(waiting);
        self.stopped = true;
    }

    /// Returns whether the user has stopped the batch.
    pub fn is_stopped(&self) -> bool {
        self.stopped
    }

    /// Returns the number of the batch.
    pub fn batch(&self) -> u32 {
        self.batch
    }

    /// Returns the progress while `waiting` spectra are on their way through the explorer; `None` where nothing is left to read.
    pub fn progress(&self, waiting: usize) -> Option<ReadingProgress> {
        let left = self.coming + waiting;
        let total = self.total.max(left);
        (left > 0).then_some(ReadingProgress { done: total - left, total })
    }

    /// Returns whether a spectrum that was read is the first of its batch, which comes on screen; the others leave it there.
    pub fn takes_screen(&mut self) -> bool {
        !std::mem::replace(&mut self.selected, true)
    }

    fn begin_if_idle(&mut self, waiting: usize) {
        if self.coming + waiting == 0 {
            (self.total, self.selected, self.batch) = (0, false, self.batch + 1);
        }
    }
}
