//! Redshifts tried on a spectrum of the user's.

use std::sync::Arc;

use super::{AppState, Asked, Origin};
use crate::protocol::{ExploreCommand, ExploreEvent};

/// Redshifts tried on a spectrum.
#[derive(Debug, Clone, PartialEq)]
pub enum Scan {
    /// The engine is at it; the request's number.
    Running(u32),
    /// What came out.
    Done {
        /// `[n]` trial redshifts.
        redshift: Arc<Vec<f32>>,
        /// `[n]` how badly each does: weighted square deviation a pixel.
        score: Arc<Vec<f32>>,
        /// The one that does best.
        best: f64,
        /// How many times worse the next best does.
        confidence: f64,
    },
}

impl AppState {
    /// Tries redshifts on a spectrum of the user's.
    pub fn scan_redshift(&mut self, index: usize) {
        let Some(file) = self.files.get(index).filter(|_| self.can_ask()) else { return };
        let (Origin::File(file), false) = (&file.origin, matches!(file.scan, Some(Scan::Running(_)))) else { return };
        let file = *file;
        let id = self.ask_of_file(file, ExploreCommand::ScanRedshift { file }, Asked::Scan);
        self.files[index].scan = Some(Scan::Running(id));
    }

    /// Stops trying redshifts.
    pub fn stop_scan(&mut self, index: usize) {
        let Some(Scan::Running(request)) = self.files.get(index).and_then(|file| file.scan.clone()) else { return };
        self.forget(&[request]);
        self.files[index].scan = None;
    }

    pub(super) fn on_redshift_scanned(&mut self, request: u32, event: ExploreEvent) {
        let ExploreEvent::RedshiftScanned { redshift, score, best, confidence, .. } = event else {
            return self.scan_ended(request, None);
        };
        let (redshift, score) = (Arc::new(redshift), Arc::new(score));
        self.scan_ended(request, Some(Scan::Done { redshift, score, best, confidence }));
    }

    /// A scan is over, with a result or without.
    pub(super) fn scan_ended(&mut self, request: u32, outcome: Option<Scan>) {
        if let Some(file) = self.files.iter_mut().find(|file| file.scan == Some(Scan::Running(request))) {
            file.scan = outcome;
        }
    }

    /// The engine is gone: no scan goes on.
    pub(super) fn scans_died(&mut self) {
        self.files.iter_mut().for_each(|file| {
            file.scan.take_if(|scan| matches!(scan, Scan::Running(_)));
        });
    }
}
